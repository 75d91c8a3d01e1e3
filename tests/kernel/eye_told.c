/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye_told.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"

/* cmocka's skip() is "not ok" in TAP. */
void say_skipped(const char *reason)
{
        print_message("# skipped: %s\n", reason);
}

struct eye *open_host(const struct eye_options *options)
{
        const char *top = getenv("top_builddir");
        own_free char *path = xasprintf("%s/vitrine-eye", top ? top : ".");
        struct fault fault = { 0 };
        struct eye *eye = NULL;

        if (!eye_open_host_as(path, options, &eye, &fault) || !eye_watch(eye, getpid(), 0) ||
            !eye_wait(eye, 0, SOON_MS, &fault))
                fail_msg("%s %s: %d", fault.step, fault.path, fault.err);
        return eye;
}

/* NULL, and why, where the kernel tells nothing. As root, and in the kernel's own namespaces, it does. */
struct eye *open_told(uint32_t room)
{
        struct eye *eye = open_host(&(struct eye_options){ .room = room });

        if (eye_is_told(eye))
                return eye;
        eye_close(eye);
        say_skipped("the kernel's proc connector refuses this user (Linux before 6.6), or these namespaces");
        return NULL;
}

/* Waits until the row of pid is as wanted (NULL: there is none); false when it never was. */
bool await_row(struct eye *eye, pid_t pid, row_test *test, const void *what, int timeout_ms)
{
        const uint64_t end = time_now_ms() + (uint64_t)timeout_ms;

        for (;;) {
                struct pollfd ready = { .fd = eye_fd(eye), .events = POLLIN };
                const struct proc *row = proc_table_find(eye_table(eye), pid);
                uint64_t now = time_now_ms();

                if (test(row, what))
                        return true;
                if (now >= end)
                        return false;
                if (poll(&ready, 1, (int)(end - now)) > 0)
                        assert_true(eye_read(eye, NULL) >= 0);
        }
}

bool is_named(const struct proc *row, const void *what)
{
        return row && strcmp(row->comm, what) == 0;
}

bool has_parent(const struct proc *row, const void *what)
{
        return row && row->ppid == *(const pid_t *)what;
}

bool is_gone(const struct proc *row, const void *what)
{
        (void)what;
        return !row;
}

/* A child that runs act when it is told to (release), then waits for its end. */
pid_t fork_held(void (*act)(void), int *ret_release)
{
        int hold[2];
        char byte;
        pid_t pid;

        assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                close(hold[1]);
                while (read(hold[0], &byte, 1) != 1)
                        ;
                act();
                for (;;)
                        pause();
        }
        close(hold[0]);
        *ret_release = hold[1];
        return pid;
}

void release(int *fd)
{
        assert_int_equal(write(*fd, "", 1), 1);
        fd_close(fd);
}

void end_child(pid_t pid)
{
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
}

void become_sleep(void)
{
        execl("/bin/sleep", "sleep", "1000", (char *)NULL);
}

/* 0: there is none of that name. */
pid_t find_child(const struct eye *eye, pid_t parent, const char *name)
{
        const struct proc_table *table = eye_table(eye);

        for (size_t i = 0; i < table->n; i++)
                if (table->v[i].ppid == parent && strcmp(table->v[i].comm, name) == 0)
                        return table->v[i].pid;
        return 0;
}
