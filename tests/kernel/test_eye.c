/* SPDX-License-Identifier: MIT */
/* The host's eye against real processes. Runs as root and without. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "eye/eye.h"
#include "fork_crowd.h"

enum { SOON_MS = 30000 };

/* cmocka's skip() is "not ok" in TAP. */
static void say_skipped(const char *reason)
{
        print_message("# skipped: %s\n", reason);
}

static char *helper(void)
{
        const char *top = getenv("top_builddir");

        return xasprintf("%s/vitrine-eye", top ? top : ".");
}

static struct eye *open_host(void)
{
        own_free char *path = helper();
        struct fault fault = { 0 };
        struct eye *eye = NULL;

        if (!eye_open_host(path, &eye, &fault))
                fail_msg("%s %s: %d", fault.step, fault.path, fault.err);
        return eye;
}

/* The row of pid in a table that was read after this call. */
static const struct proc *look_for(struct eye *eye, pid_t pid)
{
        struct fault fault = { 0 };

        if (!eye_wait(eye, time_now_ms(), SOON_MS, &fault))
                fail_msg("%s: %s", fault.step, fault.why);
        return proc_table_find(eye_table(eye), pid);
}

/* A child that says "here" over a pipe once act has run, then sleeps. */
static pid_t fork_child(void (*act)(void))
{
        int here[2];
        char byte;
        pid_t pid;

        assert_int_equal(pipe2(here, O_CLOEXEC), 0);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                act();
                if (write(here[1], "", 1) != 1)
                        _exit(1);
                for (;;)
                        pause();
        }
        close(here[1]);
        assert_int_equal(read(here[0], &byte, 1), 1);
        close(here[0]);
        return pid;
}

static void end_child(pid_t pid)
{
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Whether this machine's /proc keeps other processes from us (hidepid): what is about them cannot be tested.
 */
static bool is_hidden(struct eye *eye)
{
        look_for(eye, getpid());
        return eye_table(eye)->trouble != NULL;
}

static const char hostile_name[] = "\x1b]0;x\a) R 1\n\xff";

static void take_hostile_name(void)
{
        prctl(PR_SET_NAME, hostile_name);
}

static void do_nothing(void)
{
}

static void this_process_is_seen_as_the_kernel_has_it(void **state)
{
        struct eye *eye = open_host();
        const struct proc *own = look_for(eye, getpid());

        (void)state;
        assert_non_null(own);
        assert_int_equal(own->ppid, getppid());
        assert_int_equal(own->uid, geteuid());
        assert_non_null(strstr(own->cmdline, "test_eye"));
        assert_null(own->status);
        for (size_t i = 1; i < eye_table(eye)->n; i++)
                assert_true(eye_table(eye)->v[i - 1].pid < eye_table(eye)->v[i].pid);
        eye_close(eye);
}

static void a_hostile_name_comes_raw_and_goes_with_its_process(void **state)
{
        struct eye *eye = open_host();
        pid_t pid = fork_child(take_hostile_name);
        const struct proc *row = look_for(eye, pid);

        (void)state;
        assert_non_null(row);
        assert_string_equal(row->comm, hostile_name);
        assert_int_equal(row->ppid, getpid());
        kill(pid, SIGKILL);
        siginfo_t info;
        assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
        row = look_for(eye, pid);
        assert_non_null(row);
        assert_int_equal(row->state, 'Z');
        assert_string_equal(row->cmdline, "");
        waitpid(pid, NULL, 0);
        assert_null(look_for(eye, pid));
        eye_close(eye);
}

static void arguments_come_raw_and_bounded(void **state)
{
        enum { LONG = 100000 };
        struct eye *eye = open_host();
        own_free char *text = xmalloc(LONG + 1);
        char *argv[] = { (char *)"sleep \xff\n\x1b[2J", (char *)"1000", NULL, NULL };
        const struct proc *row = NULL;
        pid_t pid;

        (void)state;
        memset(text, '0', LONG);
        text[LONG] = '\0';
        argv[2] = text; /* sleep adds its arguments up */
        pid = fork();
        if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                execv("/bin/sleep", argv);
                _exit(127);
        }
        /* An exec gives the name first; for a moment there are no arguments. */
        for (int i = 0; i < 100 && (!row || strcmp(row->comm, "sleep") != 0 || !*row->cmdline); i++)
                row = look_for(eye, pid);
        assert_non_null(row);
        assert_string_equal(row->comm, "sleep");
        assert_memory_equal(row->cmdline, "sleep \xff\n\x1b[2J 1000 0000", 22);
        assert_int_equal(strlen(row->cmdline), 4096);
        end_child(pid);
        eye_close(eye);
}

