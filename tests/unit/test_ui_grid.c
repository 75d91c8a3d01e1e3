/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/grid.h"

#define WIDE "\345\256\271" /* U+5BB9, two columns */

static void assert_row(const struct grid *grid, int y, const char *expected)
{
        char *text = grid_row_text(grid, y);

        assert_string_equal(text, expected);
        free(text);
}

static void sizes_are_kept_within_bounds(void **state)
{
        static const struct {
                int asked, got;
        } cases[] = { { INT_MIN, 1 }, { -1, 1 },      { 0, 1 },         { 1, 1 },
                      { 1000, 1000 }, { 1001, 1000 }, { INT_MAX, 1000 } };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct grid grid;

                grid_init(&grid, cases[i].asked, 2);
                assert_int_equal(grid.cols, cases[i].got);
                assert_int_equal(grid.rows, 2);
                grid_finish(&grid);
                assert_null(grid.cells);
        }
}

static void nothing_is_written_outside(void **state)
{
        static const int places[] = { INT_MIN, -1001, -3, -1, 0, 1, 4, 5, 1000, INT_MAX };
        const size_t n = sizeof(places) / sizeof(places[0]);
        struct grid grid;

        (void)state;
        grid_init(&grid, 5, 2);
        for (size_t x = 0; x < n; x++)
                for (size_t y = 0; y < n; y++)
                        for (size_t w = 0; w < n; w++) {
                                grid_put(&grid, places[x], places[y], places[w], "ab" WIDE WIDE "cd",
                                         ROLE_TEXT, 0);
                                grid_fill(&grid, places[x], places[y], places[w], places[n - 1 - w], '#',
                                          ROLE_TEXT, 0);
                        }
        assert_null(grid_at(&grid, 5, 0));
        assert_null(grid_at(&grid, -1, 0));
        assert_null(grid_at(&grid, 0, 2));
        assert_non_null(grid_at(&grid, 4, 1));
        grid_finish(&grid);
}

static void text_is_cut_at_its_width_and_at_the_edge(void **state)
{
        struct grid grid;

        (void)state;
        grid_init(&grid, 6, 4);
        assert_int_equal(grid_put(&grid, 1, 0, 3, "abcdef", ROLE_TIE, ATTR_BOLD), 3);
        assert_row(&grid, 0, " abc");
        assert_int_equal(grid_at(&grid, 1, 0)->role, ROLE_TIE);
        assert_int_equal(grid_at(&grid, 1, 0)->attr, ATTR_BOLD);
        assert_int_equal(grid_put(&grid, 4, 1, 10, "abc", ROLE_TEXT, 0), 2);
        assert_row(&grid, 1, "    ab");
        assert_int_equal(grid_put(&grid, 0, 2, 3, "a" WIDE WIDE, ROLE_TEXT, 0), 3);
        assert_row(&grid, 2, "a" WIDE);
        assert_int_equal(grid_put(&grid, 0, 3, -1, "abc", ROLE_TEXT, 0), 0);
        assert_row(&grid, 3, "");
        assert_row(&grid, 4, "");
        grid_finish(&grid);
}

static void half_of_a_wide_character_never_stays(void **state)
{
        struct grid grid;

        (void)state;
        grid_init(&grid, 6, 1);
        grid_put(&grid, 0, 0, 6, WIDE WIDE WIDE, ROLE_TEXT, 0);
        grid_put(&grid, 1, 0, 1, "x", ROLE_TEXT, 0);
        assert_row(&grid, 0, " x" WIDE WIDE);
        grid_put(&grid, 4, 0, 1, "y", ROLE_TEXT, 0);
        assert_row(&grid, 0, " x" WIDE "y");
        grid_put(&grid, 1, 0, 2, WIDE, ROLE_TEXT, 0);
        assert_row(&grid, 0, " " WIDE " y");
        grid_finish(&grid);
}

static void what_was_not_escaped_becomes_a_question_mark(void **state)
{
        struct grid grid;

        (void)state;
        grid_init(&grid, 8, 1);
        grid_put(&grid, 0, 0, 8, "a\033\xff\342\200\256z", ROLE_TEXT, 0);
        assert_row(&grid, 0, "a???z");
        grid_finish(&grid);
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(sizes_are_kept_within_bounds),
                cmocka_unit_test(nothing_is_written_outside),
                cmocka_unit_test(text_is_cut_at_its_width_and_at_the_edge),
                cmocka_unit_test(half_of_a_wide_character_never_stays),
                cmocka_unit_test(what_was_not_escaped_becomes_a_question_mark),
        };

        return cmocka_run_group_tests_name("ui_grid", tests, use_utf8, NULL);
}
