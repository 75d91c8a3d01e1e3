/* SPDX-License-Identifier: MIT */
/* The line that is typed, and the filter of a process pane, as text. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "ui/lines.h"
#include "ui_scene.h"

static struct prompt_view make_prompt(const char *title, const char *text)
{
        return (struct prompt_view){ .title = title,
                                     .text = text,
                                     .cursor = strlen(text),
                                     .hint = "Enter: run   Esc: leave",
                                     .error = "" };
}

/* The last lines of the screen, each with its newline, and the cursor. */
static char *bottom(const struct view *view, int cols, int rows, int lines, int *ret_x, int *ret_y)
{
        struct str text = { 0 };
        struct grid grid;

        grid_init(&grid, cols, rows);
        ui_draw(view, &grid);
        for (int y = rows - lines; y < rows; y++) {
                own_free char *row = grid_row_text(&grid, y);

                str_add_f(&text, "%s\n", row);
        }
        *ret_x = grid.cursor_x;
        *ret_y = grid.cursor_y;
        grid_finish(&grid);
        return str_take(&text);
}

static void assert_bottom(const struct view *view, int cols, int rows, int lines, const char *wanted,
                          int cursor_x, int cursor_y)
{
        int x, y;
        own_free char *text = bottom(view, cols, rows, lines, &x, &y);

        assert_string_equal(text, wanted);
        assert_int_equal(x, cursor_x);
        assert_int_equal(y, cursor_y);
}

static void a_prompt_takes_the_two_lowest_lines(void **state)
{
        const struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        assert_shows(&scene.view, 80, 24, "?:help");
        scene.view.prompt = make_prompt("user:", "stu");
        assert_bottom(&scene.view, 80, 24, 2, " Enter: run   Esc: leave\n user: stu\n", 10, 23);
        assert_bottom(&scene.view, 140, 40, 2, " Enter: run   Esc: leave\n user: stu\n", 10, 39);
        assert_bottom(&scene.view, 60, 16, 2, " Enter: run   Esc: leave\n user: stu\n", 10, 15);
        assert_hides(&scene.view, 80, 24, "?:help");
        /* The last line above is what it was. */
        assert_shows(&scene.view, 80, 24, "│ b 1011 ");
        scene.view.prompt.cursor = 1;
        assert_bottom(&scene.view, 80, 24, 1, " user: stu\n", 8, 23);
        scene.view.prompt.title = NULL;
        assert_shows(&scene.view, 80, 24, "?:help");
        close_scene(&scene);
}

static void candidates_and_keys_share_a_line_while_both_fit(void **state)
{
        const struct cast_of cast = first_cast();
        struct strv candidates = { 0 };
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.prompt = make_prompt("add:", "mac");
        scene.view.prompt.candidates = &candidates;
        assert_bottom(&scene.view, 80, 24, 2, " Enter: run   Esc: leave\n add: mac\n", 9, 23);
        strv_add(&candidates, "MAC_OVERRIDE");
        strv_add(&candidates, "MAC_ADMIN");
        assert_bottom(&scene.view, 80, 24, 2,
                      " MAC_OVERRIDE  MAC_ADMIN                                Enter: run   Esc: leave\n"
                      " add: mac\n",
                      9, 23);
        for (int i = 0; i < 5; i++)
                strv_add(&candidates, "NET_BIND_SERVICE");
        assert_bottom(&scene.view, 80, 24, 2,
                      " MAC_OVERRIDE  MAC_ADMIN  NET_BIND_SERVICE  NET_BIND…   Enter: run   Esc: leave\n"
                      " add: mac\n",
                      9, 23);
        scene.view.prompt.hint = "a hint of which much is to be said: more than thirty columns";
        assert_bottom(&scene.view, 80, 24, 2,
                      " MAC_OVERRIDE  MAC_ADMIN  NET_BIND_SERVICE  NET_BIND_SERVICE  NET_BIND_SERVICE…\n"
                      " add: mac\n",
                      9, 23);
        strv_finish(&candidates);
        close_scene(&scene);
}

