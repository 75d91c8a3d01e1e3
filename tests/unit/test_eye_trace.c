/* SPDX-License-Identifier: MIT */
/* The reader of trace_pipe: what counts as asked by a container, and names that want to be more than names.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "eye/trace.h"

enum { VITRINE = 100, KEEPER = 110, INIT = 120, CHILD = 130, MOST = 32 };

struct seen {
        struct trace trace;
        struct trace_check checks[MOST];
        int n;
        pid_t forked[MOST];
        int n_forked;
};

static struct seen seen; /* too large for a stack */

static void on_check(void *data, const struct trace_check *check)
{
        struct seen *to = data;

        assert_true(to->n < MOST);
        to->checks[to->n++] = *check;
}

static void on_fork(void *data, pid_t pid)
{
        struct seen *to = data;

        assert_true(to->n_forked < MOST);
        to->forked[to->n_forked++] = pid;
}

static int begin(void **state)
{
        const struct trace_sink sink = { .check = on_check, .forked = on_fork, .data = &seen };

        memset(&seen, 0, sizeof(seen));
        trace_init(&seen.trace, &sink);
        trace_know(&seen.trace, VITRINE, TRACE_VITRINE);
        *state = &seen;
        return 0;
}

static void feed(const char *text)
{
        trace_feed(&seen.trace, text, strlen(text));
}

static void say_check(const char *name, int pid, int cap, int ret)
{
        char line[400];

        snprintf(line, sizeof(line),
                 "%16s-%-7d [001] .....  1751.448868: cap_capable: cred 00000000bc1bc6fe, target_ns "
                 "00000000bcbc3a46, capable_ns 00000000bcbc3a46, cap %d, ret %d\n",
                 name, pid, cap, ret);
        feed(line);
}

static void say_stack(const char *name, int pid, const char *symbols)
{
        char line[600];

        snprintf(line, sizeof(line),
                 "%16s-%-7d [001] .....  1751.448869: <stack trace>\n => trace_event_raw_event_cap_capable\n"
                 " => cap_capable\n%s => do_syscall_64\n => entry_SYSCALL_64_after_hwframe\n",
                 name, pid, symbols);
        feed(line);
}

static void say_fork(const char *name, int pid, int child)
{
        char line[300];

        snprintf(line, sizeof(line),
                 "%16s-%-7d [000] .....  1751.448800: sched_process_fork: comm=%s pid=%d child_comm=%s "
                 "child_pid=%d\n",
                 name, pid, name, pid, name, child);
        feed(line);
}

static void say_name(const char *old, int pid, const char *name)
{
        char line[300];

        snprintf(line, sizeof(line),
                 "%16s-%-7d [000] .....  1751.448800: task_rename: pid=%d oldcomm=%s newcomm=%s "
                 "oom_score_adj=0\n",
                 old, pid, pid, old, name);
        feed(line);
}

static void say_kill(const char *name, int pid, int ret)
{
        say_check(name, pid, 5, ret);
        say_stack(name, pid, " => check_kill_permission\n => kill_something_info\n => __x64_sys_kill\n");
        trace_settle(&seen.trace);
}

#define EXEC_SYMBOLS                                                                        \
        " => security_vm_enough_memory_mm\n => alloc_bprm\n => do_execveat_common.isra.0\n" \
        " => __x64_sys_execve\n"

static void say_exec(const char *name, int pid)
{
        say_check(name, pid, 21, 0);
        say_stack(name, pid, EXEC_SYMBOLS);
        trace_settle(&seen.trace);
}

static void a_check_is_read_with_all_it_says(void **state)
{
        (void)state;
        say_kill("sh", INIT, -1);
        say_kill("sh", INIT, 0);
        assert_int_equal(seen.n, 2);
        assert_int_equal(seen.checks[0].pid, INIT);
        assert_int_equal(seen.checks[0].cap, 5);
        assert_false(seen.checks[0].allowed);
        assert_true(seen.checks[1].allowed);
        assert_int_equal(seen.checks[0].time_us, 1751448868);
        assert_string_equal(seen.checks[0].name, "sh");
}

static void bytes_may_end_anywhere(void **state)
{
        static const char text[] =
                "              sh-120     [001] d..1.  1751.448868: cap_capable: cred 00000000bc1bc6fe, "
                "target_ns 00000000bcbc3a46, capable_ns 00000000bcbc3a46, cap 5, ret -1\n"
                "              sh-120     [001] d..1.  1751.448869: <stack trace>\n => cap_capable\n"
                " => __x64_sys_kill\n";

        (void)state;
        for (size_t i = 0; i + 1 < sizeof(text); i++)
                trace_feed(&seen.trace, text + i, 1);
        assert_int_equal(seen.n, 0);
        trace_settle(&seen.trace);
        assert_int_equal(seen.n, 1);
}