static void details_come_for_the_descendants_of_the_watched_process_alone(void **state)
{
        struct eye *eye = open_host();
        pid_t child = fork_child(do_nothing);
        const struct proc *row;

        (void)state;
        assert_true(eye_watch(eye, getpid(), 0));
        row = look_for(eye, child);
        assert_non_null(row);
        assert_non_null(row->status);
        assert_int_equal(row->status->pid, child);
        assert_int_equal(row->status->uid[1], geteuid());
        assert_true(row->status->n_nspid >= 1);
        assert_non_null(proc_table_find(eye_table(eye), getpid())->status);
        if (proc_table_find(eye_table(eye), getppid()))
                assert_null(proc_table_find(eye_table(eye), getppid())->status);
        assert_true(eye_watch(eye, child, 0));
        assert_null(look_for(eye, getpid())->status);
        assert_true(eye_watch(eye, 0, 0));
        assert_null(look_for(eye, child)->status);
        end_child(child);
        eye_close(eye);
}

enum { CROWD = 3000 };

static size_t count_processes(void)
{
        DIR *dir = opendir("/proc");
        struct dirent *entry;
        size_t n = 0;

        assert_non_null(dir);
        while ((entry = readdir(dir)) != NULL)
                n += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
        closedir(dir);
        return n;
}

/* The next table, whole or not. */
static const struct proc_table *next_table(struct eye *eye)
{
        struct pollfd ready = { .fd = eye_fd(eye), .events = POLLIN };
        int got = 0;

        while (got == 0) {
                assert_int_equal(poll(&ready, 1, SOON_MS), 1);
                got = eye_read(eye, NULL);
        }
        assert_int_equal(got, 1);
        return eye_table(eye);
}

/* What else comes and goes on the machine meanwhile. */
static void assert_about(size_t n, size_t wanted)
{
        assert_in_range(n, wanted - wanted / 10, wanted + wanted / 10);
}

static void among_thousands_the_first_table_comes_early_and_counts_them_all(void **state)
{
        static pid_t crowd[CROWD];
        const struct proc_table *table;
        const struct proc *newest;
        struct eye *eye;
        pid_t late;

        (void)state;
        fork_crowd(crowd, CROWD);
        eye = open_host();
        table = next_table(eye);
        assert_true(table->n > 0 && table->unread > 0);
        assert_about(table->n + table->unread, count_processes());
        /* Who asks has its own rows at once, each as the kernel has it. */
        assert_int_equal(proc_table_find(table, getpid())->ppid, getppid());
        assert_non_null(proc_table_find(table, eye_pid(eye)));
        for (size_t i = 0; i < table->n; i++)
                assert_true(*table->v[i].comm);
        /* A newcomer is seen before the rest has been read, when somebody asks. */
        late = fork_child(do_nothing);
        assert_true(eye_watch(eye, getpid(), 0));
        /* The kernel may have told of it before the eye heard whom to watch. */
        while (!(newest = proc_table_find(table, late)) || !newest->status)
                table = next_table(eye);
        assert_true(table->unread > 0);
        assert_true(eye_wait(eye, time_now_ms(), SOON_MS, NULL));
        table = eye_table(eye);
        assert_int_equal(table->unread, 0);
        for (size_t i = 0; i < CROWD; i++)
                assert_int_equal(proc_table_find(table, crowd[i])->ppid, getpid());
        end_child(late);
        for (size_t i = 0; i < CROWD; i++)
                end_child(crowd[i]);
        eye_close(eye);
}

static void a_wake_is_answered_though_nothing_has_changed(void **state)
{
        struct eye *eye = open_host();
        uint64_t before;

        (void)state;
        look_for(eye, getpid());
        for (int i = 0; i < 5; i++) {
                struct pollfd ready = { .fd = eye_fd(eye), .events = POLLIN };
                int got = 0;

                before = eye_table(eye)->read_ms;
                assert_true(eye_wake(eye));
                for (int n = 0; n < 20 && got == 0; n++) {
                        assert_int_equal(poll(&ready, 1, SOON_MS), 1);
                        got = eye_read(eye, NULL);
                }
                assert_int_equal(got, 1);
                assert_true(eye_table(eye)->read_ms >= before);
        }
        eye_close(eye);
}

/* Whose name can be waited for: somebody who has a process here and a line in passwd; -1: nobody. */
static long somebody_with_a_name(struct eye *eye)
{
        assert_true(eye_wait(eye, 0, SOON_MS, NULL));
        for (size_t i = 0; i < eye_table(eye)->n; i++)
                if (getpwuid(eye_table(eye)->v[i].uid))
                        return (long)eye_table(eye)->v[i].uid;
        return -1;
}