static void an_error_stands_above_the_text_broken_where_it_must_be(void **state)
{
        const struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.prompt = make_prompt("add:", "mac_admn");
        scene.view.prompt.error =
                "--cap-add mac_admn: unknown capability: \"CAP_MAC_ADMN\" - did you mean MAC_ADMIN?";
        assert_bottom(&scene.view, 60, 16, 3,
                      " --cap-add mac_admn: unknown capability: \"CAP_MAC_ADMN\" -\n"
                      " did you mean MAC_ADMIN?\n"
                      " add: mac_admn\n",
                      14, 15);
        close_scene(&scene);
}

/* What is to be done stays; what is quoted still stands where it was typed. */
static void a_long_error_keeps_its_remedy(void **state)
{
        static const struct {
                const char *error, *shown;
        } cases[] = {
                { "read the seccomp profile "
                  "/one/folder/in/another/in/another/in/another/in/another/one.json: No "
                  "such file or directory - seccomp=unconfined takes none; without the option the built-in "
                  "one "
                  "is used",
                  " read the seccomp profile /one/folder/in/another/in/anoth…:\n"
                  " No such file or directory - seccomp=unconfined takes none;\n"
                  " without the option the built-in one is used\n" },
                { "--cap-add a: unknown capability: "
                  "\"CAP_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\" - "
                  "names as in capabilities(7), with or without CAP_, or ALL, and one word more",
                  " --cap-add a: unknown capability:\n"
                  " \"CAP_AAAAAAAAAAAAAAAAAAAA…\" - names as in capabilities(7),\n"
                  " with or without CAP_, or ALL, and one word more\n" },
                /* A mark for what has no room even so. */
                { "one two three four five six seven eight nine ten eleven twelve one two three four five "
                  "six "
                  "seven eight nine ten eleven twelve one two three four five six seven eight nine ten "
                  "eleven "
                  "twelve",
                  " one two three four five six seven eight nine ten eleven\n"
                  " twelve one two three four five six seven eight nine ten\n"
                  " eleven twelve one two three four five six seven eight nin…\n" },
        };
        const struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.prompt = make_prompt("add:", "");
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                scene.view.prompt.error = cases[i].error;
                assert_shows(&scene.view, 60, 16, cases[i].shown);
        }
        scene.view.ascii = true;
        assert_shows(&scene.view, 60, 16, " seven eight nin~\n");
        scene.view.prompt.error = cases[0].error;
        assert_shows(&scene.view, 60, 16, "anoth~:\n");
        /* Where there is room it is whole. */
        assert_shows(&scene.view, 140, 40, "/another/one.json: No such");
        close_scene(&scene);
}

static void a_long_line_is_shown_whole_where_it_fits(void **state)
{
        const struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.prompt =
                make_prompt("line:",
                            "docker run --user=1000 --cap-add=CHOWN --cap-drop=ALL ubuntu sleep 3600");
        assert_bottom(&scene.view, 80, 24, 2,
                      " Enter: run   Esc: leave\n"
                      " line: docker run --user=1000 --cap-add=CHOWN --cap-drop=ALL ubuntu sleep 3600\n",
                      78, 23);
        assert_bottom(&scene.view, 60, 16, 3,
                      " Enter: run   Esc: leave\n"
                      " line: docker run --user=1000 --cap-add=CHOWN --cap-drop=AL\n"
                      "       L ubuntu sleep 3600\n",
                      26, 15);
        /* The cursor on the place where the line is broken stands on what it is before. */
        scene.view.prompt.cursor = 52;
        assert_bottom(&scene.view, 60, 16, 1, "       L ubuntu sleep 3600\n", 7, 15);
        scene.view.prompt.cursor = 51;
        assert_bottom(&scene.view, 60, 16, 1, "       L ubuntu sleep 3600\n", 58, 14);
        close_scene(&scene);
}

