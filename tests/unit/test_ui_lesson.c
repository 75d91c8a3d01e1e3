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

#include "ui/hit.h"
#include "ui_lesson_walk.h"

enum { ROOT_STEP = 2, LAST_STEP = 4 };

static void open_cap_drop(struct lesson_scene *scene)
{
        own_free char *path = lesson_path("06-cap-drop.md");

        open_lesson(scene, path);
}

static void try_to_do(struct lesson_scene *scene, int cols, int rows)
{
        const struct view *view = &scene->scene.view;
        const struct lesson_step *step;
        own_free char *words = NULL, *key = NULL, *begin = NULL;

        if (scene->view.step == scene->lesson.n_steps)
                return;
        step = &scene->lesson.steps[scene->view.step];
        if (step->n_dos == 0 || step->dos[0].kind == DO_WAIT) {
                begin = beginning(step->before.v[0].text);
                assert_lesson_says(view, cols, rows, begin);
                return;
        }
        if (step->dos[0].kind != DO_KEY && step->dos[0].kind != DO_PROBE) {
                begin = beginning(step->dos[0].line);
                assert_lesson_says(view, cols, rows, begin);
                return;
        }
        words = lesson_words(view, cols, rows);
        key = xasprintf("`%s`", step->dos[0].kind == DO_PROBE ? "P" : step->dos[0].words.v[0]);
        if (!strstr(words, key))
                assert_lesson_says(view, cols, rows, scene->todo);
}

static void what_is_to_be_done_is_on_the_screen(void **state)
{
        (void)state;
        for_all_steps(try_to_do);
}

static void try_help(struct lesson_scene *scene, int cols, int rows)
{
        const struct lesson_step *step;
        own_free char *hint = NULL, *todo = NULL;

        if (scene->view.step == scene->lesson.n_steps)
                return;
        step = &scene->lesson.steps[scene->view.step];
        hint = beginning(*step->hint ? step->hint : "look where the text");
        todo = beginning(scene->todo);
        scene->view.help = 1;
        assert_lesson_says(&scene->scene.view, cols, rows, hint);
        assert_lesson_hides(&scene->scene.view, cols, rows, "now: ");
        scene->view.help = 2;
        assert_lesson_says(&scene->scene.view, cols, rows, hint);
        if (*todo)
                assert_lesson_says(&scene->scene.view, cols, rows, todo);
}

static void help_that_was_asked_for_is_on_the_screen(void **state)
{
        (void)state;
        for_all_steps(try_help);
}

static void try_after(struct lesson_scene *scene, int cols, int rows)
{
        const struct lesson_step *step;
        own_free char *begin = NULL;

        end_step(scene);
        if (scene->view.step == scene->lesson.n_steps) {
                assert_lesson_says(&scene->scene.view, cols, rows, "What you can tell");
                return;
        }
        step = &scene->lesson.steps[scene->view.step];
        begin = beginning(step->after.v[0].text);
        assert_lesson_says(&scene->scene.view, cols, rows, begin);
}

static void a_step_that_is_done_shows_what_comes_after(void **state)
{
        (void)state;
        for_all_steps(try_after);
}

static void try_ascii(struct lesson_scene *scene, int cols, int rows)
{
        struct run_entry entry = make_run("", "cat", "h\303\251");

        str_add(&entry.output, "\303\251t\303\251\n\342\225\220\n");
        scene->scene.view.ascii = true;
        scene->scene.view.result = &entry;
        scene->view.help = 2;
        for (int done = 0; done < 2; done++) {
                own_free char *text = screen_text(&scene->scene.view, cols, rows);

                for (size_t i = 0; text[i]; i++)
                        assert_in_range((unsigned char)text[i], '\n', 0x7e);
                end_step(scene);
        }
        scene->scene.view.result = NULL;
        finish_run(&entry);
}

static void in_ascii_there_is_no_other_byte(void **state)
{
        (void)state;
        for_all_steps(try_ascii);
}

/* The mask, and the tied rows on both sides. */
static void assert_rest_is_seen(const struct view *view, int cols, int rows)
{
        static const char *const needed[] = { "00000000a80425fb", "►   3301", "►   3302", "═   1 ",
                                              "═   6 " };
        own_free char *text = screen_text(view, cols, rows);

        if (cols < UI_MIN_COLS || rows < UI_MIN_ROWS)
                return;
        for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
                if (!strstr(text, needed[i]))
                        print_message("%dx%d, not on the screen: %s\n%s", cols, rows, needed[i], text);
                assert_non_null(strstr(text, needed[i]));
        }
}

