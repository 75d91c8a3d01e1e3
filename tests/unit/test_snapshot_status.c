/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "snapshot/snapshot.h"
#include "snapshot/table.h"

/* As Linux 6.1 prints it for the first process of a container, read from the machine. */
#define HEAD                                                                                   \
        "Umask:\t0022\nState:\tS (sleeping)\nTgid:\t3301\nNgid:\t0\nPid:\t3301\nPPid:\t3299\n" \
        "TracerPid:\t0\nUid:\t1000\t1001\t1002\t1003\nGid:\t10\t11\t12\t13\nFDSize:\t64\n"     \
        "Groups:\t4 20 4294967294 \nNStgid:\t3301\t1\nNSpid:\t3301\t1\nNSpgid:\t3301\t1\n"     \
        "NSsid:\t3301\t1\nVmPeak:\t    2484 kB\nThreads:\t1\nSigQ:\t0/62731\n"                 \
        "SigPnd:\t0000000000000000\n"
#define TAIL                                                                                    \
        "CapInh:\t0000000000000001\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425db\n"     \
        "CapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000002\nNoNewPrivs:\t1\nSeccomp:\t2\n"   \
        "Seccomp_filters:\t1\nSpeculation_Store_Bypass:\tthread vulnerable\nCpus_allowed:\t3\n" \
        "voluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t0\n"

static void every_field_is_read(void **state)
{
        struct status got;

        (void)state;
        assert_true(status_parse("Name:\tsleep\n" HEAD TAIL, &got));
        assert_string_equal(got.comm, "sleep");
        assert_int_equal(got.state, 'S');
        assert_int_equal(got.pid, 3301);
        assert_int_equal(got.ppid, 3299);
        for (unsigned i = 0; i < 4; i++) {
                assert_int_equal(got.uid[i], 1000 + i);
                assert_int_equal(got.gid[i], 10 + i);
        }
        assert_int_equal(got.n_groups, 3);
        assert_true(got.groups[0] == 4 && got.groups[1] == 20 && got.groups[2] == 4294967294u);
        assert_int_equal(got.n_nspid, 2);
        assert_true(got.nspid[0] == 3301 && got.nspid[1] == 1);
        assert_true(got.caps.inheritable == 1 && got.caps.permitted == 0xa80425fb);
        assert_true(got.caps.effective == 0xa80425db && got.caps.ambient == 2);
        assert_true(got.caps.bounding == CAPS_ALL);
        assert_true(got.no_new_privs);
        assert_int_equal(got.seccomp, 2);
}