static void names_of_users_come_in_time(void **state)
{
        struct eye *eye = open_host();
        uint64_t end = time_now_ms() + SOON_MS;
        const char *name = NULL;
        long uid = somebody_with_a_name(eye);

        (void)state;
        while (!name && uid >= 0 && time_now_ms() < end) {
                struct pollfd ready = { .fd = eye_fd(eye), .events = POLLIN };

                poll(&ready, 1, 100);
                assert_true(eye_read(eye, NULL) >= 0);
                name = host_names_find(eye_names(eye), (uint32_t)uid);
        }
        if (uid < 0)
                say_skipped("nobody who has a process here has a name");
        else
                assert_non_null(name);
        if (name)
                assert_string_equal(name, getpwuid((uid_t)uid)->pw_name);
        eye_close(eye);
}

/* Not dumpable: /proc/PID of it belongs to root, but the user in the row is its own. */
static void an_eye_holds_no_capability(void **state)
{
        struct eye *eye = open_host();
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct fault fault = { 0 };
        struct status status;

        (void)state;
        if (is_hidden(eye)) {
                eye_close(eye);
                say_skipped("/proc is mounted with hidepid");
                return;
        }
        assert_true(eye_watch(eye, getpid(), 0));
        assert_non_null(look_for(eye, eye_pid(eye)));
        assert_true(eye_read_status(proc_fd, eye_pid(eye), &status, &fault));
        assert_true(status.no_new_privs);
        assert_true((status.caps.effective & ~(UINT64_C(1) << 19)) == 0); /* SYS_PTRACE, under hidepid */
        assert_true(status.caps.permitted == status.caps.effective);
        assert_true(status.caps.ambient == 0);
        assert_int_equal(status.uid[1], geteuid() == 0 ? 65530 : geteuid());
        assert_int_equal(status.uid[0], status.uid[3]);
        assert_true(eye_watch(eye, 0, 0));
        assert_int_equal(look_for(eye, eye_pid(eye))->uid, status.uid[1]);
        eye_close(eye);
}

static void one_that_waits_holds_what_an_eye_needs_alone(void **state)
{
        /* SETGID, SETUID, NET_ADMIN, SYS_PTRACE, SYS_ADMIN */
        const uint64_t needed = 1 << 6 | 1 << 7 | 1 << 12 | 1 << 19 | 1 << 21;
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        own_free char *program = helper();
        struct fault fault = { 0 };
        struct status own, status;
        struct eye *eye;
        int tries = 0;

        (void)state;
        assert_true(eye_read_status(proc_fd, getpid(), &own, &fault));
        assert_true(eye_start(program, &eye, &fault));
        do {
                assert_true(tries++ < 500);
                poll(NULL, 0, 10);
                assert_true(eye_read_status(proc_fd, eye_pid(eye), &status, &fault));
        } while (strcmp(status.comm, "vitrine waits") != 0 ||
                 status.caps.permitted != (own.caps.effective & needed));
        assert_true(status.caps.effective == status.caps.permitted);
        assert_true(status.caps.inheritable == 0 && status.caps.ambient == 0);
        assert_true(status.no_new_privs);
        eye_close(eye);
}

static void an_eye_ends_with_whoever_opened_it(void **state)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        uint64_t end = time_now_ms() + SOON_MS;
        struct status status;
        int say[2];
        pid_t pid, eye_process = 0;

        (void)state;
        if (!eye_read_status(proc_fd, 1, &status, NULL))
                return say_skipped("/proc is mounted with hidepid");
        assert_int_equal(pipe2(say, O_CLOEXEC), 0);
        pid = fork();
        if (pid == 0) {
                struct eye *eye = open_host();

                prctl(PR_SET_PDEATHSIG, SIGKILL);
                look_for(eye, getpid());
                eye_process = eye_pid(eye);
                if (write(say[1], &eye_process, sizeof(eye_process)) < 0)
                        _exit(1);
                pause();
                _exit(0);
        }
        close(say[1]);
        assert_int_equal(read(say[0], &eye_process, sizeof(eye_process)), sizeof(eye_process));
        close(say[0]);
        assert_true(eye_read_status(proc_fd, eye_process, &status, NULL));
        end_child(pid);
        while (eye_read_status(proc_fd, eye_process, &status, NULL) && status.state != 'Z' &&
               time_now_ms() < end)
                poll(NULL, 0, 5);
        assert_true(!eye_read_status(proc_fd, eye_process, &status, NULL) || status.state == 'Z');
}

