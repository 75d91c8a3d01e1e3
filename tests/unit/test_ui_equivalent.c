/* SPDX-License-Identifier: MIT */
/* The same container in other words, over the screen. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/equivalent.h"
#include "ui_scene.h"

static void open_page(struct scene *scene, struct reach *reach)
{
        struct cast_of cast = first_cast();

        *reach = (struct reach){ 0 };
        open_scene(scene, &cast);
        free(scene->spec.image);
        scene->spec.image = xstrdup("ubuntu");
        strv_add(&scene->spec.args, "sleep");
        strv_add(&scene->spec.args, "3600");
        scene->spec.caps.drop = caps_bit(5);
        scene->view.reach = reach;
        scene->view.equivalent = true;
}

/* Goes through the page from the top and looks for each line of a text; the lines are in order. */
static void assert_has_lines(struct scene *scene, const struct reach *reach, char *text, int cols, int rows)
{
        int scroll = 0;

        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
                bool found = false;

                for (; !found && scroll <= reach->help; scroll += found ? 0 : 1) {
                        char *shown;

                        scene->view.help_scroll = scroll;
                        shown = screen_text(&scene->view, cols, rows);
                        found = strstr(shown, line) != NULL;
                        free(shown);
                }
                if (!found)
                        print_message("not in the page: %s\n", line);
                assert_true(found);
        }
        free(text);
}

static void it_says_what_the_spec_says_in_four_forms(void **state)
{
        struct scene scene;
        struct reach reach;

        (void)state;
        open_page(&scene, &reach);
        assert_shows(&scene.view, 80, 24, "┌ THE SAME CONTAINER, IN OTHER WORDS ───");
        assert_shows(&scene.view, 80, 24, "│ docker  ");
        assert_shows(&scene.view, 80, 24, "│     docker run --cap-drop=KILL ubuntu sleep 3600  ");
        assert_shows(&scene.view, 80, 24, "\n ↑↓ scroll   any other key: close");
        assert_shows(&scene.view, 80, 24,
                     "│ podman                                                                     │");
        assert_shows(&scene.view, 80, 24, "     podman run --cap-add=NET_RAW --cap-add=MKNOD ");
        assert_has_lines(&scene, &reach, equivalent_kubernetes(&scene.spec), 80, 24);
        assert_has_lines(&scene, &reach, equivalent_compose(&scene.spec), 80, 24);
        close_scene(&scene);
}

static void an_images_user_is_given_no_more_by_podman(void **state)
{
        struct scene scene;
        struct reach reach;

        (void)state;
        open_page(&scene, &reach);
        scene.view.uid = 1000;
        assert_shows(&scene.view, 80, 24, "│     podman run --cap-drop=KILL ubuntu sleep 3600  ");
        close_scene(&scene);
}

static void it_scrolls_to_its_end_and_no_further(void **state)
{
        struct scene scene;
        struct reach reach;

        (void)state;
        open_page(&scene, &reach);
        assert_shows(&scene.view, 60, 16, "more below");
        assert_in_range(reach.help, 1, 200);
        assert_hides(&scene.view, 60, 16, "command: [");
        scene.view.help_scroll = 100000;
        assert_shows(&scene.view, 60, 16, "command: [\"sleep\", \"3600\"]");
        assert_hides(&scene.view, 60, 16, "more below");
        /* On a screen that holds all of it there is nothing to scroll. */
        assert_hides(&scene.view, 120, 70, "more below");
        assert_int_equal(reach.help, 0);
        close_scene(&scene);
}

static void a_long_line_goes_on_below_and_loses_nothing(void **state)
{
        char word[301] = "";
        struct scene scene;
        struct reach reach;
        size_t letters = 0;
        char *text;

        (void)state;
        memset(word, 'q', sizeof(word) - 1);
        open_page(&scene, &reach);
        strv_add(&scene.spec.args, word);
        text = screen_text(&scene.view, 60, 200);
        for (const char *at = text; *at; at++)
                letters += *at == 'q';
        free(text);
        /* in docker, podman, Kubernetes and compose */
        assert_int_equal(letters, 4 * (sizeof(word) - 1));
        close_scene(&scene);
}

static void hostile_words_are_escaped(void **state)
{
        struct scene scene;
        struct reach reach;
        char *text;

        (void)state;
        open_page(&scene, &reach);
        strv_add(&scene.spec.env, "A=\033]0;title\a\342\200\256");
        scene.view.ascii = true;
        for (int cols = 60; cols < 200; cols += 7) {
                text = screen_text(&scene.view, cols, 60);
                for (size_t i = 0; text[i]; i++)
                        assert_in_range((unsigned char)text[i], '\n', 0x7e);
                assert_null(strchr(text, '\033'));
                assert_non_null(strstr(text, "x1b]0;title"));
                free(text);
        }
        close_scene(&scene);
}

static void every_size_is_drawn(void **state)
{
        struct scene scene;
        struct reach reach;

        (void)state;
        open_page(&scene, &reach);
        for (int cols = 60; cols <= 140; cols++)
                for (int rows = 16; rows <= 50; rows += 3) {
                        scene.view.help_scroll = (cols * rows) % 40;
                        assert_shows(&scene.view, cols, rows, "THE SAME CONTAINER, IN OTHER WORDS");
                }
        close_scene(&scene);
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_says_what_the_spec_says_in_four_forms),
                cmocka_unit_test(an_images_user_is_given_no_more_by_podman),
                cmocka_unit_test(it_scrolls_to_its_end_and_no_further),
                cmocka_unit_test(a_long_line_goes_on_below_and_loses_nothing),
                cmocka_unit_test(hostile_words_are_escaped),
                cmocka_unit_test(every_size_is_drawn),
        };

        return cmocka_run_group_tests_name("ui_equivalent", tests, use_utf8, NULL);
}
