/* SPDX-License-Identifier: MIT */
/* The terminal part on a pty, without a container: tests/screen/term_show.c. */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "raw.h"
#include "screen.h"

static struct screen *start(const char *const *args, const char *const *env, int cols, int rows)
{
        const char *build = getenv("top_builddir");
        struct screen_options options = {
                .args = args, .env = env, .cols = cols, .rows = rows, .uid = (uid_t)-1
        };
        char path[4096];

        snprintf(path, sizeof(path), "%s/tests/screen/term_show", build ? build : ".");
        options.program = path;
        return screen_start(&options);
}

static int finish(void **state)
{
        screen_finish(*state);
        *state = NULL;
        return 0;
}

static void keys_have_their_names(void **state)
{
        static const struct {
                const char *bytes, *name;
        } cases[] = {
                { "K", "K" },
                { " ", "space" },
                { "\r", "Enter" },
                { "\t", "Tab" },
                { "\033OA", "Up" },
                { "\033[A", "Up" },
                { "\033OB", "Down" },
                { "\033OC", "Right" },
                { "\033OD", "Left" },
                { "\033[Z", "BackTab" },
                { "\177", "BackSpace" },
                { "\b", "BackSpace" },
                { "\033[5~", "PgUp" },
                { "\033[6~", "PgDn" },
                { "\033OH", "Home" },
                { "\033OF", "End" },
                { "\033OP", "F1" },
                { "\033[24~", "F12" },
                { "\003", "C-c" },
                { "\014", "C-l" },
                { "\032", "C-z" },
                { "\021", "C-q" },
                { "\034", "C-\\" },
                { "\033x", "M-x" },
                { "\xc3\xa9", "é" },
                { "漢", "漢" },
                { "\033", "Esc" },
        };
        struct screen *screen = *state = start(NULL, NULL, 0, 0);

        screen_wait_text(screen, "key 0 <>");
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char wanted[64];

                snprintf(wanted, sizeof(wanted), "key %zu <%s>", i + 1, cases[i].name);
                screen_send(screen, cases[i].bytes);
                screen_wait_text(screen, wanted);
        }
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
}

static void what_is_no_key_is_left_out(void **state)
{
        static const char bytes[] = "\xff\xfe\x80\xc3(\033[1;5A\033[99~\033[200~\xf4\xbf\xbf\xbf\xe2\x80\x8b";
        struct screen *screen = *state = start(NULL, NULL, 0, 0);

        screen_wait_text(screen, "key 0 <>");
        screen_send(screen, bytes);
        screen_send(screen, "j");
        /* The parenthesis that the broken character ended in is one. */
        screen_wait_text(screen, "key 2 <j>");
}

static bool is_restored(struct screen *screen, const void *data)
{
        struct termios before, now;

        (void)data;
        screen_modes(screen, &before, &now);
        return !screen_is_alternate(screen) && screen_shows_cursor(screen) && before.c_lflag == now.c_lflag &&
               before.c_iflag == now.c_iflag && before.c_oflag == now.c_oflag &&
               memcmp(before.c_cc, now.c_cc, sizeof(before.c_cc)) == 0;
}

static void the_terminal_is_given_back(void **state)
{
        struct screen *screen = *state = start(NULL, NULL, 0, 0);

        screen_wait_text(screen, "key 0 <>");
        assert_true(screen_is_alternate(screen));
        assert_false(is_restored(screen, NULL));
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
        assert_true(is_restored(screen, NULL));
}

static void a_crash_gives_the_terminal_back(void **state)
{
        static const struct {
                const char *key;
                int signal;
        } cases[] = { { "S", SIGSEGV }, { "O", SIGSEGV }, { "A", SIGABRT }, { "B", SIGBUS },
                      { "F", SIGFPE },  { "I", SIGILL },  { "Y", SIGSYS },  { "T", SIGTRAP } };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct screen *screen = *state = start(NULL, NULL, 0, 0);
                int status;

                screen_wait_text(screen, "key 0 <>");
                assert_false(is_restored(screen, NULL));
                screen_send(screen, cases[i].key);
                status = screen_wait_end(screen);
                /* A sanitizer reports the fault and ends with a status of its own. */
#if defined(__SANITIZE_ADDRESS__)
                assert_int_not_equal(status, 0);
#else
                assert_int_equal(status, 128 + cases[i].signal);
#endif
                assert_true(is_restored(screen, NULL));
                finish(state);
        }
}

