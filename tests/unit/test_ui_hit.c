/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "ui/hit.h"
#include "ui_scene.h"

static const int sizes[][2] = { { 60, 16 }, { 79, 20 }, { 80, 24 }, { 140, 40 }, { 250, 80 } };
enum { SIZES_N = sizeof(sizes) / sizeof(sizes[0]) };

static void draw(const struct view *view, int cols, int rows, struct grid *ret)
{
        grid_init(ret, cols, rows);
        ui_draw(view, ret);
}

/* The cursor stands on the cell of what is selected: what stands under it is that. */
static void the_cell_under_the_cursor_is_the_selected_capability(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        for (int i = 0; i < SIZES_N; i++)
                for (unsigned bit = 0; bit < CAPS_N; bit++) {
                        struct place place;
                        struct grid grid;

                        scene.view.cap = bit;
                        draw(&scene.view, sizes[i][0], sizes[i][1], &grid);
                        assert_true(ui_hit(&scene.view, grid.cols, grid.rows, grid.cursor_x + 1,
                                           grid.cursor_y, &place));
                        assert_int_equal(place.pane, PANE_CAPS);
                        assert_int_equal(place.cap, bit);
                        assert_int_equal(place.pid, 0);
                        assert_int_equal(place.more, sizes[i][1] < 21);
                        grid_finish(&grid);
                }
        close_scene(&scene);
}

/* "f 1011" of the last digit but one: each bit stands for a name. */
static void a_bit_is_hit_as_its_cell_is(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        for (int i = 0; i < 4; i++) {
                struct place place;

                assert_true(ui_hit(&scene.view, 80, 24, 4 + i, 20, &place));
                assert_int_equal(place.cap, 7 - i);
        }
        close_scene(&scene);
}

static void every_process_is_found_on_its_row(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        int found = 0;

        (void)state;
        cast.extra = "sh";
        open_scene(&scene, &cast);
        for (int scroll = -80; scroll <= 80; scroll += 7) {
                struct grid grid;

                scene.view.scroll[PANE_HOST] = scroll;
                draw(&scene.view, 80, 24, &grid);
                for (int y = 0; y < 24; y++) {
                        char *row = grid_row_text(&grid, y);
                        struct place place;
                        bool pane = ui_hit(&scene.view, 80, 24, 20, y, &place) && place.pane == PANE_HOST;
                        bool ended = strstr(row, "│") == NULL || y < 3 || y > 6;
                        long pid = pane && !ended ? strtol(row + strcspn(row, "0123456789"), NULL, 10) : 0;

                        assert_int_equal(pane, y >= 1 && y <= 7);
                        if (pane && strncmp(row, "│ ", strlen("│ ")) == 0) {
                                assert_int_equal(place.pid, pid);
                                found += pid > 0;
                        }
                        free(row);
                }
                grid_finish(&grid);
        }
        assert_true(found > 50);
        close_scene(&scene);
}

static void the_tied_row_has_a_number_on_either_side(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        struct place place;
        struct grid grid;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.focus = PANE_HOST;
        draw(&scene.view, 80, 24, &grid);
        assert_true(ui_hit(&scene.view, 80, 24, 3, grid.cursor_y, &place));
        assert_int_equal(place.pane, PANE_HOST);
        assert_int_equal(place.pid, 3301);
        assert_true(ui_hit(&scene.view, 80, 24, 60, grid.cursor_y, &place));
        assert_int_equal(place.pane, PANE_CONTAINER);
        assert_int_equal(place.pid, 1);
        assert_int_equal(place.cap, -1);
        grid_finish(&grid);
        close_scene(&scene);
}

/* Whether the row with that text has it in reverse video, all of it. */
static bool is_reversed(const struct view *view, const char *text)
{
        struct grid grid;
        bool found = false, all = true;

        draw(view, 80, 24, &grid);
        for (int y = 0; y < grid.rows && !found; y++) {
                own_free char *row = grid_row_text(&grid, y);
                const char *at = strstr(row, text);
                own_free char *before = at ? xstrndup(row, (size_t)(at - row)) : xstrdup("");
                int x = text_width(before);

                found = at != NULL;
                for (size_t i = 0; found && i < strlen(text); i++)
                        all = all && (grid_at(&grid, x + (int)i, y)->attr & ATTR_REVERSE);
        }
        grid_finish(&grid);
        return found && all;
}

static void the_cursor_goes_to_the_process_that_was_picked(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        struct grid grid;
        struct place place;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.focus = PANE_HOST;
        scene.view.picked[PANE_HOST] = 3299;
        assert_true(is_reversed(&scene.view, "3299   3290 root"));
        assert_false(is_reversed(&scene.view, "3301   3299 root"));
        assert_hides(&scene.view, 80, 24, "[3299]");
        scene.view.ascii = true;
        assert_shows(&scene.view, 80, 24, "[3299]");
        scene.view.ascii = false;
        scene.view.mono = true;
        assert_shows(&scene.view, 80, 24, "[3299]");
        assert_false(is_reversed(&scene.view, "[3299]"));
        scene.view.mono = false;
        draw(&scene.view, 80, 24, &grid);
        assert_true(ui_hit(&scene.view, 80, 24, 3, grid.cursor_y, &place));
        assert_int_equal(place.pid, 3299);
        grid_finish(&grid);
        close_scene(&scene);
}

static void no_place_is_outside(void **state)
{
        static const int outside[] = { -1, -1000000, 1000, 2147483647 };
        struct cast_of cast = first_cast();
        struct scene scene;
        struct place place;

        (void)state;
        open_scene(&scene, &cast);
        for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < SIZES_N; i++)
                        for (int y = -1; y <= sizes[i][1]; y++)
                                for (int x = -1; x <= sizes[i][0]; x++)
                                        if (ui_hit(&scene.view, sizes[i][0], sizes[i][1], x, y, &place))
                                                assert_true(place.cap >= -1 && place.cap < CAPS_N && y >= 1 &&
                                                            y < sizes[i][1] - 1);
                scene.view.now = NULL; /* nothing was seen yet */
        }
        for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
                assert_false(ui_hit(&scene.view, 80, 24, outside[i], outside[i], &place));
        assert_false(ui_hit(&scene.view, 80, 24, 5, 0, &place));
        assert_false(ui_hit(&scene.view, 80, 24, 5, 23, &place));
        assert_false(ui_hit(&scene.view, 59, 15, 5, 5, &place));
        close_scene(&scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_cell_under_the_cursor_is_the_selected_capability),
                cmocka_unit_test(a_bit_is_hit_as_its_cell_is),
                cmocka_unit_test(every_process_is_found_on_its_row),
                cmocka_unit_test(the_tied_row_has_a_number_on_either_side),
                cmocka_unit_test(the_cursor_goes_to_the_process_that_was_picked),
                cmocka_unit_test(no_place_is_outside),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
