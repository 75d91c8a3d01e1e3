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

#include "ui_lesson_scene.h"

static const int sizes[][2] = { { 60, 16 }, { 80, 24 }, { 120, 30 }, { 140, 40 }, { 200, 60 } };
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]), ROWS = 14 };

static void open_plain(struct scene *scene)
{
        struct cast_of cast = first_cast();

        cast.extra = "sleep 1000";
        open_scene(scene, &cast);
}

static void the_result_stands_over_the_lowest_capability_rows(void **state)
{
        struct run_entry entry = make_run("student", "sh", "kill 1");
        struct scene scene;

        (void)state;
        open_plain(&scene);
        str_add(&entry.output, "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n");
        entry.exit = 1;
        scene.view.result = &entry;
        assert_shows(&scene.view, 80, 24,
                     "│┌ ! -u student sh 'kill 1' ──────────────────────────────────────────────────┐│\n"
                     "││ three                                                                      ││\n"
                     "││ four                                                                       ││\n"
                     "││ five                                                                       ││\n"
                     "││ six                                                                        ││\n"
                     "││ seven                                                                      ││\n"
                     "││ eight                                                                      ││\n"
                     "│└─────────────────────────────────────────────── exit 1, 2 more lines above ─┘│\n"
                     "└ KILL (bit 5)");
        assert_hides(&scene.view, 80, 24, "││ two   ");
        entry.cut = true;
        assert_shows(&scene.view, 80, 24, " exit 1, 2 more lines above, output cut ");
        entry.ended = false;
        assert_shows(&scene.view, 80, 24, " running, 2 more lines above, output cut ");
        finish_run(&entry);
        close_scene(&scene);
}

static void the_result_covers_nothing_above_the_capabilities(void **state)
{
        struct run_entry entry = make_run("", "ps", "ax");
        struct scene scene;

        (void)state;
        open_plain(&scene);
        for (int i = 0; i < 100; i++)
                str_add(&entry.output, "x\n");
        for (int rows = UI_MIN_ROWS; rows <= 60; rows++)
                for (int cols = UI_MIN_COLS; cols <= 200; cols += 7) {
                        own_free char *with = NULL, *without = NULL;
                        struct layout layout;
                        const char *end;

                        layout_of(&scene.view, cols, rows, &layout);
                        scene.view.result = NULL;
                        without = screen_text(&scene.view, cols, rows);
                        scene.view.result = &entry;
                        with = screen_text(&scene.view, cols, rows);
                        end = without;
                        /* The pane's own title included. */
                        for (int y = 0; y <= layout.caps.y; y++)
                                end = strchr(end, '\n') + 1;
                        assert_memory_equal(with, without, (size_t)(end - without));
                        assert_non_null(strstr(with, "! ps ax"));
                        assert_non_null(strstr(with, "exit 0, "));
                }
        finish_run(&entry);
        close_scene(&scene);
}

static void tabs_and_carriage_returns_are_as_on_a_terminal(void **state)
{
        struct run_entry entry = make_run("", "ls", NULL);
        struct scene scene;

        (void)state;
        open_plain(&scene);
        str_add(&entry.output, "a\tb\r\n12345678\tc\n\303\251\303\251\td\n\033[31mred\tx");
        scene.view.result = &entry;
        assert_shows(&scene.view, 80, 24, "││ a       b   ");
        assert_shows(&scene.view, 80, 24, "││ 12345678        c   ");
        assert_shows(&scene.view, 80, 24, "││ éé      d   ");
        assert_shows(&scene.view, 80, 24, "││ \\x1b[31mred     x");
        assert_shows(&scene.view, 80, 24, "─ exit 0 ─┘│");
        finish_run(&entry);
        close_scene(&scene);
}

static void no_output_is_said(void **state)
{
        struct run_entry entry = make_run("", "true", NULL);
        struct scene scene;

        (void)state;
        open_plain(&scene);
        scene.view.result = &entry;
        assert_shows(&scene.view, 80, 24, "││ no output  ");
        entry.ended = false;
        assert_shows(&scene.view, 80, 24, "││ no output yet  ");
        assert_shows(&scene.view, 80, 24, "─ running ─┘│");
        finish_run(&entry);
        close_scene(&scene);
}

static void in_a_lesson_the_result_is_part_of_it(void **state)
{
        own_free char *path = lesson_path("01-process-isolation.md");
        struct run_entry entry = make_run("", "ps", "ax");
        struct lesson_scene scene;

        (void)state;
        open_lesson(&scene, path);
        go_to_step(&scene, 2);
        str_add(&entry.output, "  PID TTY      STAT   TIME COMMAND\n    1 ?        Ss     0:00 sleep 3600\n");
        scene.scene.view.result = &entry;
        for (int size = 0; size < SIZES; size++)
                assert_lesson_says(&scene.scene.view, sizes[size][0], sizes[size][1], "exit 0");
        /* In a column it is whole: what is set in goes first, then a line is broken. */
        assert_lesson_says(&scene.scene.view, 140, 40,
                           "! ps ax PID TTY STAT TIME COMMAND 1 ? Ss 0:00 sleep 3600 exit 0");
        assert_lesson_says(&scene.scene.view, 120, 36,
                           "PID TTY STAT TIME COMMAND 1 ? Ss 0:00 sleep 3600 exit 0");
        assert_shows(&scene.scene.view, 140, 40, "│ b 1011 ●FOWNER");
        finish_run(&entry);
        close_lesson(&scene);
}

