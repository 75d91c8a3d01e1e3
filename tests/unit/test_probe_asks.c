/* SPDX-License-Identifier: MIT */
/* What the probes really pass to the kernel: syscall(2) is replaced by a function that writes it down. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "probe/asks.h"
#include "probe/constants.h"

enum { CALLS_MAX = 64, SLEEPER = 4000000, BYSTANDER = 4000001 };

static struct {
        long number, args[5];
} calls[CALLS_MAX];
static size_t calls_n;
static long answer;
static int answer_errno;

long __wrap_syscall(long number, ...);

long __wrap_syscall(long number, ...)
{
        va_list args;

        assert_true(calls_n < CALLS_MAX);
        calls[calls_n].number = number;
        va_start(args, number);
        for (int i = 0; i < 5; i++)
                calls[calls_n].args[i] = va_arg(args, long);
        va_end(args);
        calls_n++;
        errno = answer_errno;
        return answer;
}

/* The question of a capability, with what its preparation would have left. */
static struct probe_answer put(unsigned bit)
{
        static const struct fixtures fixtures = {
                .other = 65534, .has_other = true, .foreign = -1, .sleeper = SLEEPER, .bystander = BYSTANDER
        };
        int queue = -1;
        struct ask ask = { .fixtures = &fixtures, .fd = -1, .queue = &queue, .path = "/nowhere" };

        return ask_row(bit)->question(&ask);
}

static void refuse_all(void)
{
        calls_n = 0;
        answer = -1;
        answer_errno = EPERM;
}

static void a_question_stands_where_the_table_has_a_call(void **state)
{
        (void)state;
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                assert_true((ask_row(bit)->question == NULL) == (probe_row(bit)->none != NULL));
                for (unsigned other = 0; other < bit && ask_row(bit)->question; other++)
                        assert_ptr_not_equal(ask_row(bit)->question, ask_row(other)->question);
        }
}

static void a_refusal_is_told_as_one(void **state)
{
        (void)state;
        refuse_all();
        assert_int_equal(put(25).kind, ANSWER_RESULT);
        assert_int_equal(put(25).err, EPERM);
}

static void accounting_is_never_switched_off(void **state)
{
        (void)state;
        assert_string_equal(PROBE_ACCT_PATH, "/");
        refuse_all();
        put(20);
        assert_int_equal(calls_n, 1);
        assert_int_equal(calls[0].number, SYS_acct);
        assert_non_null((const char *)calls[0].args[0]);
        assert_string_equal((const char *)calls[0].args[0], "/");
}

static void reboot_gets_no_magic_number(void **state)
{
        (void)state;
        assert_int_equal(PROBE_REBOOT_MAGIC, 0);
        assert_int_equal(PROBE_REBOOT_COMMAND, 0);
        refuse_all();
        put(22);
        assert_int_equal(calls_n, 1);
        assert_int_equal(calls[0].number, SYS_reboot);
        for (int i = 0; i < 3; i++)
                assert_int_equal((int)calls[0].args[i], 0);
}

static void the_terminal_is_hung_up_only_in_a_session_of_its_own(void **state)
{
        struct ask ask = { .fd = -1 };

        (void)state;
        refuse_all();
        assert_int_equal(ask_row(26)->prepare(&ask).kind, ANSWER_UNPREPARED);
        assert_int_equal(calls_n, 1);
        assert_int_equal(calls[0].number, SYS_setsid);
        refuse_all();
        put(26);
        assert_int_equal(calls_n, 1);
        assert_int_equal(calls[0].number, SYS_vhangup);
}

static void the_log_is_only_counted(void **state)
{
        (void)state;
        assert_int_equal(PROBE_SYSLOG_SIZE_UNREAD, 9);
        refuse_all();
        put(34);
        assert_int_equal(calls_n, 1);
        assert_int_equal(calls[0].number, SYS_syslog);
        assert_int_equal((int)calls[0].args[0], 9);
}

static void the_clock_is_given_nothing(void **state)
{
        (void)state;
        refuse_all();
        put(25);
        assert_int_equal(calls_n, 1);
        assert_int_equal(calls[0].number, SYS_settimeofday);
        assert_null((void *)calls[0].args[0]);
        assert_null((void *)calls[0].args[1]);
}

static void names_modules_and_signals_are_none(void **state)
{
        (void)state;
        refuse_all();
        put(21);
        assert_int_equal(calls[0].number, SYS_sethostname);
        assert_int_equal((int)calls[0].args[1], -1);
        refuse_all();
        put(16);
        assert_int_equal(calls[0].number, SYS_init_module);
        assert_null((void *)calls[0].args[0]);
        assert_int_equal(calls[0].args[1], 0);
        refuse_all();
        put(5);
        assert_int_equal(calls[0].number, SYS_kill);
        assert_int_equal((int)calls[0].args[0], SLEEPER);
        assert_int_equal((int)calls[0].args[1], 0);
        refuse_all();
        put(8);
        assert_int_equal(calls[0].number, SYS_prctl);
        assert_int_equal(calls[0].args[1], 63);
}

/* Whatever the kernel lets through: no question makes a call that is not its own. */
static void no_question_makes_a_call_that_is_not_on_the_list(void **state)
{
        static const long known[] = {
                SYS_fchown,          SYS_openat,       SYS_fchmod,          SYS_kill,
                SYS_setgroups,       SYS_setresuid,    SYS_prctl,           SYS_ioctl,
                SYS_socket,          SYS_bind,         SYS_mlock,           SYS_msgctl,
                SYS_init_module,     SYS_mmap,         SYS_chroot,          SYS_acct,
                SYS_get_robust_list, SYS_sethostname,  SYS_reboot,          SYS_setpriority,
                SYS_prlimit64,       SYS_settimeofday, SYS_vhangup,         SYS_mknodat,
                SYS_fcntl,           SYS_fsetxattr,    SYS_syslog,          SYS_timerfd_create,
                SYS_epoll_create1,   SYS_epoll_ctl,    SYS_perf_event_open, SYS_bpf,
        };

        (void)state;
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                if (!ask_row(bit)->question)
                        continue;
                refuse_all();
                put(bit);
                assert_true(calls_n > 0 || bit == 30); /* 30 writes to a file that it has not opened here */
                for (size_t i = 0; i < calls_n; i++) {
                        size_t at = 0;

                        while (at < sizeof(known) / sizeof(known[0]) && known[at] != calls[i].number)
                                at++;
                        if (at == sizeof(known) / sizeof(known[0]))
                                fail_msg("capability %u makes call %ld", bit, calls[i].number);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_question_stands_where_the_table_has_a_call),
                cmocka_unit_test(a_refusal_is_told_as_one),
                cmocka_unit_test(accounting_is_never_switched_off),
                cmocka_unit_test(reboot_gets_no_magic_number),
                cmocka_unit_test(the_terminal_is_hung_up_only_in_a_session_of_its_own),
                cmocka_unit_test(the_log_is_only_counted),
                cmocka_unit_test(the_clock_is_given_nothing),
                cmocka_unit_test(names_modules_and_signals_are_none),
                cmocka_unit_test(no_question_makes_a_call_that_is_not_on_the_list),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
