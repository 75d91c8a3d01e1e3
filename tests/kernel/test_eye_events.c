/* SPDX-License-Identifier: MIT */
/* Eyes that the kernel tells what happens to processes: as root and, since Linux 6.6, without. Nothing here
 * asks an eye to look. */
#include "config.h"

#include "eye_told.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

enum { ROUNDS = 9, TEXT_MAX = 65536 };

static bool has_state(const struct proc *row, const void *what)
{
        return row && row->state == *(const char *)what;
}

static bool has_user(const struct proc *row, const void *what)
{
        return row && row->uid == *(const uint32_t *)what;
}

static bool has_command(const struct proc *row, const void *what)
{
        return row && strstr(row->cmdline, what);
}

static void become_short(void)
{
        execl("/bin/sleep", "sleep", "0.2", (char *)NULL);
}

static void end_now(void)
{
        _exit(0);
}

static int by_size(const void *a, const void *b)
{
        const uint64_t *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

/* The kernel's word for the moment of the exec: it closes what is close-on-exec. How long it takes is said
 * alone: a busy machine is no fault of the eye's. */
static void a_process_that_lives_shortly_is_seen(void **state)
{
        struct eye *eye = open_told(0);
        uint64_t took_ms[ROUNDS];

        (void)state;
        if (!eye)
                return;
        for (int i = 0; i < ROUNDS; i++) {
                int done[2], hold = -1;
                uint64_t begin;
                char byte;
                pid_t pid;

                assert_int_equal(pipe2(done, O_CLOEXEC), 0);
                pid = fork_held(become_short, &hold);
                close(done[1]);
                release(&hold);
                assert_int_equal(read(done[0], &byte, 1), 0);
                begin = time_now_ms();
                close(done[0]);
                assert_true(await_row(eye, pid, is_named, "sleep", SOON_MS));
                took_ms[i] = time_now_ms() - begin;
                assert_int_equal(waitpid(pid, NULL, 0), pid);
                assert_true(await_row(eye, pid, is_gone, NULL, SOON_MS));
        }
        qsort(took_ms, ROUNDS, sizeof(took_ms[0]), by_size);
        print_message("# seen after %d to %d ms, median %d\n", (int)took_ms[0], (int)took_ms[ROUNDS - 1],
                      (int)took_ms[ROUNDS / 2]);
        eye_close(eye);
}

static void become_another_user(void)
{
        if (setresuid(12345, 12345, 12345) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
                _exit(1);
}

static void another_user_is_told_of(void **state)
{
        struct eye *eye = geteuid() == 0 ? open_told(0) : NULL;
        int hold = -1;
        pid_t pid;

        (void)state;
        if (!eye)
                return say_skipped("needs root");
        pid = fork_held(become_another_user, &hold);
        assert_true(await_row(eye, pid, has_user, &(uint32_t){ 0 }, SOON_MS));
        release(&hold);
        assert_true(await_row(eye, pid, has_user, &(uint32_t){ 12345 }, SOON_MS));
        end_child(pid);
        eye_close(eye);
}

static void a_zombie_is_seen_and_goes_when_it_is_reaped(void **state)
{
        struct eye *eye = open_told(0);
        int hold = -1;
        pid_t pid;

        (void)state;
        if (!eye)
                return;
        pid = fork_held(end_now, &hold);
        release(&hold);
        assert_true(await_row(eye, pid, has_state, "Z", SOON_MS));
        assert_false(await_row(eye, pid, is_gone, NULL, 100));
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        assert_true(await_row(eye, pid, is_gone, NULL, SOON_MS));
        eye_close(eye);
}

static void leave_an_orphan(void)
{
        if (fork() == 0) {
                prctl(PR_SET_PDEATHSIG, 0);
                prctl(PR_SET_NAME, "the orphan");
                alarm(60);
                for (;;)
                        pause();
        }
}

struct family {
        struct eye *eye;
        pid_t parent;
};

static bool has_child(const struct proc *row, const void *what)
{
        const struct family *family = what;

        (void)row;
        return find_child(family->eye, family->parent, "the orphan") > 0;
}

static void who_takes_an_orphan_in_is_told_by_the_end_of_its_parent(void **state)
{
        struct family family = { .eye = open_told(0) };
        int hold = -1;
        pid_t orphan;

        (void)state;
        if (!family.eye)
                return;
        assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
        family.parent = fork_held(leave_an_orphan, &hold);
        release(&hold);
        assert_true(await_row(family.eye, 0, has_child, &family, SOON_MS));
        orphan = find_child(family.eye, family.parent, "the orphan");
        end_child(family.parent);
        assert_true(await_row(family.eye, orphan, has_parent, &(pid_t){ getpid() }, SOON_MS));
        end_child(orphan);
        eye_close(family.eye);
}

/* The smallest room there is: some events of a crowd are lost, and with them that of a process that nobody
 * looks at otherwise. */
static void what_was_lost_is_found_by_a_look_at_everything(void **state)
{
        struct eye *eye = open_told(1);
        int hold = -1;
        pid_t pid;

        (void)state;
        if (!eye)
                return;
        pid = fork_held(become_sleep, &hold);
        assert_true(await_row(eye, pid, has_parent, &(pid_t){ getpid() }, SOON_MS));
        kill(eye_pid(eye), SIGSTOP);
        for (int i = 0; i < 200; i++) {
                pid_t other = fork();

                if (other == 0)
                        _exit(0);
                assert_int_equal(waitpid(other, NULL, 0), other);
        }
        release(&hold);
        poll(NULL, 0, 100); /* its event is dropped */
        kill(eye_pid(eye), SIGCONT);
        assert_true(await_row(eye, pid, is_named, "sleep", SOON_MS));
        end_child(pid);
        eye_close(eye);
}

static int reports[2];

/* Has a child, says which, and says so again when it has reaped it. */
static void keep_one(void)
{
        pid_t pid = fork();

        if (pid == 0) {
                prctl(PR_SET_NAME, "the first");
                alarm(60);
                for (;;)
                        pause();
        }
        io_write_all(reports[1], &pid, sizeof(pid));
        waitpid(pid, NULL, 0);
        io_write_all(reports[1], &pid, sizeof(pid));
}

/* A child of this process under that number. */
static pid_t fork_as(pid_t pid)
{
        struct clone_args args = { .exit_signal = SIGCHLD,
                                   .set_tid = (uint64_t)(uintptr_t)&pid,
                                   .set_tid_size = 1 };
        pid_t got = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

        if (got == 0) {
                prctl(PR_SET_NAME, "the second");
                alarm(60);
                for (;;)
                        pause();
        }
        return got;
}

static bool is_tied_as(const struct proc *row, const void *what)
{
        return is_named(row, what) && row->status;
}

static bool is_untied_as(const struct proc *row, const void *what)
{
        return is_named(row, what) && !row->status;
}

static void use_a_number_again(struct eye *eye)
{
        int hold = -1;
        pid_t keeper, pid, reaped;

        assert_int_equal(pipe2(reports, O_CLOEXEC), 0);
        keeper = fork_held(keep_one, &hold);
        release(&hold);
        assert_int_equal(read(reports[0], &pid, sizeof(pid)), sizeof(pid));
        assert_true(eye_watch(eye, keeper, 0));
        assert_true(await_row(eye, pid, is_tied_as, "the first", SOON_MS));
        kill(pid, SIGKILL);
        assert_int_equal(read(reports[0], &reaped, sizeof(reaped)), sizeof(reaped));
        assert_int_equal(reaped, pid);
        assert_int_equal(fork_as(pid), pid);
        assert_true(await_row(eye, pid, is_untied_as, "the second", SOON_MS));
        end_child(pid);
        end_child(keeper);
        close(reports[0]);
        close(reports[1]);
        eye_close(eye);
}

static void a_number_that_is_used_again_is_another_process(void **state)
{
        const struct eye_options polls = { .polls = true };
        struct eye *eye;

        (void)state;
        if (geteuid() != 0)
                return say_skipped("needs root: it chooses the number of a process");
        eye = open_told(0);
        if (eye)
                use_a_number_again(eye);
        use_a_number_again(open_host(&polls));
}

/* Its own command line, where the kernel reads it: no event tells of that. */
static void rewrite_arguments(void)
{
        own_free char *text = NULL;
        own_fd int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
        unsigned long at = 0;
        const char *rest;
        size_t n;

        if (!io_read_all(fd, TEXT_MAX, &text, &n) || !(rest = strrchr(text, ')')))
                _exit(1);
        for (int field = 2; field < 48 && rest; field++) /* arg_start is the 48th */
                rest = strchr(rest + 1, ' ');
        at = rest ? strtoul(rest, NULL, 10) : 0;
        if (at)
                memcpy((void *)at, "OTHER", 5); /* NOLINT(performance-no-int-to-ptr): the kernel's number */
}

static void what_no_event_tells_is_seen_at_a_glance(void **state)
{
        struct eye *eye = open_told(0);
        uint64_t before;
        int hold = -1;
        pid_t pid;

        (void)state;
        if (!eye)
                return;
        pid = fork_held(rewrite_arguments, &hold);
        assert_true(await_row(eye, pid, has_parent, &(pid_t){ getpid() }, SOON_MS));
        release(&hold);
        for (int i = 0; i < 30 && !await_row(eye, pid, has_command, "OTHER", 1000); i++)
                eye_glance(eye);
        assert_true(has_command(proc_table_find(eye_table(eye), pid), "OTHER"));
        /* A glance that was taken is as good as a table. */
        before = eye_table(eye)->read_ms;
        for (int i = 0; i < 600 && eye_table(eye)->read_ms == before; i++) {
                eye_tick(eye);
                eye_glance(eye);
                poll(NULL, 0, 50);
        }
        assert_true(eye_table(eye)->read_ms > before);
        /* One that hangs takes none. */
        kill(eye_pid(eye), SIGSTOP);
        eye_tick(eye);
        eye_glance(eye);
        before = eye_table(eye)->read_ms;
        poll(NULL, 0, 100);
        eye_tick(eye);
        assert_true(eye_table(eye)->read_ms == before);
        end_child(pid);
        eye_close(eye);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_process_that_lives_shortly_is_seen),
                cmocka_unit_test(another_user_is_told_of),
                cmocka_unit_test(a_zombie_is_seen_and_goes_when_it_is_reaped),
                cmocka_unit_test(who_takes_an_orphan_in_is_told_by_the_end_of_its_parent),
                cmocka_unit_test(what_was_lost_is_found_by_a_look_at_everything),
                cmocka_unit_test(a_number_that_is_used_again_is_another_process),
                cmocka_unit_test(what_no_event_tells_is_seen_at_a_glance),
        };

        return cmocka_run_group_tests_name("eye_events", tests, NULL, NULL);
}
