/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eye/pace.h"

static void the_first_pass_is_at_once(void **state)
{
        struct pace pace = { 0 };

        (void)state;
        assert_int_equal(pace_next(&pace, false), 0);
        assert_int_equal(pace_next(&pace, true), 0);
}

static void the_next_pass_waits_fifty_times_the_cost_but_a_quarter_second_at_least(void **state)
{
        static const struct {
                uint64_t begin_ms, end_ms, cost_us, next_ms;
        } cases[] = {
                { 1000, 1001, 0, 1250 },      { 1000, 1002, 2000, 1250 }, { 1000, 1005, 5000, 1255 },
                { 1000, 1100, 100000, 6100 }, { 1000, 9000, 100, 9005 },  { 1000, 1000, 4999, 1250 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct pace pace = { 0 };

                pace_note(&pace, false, cases[i].begin_ms, cases[i].end_ms, cases[i].cost_us);
                assert_int_equal(pace_next(&pace, false), cases[i].next_ms);
                assert_in_range(pace_next(&pace, true), 0, cases[i].begin_ms);
        }
}

/* Asked for in every millisecond, with passes that cost nothing. */
static void passes_that_are_asked_for_come_at_once_and_twenty_times_a_second(void **state)
{
        struct pace pace = { 0 };
        int first_10 = 0, passes = 0;

        (void)state;
        for (uint64_t now = 5000; now < 15000; now++) {
                if (now < pace_next(&pace, true))
                        continue;
                if (now >= pace_next(&pace, false))
                        pace_note(&pace, true, now, now, 0);
                else
                        pace_note_asked(&pace, true, now, 0);
                passes++;
                first_10 += now < 5010;
        }
        assert_in_range(first_10, 2, 5);
        assert_in_range(passes, 195, 205);
}

static void what_was_asked_for_does_not_wait_for_an_expensive_pass(void **state)
{
        struct pace pace = { 0 };

        (void)state;
        pace_note(&pace, false, 1000, 1100, 100000);
        assert_true(pace_next(&pace, true) <= 1100);
        pace_note_asked(&pace, true, 1200, 100000);
        assert_true(pace_next(&pace, true) <= 1300);
        assert_int_equal(pace_next(&pace, false), 11100);
}

/* Asked for twice a second, with passes that cost ten milliseconds: each would put the next off by that. */
static void the_others_turn_comes_however_often_somebody_asks(void **state)
{
        struct pace pace = { 0 };
        int whole = 0;

        (void)state;
        for (uint64_t now = 5000, last = 0; now < 65000; now++) {
                const bool asked = now % 500 == 0, due = now >= pace_next(&pace, false);

                if (!due && !asked)
                        continue;
                if (due)
                        pace_note(&pace, asked, now, now + 10, 10000);
                else
                        pace_note_asked(&pace, true, now, 10000);
                if (due && last)
                        assert_in_range(now - last, 500, 1100);
                whole += due;
                last = due ? now : last;
        }
        assert_in_range(whole, 55, 120);
}

static void what_is_announced_is_when_the_next_pass_comes(void **state)
{
        static const uint64_t costs_us[] = { 0, 1, 4999, 5000, 5001, 100000, 2000000 };

        (void)state;
        for (size_t i = 0; i < sizeof(costs_us) / sizeof(costs_us[0]); i++) {
                struct pace pace = { 0 };

                pace_note(&pace, false, 1000, 1000, costs_us[i]);
                assert_int_equal(1000 + pace_period(costs_us[i]), pace_next(&pace, false));
        }
}

/* Told of something in every millisecond, with passes that cost that much. */
static int passes_told_of(bool tied, uint64_t cost_us, uint64_t for_ms)
{
        struct pace pace = { 0 };
        int passes = 0;

        for (uint64_t now = 5000; now < 5000 + for_ms; now++) {
                if (now < pace_told(&pace, tied))
                        continue;
                pace_note_told(&pace, tied, now, cost_us);
                passes++;
        }
        return passes;
}

static void what_is_told_is_looked_at_at_once_and_in_a_storm_as_often_as_without(void **state)
{
        (void)state;
        assert_int_equal(passes_told_of(false, 0, 10), 4);
        assert_in_range(passes_told_of(false, 0, 10000), 42, 44);
        assert_in_range(passes_told_of(true, 0, 10000), 101, 104);
        /* 2 % of one CPU: 20 ms a second. */
        assert_in_range(passes_told_of(false, 20000, 100000), 98, 102);
        assert_in_range(passes_told_of(true, 20000, 100000), 98, 102);
}

static void what_happens_to_tied_processes_does_not_wait_for_what_happens_to_others(void **state)
{
        struct pace pace = { 0 };

        (void)state;
        for (int i = 0; i < 20; i++)
                pace_note_told(&pace, false, 1000, 0);
        assert_true(pace_told(&pace, false) > 1000);
        assert_true(pace_told(&pace, true) <= 1000);
        /* But they do without what it costs. */
        pace = (struct pace){ 0 };
        pace_note_told(&pace, true, 1000, 100000);
        assert_true(pace_told(&pace, false) > 5000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_first_pass_is_at_once),
                cmocka_unit_test(the_next_pass_waits_fifty_times_the_cost_but_a_quarter_second_at_least),
                cmocka_unit_test(passes_that_are_asked_for_come_at_once_and_twenty_times_a_second),
                cmocka_unit_test(what_was_asked_for_does_not_wait_for_an_expensive_pass),
                cmocka_unit_test(the_others_turn_comes_however_often_somebody_asks),
                cmocka_unit_test(what_is_announced_is_when_the_next_pass_comes),
                cmocka_unit_test(what_is_told_is_looked_at_at_once_and_in_a_storm_as_often_as_without),
                cmocka_unit_test(what_happens_to_tied_processes_does_not_wait_for_what_happens_to_others),
        };

        return cmocka_run_group_tests_name("eye_pace", tests, NULL, NULL);
}
