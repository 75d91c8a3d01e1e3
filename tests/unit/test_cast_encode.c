/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cast/encode.h"
#include "cast_grids.h"
#include "cast_replay.h"

#define WIDE "\345\256\271" /* U+5BB9, two columns */

/* One frame on the terminal, which then shows it; returns how many bytes that took. */
static size_t play(struct encoder *encoder, struct replay *replay, const struct grid *grid, bool all)
{
        struct replay_mode mode = { encoder->scheme, encoder->ascii, encoder->mono };
        struct str out = { 0 };
        size_t n;

        if (replay->cols != grid->cols || replay->rows != grid->rows)
                replay_resize(replay, grid->cols, grid->rows);
        encoder_frame(encoder, grid, all, &out);
        n = out.len;
        replay_feed(replay, str_text(&out), n);
        replay_compare(replay, &mode, grid);
        str_finish(&out);
        return n;
}

static void every_role_attribute_and_scheme_is_shown(void **state)
{
        (void)state;
        for (int scheme = 0; scheme < SCHEME_N; scheme++)
                for (int mono = 0; mono < 2; mono++) {
                        struct encoder encoder;
                        struct replay replay;
                        struct grid grid;

                        grid_init(&grid, 20, ROLE_N + 1);
                        for (int role = 0; role <= ROLE_N; role++)
                                for (int attr = 0; attr < 16; attr++)
                                        grid_put(&grid, attr, role, 1, attr % 2 ? "x" : " ", (enum role)role,
                                                 (uint8_t)attr);
                        encoder_init(&encoder, (enum scheme)scheme, false, mono);
                        replay_open(&replay, 20, ROLE_N + 1);
                        play(&encoder, &replay, &grid, false);
                        replay_close(&replay);
                        encoder_finish(&encoder);
                        grid_finish(&grid);
                }
}

static void nothing_is_written_when_nothing_has_changed(void **state)
{
        struct encoder encoder;
        struct replay replay;
        struct grid grid;

        (void)state;
        grid_init(&grid, 80, 24);
        grid_put(&grid, 78, 23, 2, WIDE, ROLE_HELD, 0);
        encoder_init(&encoder, SCHEME_DEFAULT, false, false);
        replay_open(&replay, 80, 24);
        assert_true(play(&encoder, &replay, &grid, false) > 0);
        assert_int_equal(play(&encoder, &replay, &grid, false), 0);
        grid.cursor_x = 4;
        assert_int_equal(play(&encoder, &replay, &grid, false), strlen("\033[1;5H"));
        assert_int_equal(play(&encoder, &replay, &grid, false), 0);
        grid.cursor_x = -1;
        assert_int_equal(play(&encoder, &replay, &grid, false), strlen("\033[?25l"));
        assert_int_equal(play(&encoder, &replay, &grid, false), 0);
        grid_put(&grid, 40, 12, 1, "x", ROLE_TEXT, 0);
        assert_true(play(&encoder, &replay, &grid, false) < 10);
        assert_true(play(&encoder, &replay, &grid, true) > 10);
        replay_close(&replay);
        encoder_finish(&encoder);
        grid_finish(&grid);
}

/* A wide character written over each half of another, and by narrow ones. */
static void wide_characters_are_overwritten_whole(void **state)
{
        static const char *const rows[] = { WIDE WIDE WIDE, "a" WIDE WIDE "b", "abcdef", WIDE "cd" WIDE, "",
                                            "  " WIDE "  ", " " WIDE WIDE " ", "abcde",  "a    " };
        const size_t n = sizeof(rows) / sizeof(rows[0]);

        (void)state;
        for (size_t from = 0; from < n; from++)
                for (size_t to = 0; to < n; to++) {
                        struct encoder encoder;
                        struct replay replay;
                        struct grid grid;

                        grid_init(&grid, 6, 2);
                        encoder_init(&encoder, SCHEME_DEFAULT, false, false);
                        replay_open(&replay, 6, 2);
                        grid_put(&grid, 0, 0, 6, rows[from], ROLE_TIE, 0);
                        play(&encoder, &replay, &grid, false);
                        grid_fill(&grid, 0, 0, 6, 1, ' ', ROLE_TEXT, 0);
                        grid_put(&grid, 0, 0, 6, rows[to], ROLE_NOTE, 0);
                        play(&encoder, &replay, &grid, false);
                        replay_close(&replay);
                        encoder_finish(&encoder);
                        grid_finish(&grid);
                }
}

static void no_cell_writes_a_control_character(void **state)
{
        struct encoder encoder;
        struct str out = { 0 };
        struct grid grid;

        (void)state;
        grid_init(&grid, 40, 10);
        encoder_init(&encoder, SCHEME_MONO, false, true);
        for (uint32_t c = 0; c < 0x300; c++) {
                grid.cells[c % 400].c = c;
                encoder_frame(&encoder, &grid, false, &out);
        }
        for (size_t i = 0; i < out.len; i++) {
                unsigned char byte = (unsigned char)out.s[i];

                if (byte == 0x1b)
                        assert_int_equal(out.s[i + 1], '[');
                assert_true(byte == 0x1b || (byte >= 0x20 && byte != 0x7f));
                /* C1 as UTF-8 */
                assert_false(byte == 0xc2 && (unsigned char)out.s[i + 1] < 0xa0);
        }
        str_finish(&out);
        encoder_finish(&encoder);
        grid_finish(&grid);
}

/* Random changes, each as a difference on one terminal and whole on another. */
static void a_difference_shows_the_same_as_the_whole(void **state)
{
        static const struct {
                int cols, rows;
        } sizes[] = { { 1, 1 }, { 1, 5 }, { 2, 2 }, { 7, 3 }, { 80, 24 }, { 132, 43 }, { 3, 40 } };

        (void)state;
        for (unsigned seed = 1; seed <= 60; seed++) {
                struct dice dice = { seed };
                enum scheme scheme = (enum scheme)(seed % SCHEME_N);
                struct encoder step, whole;
                struct replay on_step, on_whole;

                encoder_init(&step, scheme, seed % 4 == 0, seed % 7 == 0);
                encoder_init(&whole, scheme, seed % 4 == 0, seed % 7 == 0);
                replay_open(&on_step, 80, 24);
                replay_open(&on_whole, 80, 24);
                for (int resize = 0; resize < 3; resize++) {
                        unsigned size = dice_roll(&dice, sizeof(sizes) / sizeof(sizes[0]));
                        struct grid grid;

                        grid_init(&grid, sizes[size].cols, sizes[size].rows);
                        for (int frame = 0; frame < 12; frame++) {
                                dice_cells(&dice, &grid, dice_roll(&dice, frame % 4 ? 12 : 400));
                                play(&step, &on_step, &grid, false);
                                play(&whole, &on_whole, &grid, true);
                        }
                        grid_finish(&grid);
                }
                replay_close(&on_step);
                replay_close(&on_whole);
                encoder_finish(&step);
                encoder_finish(&whole);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_role_attribute_and_scheme_is_shown),
                cmocka_unit_test(nothing_is_written_when_nothing_has_changed),
                cmocka_unit_test(wide_characters_are_overwritten_whole),
                cmocka_unit_test(no_cell_writes_a_control_character),
                cmocka_unit_test(a_difference_shows_the_same_as_the_whole),
        };

        if (!setlocale(LC_ALL, "C.UTF-8"))
                return 77;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