static void an_eye_that_hangs_holds_nobody_up(void **state)
{
        struct eye *eye = open_host();
        uint64_t begin;
        struct fault fault = { 0 };

        (void)state;
        look_for(eye, getpid());
        kill(eye_pid(eye), SIGSTOP);
        begin = time_now_ms();
        for (int i = 0; i < 20000; i++)
                assert_true(eye_wake(eye));
        while (eye_read(eye, NULL) > 0)
                ;
        assert_false(eye_wait(eye, time_now_ms(), 50, &fault));
        assert_true(fault.why[0] != '\0');
        /* When it goes on, it hears the last word. */
        kill(eye_pid(eye), SIGCONT);
        assert_non_null(look_for(eye, getpid()));
        kill(eye_pid(eye), SIGSTOP);
        eye_close(eye);
        assert_true(time_now_ms() - begin < 20000);
}

static void an_eye_that_is_ended_is_told_of(void **state)
{
        struct eye *eye = open_host();
        struct pollfd ready = { .fd = eye_fd(eye), .events = POLLIN };
        struct fault fault = { 0 };
        int got;

        (void)state;
        look_for(eye, getpid());
        kill(eye_pid(eye), SIGKILL);
        do {
                assert_int_equal(poll(&ready, 1, SOON_MS), 1);
                got = eye_read(eye, &fault);
        } while (got >= 0);
        assert_true(fault.why[0] != '\0');
        assert_int_equal(eye_read(eye, &fault), -1);
        assert_false(eye_wake(eye));
        assert_non_null(eye_table(eye));
        eye_close(eye);
}

static void a_missing_program_is_a_fault_with_a_hint(void **state)
{
        struct fault fault = { 0 };
        struct eye *eye = NULL;

        (void)state;
        assert_false(eye_open_host("/nowhere/vitrine-eye", &eye, &fault));
        assert_null(eye);
        assert_int_equal(fault.err, ENOENT);
        assert_true(fault.hint[0] != '\0');
}

/* In a child: what is wrong with what an eye sees of a /proc that hides processes; 0: nothing. */
static int look_at_hidden_proc(uid_t uid)
{
        own_free char *path = helper();
        const struct proc_table *table;
        struct eye *eye = NULL;
        bool seen, told;

        if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("proc", "/proc", "proc", 0, "hidepid=2") < 0)
                return 77;
        if (setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0 || access(path, X_OK) < 0)
                return 77; /* the build tree may be closed to others */
        if (!eye_open_host(path, &eye, NULL) || !eye_wait(eye, 0, SOON_MS, NULL))
                return 1;
        table = eye_table(eye);
        seen = proc_table_find(table, getppid()) != NULL;
        told = table->trouble && strstr(table->trouble, "hidepid=") != NULL;
        eye_close(eye);
        return seen == (uid == 0) && told == (uid != 0) ? 0 : 2;
}

static void see_hidden_proc_as(uid_t uid)
{
        int status;
        pid_t pid;

        if (geteuid() != 0)
                return say_skipped("needs root");
        pid = fork();
        if (pid == 0)
                _exit(look_at_hidden_proc(uid));
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) == 77)
                return say_skipped("/proc cannot be mounted, or the program is closed to others");
        assert_int_equal(WEXITSTATUS(status), 0);
}

static void root_sees_through_hidepid(void **state)
{
        (void)state;
        see_hidden_proc_as(0);
}

static void hidepid_is_told_of_in_words(void **state)
{
        (void)state;
        see_hidden_proc_as(65533);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(this_process_is_seen_as_the_kernel_has_it),
                cmocka_unit_test(a_hostile_name_comes_raw_and_goes_with_its_process),
                cmocka_unit_test(arguments_come_raw_and_bounded),
                cmocka_unit_test(details_come_for_the_descendants_of_the_watched_process_alone),
                cmocka_unit_test(among_thousands_the_first_table_comes_early_and_counts_them_all),
                cmocka_unit_test(a_wake_is_answered_though_nothing_has_changed),
                cmocka_unit_test(names_of_users_come_in_time),
                cmocka_unit_test(an_eye_holds_no_capability),
                cmocka_unit_test(one_that_waits_holds_what_an_eye_needs_alone),
                cmocka_unit_test(an_eye_ends_with_whoever_opened_it),
                cmocka_unit_test(an_eye_that_hangs_holds_nobody_up),
                cmocka_unit_test(an_eye_that_is_ended_is_told_of),
                cmocka_unit_test(a_missing_program_is_a_fault_with_a_hint),
                cmocka_unit_test(root_sees_through_hidepid),
                cmocka_unit_test(hidepid_is_told_of_in_words),
        };

        return cmocka_run_group_tests_name("eye", tests, NULL, NULL);
}
