/* SPDX-License-Identifier: MIT */
/* The shell's pane: where it stands, its cells, and what it leaves of the rest. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/hit.h"
#include "ui_scene.h"

/* A shell of the size that the screen has for it, its first row filled with a text. */
struct shell_scene {
        struct scene scene;
        struct reach reach;
        struct shell_view shell;
        struct shell_cell *cells;
};

static void open_shell(struct shell_scene *shell, int cols, int rows, const char *text)
{
        struct cast_of cast = first_cast();

        *shell = (struct shell_scene){ 0 };
        open_scene(&shell->scene, &cast);
        shell->scene.view.reach = &shell->reach;
        free(screen_text(&shell->scene.view, cols, rows));
        shell->shell = (struct shell_view){ .cols = shell->reach.shell_cols,
                                            .rows = shell->reach.shell_rows,
                                            .inside = true };
        shell->cells = xcalloc((size_t)shell->shell.cols * (size_t)shell->shell.rows, sizeof(*shell->cells));
        for (int i = 0; i < shell->shell.cols * shell->shell.rows; i++)
                shell->cells[i].c = ' ';
        for (size_t i = 0; text[i]; i++)
                shell->cells[i].c = (unsigned char)text[i];
        shell->shell.cells = shell->cells;
        shell->scene.view.shell = &shell->shell;
        shell->scene.view.focus = PANE_N;
}

static void close_shell(struct shell_scene *shell)
{
        free(shell->cells);
        close_scene(&shell->scene);
}

static void it_takes_the_capabilities_place_below_their_title(void **state)
{
        struct shell_scene shell;

        (void)state;
        open_shell(&shell, 80, 24, "$ id");
        assert_shows(&shell.scene.view, 80, 24,
                     "\n┌ CAPABILITIES  root in 41 pieces: 14 held ─────── effective 00000000a80425fb ─┐\n│$ "
                     "id  ");
        assert_shows(&shell.scene.view, 80, 24,
                     "\n└ SHELL  in the container ────────────────────────────────── Ctrl-] leaves it ─┘\n"
                     " Ctrl-]: back to the screen, the shell goes on   exit ends it\n");
        assert_shows(&shell.scene.view, 80, 24, "sleep 3600 ═same═╪╪═══   1");
        assert_hides(&shell.scene.view, 80, 24, "CHOWN");
        close_shell(&shell);
}

static void whoever_has_left_it_sees_the_capabilities_or_beside_the_processes_the_shell(void **state)
{
        struct shell_scene shell;

        (void)state;
        open_shell(&shell, 80, 24, "$ id");
        shell.shell.inside = false;
        shell.scene.view.focus = PANE_CAPS;
        assert_shows(&shell.scene.view, 80, 24, "●CHOWN");
        assert_hides(&shell.scene.view, 80, 24, "$ id");
        assert_shows(&shell.scene.view, 80, 24, "\n x: back into the shell   u: stop being root ");
        shell.scene.view.focus = PANE_HOST;
        assert_shows(&shell.scene.view, 80, 24, "│$ id  ");
        assert_shows(&shell.scene.view, 80, 24, " x goes back into it ─┘");
        close_shell(&shell);
}

static void what_was_run_beside_it_is_seen(void **state)
{
        struct run_entry entry = { .user = xstrdup(""), .ended = true };
        struct shell_scene shell;
        struct place place;

        (void)state;
        strv_add(&entry.argv, "id");
        str_add(&entry.output, "uid=0(root)\n");
        open_shell(&shell, 80, 24, "$ w");
        shell.scene.view.result = &entry;
        assert_hides(&shell.scene.view, 80, 24, "uid=0(root)");
        shell.shell.inside = false;
        shell.scene.view.focus = PANE_HOST;
        assert_shows(&shell.scene.view, 80, 24, "│$ w  ");
        assert_shows(&shell.scene.view, 80, 24, "│┌ ! id ───");
        assert_shows(&shell.scene.view, 80, 24, "││ uid=0(root)  ");
        /* What is hidden there takes no click. */
        assert_false(ui_hit(&shell.scene.view, 80, 24, 5, 20, &place));
        assert_true(ui_hit(&shell.scene.view, 80, 24, 5, 12, &place));
        assert_true(place.shell);
        shell.shell.inside = true;
        assert_true(ui_hit(&shell.scene.view, 80, 24, 5, 20, &place));
        assert_true(place.shell);
        free(entry.user);
        strv_finish(&entry.argv);
        str_finish(&entry.output);
        close_shell(&shell);
}

static void on_a_wide_screen_it_is_a_column(void **state)
{
        struct shell_scene shell;

        (void)state;
        open_shell(&shell, 162, 40, "$ id");
        assert_int_equal(shell.shell.cols, 80);
        assert_int_equal(shell.shell.rows, 36);
        assert_shows(&shell.scene.view, 162, 40, "┌ SHELL  in the container ───");
        assert_shows(&shell.scene.view, 162, 40, "││$ id  ");
        assert_shows(&shell.scene.view, 162, 40, "●CHOWN");
        assert_hides(&shell.scene.view, 161, 40, "●CHOWN");
        close_shell(&shell);
}