/* As many x as there are columns: the cursor needs a line of its own only when it stands behind them. */
static void a_full_line_has_room_for_the_cursor(void **state)
{
        const struct cast_of cast = first_cast();
        struct scene scene;
        char text[53];

        (void)state;
        memset(text, 'x', 52);
        text[52] = '\0';
        open_scene(&scene, &cast);
        scene.view.prompt = make_prompt("line:", text);
        assert_bottom(&scene.view, 60, 16, 1, "\n", 7, 15);
        scene.view.prompt.cursor = 0;
        assert_bottom(&scene.view, 60, 16, 1, " line: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
                      7, 15);
        close_scene(&scene);
}

static void a_text_beyond_a_third_of_the_screen_scrolls_with_the_cursor(void **state)
{
        const struct cast_of cast = first_cast();
        own_free char *text = xcalloc(10001, 1);
        struct scene scene;
        int x, y;

        (void)state;
        for (int i = 0; i < 10000; i++)
                text[i] = (char)('a' + i / 52 % 26);
        open_scene(&scene, &cast);
        scene.view.prompt = make_prompt("line:", text);
        for (size_t cursor = 0; cursor <= 10000; cursor += 100) {
                own_free char *shown = NULL;
                struct grid grid;

                scene.view.prompt.cursor = cursor;
                shown = bottom(&scene.view, 60, 16, 6, &x, &y);
                assert_int_equal(strncmp(shown, " Enter: run", 11), 0);
                assert_in_range(y, 11, 15);
                assert_in_range(x, 7, 58);
                grid_init(&grid, 60, 16);
                ui_draw(&scene.view, &grid);
                if (cursor < 10000)
                        assert_int_equal(grid_at(&grid, x, y)->c, text[cursor]);
                assert_int_equal(grid_at(&grid, 6, 11)->c, cursor > 52 * 3 ? 0x2026 : ' ');
                assert_int_equal(grid_at(&grid, 59, 15)->c, cursor < 9880 ? 0x2026 : ' ');
                grid_finish(&grid);
        }
        close_scene(&scene);
}

static void wide_characters_are_never_broken(void **state)
{
        const struct cast_of cast = first_cast();
        struct str text = { 0 };
        struct scene scene;
        int x, y;

        (void)state;
        str_add(&text, "x");
        for (int i = 0; i < 30; i++)
                str_add(&text, "日");
        open_scene(&scene, &cast);
        scene.view.prompt = make_prompt("line:", text.s);
        free(bottom(&scene.view, 60, 16, 2, &x, &y));
        assert_int_equal(y, 15);
        assert_int_equal(x, 7 + 10);
        str_finish(&text);
        close_scene(&scene);
}

static void hostile_text_is_escaped(void **state)
{
        const struct cast_of cast = first_cast();
        struct strv candidates = { 0 };
        struct scene scene;

        (void)state;
        strv_add(&candidates, "\033[31m\u202e");
        open_scene(&scene, &cast);
        scene.view.prompt = make_prompt("line:", "a\033]0;x\a\xff\n\u202e");
        scene.view.prompt.candidates = &candidates;
        assert_bottom(&scene.view, 80, 24, 2,
                      " \\x1b[31m\\u{202e}                                       Enter: run   Esc: leave\n"
                      " line: a\\x1b]0;x\\x07\\xff\\x0a\\u{202e}\n",
                      36, 23);
        scene.view.prompt.cursor = 2;
        assert_bottom(&scene.view, 80, 24, 1, " line: a\\x1b]0;x\\x07\\xff\\x0a\\u{202e}\n", 12, 23);
        scene.view.prompt.error = "unable to find user \033[2J";
        assert_shows(&scene.view, 80, 24, " unable to find user \\x1b[2J");
        strv_finish(&candidates);
        close_scene(&scene);
}