static void exec_and_the_count_of_memory_ask_for_nothing(void **state)
{
        (void)state;
        say_exec("sh", INIT);
        say_check("sh", INIT, 21, -1);
        say_stack("sh", INIT, " => security_vm_enough_memory_mm\n => __mmap_region\n => do_mmap\n");
        say_check("sh", INIT, 2, -1);
        say_stack("sh", INIT, " => path_openat\n => do_open_execat\n => bprm_execve\n");
        trace_settle(&seen.trace);
        assert_int_equal(seen.n, 0);
        /* the same capability asked for in earnest */
        say_check("mount", INIT, 21, -1);
        say_stack("mount", INIT, " => ns_capable\n => path_mount\n => __x64_sys_mount\n");
        trace_settle(&seen.trace);
        assert_int_equal(seen.n, 1);
}

/* Overlayfs asks the file system below it with the powers of whoever mounted it, after the process's own. */
static void what_overlayfs_asks_for_itself_is_left_out(void **state)
{
        (void)state;
        say_exec("ls", INIT);
        say_check("ls", INIT, 21, 0);
        say_stack("ls", INIT,
                  " => capable\n => xattr_permission\n => vfs_getxattr\n => ovl_check_metacopy_xattr\n"
                  " => ovl_lookup\n => path_openat\n");
        say_check("ls", INIT, 1, 0);
        say_stack("ls", INIT, " => generic_permission\n => inode_permission\n => ovl_permission\n");
        say_check("chown", INIT, 2, 0);
        say_stack("chown", INIT,
                  " => capable\n => ovl_can_decode_fh\n => ovl_copy_up_one\n => ovl_copy_up_flags\n"
                  " => ovl_setattr\n => notify_change\n");
        trace_settle(&seen.trace);
        assert_int_equal(seen.n, 0);
        say_check("chown", INIT, 0, -1);
        say_stack("chown", INIT,
                  " => setattr_prepare\n => ovl_setattr\n => notify_change\n => chown_common\n");
        say_check("ls", INIT, 1, -1);
        say_stack("ls", INIT, " => generic_permission\n => ovl_permission\n => inode_permission\n");
        trace_settle(&seen.trace);
        assert_int_equal(seen.n, 2);
}

static void a_launch_is_left_out_until_its_command_is_executed(void **state)
{
        (void)state;
        say_fork("vitrine", VITRINE, KEEPER);
        say_exec("vitrine", KEEPER);
        say_kill("vitrine keeper", KEEPER, 0);
        say_fork("vitrine keeper", KEEPER, INIT);
        say_kill("vitrine keeper", INIT, 0);
        assert_int_equal(seen.n, 0);
        say_exec("vitrine keeper", INIT);
        say_kill("sleep", INIT, -1);
        assert_int_equal(seen.n, 1);
        say_fork("sleep", INIT, CHILD);
        say_kill("sleep", CHILD, -1);
        assert_int_equal(seen.n, 2);
        /* of vitrine's own children none is told */
        assert_int_equal(seen.n_forked, 2);
        assert_int_equal(seen.forked[0], INIT);
}

/* The keeper's child makes the command and ends. */
static void a_command_that_is_entered_is_left_out_until_then_too(void **state)
{
        (void)state;
        trace_know(&seen.trace, KEEPER, TRACE_OUTSIDE);
        say_fork("vitrine keeper", KEEPER, 140);
        say_kill("vitrine enters", 140, 0);
        say_fork("vitrine enters", 140, 141);
        say_kill("vitrine enters", 141, 0);
        assert_int_equal(seen.n, 0);
        say_exec("vitrine enters", 141);
        say_kill("id", 141, 0);
        assert_int_equal(seen.n, 1);
}

static void a_pid_that_is_given_again_is_another_process(void **state)
{
        (void)state;
        say_fork("vitrine", VITRINE, KEEPER);
        say_fork("bash", INIT, KEEPER);
        say_kill("bash", KEEPER, 0);
        assert_int_equal(seen.n, 1);
}

static void a_name_is_the_one_of_the_moment(void **state)
{
        (void)state;
        say_fork("sh", INIT, CHILD);
        say_kill("chown", CHILD, 0); /* what the kernel's cache says by now */
        assert_string_equal(seen.checks[0].name, "sh");
        say_name("sh", CHILD, "chown");
        say_kill("<...>", CHILD, 0);
        assert_string_equal(seen.checks[1].name, "chown");
        /* kernels that do not repeat the PID */
        feed("              sh-130     [000] .....  1.000001: task_rename: oldcomm=chown newcomm=cp "
             "oom_score_adj=0\n");
        say_kill("<...>", CHILD, 0);
        assert_string_equal(seen.checks[2].name, "cp");
}

/* At most 15 bytes, any but NUL. */
static const char *const hostile[] = {
        "a b-1 [0] x 1.1", "\n",
        "x-77 [1] . 1.2:", ": cap_capable: ",
        ": <stack trace>", "\n => cap_cap\n",
        " => bprm_exe",    "\n => vm_brk\n",
        ", cap 1, ret 0",  "\ncap 1, ret 0\n",
        "-5 [000] ..... ", "\033]0;title\a",
        "CPU:0 [LOST 9 E", " child_pid=77\n",
        "newcomm=x\n",     " newcomm=a oom_",
        "\t\r\v\f",        "%n%s%d",
        "\xff\xfe\x80",    "    ",
};

