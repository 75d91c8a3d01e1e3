/* SPDX-License-Identifier: MIT */
/* What is tied by its PID namespace, against the kernel's own; what opens them can be made to fail. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "eye/reader.h"

enum { LEVELS = 3, ROWS = LEVELS + 1, TEXT_MAX = 4096 };

static const char *fails; /* the path of the next call that does; NULL: none */

/* In place of the C library's: this program is linked with it first. */
int openat(int dir_fd, const char *path, int flags, ...)
{
        if (fails && strcmp(path, fails) == 0) {
                fails = NULL;
                errno = ESRCH;
                return -1;
        }
        return (int)syscall(SYS_openat, dir_fd, path, flags, 0);
}

/* In the child: PID 1 of a new namespace has a child that is PID 1 of another below it, and that one has one
 * too. All wait until the pipe ends; the last says when they are there. */
static _Noreturn void nest(int hold, int here)
{
        int level = 0;
        char byte;

        for (; level < LEVELS; level++) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                if (level < LEVELS - 1 && unshare(CLONE_NEWPID) < 0)
                        _exit(1);
                if (fork() != 0)
                        break;
        }
        if (level == LEVELS && write(here, "", 1) != 1)
                _exit(1);
        close(here);
        _exit(read(hold, &byte, 1) == 0 ? 0 : 1);
}

/* The only child of a process. */
static pid_t child_of(pid_t pid)
{
        own_free char *path = xasprintf("/proc/%d/task/%d/children", (int)pid, (int)pid), *text = NULL;

        assert_true(io_read_file(AT_FDCWD, path, TEXT_MAX, &text, NULL));
        return (pid_t)strtol(text, NULL, 10);
}

static struct seen *row_of(struct reader *reader, pid_t pid)
{
        struct seen *row = reader_find(reader, pid);

        assert_non_null(row);
        return row;
}

static int by_pid(const void *a, const void *b)
{
        const struct seen *x = a, *y = b;

        return (x->proc.pid > y->proc.pid) - (x->proc.pid < y->proc.pid);
}

/* first is PID 1 of the wanted namespace, second of the one below it. */
static void one_that_cannot_be_asked_speaks_for_no_other(pid_t first, pid_t second, pid_t third)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        own_free char *path = xasprintf("/proc/%d/ns/pid", (int)first), *lost = NULL;
        struct seen rows[ROWS] = { { .proc = { .pid = getpid() } },
                                   { .proc = { .pid = first } },
                                   { .proc = { .pid = second } },
                                   { .proc = { .pid = third } } };
        struct reader reader = { .proc_fd = proc_fd, .v = rows, .n = ROWS };
        struct stat st;

        assert_int_equal(stat(path, &st), 0);
        qsort(rows, ROWS, sizeof(rows[0]), by_pid);
        reader_ns_want(&reader, st.st_ino);
        lost = xasprintf("%d/ns/pid", (int)(second < third ? second : third)); /* it is asked first */
        fails = lost;
        reader_tie_ns(&reader);
        assert_null(fails);
        assert_int_equal(row_of(&reader, getpid())->tie, TIE_NO);
        assert_int_equal(row_of(&reader, first)->tie, TIE_YES);
        assert_int_equal(row_of(&reader, second < third ? third : second)->tie, TIE_YES);
        /* Nor for itself for ever. */
        row_of(&reader, second)->read = row_of(&reader, third)->read = READ_DONE;
        reader_tie_ns(&reader);
        assert_int_equal(row_of(&reader, second)->tie, TIE_YES);
        assert_int_equal(row_of(&reader, third)->tie, TIE_YES);
}

static void a_namespace_is_not_judged_by_one_that_has_ended(void **state)
{
        int hold[2], here[2];
        char byte;
        pid_t pid, first, second;

        (void)state;
        assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
        assert_int_equal(pipe2(here, O_CLOEXEC), 0);
        pid = fork();
        if (pid == 0) {
                close(hold[1]);
                if (geteuid() != 0 && unshare(CLONE_NEWUSER) < 0)
                        _exit(77);
                nest(hold[0], here[1]);
        }
        close(here[1]);
        if (read(here[0], &byte, 1) != 1) {
                print_message("# skipped: the kernel refuses new namespaces\n");
        } else {
                first = child_of(pid);
                second = child_of(first);
                one_that_cannot_be_asked_speaks_for_no_other(first, second, child_of(second));
        }
        close(hold[1]);
        close(here[0]);
        waitpid(pid, NULL, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_namespace_is_not_judged_by_one_that_has_ended),
        };

        return cmocka_run_group_tests_name("eye_ns", tests, NULL, NULL);
}