static void a_terminal_that_cannot_do_it_is_refused(void **state)
{
        static const struct {
                const char *term, *argument, *why, *hint;
        } cases[] = {
                { "TERM=", NULL, "TERM is not set", "TERM=xterm vitrine" },
                { "TERM=dumb", NULL, "TERM is dumb", "vitrine snapshot" },
                { "TERM=no-such-terminal", NULL, "TERM is no-such-terminal", "vitrine snapshot" },
                { "TERM=../x", NULL, "TERM is ../x", "TERM=xterm vitrine" },
                { "TERM=xterm", "pipe", "standard output is no terminal", "vitrine snapshot" },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const char *env[] = { cases[i].term, NULL }, *args[] = { cases[i].argument, NULL };
                struct screen *screen = *state = start(args, env, 0, 0);

                assert_int_equal(screen_wait_end(screen), 125);
                if (screen_find(screen, cases[i].why) < 0 || screen_find(screen, cases[i].hint) < 0)
                        screen_fail(screen, "wanted %s, %s", cases[i].why, cases[i].hint);
                assert_true(is_restored(screen, NULL));
                finish(state);
        }
}

static void sizes_from_1x1_to_1000x1000(void **state)
{
        static const int sizes[][2] = { { 1, 1 },   { 80, 24 }, { 1000, 1000 },
                                        { 60, 16 }, { 1, 300 }, { 300, 1 } };
        struct screen *screen = *state = start(NULL, NULL, 80, 24);

        screen_wait_text(screen, "80x24 key 0");
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
                char wanted[64];

                snprintf(wanted, sizeof(wanted), "%dx%d key", sizes[i][0], sizes[i][1]);
                wanted[sizes[i][0] < 8 ? sizes[i][0] : 8] = '\0';
                screen_resize(screen, sizes[i][0], sizes[i][1]);
                screen_wait_text(screen, wanted);
        }
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
}

static void of_a_larger_terminal_a_thousand_columns_are_used(void **state)
{
        struct screen *screen = *state = start(NULL, NULL, 2000, 2);

        /* ncurses 6.5 goes no further than 512. */
        screen_wait_text(screen, "x2 key 0");
        assert_true(strstr(screen_text(screen), "1000x2 key 0") ||
                    strstr(screen_text(screen), "512x2 key 0"));
        screen_resize(screen, 3, 1500);
        screen_wait_text(screen, "3x1");
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
}

static void lines_and_columns_of_the_environment_do_not_count(void **state)
{
        static const char *const env[] = { "LINES=100000", "COLUMNS=100000", NULL };
        struct screen *screen = *state = start(NULL, env, 70, 20);

        screen_wait_text(screen, "70x20 key 0");
}

static bool has_cursor_at_3_1(struct screen *screen, const void *data)
{
        int x, y;

        (void)data;
        screen_cursor(screen, &x, &y);
        return x == 3 && y == 1 && screen_shows_cursor(screen);
}

static void the_cursor_stands_where_the_grid_says(void **state)
{
        struct screen *screen = *state = start(NULL, NULL, 0, 0);

        screen_wait_text(screen, "key 0 <>");
        screen_wait(screen, has_cursor_at_3_1, NULL, "the cursor");
        assert_string_equal(screen_row(screen, 2), "► ● ○ ═ │ 漢字");
        assert_string_equal(screen_row(screen, 3), "?");
}