static void output_is_broken_between_words(void **state)
{
        own_free char *path = lesson_path("11-no-new-privileges.md");
        struct run_entry entry = make_run("", "/demo/raise", NULL);
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_lesson(&scene, path);
        scene.scene.view.result = &entry;
        for (int cols = 120; cols <= 150; cols++) {
                str_add(&entry.output, "uid 1000   euid 0   effective 00000000a80425fb   RTNETLINK answers: "
                                       "not permitted\n");
                assert_lesson_says(view, cols, 40, " 00000000a80425fb ");
                assert_lesson_says(view, cols, 40, " RTNETLINK answers: not permitted ");
                str_finish(&entry.output);
                /* What has no room in any line is broken where that is full. */
                str_add(&entry.output, "a ");
                for (int i = 0; i < 90; i++)
                        str_add(&entry.output, "b");
                assert_lesson_says(view, cols, 40, "a bbbbbbbb");
                str_finish(&entry.output);
        }
        finish_run(&entry);
        close_lesson(&scene);
}

static void make_rows(struct lesson_row rows[static ROWS])
{
        for (unsigned i = 0; i < ROWS; i++)
                rows[i] = (struct lesson_row){ .name = "01-x",
                                               .title = "One process, two numbers",
                                               .number = i + 1,
                                               .minutes = 4,
                                               .steps = 6,
                                               .at = "" };
        rows[0].done = 6;
        rows[1].done = 2;
        rows[1].skipped = 1;
        rows[1].at = "Ask from \033inside";
        rows[ROWS - 1].broken = "line 3: unknown key chek";
}

static void the_list_says_what_is_done_and_where_to_go_on(void **state)
{
        struct lesson_row rows[ROWS];
        struct lesson_list_view list = { .rows = rows, .n = ROWS, .picked = 1, .note = "" };
        struct scene scene;
        struct grid grid;
        int y = 0;

        (void)state;
        make_rows(rows);
        open_plain(&scene);
        scene.view.lessons = &list;
        assert_shows(&scene.view, 120, 36,
                     "  1  One process, two numbers                  4 min ✓ whole             its first "
                     "step again");
        assert_shows(&scene.view, 120, 36,
                     "► 2  One process, two numbers                  4 min 2 of 6, 1 skipped");
        assert_shows(&scene.view, 120, 36, "Ask from \\x1binside");
        assert_shows(&scene.view, 120, 36, "14  01-x  line 3: unknown key chek");
        assert_shows(&scene.view, 60, 16, "► 2  One process, two numbers           4 min 2 of 6 ");
        assert_shows(&scene.view, 120, 36,
                     "└ Enter: open   ←→ step   r: reset   R: reset all   Esc: leave ─");
        assert_shows(&scene.view, 60, 16, "└ Enter:open r:reset R:reset all Esc:leave ─ more below ─┘");
        /* No key of the bar does anything else here. */
        assert_shows(&scene.view, 140, 36, "\n Enter: open   Esc: leave   q:quit\n");
        assert_hides(&scene.view, 140, 36, "u: stop being root");
        assert_hides(&scene.view, 140, 36, "p: privileged");
        grid_init(&grid, 60, 16);
        ui_draw(&scene.view, &grid);
        y = grid.cursor_y;
        assert_int_equal(grid_at(&grid, grid.cursor_x + 1, y)->c, '2');
        assert_true(grid_at(&grid, grid.cursor_x, y)->attr & ATTR_REVERSE);
        assert_false(grid_at(&grid, grid.cursor_x, y - 1)->attr & ATTR_REVERSE);
        grid_finish(&grid);
        close_scene(&scene);
}

static void a_step_of_the_picked_lesson_is_named(void **state)
{
        struct strv names = { 0 };
        struct lesson_row rows[ROWS];
        struct lesson_list_view list = { .rows = rows, .n = ROWS, .picked = 1, .note = "" };
        struct scene scene;

        (void)state;
        make_rows(rows);
        strv_add(&names, "Alone");
        strv_add(&names, "One among many");
        rows[1].names = &names;
        open_plain(&scene);
        scene.view.lessons = &list;
        assert_hides(&scene.view, 120, 36, "2: One among many");
        list.step = 2;
        assert_shows(&scene.view, 120, 36, "2 of 6, 1 skipped   2: One among many");
        assert_hides(&scene.view, 120, 36, "Ask from");
        assert_shows(&scene.view, 60, 16, "► 2  2: One among many ");
        strv_finish(&names);
        close_scene(&scene);
}