static void ascii_has_no_other_characters(void **state)
{
        const struct cast_of cast = first_cast();
        struct str text = { 0 };
        struct scene scene;

        (void)state;
        for (int i = 0; i < 400; i++)
                str_add(&text, "é");
        open_scene(&scene, &cast);
        scene.view.ascii = true;
        scene.view.filter[PANE_HOST] = "é";
        scene.view.prompt = make_prompt("line:", text.s);
        scene.view.prompt.cursor = 400;
        for (int cols = 60; cols <= 140; cols += 20) {
                own_free char *screen = screen_text(&scene.view, cols, 24);

                for (const char *c = screen; *c; c++)
                        assert_in_range(*c, '\n', '~');
                assert_non_null(strstr(screen, "\\u{e9}\\u{e9}"));
                assert_non_null(strstr(screen, "HOST  /\\u{e9}"));
        }
        str_finish(&text);
        close_scene(&scene);
}

static void every_size_and_cursor_can_be_drawn(void **state)
{
        static const char text[] = "docker run 日本 é --user=1000 ubuntu sleep 3600 docker run ubuntu";
        const struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.prompt = make_prompt("filter CONTAINER:", text);
        for (int cols = 1; cols < 170; cols += 3)
                for (int rows = 1; rows < 50; rows += 5) {
                        scene.view.prompt.cursor = (size_t)(cols * rows) % sizeof(text);
                        free(screen_text(&scene.view, cols, rows));
                }
        close_scene(&scene);
}

static void a_filter_keeps_what_is_tied_and_what_has_the_text(void **state)
{
        static const struct {
                const char *filter, *title;
                bool firefox, systemd;
        } cases[] = {
                { "firefox", "HOST  /firefox: 2 of 74 processes", true, false },
                { "FireF", "HOST  /FireF: 2 of 74 processes", true, false },
                { "3340", "HOST  /3340: 2 of 74 processes", true, false },
                { "alice", "HOST  /alice: 36 of 74 processes", true, false },
                { "nosuch", "HOST  /nosuch: 1 of 74 processes", false, false },
                { "sleep", "HOST  /sleep: 1 of 74 processes", false, false },
                { "", "HOST  this machine: 74 processes", true, true },
        };
        const struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                scene.view.filter[PANE_HOST] = cases[i].filter;
                assert_shows(&scene.view, 80, 60, cases[i].title);
                assert_shows(&scene.view, 80, 60, "sleep 3600 ═same═╪╪═══");
                assert_shows(&scene.view, 80, 60, "CONTAINER  sees 1 process");
                (cases[i].systemd ? assert_shows : assert_hides)(&scene.view, 80, 60, "systemd");
                /* All of it on a screen that is high enough. */
                (cases[i].firefox ? assert_shows : assert_hides)(&scene.view, 80, 110, "firefox");
        }
        close_scene(&scene);
}

static void each_pane_has_its_own_filter(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        cast.pid_shared = true;
        open_scene(&scene, &cast);
        scene.view.filter[PANE_CONTAINER] = "firefox";
        assert_shows(&scene.view, 140, 40, "CONTAINER  /firefox: 2 of 74 processes");
        assert_shows(&scene.view, 140, 40, "HOST  this machine: 74 processes");
        /* The tree is that of all rows: with some of them it would lie. */
        assert_shows(&scene.view, 140, 40, "├─");
        scene.view.filter[PANE_HOST] = "vitrine";
        assert_shows(&scene.view, 140, 40, "HOST  /vitrine: 3 of 74 processes");
        assert_hides(&scene.view, 140, 40, "├─");
        close_scene(&scene);
}