static void a_name_is_what_the_process_called_itself(void **state)
{
        static const struct {
                const char *written, *name;
        } cases[] = {
                { "a\\nUid:\\t0", "a\nUid:\\t0" }, /* a tab is written as it is, this one is two letters */
                { "a\\nUid:\t0\t0\t0\t0", "a\nUid:\t0\t0\t0\t0" },
                { "\\\\n", "\\n" },
                { "\\\\\\n", "\\\n" },
                { "ends in \\", "ends in \\" },
                { "\\x", "\\x" },
                { "", "" },
                { " leads", " leads" },
                { "\ttab", "\ttab" },
                { "\x1b]0;x\x07\xff", "\x1b]0;x\x07\xff" },
                { "State:\tR", "State:\tR" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char *text = xasprintf("Name:\t%s\n" HEAD TAIL, cases[i].written);
                struct status got;

                assert_true(status_parse(text, &got));
                assert_string_equal(got.comm, cases[i].name);
                assert_int_equal(got.uid[1], 1001);
                free(text);
        }
}

static void a_long_name_is_cut(void **state)
{
        char *text = xasprintf("Name:\t%0100d\n" HEAD TAIL, 0);
        struct status got;

        (void)state;
        assert_true(status_parse(text, &got));
        assert_int_equal(strlen(got.comm), 63);
        free(text);
}

static void a_text_that_ends_early_is_none(void **state)
{
        static const char whole[] = "Name:\tsleep\n" HEAD TAIL;
        const char *last = strstr(whole, "NoNewPrivs:\t1\n") + strlen("NoNewPrivs:\t1\n");
        size_t taken = 0;

        (void)state;
        for (size_t n = 0; n < sizeof(whole) - 1; n++) {
                char *text = xstrndup(whole, n);
                struct status got;

                memset(&got, 0x5a, sizeof(got));
                if (status_parse(text, &got)) {
                        /* Everything that is needed was there, and whole lines alone. */
                        assert_true(n >= (size_t)(last - whole));
                        assert_int_equal(text[n - 1], '\n');
                        assert_true(got.no_new_privs);
                        assert_true(got.seccomp == -1 || got.seccomp == 2);
                        taken++;
                } else {
                        assert_int_equal(got.pid, 0x5a5a5a5a);
                }
                free(text);
        }
        assert_in_range(taken, 1, 8);
}

static void without_seccomp_in_the_kernel_it_is_not_told(void **state)
{
        struct status got;

        (void)state;
        assert_true(
                status_parse("Name:\ta\n" HEAD
                             "CapInh:\t0\nCapPrm:\t0\nCapEff:\t0\nCapBnd:\t0\nCapAmb:\t0\nNoNewPrivs:\t0\n",
                             &got));
        assert_int_equal(got.seccomp, -1);
        assert_false(got.no_new_privs);
}

/* Replaces the line that begins with key. New, owned by the caller. */
static char *with_line(const char *key, const char *line)
{
        static const char whole[] = "Name:\tsleep\n" HEAD TAIL;
        const char *at = strstr(whole, key);

        assert_non_null(at);
        return xasprintf("%.*s%s%s", (int)(at - whole), whole, line, strchr(at, '\n') + 1);
}

static void what_is_no_number_is_refused(void **state)
{
        static const char *const cases[][2] = {
                { "Pid:\t3301", "Pid:\t-1\n" },
                { "Pid:\t3301", "Pid:\t0\n" },
                { "Pid:\t3301", "Pid:\t2147483648\n" },
                { "Pid:\t3301", "Pid:\t99999999999999999999999\n" },
                { "Pid:\t3301", "Pid:\t\n" },
                { "Pid:\t3301", "Pid:\t0x10\n" },
                { "Pid:\t3301", "Pid:\t12a\n" },
                { "PPid:", "PPid:\t-5\n" },
                { "Uid:", "Uid:\t0\t0\t0\n" },
                { "Uid:", "Uid:\t0\t0\t0\t4294967296\n" },
                { "Uid:", "Uid:\t0\t-1\t0\t0\n" },
                { "Gid:", "" },
                { "Groups:", "Groups:\t1 x\n" },
                { "NSpid:", "NSpid:\t1\t-1\n" },
                { "CapEff:", "CapEff:\t10000000000000000\n" },
                { "CapEff:", "CapEff:\tg\n" },
                { "CapEff:", "" },
                { "NoNewPrivs:", "NoNewPrivs:\t2\n" },
                { "State:", "State:\t\n" },
                { "Uid:", "Uid:\t0\t0\t0\t0\nUid:\t1\t1\t1\t1\n" },
        };
        struct status got;
        char *same = with_line("Pid:\t3301", "Pid:\t3301\n");

        (void)state;
        assert_true(status_parse(same, &got));
        free(same);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char *text = with_line(cases[i][0], cases[i][1]);

                if (status_parse(text, &got))
                        fail_msg("taken: %s", cases[i][1]);
                free(text);
        }
}

static void any_field_that_changes_is_noticed(void **state)
{
        static const char *const cases[][2] = {
                { "Name:", "Name:\tother\n" },
                { "State:", "State:\tT (stopped)\n" },
                { "Pid:", "Pid:\t9\n" },
                { "PPid:", "PPid:\t9\n" },
                { "Uid:", "Uid:\t9\t0\t0\t0\n" },
                { "Gid:", "Gid:\t0\t0\t0\t9\n" },
                { "Groups:", "Groups:\t9 10 11 12\n" },
                { "NSpid:", "NSpid:\t3301\t9\n" },
                { "CapEff:", "CapEff:\t0000000000000001\n" },
                { "CapAmb:", "CapAmb:\t0000000000000001\n" },
                { "NoNewPrivs:", "NoNewPrivs:\t0\n" },
                { "Seccomp:", "Seccomp:\t1\n" },
        };
        struct status first, got;
        char *same = with_line("Name:", "Name:\tfirst\n");

        (void)state;
        assert_true(status_parse(same, &first));
        assert_true(status_parse(same, &got));
        assert_true(status_is_same(&first, &got));
        free(same);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char *text = with_line(cases[i][0], cases[i][1]);

                if (!status_parse(text, &got) || status_is_same(&first, &got))
                        fail_msg("not noticed: %s", cases[i][1]);
                free(text);
        }
}

