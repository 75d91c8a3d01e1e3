/* SPDX-License-Identifier: MIT */
/* Who is killed when a crowd is thinned out: real PID namespaces, as root and as another user. */
#include "config.h"

#include "as_nobody.h"

#include <fcntl.h>
#include <poll.h>
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
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/crowd.h"
#include "cage/join.h"

enum { MANY = 200, DEADLINE_MS = 20000 };

/* The PID 1 of a new namespace with MANY children who wait for ever, and its keeper here. */
struct crowd {
        pid_t keeper;
        int hold; /* its end is theirs */
        int proc_fd;
};

static _Noreturn void be_init(int ready, int hold)
{
        char byte = 0;

        for (int i = 0; i < MANY; i++)
                if (fork() == 0)
                        for (;;)
                                pause();
        if (write(ready, &byte, 1) != 1 || read(hold, &byte, 1) != 0)
                _exit(1);
        _exit(0);
}

static _Noreturn void be_keeper(int ready, int hold, bool userns)
{
        pid_t pid;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (unshare(CLONE_NEWPID | (userns ? CLONE_NEWUSER : 0)) < 0)
                _exit(1);
        prctl(PR_SET_DUMPABLE, 1);
        pid = fork();
        if (pid == 0)
                be_init(ready, hold);
        if (write(ready, &pid, sizeof(pid)) != (ssize_t)sizeof(pid))
                _exit(1);
        waitpid(pid, NULL, 0);
        _exit(0);
}

static void start(struct crowd *crowd, bool userns)
{
        int hold[2], ready[2];
        char said[sizeof(pid_t) + 1];
        own_free char *path = NULL;
        own_fd int ns_fd = -1;
        struct fault fault = { 0 };
        size_t n = 0;
        pid_t init;

        assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
        assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
        crowd->keeper = fork();
        if (crowd->keeper == 0) {
                close(hold[1]);
                be_keeper(ready[1], hold[0], userns);
        }
        close(hold[0]);
        close(ready[1]);
        crowd->hold = hold[1];
        /* Init's number, and a byte when all are there: in either order. */
        while (n < sizeof(said)) {
                ssize_t got = read(ready[0], said + n, sizeof(said) - n);

                assert_true(got > 0);
                n += (size_t)got;
        }
        close(ready[0]);
        memcpy(&init, said[0] ? said : said + 1, sizeof(init));
        path = xasprintf("/proc/%d/ns/pid", (int)init);
        ns_fd = open(path, O_RDONLY | O_CLOEXEC);
        crowd->proc_fd = join_procfs(ns_fd, JOIN_ANY, &fault);
        if (crowd->proc_fd < 0)
                fail_msg("%s: %s %d", fault.step, fault.why, fault.err);
}

static void stop(struct crowd *crowd)
{
        fd_close(&crowd->proc_fd);
        close(crowd->hold);
        waitpid(crowd->keeper, NULL, 0);
}

/* How many of PIDs 2 to MANY + 1 live; their parent waits for none of them. */
static int count_living(int proc_fd)
{
        int n = 0;

        for (int pid = 2; pid < MANY + 2; pid++) {
                own_free char *path = xasprintf("%d/status", pid), *text = NULL;

                assert_true(io_read_file(proc_fd, path, 16384, &text, NULL));
                n += !strstr(text, "\nState:\tZ");
        }
        return n;
}

static void assert_init_lives(int proc_fd)
{
        own_free char *text = NULL;

        assert_true(io_read_file(proc_fd, "1/status", 16384, &text, NULL));
        assert_null(strstr(text, "\nState:\tZ"));
}

static void all_but_init(bool userns)
{
        const uint64_t end = time_now_ms() + DEADLINE_MS;
        struct crowd crowd;
        int control[2];

        start(&crowd, userns);
        assert_int_equal(count_living(crowd.proc_fd), MANY);
        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control), 0);
        shutdown(control[1], SHUT_WR);
        crowd_thin(crowd.proc_fd, control[0]);
        while (count_living(crowd.proc_fd) > 0 && time_now_ms() < end)
                poll(NULL, 0, 5);
        assert_int_equal(count_living(crowd.proc_fd), 0);
        assert_init_lives(crowd.proc_fd);
        close(control[0]);
        close(control[1]);
        stop(&crowd);
}

static void a_few(bool userns)
{
        struct crowd crowd;
        int control[2];

        start(&crowd, userns);
        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control), 0);
        close(control[1]);
        crowd_thin(crowd.proc_fd, control[0]);
        assert_true(count_living(crowd.proc_fd) > MANY / 2);
        assert_init_lives(crowd.proc_fd);
        close(control[0]);
        stop(&crowd);
}

/* PID 1 of a namespace whose procfs it is in itself; its exit status says what it met. */
static _Noreturn void thin_ours(void)
{
        own_fd int proc_fd = -1;
        int control[2], status;
        pid_t child;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("proc", "/proc", "proc", 0, NULL) < 0 ||
            socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
                _exit(2);
        proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        child = fork();
        if (child == 0)
                for (;;)
                        pause();
        crowd_thin(proc_fd, control[0]);
        crowd_thin(-1, control[0]);
        if (kill(child, SIGTERM) < 0 || waitpid(child, &status, 0) != child)
                _exit(3);
        _exit(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM ? 0 : 4);
}

static void nobody(bool userns)
{
        pid_t pid = fork();
        int status;

        if (pid == 0) {
                pid_t init;

                if (unshare(CLONE_NEWPID | CLONE_NEWNS | (userns ? CLONE_NEWUSER : 0)) < 0)
                        _exit(5);
                init = fork();
                if (init == 0)
                        thin_ours();
                waitpid(init, &status, 0);
                _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 6);
        }
        waitpid(pid, &status, 0);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
}

static void as_both(void (*test)(bool))
{
        if (geteuid() == 0)
                test(false);
        as_nobody(test);
}

static void everybody_but_init_is_killed(void **state)
{
        (void)state;
        as_both(all_but_init);
}

static void it_ends_early_when_nobody_is_there_to_rest_for(void **state)
{
        (void)state;
        as_both(a_few);
}

static void a_procfs_of_our_own_is_let_be(void **state)
{
        (void)state;
        as_both(nobody);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(everybody_but_init_is_killed),
                cmocka_unit_test(it_ends_early_when_nobody_is_there_to_rest_for),
                cmocka_unit_test(a_procfs_of_our_own_is_let_be),
        };

        cmocka_set_message_output(CM_OUTPUT_TAP);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
