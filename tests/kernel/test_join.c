/* SPDX-License-Identifier: MIT */
/* A PID namespace's procfs, got in both ways: what it shows, and that nobody stays inside. */
#include "config.h"

#include "as_nobody.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/join.h"

/* A process that is PID 1 of a new namespace and sleeps until the socket ends, and its keeper here. */
struct target {
        pid_t keeper, init;
        int hold;
};

static void start(struct target *target, bool userns)
{
        int ends[2], say[2];
        char byte;

        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        assert_int_equal(pipe2(say, O_CLOEXEC), 0);
        target->keeper = fork();
        if (target->keeper == 0) {
                pid_t pid;

                prctl(PR_SET_PDEATHSIG, SIGKILL);
                close(ends[1]);
                if (unshare(CLONE_NEWPID | (userns ? CLONE_NEWUSER : 0)) < 0)
                        _exit(1);
                prctl(PR_SET_DUMPABLE, 1);
                pid = fork();
                if (pid == 0) {
                        prctl(PR_SET_NAME, "the first");
                        if (read(ends[0], &byte, 1) != 0)
                                _exit(1);
                        _exit(0);
                }
                if (write(say[1], &pid, sizeof(pid)) != (ssize_t)sizeof(pid))
                        _exit(1);
                waitpid(pid, NULL, 0);
                _exit(0);
        }
        close(ends[0]);
        close(say[1]);
        target->hold = ends[1];
        assert_int_equal(read(say[0], &target->init, sizeof(target->init)), sizeof(target->init));
        close(say[0]);
        /* Its name is its last word before it waits. */
        for (int i = 0; i < 500; i++) {
                own_free char *path = xasprintf("/proc/%d/comm", (int)target->init), *name = NULL;

                if (io_read_file(AT_FDCWD, path, 64, &name, NULL) && strcmp(name, "the first\n") == 0)
                        return;
                usleep(10000);
        }
        fail_msg("the process did not start");
}

static void stop(struct target *target)
{
        close(target->hold);
        waitpid(target->keeper, NULL, 0);
}

/* The PIDs that a procfs shows, as text. */
static char *pids_of(int proc_fd)
{
        int fd = openat(proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct str out = { 0 };
        struct dirent *entry;

        assert_non_null(dir);
        while ((entry = readdir(dir)) != NULL)
                if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
                        str_add_f(&out, "%s ", entry->d_name);
        closedir(dir);
        return str_take(&out);
}

static void look_in(const struct target *target, enum join_way way)
{
        own_free char *path = xasprintf("/proc/%d/ns/pid", (int)target->init), *pids = NULL, *name = NULL;
        own_fd int ns_fd = open(path, O_RDONLY | O_CLOEXEC), proc_fd = -1;
        struct fault fault = { 0 };

        assert_true(ns_fd >= 0);
        proc_fd = join_procfs(ns_fd, way, &fault);
        if (proc_fd < 0 && way == JOIN_BY_OPTION && fault.err == EINVAL) {
                print_message("# not tried: this kernel's procfs has no option pidns\n");
                return;
        }
        if (proc_fd < 0)
                fail_msg("way %d: %s: %s %d", (int)way, fault.step, fault.why, fault.err);
        pids = pids_of(proc_fd);
        assert_string_equal(pids, "1 ");
        assert_true(io_read_file(proc_fd, "1/comm", 64, &name, NULL));
        assert_string_equal(name, "the first\n");
        /* No child is left either. */
        assert_int_equal(waitpid(-1, NULL, WNOHANG), 0);
}

static void look_in_all_ways(bool userns)
{
        static const enum join_way ways[] = { JOIN_BY_OPTION, JOIN_BY_CHILD, JOIN_ANY };
        struct target target;

        start(&target, userns);
        for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
                look_in(&target, ways[i]);
        stop(&target);
}

static void a_procfs_shows_that_namespace_alone(void **state)
{
        (void)state;
        if (geteuid() == 0)
                look_in_all_ways(false);
        as_nobody(look_in_all_ways);
}

static void root_needs_no_user_namespace(void **state)
{
        (void)state;
        if (geteuid() == 0)
                look_in_all_ways(true);
}

/* Stops all newcomers (its own child is PID 2) until the pipe ends. */
static _Noreturn void hunt(int ns_fd, int pipe_fd)
{
        char byte;
        pid_t pid;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (setns(ns_fd, CLONE_NEWPID) < 0)
                _exit(1);
        pid = fork();
        while (pid == 0)
                for (pid_t other = 3; other < 64; other++)
                        kill(other, SIGSTOP);
        if (read(pipe_fd, &byte, 1) < 0)
                _exit(1);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        _exit(0);
}

/* The namespace's own root stops whatever comes in: the look fails or ends, and leaves nobody. */
static void who_is_stopped_inside_is_not_left_there(void **state)
{
        struct fault fault = { 0 };
        struct target target;
        own_free char *path = NULL, *pids = NULL;
        own_fd int ns_fd = -1, proc_fd = -1;
        pid_t hunter;
        int ends[2];

        (void)state;
        if (geteuid() != 0)
                return;
        start(&target, false);
        path = xasprintf("/proc/%d/ns/pid", (int)target.init);
        ns_fd = open(path, O_RDONLY | O_CLOEXEC);
        assert_true(ns_fd >= 0);
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        hunter = fork();
        if (hunter == 0) {
                close(ends[1]);
                hunt(ns_fd, ends[0]);
        }
        close(ends[0]);
        for (int i = 0; i < 2; i++) {
                fd_close(&proc_fd);
                proc_fd = join_procfs(ns_fd, JOIN_BY_CHILD, &fault);
        }
        close(ends[1]);
        waitpid(hunter, NULL, 0);
        fd_close(&proc_fd);
        proc_fd = join_procfs(ns_fd, JOIN_ANY, &fault);
        assert_true(proc_fd >= 0);
        pids = pids_of(proc_fd);
        assert_string_equal(pids, "1 ");
        stop(&target);
}

static void what_is_not_this_users_is_refused(void **state)
{
        struct target target;
        own_free char *path = NULL;
        own_fd int ns_fd = -1;
        int status;
        pid_t pid;

        (void)state;
        if (geteuid() != 0)
                return;
        start(&target, false);
        path = xasprintf("/proc/%d/ns/pid", (int)target.init);
        ns_fd = open(path, O_RDONLY | O_CLOEXEC);
        pid = fork();
        if (pid == 0) {
                struct fault fault = { 0 };

                if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
                        _exit(9);
                _exit(join_procfs(ns_fd, JOIN_ANY, &fault) < 0 && fault.err == EPERM ? 0 : 1);
        }
        waitpid(pid, &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        stop(&target);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_procfs_shows_that_namespace_alone),
                cmocka_unit_test(root_needs_no_user_namespace),
                cmocka_unit_test(who_is_stopped_inside_is_not_left_there),
                cmocka_unit_test(what_is_not_this_users_is_refused),
        };

        cmocka_set_message_output(CM_OUTPUT_TAP);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