static void its_cells_carry_attributes_and_the_cursor_stands_in_them(void **state)
{
        struct shell_scene shell;
        struct grid grid;

        (void)state;
        open_shell(&shell, 80, 24, "ab");
        shell.cells[0].attr = SHELL_BOLD | SHELL_REVERSE;
        shell.cells[1].attr = SHELL_UNDERLINE | SHELL_ITALIC;
        shell.cells[2].c = 0x4e2d;
        shell.cells[3].c = 0;
        shell.shell.cursor_x = 4;
        grid_init(&grid, 80, 24);
        ui_draw(&shell.scene.view, &grid);
        assert_int_equal(grid_at(&grid, 1, 11)->c, 'a');
        assert_int_equal(grid_at(&grid, 1, 11)->attr, ATTR_BOLD | ATTR_REVERSE);
        assert_int_equal(grid_at(&grid, 2, 11)->attr, ATTR_UNDERLINE | ATTR_ITALIC);
        assert_int_equal(grid_at(&grid, 3, 11)->c, 0x4e2d);
        assert_int_equal(grid_at(&grid, 4, 11)->c, 0);
        assert_int_equal(grid.cursor_x, 5);
        assert_int_equal(grid.cursor_y, 11);
        grid_finish(&grid);
        close_shell(&shell);
}

static void ascii_has_no_other_characters(void **state)
{
        static const uint32_t others[] = { 0xe9, 0x2500, 0x2502, 0x250c, 0x4e2d, 0, 0x2588 };
        struct shell_scene shell;
        char *text;

        (void)state;
        open_shell(&shell, 80, 24, "ab");
        shell.scene.view.ascii = true;
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
                shell.cells[2 + i].c = others[i];
        assert_shows(&shell.scene.view, 80, 24, "|ab?-|+? ?  ");
        text = screen_text(&shell.scene.view, 80, 24);
        for (size_t i = 0; text[i]; i++)
                assert_in_range((unsigned char)text[i], '\n', 0x7e);
        free(text);
        close_shell(&shell);
}

static void every_size_is_drawn_also_before_the_shell_knows_of_it(void **state)
{
        struct shell_scene shell;

        (void)state;
        open_shell(&shell, 100, 30, "ab");
        for (int i = 0; i < shell.shell.cols * shell.shell.rows; i++)
                shell.cells[i].c = i % 2 ? 0 : 0x4e2d;
        shell.shell.cursor_x = shell.shell.cols - 1;
        shell.shell.cursor_y = shell.shell.rows - 1;
        for (int cols = 60; cols <= 240; cols += 3)
                for (int rows = 16; rows <= 70; rows += 3) {
                        struct grid grid;

                        shell.shell.inside = (cols + rows) % 2;
                        shell.scene.view.focus = (cols + rows) % 2 ? PANE_N : (enum pane)(rows % 3);
                        grid_init(&grid, cols, rows);
                        ui_draw(&shell.scene.view, &grid);
                        assert_in_range(grid.cursor_x, 0, cols - 1);
                        assert_in_range(grid.cursor_y, 0, rows - 1);
                        for (int y = 0; y < rows; y++)
                                assert_int_not_equal(grid_at(&grid, cols - 1, y)->c, 0x4e2d);
                        assert_in_range(shell.reach.shell_cols, 58, cols);
                        assert_in_range(shell.reach.shell_rows, 5, rows);
                        grid_finish(&grid);
                }
        close_shell(&shell);
}

static void a_click_finds_it(void **state)
{
        struct shell_scene shell;
        struct place place = { 0 };

        (void)state;
        open_shell(&shell, 80, 24, "ab");
        assert_true(ui_hit(&shell.scene.view, 80, 24, 30, 15, &place));
        assert_true(place.shell);
        assert_true(ui_hit(&shell.scene.view, 80, 24, 5, 4, &place));
        assert_false(place.shell);
        assert_int_equal(place.pane, PANE_HOST);
        close_shell(&shell);
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_takes_the_capabilities_place_below_their_title),
                cmocka_unit_test(whoever_has_left_it_sees_the_capabilities_or_beside_the_processes_the_shell),
                cmocka_unit_test(what_was_run_beside_it_is_seen),
                cmocka_unit_test(on_a_wide_screen_it_is_a_column),
                cmocka_unit_test(its_cells_carry_attributes_and_the_cursor_stands_in_them),
                cmocka_unit_test(ascii_has_no_other_characters),
                cmocka_unit_test(every_size_is_drawn_also_before_the_shell_knows_of_it),
                cmocka_unit_test(a_click_finds_it),
        };

        return cmocka_run_group_tests_name("ui_shell", tests, use_utf8, NULL);
}
