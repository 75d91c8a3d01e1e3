/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "stage/pace.h"

#define LINE "docker run --user=1000 ubuntu sleep 3600"

static void what_is_said_stands_two_seconds_and_a_third_of_one_for_each_word(void **state)
{
        (void)state;
        assert_int_equal(pace_hold_ms("", 1), 2000);
        assert_int_equal(pace_hold_ms("One.", 1), 2350);
        assert_int_equal(pace_hold_ms("  Inside, sleep is\nalone  and is number 1. ", 1), 2000 + 8 * 350);
}

static void speed_divides_what_is_held_and_what_is_typed(void **state)
{
        (void)state;
        assert_int_equal(pace_hold_ms("One two.", 2), 1350);
        assert_int_equal(pace_hold_ms("One two.", 0.5), 5400);
        assert_int_equal(pace_ms(1000, 50), 20);
        for (size_t i = 0; LINE[i]; i++)
                assert_true(pace_type_ms(LINE, i, 10) <= pace_type_ms(LINE, i, 1) / 10 + 1);
}

static void typing_is_as_uneven_as_a_person_and_always_the_same(void **state)
{
        uint64_t sum = 0, least = UINT64_MAX, most = 0;

        (void)state;
        for (size_t i = 0; LINE[i]; i++) {
                uint64_t ms = pace_type_ms(LINE, i, 1);

                assert_int_equal(ms, pace_type_ms(LINE, i, 1));
                if (i > 0 && LINE[i] == LINE[i - 1])
                        assert_int_not_equal(ms, pace_type_ms(LINE, i - 1, 1));
                least = ms < least ? ms : least;
                most = ms > most ? ms : most;
                sum += ms;
        }
        assert_true(least >= 30 && most <= 250 && most - least >= 50);
        /* some 100 to 170 words a minute: five characters each */
        assert_in_range(sum / (sizeof(LINE) - 1), 60, 130);
}

static void a_word_takes_longer_to_begin(void **state)
{
        (void)state;
        assert_true(pace_type_ms("a b", 2, 1) > pace_type_ms("aab", 2, 1));
}

static void a_speed_is_a_number_from_a_tenth_to_a_hundred(void **state)
{
        static const char *const wrong[] = { "",   "0",   "-1",  "0.05", "101", "fast",
                                             "2x", "1e1", "nan", "inf",  ".",   " 1" };
        double speed = 7;

        (void)state;
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
                assert_false(pace_read_speed(wrong[i], &speed));
        assert_true(speed == 7);
        assert_true(pace_read_speed("0.1", &speed) && speed > 0.09 && speed < 0.11);
        assert_true(pace_read_speed("2.5", &speed) && speed == 2.5);
        assert_true(pace_read_speed("100", &speed) && speed == 100);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_said_stands_two_seconds_and_a_third_of_one_for_each_word),
                cmocka_unit_test(speed_divides_what_is_held_and_what_is_typed),
                cmocka_unit_test(typing_is_as_uneven_as_a_person_and_always_the_same),
                cmocka_unit_test(a_word_takes_longer_to_begin),
                cmocka_unit_test(a_speed_is_a_number_from_a_tenth_to_a_hundred),
        };

        return cmocka_run_group_tests_name("stage_pace", tests, NULL, NULL);
}