static void a_name_is_never_more_than_a_name(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
                assert_true(strlen(hostile[i]) <= 15);
                begin(state);
                trace_know(&seen.trace, 77, TRACE_OUTSIDE);
                say_fork(hostile[i], INIT, CHILD);
                say_name("sh", CHILD, hostile[i]);
                say_kill(hostile[i], CHILD, -1);
                say_exec(hostile[i], CHILD);
                say_kill("sh", 77, 0);
                /* one check, of that process, of that capability, and the kernel said no */
                assert_int_equal(seen.n, 1);
                assert_int_equal(seen.checks[0].pid, CHILD);
                assert_int_equal(seen.checks[0].cap, 5);
                assert_false(seen.checks[0].allowed);
                assert_int_equal(seen.checks[0].time_us, 1751448868);
                assert_int_equal(seen.trace.lost, 0);
        }
}

static void lost_events_are_counted(void **state)
{
        (void)state;
        feed("CPU:1 [LOST 7 EVENTS]\n");
        feed("CPU:12 [LOST 30 EVENTS]\n");
        feed("CPU:1 [LOST x EVENTS]\nCPU:1 [LOST 5 EVENTS] and more\n");
        assert_int_equal(seen.trace.lost, 37);
        /* a check whose stack was lost still is one, where it cannot be the count of memory */
        say_check("sh", INIT, 5, -1);
        say_check("sh", INIT, 21, -1);
        say_kill("sh", INIT, 0);
        assert_int_equal(seen.n, 2);
        assert_int_equal(seen.checks[0].cap, 5);
        assert_int_equal(seen.checks[1].cap, 5);
}

static void what_is_no_event_is_passed_over(void **state)
{
        char line[3 * TRACE_LINE];

        (void)state;
        memset(line, 'x', sizeof(line));
        memcpy(line + sizeof(line) - 40, ": cap_capable: cred 0, cap 5, ret 0\n", 37);
        feed(line);
        say_check("sh", INIT, 64, 0);
        say_check("sh", INIT, -1, 0);
        say_check("sh", 0, 5, 0);
        feed(": cap_capable: cred 0, cap 5, ret 0\n");
        feed("-5 [000] 1.1: cap_capable: cred 0, cap 5, ret 0\n");
        trace_settle(&seen.trace);
        say_kill("sh", INIT, 0);
        assert_int_equal(seen.n, 1);
}

/* vitrine itself is never forgotten, however many containers it launches. */
static void a_thousand_launches_are_a_thousand_launches(void **state)
{
        (void)state;
        for (int i = 0; i < 3 * TRACE_ROLES; i++) {
                say_fork("vitrine", VITRINE, 1000 + i);
                say_fork("vitrine keeper", 1000 + i, 9000 + i);
                say_kill("vitrine keeper", 9000 + i, 0);
                assert_int_equal(seen.n, 0);
                say_exec("vitrine keeper", 9000 + i);
                seen.n_forked = 0;
        }
}

/* Nor is a keeper for the commands that have begun in its container: who enters for one stays behind it. */
static void a_thousand_commands_in_one_container_are_its_own(void **state)
{
        (void)state;
        say_fork("vitrine", VITRINE, KEEPER);
        for (int i = 0; i < 2 * TRACE_ROLES; i++) {
                say_fork("vitrine keeper", KEEPER, 9000 + i);
                say_fork("vitrine enters", 9000 + i, 20000 + i);
                say_kill("vitrine enters", 20000 + i, 0);
                assert_int_equal(seen.n, 0);
                say_exec("vitrine enters", 20000 + i);
                say_kill("vitrine keeper", KEEPER, 0);
                assert_int_equal(seen.n, 0);
                seen.n_forked = 0;
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(a_check_is_read_with_all_it_says, begin),
                cmocka_unit_test_setup(bytes_may_end_anywhere, begin),
                cmocka_unit_test_setup(exec_and_the_count_of_memory_ask_for_nothing, begin),
                cmocka_unit_test_setup(what_overlayfs_asks_for_itself_is_left_out, begin),
                cmocka_unit_test_setup(a_launch_is_left_out_until_its_command_is_executed, begin),
                cmocka_unit_test_setup(a_command_that_is_entered_is_left_out_until_then_too, begin),
                cmocka_unit_test_setup(a_pid_that_is_given_again_is_another_process, begin),
                cmocka_unit_test_setup(a_name_is_the_one_of_the_moment, begin),
                cmocka_unit_test_setup(a_name_is_never_more_than_a_name, begin),
                cmocka_unit_test_setup(lost_events_are_counted, begin),
                cmocka_unit_test_setup(what_is_no_event_is_passed_over, begin),
                cmocka_unit_test_setup(a_thousand_launches_are_a_thousand_launches, begin),
                cmocka_unit_test_setup(a_thousand_commands_in_one_container_are_its_own, begin),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