static void the_picked_lesson_is_on_the_screen(void **state)
{
        struct lesson_row rows[ROWS];
        struct lesson_list_view list = { .rows = rows, .n = ROWS, .note = "the progress was put aside" };
        struct scene scene;

        (void)state;
        make_rows(rows);
        open_plain(&scene);
        scene.view.lessons = &list;
        for (; list.picked < ROWS; list.picked++)
                for (int size = 0; size < SIZES; size++) {
                        own_free char *row = xasprintf("►%2zu  ", list.picked + 1);

                        assert_shows(&scene.view, sizes[size][0], sizes[size][1], row);
                        assert_shows(&scene.view, sizes[size][0], sizes[size][1], list.note);
                }
        list.n = list.picked = 0;
        assert_shows(&scene.view, 80, 24, "no lessons are installed");
        scene.view.ascii = true;
        for (int size = 0; size < SIZES; size++) {
                own_free char *text = screen_text(&scene.view, sizes[size][0], sizes[size][1]);

                for (size_t i = 0; text[i]; i++)
                        assert_in_range((unsigned char)text[i], '\n', 0x7e);
        }
        close_scene(&scene);
}

static void a_caption_stands_in_the_bars_place(void **state)
{
        struct scene scene;

        (void)state;
        open_plain(&scene);
        scene.view.play = (struct play_view){ .state = PLAY_RUNNING, .caption = "One process.\033[H" };
        assert_shows(&scene.view, 80, 24,
                     "\n One process.\\x1b[H                                                    playing\n");
        scene.view.key = "K";
        assert_shows(&scene.view, 80, 24, "playing   [K]\n");
        assert_hides(&scene.view, 80, 24, "q:quit");
        scene.view.play.state = PLAY_PAUSED;
        assert_shows(&scene.view, 80, 24, "paused: space goes on   [K]\n");
        scene.view.play.state = PLAY_TAKEN;
        assert_shows(&scene.view, 80, 24, "\n your turn:");
        assert_shows(&scene.view, 80, 24, "q:quit");
        assert_hides(&scene.view, 80, 24, "One process.\\x1b");
        scene.view.play.state = PLAY_RUNNING;
        scene.view.play.caption =
                "The first of two lines is over the line above, and the second one stands in "
                "the place of the keys.";
        assert_shows(&scene.view, 80, 24,
                     "\n The first of two lines is over the line above, and the second\n"
                     " one stands in the place of the keys.                             playing   [K]\n");
        close_scene(&scene);
}

/* 190 columns of three bytes each are more than half a kilobyte. */
static void a_long_line_of_wide_bytes_stands_whole(void **state)
{
        enum { CHARACTERS = 190, COLS = 220 };
        struct str line = { 0 };
        own_free char *ended = NULL;
        struct scene scene;

        (void)state;
        open_plain(&scene);
        for (int i = 0; i < CHARACTERS; i++)
                str_add(&line, "─");
        ended = xasprintf("\n %s ", str_text(&line));
        scene.view.play = (struct play_view){ .state = PLAY_RUNNING, .caption = str_text(&line) };
        assert_shows(&scene.view, COLS, 24, ended);
        scene.view.play = (struct play_view){ 0 };
        scene.view.trouble = str_text(&line);
        ended[strlen(ended) - 1] = '\n'; /* the bar's own line ends with it */
        assert_shows(&scene.view, COLS, 24, ended);
        str_finish(&line);
        close_scene(&scene);
}

static void a_recording_is_named_in_the_title(void **state)
{
        struct scene scene;

        (void)state;
        open_plain(&scene);
        assert_hides(&scene.view, 80, 24, "REC");
        scene.view.play.recording = true;
        assert_shows(&scene.view, 80, 24, "  ● REC  ● running 00:42\n");
        scene.view.ascii = true;
        assert_shows(&scene.view, 60, 16, " * REC  * ");
        scene.view.line =
                "docker run --cap-drop=KILL --cap-add=MAC_ADMIN --user=1000 --network=host ubuntu sleep 1";
        assert_shows(&scene.view, 60, 16, " * REC  * 00:42\n");
        close_scene(&scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_result_stands_over_the_lowest_capability_rows),
                cmocka_unit_test(the_result_covers_nothing_above_the_capabilities),
                cmocka_unit_test(tabs_and_carriage_returns_are_as_on_a_terminal),
                cmocka_unit_test(no_output_is_said),
                cmocka_unit_test(in_a_lesson_the_result_is_part_of_it),
                cmocka_unit_test(output_is_broken_between_words),
                cmocka_unit_test(the_list_says_what_is_done_and_where_to_go_on),
                cmocka_unit_test(a_step_of_the_picked_lesson_is_named),
                cmocka_unit_test(the_picked_lesson_is_on_the_screen),
                cmocka_unit_test(a_caption_stands_in_the_bars_place),
                cmocka_unit_test(a_long_line_of_wide_bytes_stands_whole),
                cmocka_unit_test(a_recording_is_named_in_the_title),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