static void every_size_keeps_the_mask_and_the_tied_rows(void **state)
{
        static const int some[] = { 1, 15, 16, 17, 20, 24, 30, 36, 40, 60, 79, 80, 100, 119, 120, 140, 200 };
        struct run_entry entry = make_run("student", "ps", "ax");
        struct lesson_scene scene;

        (void)state;
        for (int i = 0; i < 20; i++)
                str_add(&entry.output,
                        "a line that is far too long for a column of a lesson, and goes on and on\n");
        open_cap_drop(&scene);
        scene.scene.view.result = &entry;
        for (size_t step = 0; step <= scene.lesson.n_steps; step += ROOT_STEP)
                for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
                        go_to_step(&scene, step);
                        scene.view.caps_now = step == ROOT_STEP && i % 2;
                        for (int rows = 1; rows <= 60; rows += i % 2 + 1)
                                assert_rest_is_seen(&scene.scene.view, some[i], rows);
                        end_step(&scene);
                        for (int cols = 1; cols <= 200; cols += 3)
                                assert_rest_is_seen(&scene.scene.view, cols, some[i] < 60 ? some[i] : 60);
                }
        finish_run(&entry);
        close_lesson(&scene);
}

static void wide_it_is_a_column_as_in_the_mock_up(void **state)
{
        struct lesson_scene scene;

        (void)state;
        open_cap_drop(&scene);
        go_to_step(&scene, ROOT_STEP);
        assert_shows(&scene.scene.view, 140, 40,
                     "┌ HOST  this machine: 75 processes ─────────────────┐"
                     "┌ CONTAINER  sees 2 processes ─────────┐"
                     "┌ LESSON 6 of 12  Taking one power away ──────┐\n");
        assert_shows(&scene.scene.view, 140, 40, "││ Somebody else's: refused                    │\n");
        assert_shows(&scene.scene.view, 140, 40, "││ step 3 of 5                                 │\n");
        assert_shows(&scene.scene.view, 140, 40, "│ !  sh -c 'kill $(cat /tmp/pid)'             │\n");
        assert_shows(&scene.scene.view, 140, 40, "│ ○  not seen yet                             │\n");
        assert_shows(&scene.scene.view, 140, 40, "└ h: hint   PgDn: next   PgUp: back   s: skip ┘\n");
        assert_shows(&scene.scene.view, 120, 36, "┌ LESSON 6/12  Taking one power away ──┐\n");
        close_lesson(&scene);
}

static void narrow_it_stands_below_the_mask(void **state)
{
        struct lesson_scene scene;

        (void)state;
        open_cap_drop(&scene);
        go_to_step(&scene, ROOT_STEP);
        assert_shows(&scene.scene.view, 80, 24,
                     "┌ CAPABILITIES  root in 41 pieces: 14 held ─────── effective 00000000a80425fb ─┐\n"
                     "┌ LESSON 6 of 12  step 3 of 5: Somebody else's: refused ─────────────────── ○ ─┐\n"
                     "│ Now a `sleep` that belongs to another user.");
        assert_hides(&scene.scene.view, 80, 24, "●SETUID");
        scene.view.caps_now = true;
        assert_shows(&scene.scene.view, 80, 24,
                     " LESSON 6 of 12  Somebody else's: refused                    ○  Tab: the lesson\n"
                     "┌ CAPABILITIES  root in 41 pieces: 14 held ─────── effective 00000000a80425fb ─┐\n"
                     "│ 0 0000 ");
        assert_shows(&scene.scene.view, 80, 24, "│ b 1011 ●FOWNER");
        assert_shows(&scene.scene.view, 80, 24, "└ KILL (bit 5)");
        close_lesson(&scene);
}

static void a_check_is_told_as_seen_or_not(void **state)
{
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_cap_drop(&scene);
        assert_lesson_says(view, 140, 40, "○ ○ not seen yet");
        scene.ticks[0] = TICK_DONE;
        assert_lesson_says(view, 140, 40, "✓ ○ 1 of 2 seen so far");
        /* What there is to see is not given away before. */
        assert_lesson_hides(view, 140, 40, "f becomes d");
        scene.ticks[1] = TICK_ERROR;
        scene.view.error = "line 31: stopped after one second";
        assert_lesson_says(view, 140, 40, "! line 31: stopped after one second");
        assert_lesson_says(view, 140, 40, "✓ ! 1 of 2 seen so far");
        scene.view.error = "";
        end_step(&scene);
        assert_lesson_says(view, 140, 40, "✓ ✓ --cap-drop KILL: f becomes d.");
        scene.scene.view.ascii = true;
        assert_lesson_says(view, 140, 40, "* * --cap-drop KILL: f becomes d.");
        close_lesson(&scene);
}