static void many_groups_are_cut_and_many_levels_refused(void **state)
{
        struct str groups = { 0 }, levels = { 0 };
        struct status got;
        char *text;

        (void)state;
        str_add(&groups, "Groups:\t");
        str_add(&levels, "NSpid:");
        for (int i = 0; i < 5000; i++)
                str_add_f(&groups, "%d ", i);
        for (int i = 0; i < STATUS_MAX_LEVELS + 1; i++)
                str_add_f(&levels, "\t%d", i + 1);
        str_add(&groups, "\n");
        str_add(&levels, "\n");
        text = with_line("Groups:", str_text(&groups));
        assert_true(status_parse(text, &got));
        assert_int_equal(got.n_groups, STATUS_MAX_GROUPS);
        assert_int_equal(got.groups[STATUS_MAX_GROUPS - 1], STATUS_MAX_GROUPS - 1);
        free(text);
        text = with_line("NSpid:", str_text(&levels));
        assert_false(status_parse(text, &got));
        free(text);
        str_finish(&groups);
        str_finish(&levels);
}

static void an_id_map_is_read_or_refused(void **state)
{
        static const struct {
                const char *text;
                int n; /* -1: refused */
        } cases[] = {
                { "", 0 },
                { "         0          0 4294967295\n", 1 },
                { "         0       1000          1\n         1     100000      65536\n", 2 },
                { "0 0 1", -1 },
                { "0 0\n", -1 },
                { "0 0 0\n", -1 },
                { "0 0 1 1\n", -1 },
                { "-1 0 1\n", -1 },
                { "0 4294967295 2\n", -1 },
                { "4294967296 0 1\n", -1 },
                { "\n", -1 },
                { "a b c\n", -1 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct id_map map = { .n = 77 };
                bool ok = id_map_parse(cases[i].text, &map);

                if (ok != (cases[i].n >= 0))
                        fail_msg("%s: %d", cases[i].text, ok);
                assert_int_equal(map.n, ok ? cases[i].n : 77);
        }
}

static void an_id_map_keeps_its_three_numbers(void **state)
{
        struct id_map map;
        struct str text = { 0 };

        (void)state;
        assert_true(id_map_parse("5 1000 1\n1 100000 65536\n", &map));
        assert_true(map.v[0].inside == 5 && map.v[0].outside == 1000 && map.v[0].count == 1);
        assert_true(map.v[1].inside == 1 && map.v[1].outside == 100000 && map.v[1].count == 65536);
        for (int i = 0; i < ID_MAP_MAX; i++)
                str_add_f(&text, "%d %d 1\n", i, i);
        assert_true(id_map_parse(str_text(&text), &map));
        assert_int_equal(map.n, ID_MAP_MAX);
        str_add(&text, "900 900 1\n");
        assert_false(id_map_parse(str_text(&text), &map));
        str_finish(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_field_is_read),
                cmocka_unit_test(a_name_is_what_the_process_called_itself),
                cmocka_unit_test(a_long_name_is_cut),
                cmocka_unit_test(a_text_that_ends_early_is_none),
                cmocka_unit_test(without_seccomp_in_the_kernel_it_is_not_told),
                cmocka_unit_test(what_is_no_number_is_refused),
                cmocka_unit_test(any_field_that_changes_is_noticed),
                cmocka_unit_test(many_groups_are_cut_and_many_levels_refused),
                cmocka_unit_test(an_id_map_is_read_or_refused),
                cmocka_unit_test(an_id_map_keeps_its_three_numbers),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