static void colours_follow_the_terminal(void **state)
{
        static const struct {
                const char *term, *no_color;
                const char *says;
                bool coloured, grey;
        } cases[] = {
                { "TERM=xterm-256color", NULL, "colour", true, true },
                { "TERM=xterm", NULL, "colour", true, false },
                { "TERM=linux", NULL, "colour", true, false },
                { "TERM=vt100", NULL, "mono", false, false },
                { "TERM=xterm-256color", "mono", "mono", false, false },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const char *env[] = { cases[i].term, NULL }, *args[] = { cases[i].no_color, NULL };
                struct screen *screen = *state = start(args, env, 0, 0);
                const char *raw;
                size_t len;

                screen_wait_text(screen, cases[i].says);
                screen_send(screen, "q");
                assert_int_equal(screen_wait_end(screen), 0);
                raw = screen_raw(screen, &len);
                assert_int_equal(raw_sets_colour(raw, len), cases[i].coloured);
                assert_int_equal(strstr(raw, "38;5;243") != NULL, cases[i].grey);
                assert_false(raw_sets_background(raw, len));
                finish(state);
        }
}

static void ascii_where_the_locale_or_the_user_says_so(void **state)
{
        static const struct {
                const char *locale, *argument;
        } cases[] = { { "LC_ALL=C", NULL }, { "LC_ALL=C.UTF-8", "ascii" } };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const char *env[] = { cases[i].locale, NULL }, *args[] = { cases[i].argument, NULL };
                struct screen *screen = *state = start(args, env, 0, 0);
                const char *raw;
                size_t len;

                screen_wait_text(screen, " ascii ");
                screen_wait_text(screen, "> * o");
                raw = screen_raw(screen, &len);
                assert_false(raw_leaves_ascii(raw, len));
                finish(state);
        }
}

enum { FRAME_BYTES = 200 };

static bool has_written(struct screen *screen, const void *data)
{
        size_t len;

        screen_raw(screen, &len);
        return len > *(const size_t *)data;
}

/* Two frames that are alike: the second writes nothing. */
static void an_equal_frame_writes_nothing_and_a_redraw_everything(void **state)
{
        struct screen *screen = *state = start(NULL, NULL, 0, 0);
        size_t before, after;

        screen_wait_text(screen, "key 0 <>");
        screen_send(screen, "a");
        screen_wait_text(screen, "key 1 <a>");
        screen_raw(screen, &before);
        screen_send(screen, "b");
        screen_wait_text(screen, "key 2 <b>");
        screen_raw(screen, &after);
        assert_in_range(after - before, 1, 60);
        before = after;
        screen_send(screen, "\014");
        screen_wait_text(screen, "key 3 <C-l>");
        before += FRAME_BYTES;
        screen_wait(screen, has_written, &before, "a whole frame");
}

static void a_stop_is_not_lost_to_a_frame(void **state)
{
        struct screen *screen = *state = start(NULL, NULL, 0, 0);

        screen_wait_text(screen, "key 0 <>");
        screen_send(screen, "Z");
        screen_wait_text(screen, "key 1 <kept>");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_teardown(keys_have_their_names, finish),
                cmocka_unit_test_teardown(what_is_no_key_is_left_out, finish),
                cmocka_unit_test_teardown(the_terminal_is_given_back, finish),
                cmocka_unit_test_teardown(a_crash_gives_the_terminal_back, finish),
                cmocka_unit_test_teardown(a_terminal_that_cannot_do_it_is_refused, finish),
                cmocka_unit_test_teardown(sizes_from_1x1_to_1000x1000, finish),
                cmocka_unit_test_teardown(of_a_larger_terminal_a_thousand_columns_are_used, finish),
                cmocka_unit_test_teardown(lines_and_columns_of_the_environment_do_not_count, finish),
                cmocka_unit_test_teardown(the_cursor_stands_where_the_grid_says, finish),
                cmocka_unit_test_teardown(colours_follow_the_terminal, finish),
                cmocka_unit_test_teardown(ascii_where_the_locale_or_the_user_says_so, finish),
                cmocka_unit_test_teardown(an_equal_frame_writes_nothing_and_a_redraw_everything, finish),
                cmocka_unit_test_teardown(a_stop_is_not_lost_to_a_frame, finish),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