static void a_question_waits_for_the_checks(void **state)
{
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_cap_drop(&scene);
        go_to_step(&scene, LAST_STEP);
        assert_lesson_hides(view, 120, 36, "Which is the last digit");
        assert_hides(view, 120, 36, "Enter:answer");
        tick_all(&scene);
        for (int size = 0; size < SIZES; size++)
                assert_lesson_says(view, sizes[size][0], sizes[size][1], "? Which is the last digit of the");
        assert_shows(view, 140, 40, "└ Enter:answer");
        assert_lesson_hides(view, 140, 40, "The lowest digit went from");
        scene.view.wrong = "b\033[2J";
        assert_lesson_says(view, 120, 36, "! b\\x1b[2J: no. Look once more.");
        scene.view.wrong = "";
        end_step(&scene);
        assert_lesson_says(view, 120, 36,
                           "✓ Which is the last digit of the effective number now, the lowest row?");
        assert_lesson_says(view, 120, 36, "The lowest digit went from");
        close_lesson(&scene);
}

static void the_hint_comes_when_asked_for_and_then_the_key(void **state)
{
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_cap_drop(&scene);
        assert_lesson_hides(view, 140, 40, "hint: Press K.");
        scene.view.help = 1;
        for (int size = 0; size < SIZES; size++)
                assert_lesson_says(view, sizes[size][0], sizes[size][1], "hint: Press K.");
        assert_lesson_hides(view, 140, 40, "now: press K");
        assert_shows(view, 80, 24, "└ h: what to press   PgDn: next   s: skip ─");
        scene.view.help = 2;
        for (int size = 0; size < SIZES; size++)
                assert_lesson_says(view, sizes[size][0], sizes[size][1], "now: press K");
        assert_shows(view, 80, 24, "└ PgDn: next   s: skip ─");
        end_step(&scene);
        assert_lesson_hides(view, 140, 40, "now: press K");
        assert_shows(view, 80, 24, "└ PgDn: next step ─");
        close_lesson(&scene);
}

static void what_cannot_be_done_says_why(void **state)
{
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_cap_drop(&scene);
        go_to_step(&scene, ROOT_STEP);
        scene.view.cannot = "a second id is not mapped";
        for (int size = 0; size < SIZES; size++)
                assert_lesson_says(view, sizes[size][0], sizes[size][1], "! a second id is not mapped");
        assert_lesson_hides(view, 140, 40, "kill $(cat /tmp/pid)");
        assert_lesson_says(
                view, 140, 40,
                "Where it can be done, it ends like this: \"Operation not permitted\", and it was");
        go_to_step(&scene, ROOT_STEP);
        scene.view.skipped = true;
        assert_lesson_says(view, 140, 40, "step 3 of 5, skipped");
        assert_lesson_says(view, 140, 40, "○ skipped: not seen yet");
        assert_lesson_says(view, 140, 40, "not seen. It ends like this: \"Operation not permitted\"");
        end_step(&scene);
        assert_lesson_hides(view, 140, 40, "It ends like this");
        go_to_step(&scene, ROOT_STEP);
        scene.view.busy = true;
        assert_lesson_says(view, 140, 40, "the container is being made");
        assert_lesson_hides(view, 140, 40, "not seen yet");
        close_lesson(&scene);
}

static void a_long_text_scrolls_from_end_to_end(void **state)
{
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_cap_drop(&scene);
        end_step(&scene);
        assert_lesson_says(view, 60, 16, "KILL is bit 5");
        assert_lesson_hides(view, 60, 16, "Root can kill every process.");
        assert_true(scene.reach.lesson.least < 0);
        assert_true(scene.reach.lesson.most > 0);
        for (int far = 1; far <= 1000; far += 999) {
                scene.view.scroll = scene.reach.lesson.least * far;
                assert_lesson_says(view, 60, 16, "Root can kill every process.");
                scene.view.scroll = scene.reach.lesson.most * far;
                assert_lesson_says(view, 60, 16, "the other 13.");
        }
        scene.view.scroll = 0;
        assert_lesson_says(view, 140, 40, "Root can kill every process.");
        assert_int_equal(scene.reach.lesson.least, 0);
        assert_int_equal(scene.reach.lesson.most, 0);
        close_lesson(&scene);
}

