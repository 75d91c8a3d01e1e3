/* SPDX-License-Identifier: MIT */
/* What of the kernel's log is kept, and the smallest list. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "caps/caps.h"
#include "eye/heard.h"

static void hear(struct heard *heard, const char *name, int pid, const char *cap, bool allowed)
{
        struct klog_record record = { .kind = KLOG_CHECK,
                                      .pid = pid,
                                      .cap = (uint32_t)caps_find(cap),
                                      .times = 1,
                                      .allowed = allowed };

        snprintf(record.name, sizeof(record.name), "%s", name);
        heard_add(heard, &record);
}

static void assert_line(const struct heard *heard, const char *line)
{
        own_free char *text = heard_line(heard);

        assert_string_equal(text, line);
}

static void repeats_are_one_entry_and_the_newest_stands_first(void **state)
{
        struct heard heard = { 0 };

        (void)state;
        hear(&heard, "sh", 7, "KILL", false);
        hear(&heard, "sh", 7, "SETGID", true);
        hear(&heard, "sh", 9, "KILL", false); /* a loop's next process */
        assert_int_equal(heard.n, 2);
        assert_int_equal(heard.entries[0].cap, 5);
        assert_int_equal(heard.entries[0].times, 2);
        assert_int_equal(heard.entries[0].pid, 9);
        /* the same with another answer, or of another program, is another one */
        hear(&heard, "sh", 9, "KILL", true);
        hear(&heard, "bash", 9, "KILL", true);
        assert_int_equal(heard.n, 4);
}

static void the_oldest_gives_way(void **state)
{
        struct heard heard = { 0 };
        char name[16];

        (void)state;
        for (int i = 0; i < HEARD_MAX + 3; i++) {
                snprintf(name, sizeof(name), "p%d", i);
                hear(&heard, name, i + 1, "KILL", true);
        }
        assert_int_equal(heard.n, HEARD_MAX);
        assert_int_equal(heard.forgotten, 3);
        assert_string_equal(heard.entries[0].name, "p66");
        assert_string_equal(heard.entries[HEARD_MAX - 1].name, "p3");
}

static void the_list_has_what_was_asked_for_since_the_command_began(void **state)
{
        struct heard heard = { 0 };

        (void)state;
        assert_line(&heard, "no capability");
        hear(&heard, "sh", 7, "KILL", false);
        hear(&heard, "chown", 8, "CHOWN", true);
        assert_line(&heard, "--cap-drop=ALL --cap-add=CHOWN --cap-add=KILL");
        heard_begin(&heard);
        assert_line(&heard, "no capability");
        assert_int_equal(heard.n, 2);
}

static void of_two_that_would_do_it_is_the_one_that_was_held_or_the_lesser(void **state)
{
        static const struct {
                bool lesser, other, interrupted;
                const char *line;
        } cases[] = {
                { false, true, false, "--cap-drop=ALL --cap-add=DAC_OVERRIDE" },
                { false, false, false, "--cap-drop=ALL --cap-add=DAC_READ_SEARCH" },
                { false, true, true, "--cap-drop=ALL --cap-add=DAC_OVERRIDE" },
                { false, false, true, "--cap-drop=ALL --cap-add=DAC_READ_SEARCH" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct heard heard = { 0 };

                hear(&heard, "cat", 7, "DAC_READ_SEARCH", cases[i].lesser);
                if (cases[i].interrupted) /* of another process, in between */
                        hear(&heard, "cat", 8, "DAC_READ_SEARCH", false);
                hear(&heard, "cat", 7, "DAC_OVERRIDE", cases[i].other);
                if (cases[i].interrupted)
                        hear(&heard, "cat", 8, "DAC_OVERRIDE", cases[i].other);
                assert_line(&heard, cases[i].line);
        }
}

static void one_that_stays_alone_counts(void **state)
{
        struct heard heard = { 0 };

        (void)state;
        hear(&heard, "cat", 7, "DAC_READ_SEARCH", false);
        hear(&heard, "cat", 7, "KILL", true);
        hear(&heard, "x", 9, "BPF", false);
        assert_line(&heard, "--cap-drop=ALL --cap-add=DAC_READ_SEARCH --cap-add=KILL --cap-add=BPF");
        /* more at a time than are kept open */
        for (int i = 0; i < 3 * HEARD_OPEN; i++)
                hear(&heard, "cat", 100 + i, "PERFMON", false);
        assert_true(heard_list(&heard) & caps_bit(38));
        assert_false(heard_list(&heard) & caps_bit(21));
}

static void what_is_no_check_changes_nothing(void **state)
{
        struct heard heard = { 0 };
        struct klog_record record = { .kind = KLOG_CHECK, .cap = CAPS_N, .times = 1 };

        (void)state;
        heard_add(&heard, &record);
        record.kind = KLOG_READY;
        heard_add(&heard, &record);
        assert_int_equal(heard.n, 0);
        record.kind = KLOG_LOST;
        record.number = 12;
        heard_add(&heard, &record);
        assert_int_equal(heard.lost, 12);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(repeats_are_one_entry_and_the_newest_stands_first),
                cmocka_unit_test(the_oldest_gives_way),
                cmocka_unit_test(the_list_has_what_was_asked_for_since_the_command_began),
                cmocka_unit_test(of_two_that_would_do_it_is_the_one_that_was_held_or_the_lesser),
                cmocka_unit_test(one_that_stays_alone_counts),
                cmocka_unit_test(what_is_no_check_changes_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
