/* SPDX-License-Identifier: MIT */
/* What of a lesson is on the screen first, and what gives way. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui_lesson_walk.h"

enum { LAST_STEP = 4 };

static void on_a_question_the_hint_is_about_it(void **state)
{
        own_free char *path = lesson_path("06-cap-drop.md");
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_lesson(&scene, path);
        go_to_step(&scene, LAST_STEP);
        scene.view.help = 1;
        assert_lesson_says(view, 120, 36, "hint: Press c and Enter");
        tick_all(&scene);
        for (int size = 1; size < SIZES; size++)
                assert_lesson_says(view, sizes[size][0], sizes[size][1],
                                   "hint: read it off the screen as it is");
        assert_lesson_hides(view, 120, 36, "hint: Press c and Enter");
        close_lesson(&scene);
}

/* From there on PgDn goes over the text before it goes to the next step. */
static void try_top(struct lesson_scene *scene, int cols, int rows)
{
        const struct lesson_step *step;
        own_free char *top = NULL, *end = NULL;

        if (scene->view.step == scene->lesson.n_steps)
                return;
        step = &scene->lesson.steps[scene->view.step];
        top = beginning(scene->view.step ? step->before.v[0].text : scene->lesson.intro.v[0].text);
        end = beginning(step->after.v[0].text);
        scene->view.fresh = true;
        for (int done = 0; done < 2; done++) {
                assert_lesson_says(&scene->scene.view, cols, rows, top);
                if (scene->reach.lesson.begin > 0)
                        assert_shows(&scene->scene.view, cols, rows, cols < 70 ? "PgDn" : "read on");
                else if (done)
                        assert_lesson_says(&scene->scene.view, cols, rows, end);
                end_step(scene);
        }
        scene->view.fresh = false;
        assert_lesson_says(&scene->scene.view, cols, rows, end);
        /* What goes on below is read to its end before the next step comes. */
        if (scene->reach.lesson.most > 0)
                assert_shows(&scene->scene.view, cols, rows, cols < 70 ? "PgDn" : "read on");
        scene->view.scroll = scene->reach.lesson.most;
        assert_hides(&scene->scene.view, cols, rows, "read on");
        scene->view.scroll = 0;
}

static void what_was_opened_is_read_from_its_top(void **state)
{
        (void)state;
        for_all_steps(try_top);
}

static void what_was_seen_and_what_to_type_are_whole_while_there_are_rows(void **state)
{
        own_free char *by_hand = lesson_path("12-by-hand.md"),
                      *sets = lesson_path("08-user-and-capabilities.md"),
                      *root = lesson_path("04-capabilities.md");
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_lesson(&scene, by_hand);
        assert_lesson_says(view, 120, 36, "○ not seen yet");
        assert_lesson_says(view, 120, 36, "The key on the left, then Enter: ! sh -c");
        assert_lesson_says(view, 120, 36, "--mount-proc sleep 1000 >/dev/null 2>&1 &'");
        close_lesson(&scene);
        open_lesson(&scene, sets);
        end_step(&scene);
        assert_lesson_says(view, 120, 36, "✓ ✓ ✓ The ceiling rose. The process did not.");
        close_lesson(&scene);
        open_lesson(&scene, root);
        assert_lesson_says(view, 100, 30, "○ not seen yet");
        close_lesson(&scene);
}

static void rows_that_are_covered_are_said_to_be_there(void **state)
{
        own_free char *path = lesson_path("06-cap-drop.md");
        struct lesson_scene scene;
        const struct view *view = &scene.scene.view;

        (void)state;
        open_lesson(&scene, path);
        assert_shows(view, 80, 24, "─ Tab: the rows ─┘");
        assert_shows(view, 100, 30, "─ Tab: the rows ─┘");
        assert_hides(view, 120, 36, "Tab: the rows");
        /* A step about a result needs none. */
        go_to_step(&scene, 1);
        assert_hides(view, 80, 24, "Tab: the rows");
        close_lesson(&scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(on_a_question_the_hint_is_about_it),
                cmocka_unit_test(rows_that_are_covered_are_said_to_be_there),
                cmocka_unit_test(what_was_opened_is_read_from_its_top),
                cmocka_unit_test(what_was_seen_and_what_to_type_are_whole_while_there_are_rows),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