static void beside_the_rest_a_long_text_names_its_keys(void **state)
{
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;
        struct place place = { 0 };
        struct layout layout;

        (void)state;
        open_cap_drop(&scene);
        end_step(&scene);
        assert_lesson_hides(view, 120, 30, "Root can kill every process.");
        assert_shows(view, 120, 30, " Tab ↑↓: scroll ─┘");
        scene.view.focus = true;
        assert_shows(view, 120, 30, "─ ↑↓: scroll ─┘");
        assert_shows(view, 120, 30, "Tab: next pane");
        assert_hides(view, 120, 30, "space: add or drop");
        assert_hides(view, 140, 40, ": scroll");
        scene.view.scroll = scene.reach.lesson.least;
        layout_of(view, 120, 30, &layout);
        assert_true(ui_hit(view, 120, 30, layout.lesson.x + 3, layout.lesson.y + 5, &place));
        assert_true(place.lesson);
        assert_int_equal(place.cap, -1);
        close_lesson(&scene);
}

static void a_key_that_has_no_room_is_left_out_whole(void **state)
{
        struct lesson_scene scene;

        (void)state;
        open_cap_drop(&scene);
        go_to_step(&scene, LAST_STEP);
        tick_all(&scene);
        assert_shows(&scene.scene.view, 120, 36, "└ Enter:answer PgDn:next PgUp:back ────┘");
        close_lesson(&scene);
}

static void the_pane_to_look_at_is_marked_once_the_step_is_done(void **state)
{
        static const char *const marks[LESSON_LOOK_N] = {
                [LESSON_LOOK_HOST] = "┌ HOST  this machine: 75 processes ◄ look┐",
                [LESSON_LOOK_CONTAINER] = "┌ CONTAINER  sees 2 processes ◄ look ",
                [LESSON_LOOK_USER] =
                        "►USER  in here: uid 0 root   on the machine: uid 0 root   the same root",
                [LESSON_LOOK_CAPS] = "14 held ◄ look  effective",
                [LESSON_LOOK_NAMESPACES] = "►USER  in here:",
                [LESSON_LOOK_RESULT] = "! ps  ◄ look",
        };
        struct run_entry entry = make_run("", "ps", NULL);
        struct lesson_scene scene;
        struct grid grid;

        (void)state;
        open_cap_drop(&scene);
        scene.scene.view.result = &entry;
        for (int look = LESSON_LOOK_HOST; look < LESSON_LOOK_N; look++) {
                go_to_step(&scene, 0);
                scene.lesson.steps[0].look = (enum lesson_look)look;
                assert_hides(&scene.scene.view, 80, 24, "◄");
                assert_hides(&scene.scene.view, 80, 24, "►USER");
                end_step(&scene);
                assert_shows(&scene.scene.view, 80, 24, marks[look]);
        }
        scene.lesson.steps[0].look = LESSON_LOOK_NAMESPACES;
        assert_shows(&scene.scene.view, 140, 40, "┌ USER AND NAMESPACES ◄ look ");
        scene.lesson.steps[0].look = LESSON_LOOK_HOST;
        grid_init(&grid, 80, 24);
        ui_draw(&scene.scene.view, &grid);
        assert_int_equal(grid_at(&grid, 0, 3)->role, ROLE_FOCUS);
        assert_true(grid_at(&grid, 0, 3)->attr & ATTR_BOLD);
        assert_int_equal(grid_at(&grid, 79, 3)->role, ROLE_BORDER);
        grid_finish(&grid);
        finish_run(&entry);
        close_lesson(&scene);
}

static void a_border_that_is_full_is_marked_at_its_title(void **state)
{
        struct lesson_scene scene;
        struct snapshot user;
        struct cast_of cast = first_cast();

        (void)state;
        cast.uid = 1000;
        cast.effective = 0;
        user = make_snapshot(&cast);
        open_cap_drop(&scene);
        scene.scene.view.now = &user;
        end_step(&scene);
        assert_shows(&scene.scene.view, 80, 24,
                     "┌►CAPABILITIES  0 held: effective 0000000000000000 ── 14 ○:");
        snapshot_finish(&user);
        close_lesson(&scene);
}

static void assert_printable(const struct view *view, int cols, int rows)
{
        struct grid grid;

        grid_init(&grid, cols, rows);
        ui_draw(view, &grid);
        for (int i = 0; i < cols * rows; i++)
                if (grid.cells[i].c && text_char_width(grid.cells[i].c) < 1)
                        fail_msg("%dx%d: U+%04X at %d,%d", cols, rows, grid.cells[i].c, i % cols, i / cols);
        grid_finish(&grid);
}

