/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "term/colour.h"

static void depth_follows_the_number_of_colours(void **state)
{
        static const struct {
                int colours;
                bool mono;
                enum depth depth;
        } cases[] = {
                { -1, false, DEPTH_MONO }, { 0, false, DEPTH_MONO },     { 2, false, DEPTH_MONO },
                { 8, false, DEPTH_8 },     { 15, false, DEPTH_8 },       { 16, false, DEPTH_16 },
                { 88, false, DEPTH_16 },   { 256, false, DEPTH_256 },    { 256, true, DEPTH_MONO },
                { 32767, false, DEPTH_8 }, { 16777216, false, DEPTH_8 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                assert_int_equal(colour_depth(cases[i].colours, cases[i].mono), cases[i].depth);
}

static void no_role_is_blue_yellow_black_or_white(void **state)
{
        (void)state;
        for (int depth = DEPTH_8; depth <= DEPTH_256; depth++) {
                for (int role = 0; role < ROLE_N; role++) {
                        int fg = colour_of((enum role)role, (enum depth)depth).fg;

                        if (fg == COLOUR_DEFAULT)
                                continue;
                        assert_true(fg == 1 || fg == 2 || fg == 5 || fg == 6 ||
                                    (fg == 244 && depth == DEPTH_256));
                }
        }
}

static void without_colours_there_are_attributes_alone(void **state)
{
        (void)state;
        for (int role = 0; role < ROLE_N; role++)
                assert_int_equal(colour_of((enum role)role, DEPTH_MONO).fg, COLOUR_DEFAULT);
        assert_true(colour_of(ROLE_HELD, DEPTH_MONO).attr & ATTR_BOLD);
        assert_int_equal(colour_of(ROLE_NOT, DEPTH_MONO).attr, 0);
        assert_int_not_equal(colour_of(ROLE_CHANGED, DEPTH_MONO).attr, colour_of(ROLE_HELD, DEPTH_MONO).attr);
        assert_int_not_equal(colour_of(ROLE_NOTE, DEPTH_MONO).attr, colour_of(ROLE_TEXT, DEPTH_MONO).attr);
}

/* A change shows beside what was there before, whatever it was. */
static void a_change_differs_from_every_capabilitys_state(void **state)
{
        static const enum role states[] = { ROLE_HELD, ROLE_ALLOWED, ROLE_NOT };

        (void)state;
        for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++) {
                struct look_of changed = colour_of(ROLE_CHANGED, (enum depth)depth);

                for (size_t i = 0; i < 3; i++)
                        assert_int_not_equal(changed.attr, colour_of(states[i], (enum depth)depth).attr);
        }
}

static void a_role_out_of_range_is_text(void **state)
{
        struct look_of look = colour_of((enum role)200, DEPTH_256);

        (void)state;
        assert_int_equal(look.fg, COLOUR_DEFAULT);
        assert_int_equal(look.attr, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(depth_follows_the_number_of_colours),
                cmocka_unit_test(no_role_is_blue_yellow_black_or_white),
                cmocka_unit_test(without_colours_there_are_attributes_alone),
                cmocka_unit_test(a_change_differs_from_every_capabilitys_state),
                cmocka_unit_test(a_role_out_of_range_is_text),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