static void a_hostile_filter_is_escaped_and_cut_in_the_title(void **state)
{
        const struct cast_of cast = first_cast();
        own_free char *text = xcalloc(10001, 1);
        struct scene scene;

        (void)state;
        memset(text, 'x', 10000);
        text[0] = '\033';
        open_scene(&scene, &cast);
        scene.view.filter[PANE_HOST] = text;
        assert_shows(&scene.view, 80, 24, "HOST  /\\x1bxxxxxxxxxxxxxxx…: 1 of 74 ");
        close_scene(&scene);
}

static void the_pid_the_user_the_name_and_the_command_line_are_searched(void **state)
{
        struct proc proc = { .pid = 4711, .comm = (char[]){ "Xorg" }, .cmdline = (char[]){ "/bin/x -br" } };
        struct row row = { .proc = &proc, .user = "Élan-root" };
        static const struct {
                const char *text;
                bool matches;
        } cases[] = {
                { NULL, true },   { "", true },     { "4711", true },  { "71", true },    { "xORG", true },
                { "-BR", true },  { "root", true }, { "Él", true },    { "4712", false }, { "xorgs", false },
                { " -br", true }, { "%s", false },  { "\xff", false },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                assert_int_equal(lines_match(&row, cases[i].text), cases[i].matches);
}

static void the_screen_tells_how_far_it_can_be_scrolled(void **state)
{
        const struct cast_of cast = first_cast();
        struct reach reach = { 0 };
        struct scene scene;
        own_free char *last = NULL, *beyond = NULL, *before = NULL;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.reach = &reach;
        free(screen_text(&scene.view, 80, 24));
        assert_in_range(reach.scroll[PANE_HOST].most, 0, 74);
        assert_in_range(-reach.scroll[PANE_HOST].least, 1, 74);
        scene.view.scroll[PANE_HOST] = reach.scroll[PANE_HOST].least;
        last = screen_text(&scene.view, 80, 24);
        scene.view.scroll[PANE_HOST]--;
        beyond = screen_text(&scene.view, 80, 24);
        assert_string_equal(last, beyond);
        scene.view.scroll[PANE_HOST] += 2;
        before = screen_text(&scene.view, 80, 24);
        assert_string_not_equal(last, before);
        scene.view.help = true;
        free(screen_text(&scene.view, 80, 24));
        assert_in_range(reach.help, 1, 100);
        scene.view.help_scroll = reach.help;
        assert_hides(&scene.view, 80, 24, "more below");
        scene.view.help_scroll--;
        assert_shows(&scene.view, 80, 24, "more below");
        /* Higher than the help is long. */
        free(screen_text(&scene.view, 80, 100));
        assert_int_equal(reach.help, 0);
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
                cmocka_unit_test(a_prompt_takes_the_two_lowest_lines),
                cmocka_unit_test(candidates_and_keys_share_a_line_while_both_fit),
                cmocka_unit_test(an_error_stands_above_the_text_broken_where_it_must_be),
                cmocka_unit_test(a_long_error_keeps_its_remedy),
                cmocka_unit_test(a_long_line_is_shown_whole_where_it_fits),
                cmocka_unit_test(a_full_line_has_room_for_the_cursor),
                cmocka_unit_test(a_text_beyond_a_third_of_the_screen_scrolls_with_the_cursor),
                cmocka_unit_test(wide_characters_are_never_broken),
                cmocka_unit_test(hostile_text_is_escaped),
                cmocka_unit_test(ascii_has_no_other_characters),
                cmocka_unit_test(every_size_and_cursor_can_be_drawn),
                cmocka_unit_test(a_filter_keeps_what_is_tied_and_what_has_the_text),
                cmocka_unit_test(each_pane_has_its_own_filter),
                cmocka_unit_test(a_hostile_filter_is_escaped_and_cut_in_the_title),
                cmocka_unit_test(the_pid_the_user_the_name_and_the_command_line_are_searched),
                cmocka_unit_test(the_screen_tells_how_far_it_can_be_scrolled),
        };

        return cmocka_run_group_tests_name("ui_prompt", tests, use_utf8, NULL);
}