static void what_a_writer_or_a_command_chose_stays_text(void **state)
{
        static char evil[] =
                "a\033]0;x\007b\r\t\177\302\233c\342\200\256d\357\273\277`e\377\n\n`f`` \360\237\230\200";
        static char none[] = "";
        struct lesson_block blocks[] = {
                { LESSON_TEXT, 99, "", evil, evil },   { LESSON_ITEM, 1, "\033", evil, evil },
                { LESSON_HEADING, 0, "", evil, evil }, { LESSON_CODE, 0, "", evil, evil },
                { LESSON_RULE, 0, "", evil, evil },    { LESSON_TEXT, 0, "", none, none },
        };
        struct lesson_do dos[] = { { .kind = DO_EXEC, .line = evil }, { .kind = DO_RUN, .line = evil } };
        struct lesson_ask asks[] = { { .question = evil } };
        struct lesson_check checks[2] = { { .expr = evil }, { .expr = evil } };
        struct lesson_blocks prose = { blocks, sizeof(blocks) / sizeof(blocks[0]) };
        struct lesson_step step = { .name = evil,
                                    .before = prose,
                                    .after = prose,
                                    .dos = dos,
                                    .n_dos = 2,
                                    .checks = checks,
                                    .n_checks = 2,
                                    .say = evil,
                                    .hint = evil,
                                    .asks = asks,
                                    .n_asks = 1,
                                    .look = LESSON_LOOK_RESULT };
        struct lesson evils = { .title = evil, .start = evil, .intro = prose, .steps = &step, .n_steps = 1 };
        struct run_entry entry = make_run(evil, evil, evil);
        struct lesson_scene scene;

        (void)state;
        for (int i = 0; i < 3; i++)
                str_add_n(&entry.output, evil, sizeof(evil)); /* with its NUL byte */
        open_cap_drop(&scene);
        for (int n = 0; n < 16; n++) {
                go_to_step(&scene, n & 8 ? 1 : 0);
                scene.view.lesson = &evils;
                scene.scene.view.result = &entry;
                scene.scene.view.ascii = n & 1;
                scene.view.help = 2;
                scene.view.todo = scene.view.error = scene.view.wrong = evil;
                scene.view.cannot = n & 4 ? evil : "";
                scene.view.caps_now = n & 4;
                if (n & 2)
                        tick_all(&scene);
                for (int size = 0; size < SIZES; size++)
                        assert_printable(&scene.scene.view, sizes[size][0], sizes[size][1]);
        }
        finish_run(&entry);
        close_lesson(&scene);
}

static void a_lesson_of_ones_own_has_no_number(void **state)
{
        struct lesson_scene scene;

        (void)state;
        open_cap_drop(&scene);
        scene.view.number = scene.view.count = 0;
        assert_shows(&scene.scene.view, 140, 40, "┌ LESSON  Taking one power away ──");
        go_to_step(&scene, scene.lesson.n_steps);
        assert_shows(&scene.scene.view, 140, 40, "││ The end  ");
        assert_shows(&scene.scene.view, 140, 40, "└ l: the lessons   PgUp: back ─");
        close_lesson(&scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_to_be_done_is_on_the_screen),
                cmocka_unit_test(help_that_was_asked_for_is_on_the_screen),
                cmocka_unit_test(a_step_that_is_done_shows_what_comes_after),
                cmocka_unit_test(in_ascii_there_is_no_other_byte),
                cmocka_unit_test(every_size_keeps_the_mask_and_the_tied_rows),
                cmocka_unit_test(wide_it_is_a_column_as_in_the_mock_up),
                cmocka_unit_test(narrow_it_stands_below_the_mask),
                cmocka_unit_test(a_check_is_told_as_seen_or_not),
                cmocka_unit_test(a_question_waits_for_the_checks),
                cmocka_unit_test(the_hint_comes_when_asked_for_and_then_the_key),
                cmocka_unit_test(what_cannot_be_done_says_why),
                cmocka_unit_test(a_long_text_scrolls_from_end_to_end),
                cmocka_unit_test(beside_the_rest_a_long_text_names_its_keys),
                cmocka_unit_test(a_key_that_has_no_room_is_left_out_whole),
                cmocka_unit_test(the_pane_to_look_at_is_marked_once_the_step_is_done),
                cmocka_unit_test(a_border_that_is_full_is_marked_at_its_title),
                cmocka_unit_test(what_a_writer_or_a_command_chose_stays_text),
                cmocka_unit_test(a_lesson_of_ones_own_has_no_number),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
