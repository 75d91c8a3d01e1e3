/* SPDX-License-Identifier: MIT */
/* The recorded container on a terminal. With REPLAY_CHECKER (valgrind's path) and REPLAY_LOG in the
 * environment the program runs below that memory checker, which makes its exit status 99 when it has found
 * something. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "base/str.h"
#include "screen.h"

enum { ARGS_MAX = 12 };

struct run {
        struct screen *screen;
        struct strv args;
};

static void start(struct run *run, const char *word, int cols, int rows)
{
        const char *build = getenv("top_builddir"), *source = getenv("top_srcdir");
        const char *checker = getenv("REPLAY_CHECKER"), *log = getenv("REPLAY_LOG");
        const char *tmp = getenv("TMPDIR");
        own_free char *own_tmp = xasprintf("TMPDIR=%s", tmp ? tmp : "/tmp");
        own_free char *program = xasprintf("%s/tests/screen/replay", build ? build : ".");
        struct screen_options options = { .cols = cols, .rows = rows, .uid = (uid_t)-1 };

        options.env = (const char *const[]){ own_tmp, NULL };
        options.program = checker ? checker : program;
        if (checker) {
                strv_add(&run->args, "-q");
                strv_add(&run->args, "--error-exitcode=99");
                strv_add(&run->args, "--leak-check=full");
                strv_add(&run->args, "--errors-for-leak-kinds=definite,possible");
                strv_add(&run->args, "--vgdb=no"); /* which leaves pipes in /tmp */
                strv_add_take(&run->args, xasprintf("--log-file=%s.%%p", log ? log : "replay.valgrind"));
                strv_add(&run->args, program);
        }
        strv_add_take(&run->args, xasprintf("%s/tests/screen/recorded", source ? source : "."));
        if (word)
                strv_add(&run->args, word);
        options.args = (const char *const *)run->args.v;
        run->screen = screen_start(&options);
        screen_wait_text(run->screen, "q:quit");
}

static int finish(void **state)
{
        struct run *run = *state;

        screen_finish(run->screen);
        strv_finish(&run->args);
        *run = (struct run){ 0 };
        return 0;
}

static void leave(struct run *run)
{
        screen_send(run->screen, "q");
        assert_int_equal(screen_wait_end(run->screen), 0);
        assert_false(screen_is_alternate(run->screen));
        assert_true(screen_shows_cursor(run->screen));
}

static void the_recording_shows_74_processes_and_its_ties(void **state)
{
        struct run *run = *state;

        start(run, NULL, 80, 24);
        screen_wait_text(run->screen, "this machine: 74 processes");
        screen_wait_text(run->screen, "effective 00000000a80425fb");
        screen_wait_text(run->screen, "│►   3301");
        screen_wait_text(run->screen, "the other 72 are invisible here");
        leave(run);
}

static void keys_change_the_moment_and_mark_what_changed(void **state)
{
        struct run *run = *state;

        start(run, NULL, 100, 30);
        screen_send(run->screen, "K");
        screen_wait_text(run->screen, "docker run --cap-drop=KILL");
        screen_wait_text(run->screen, "effective 00000000a80425db");
        screen_wait_text(run->screen, "3324");
        screen_send(run->screen, "K");
        screen_wait_text(run->screen, "effective 00000000a80425fb");
        screen_send(run->screen, "u");
        screen_wait_text(run->screen, "effective 0000000000000000");
        screen_wait_text(run->screen, "uid 1000 student");
        leave(run);
}

static void every_pane_scrolls_and_comes_back(void **state)
{
        struct run *run = *state;

        start(run, NULL, 80, 24);
        /* From the capabilities to the machine's side. */
        screen_send(run->screen, "\033[A\033[B\033[C\033[D\t");
        for (int i = 0; i < 40; i++)
                screen_send(run->screen, i % 7 ? "\033[B" : "\033[6~");
        screen_wait_text(run->screen, "=: back to the tie");
        screen_wait_text(run->screen, "│►   3301"); /* what is tied stays in view */
        screen_send(run->screen, "=");
        screen_wait_no_text(run->screen, "=: back to the tie");
        screen_send(run->screen, "\t\033[B\033[B\033[A\033[5~\t");
        leave(run);
}

static void help_and_a_question_come_and_go(void **state)
{
        struct run *run = *state;

        start(run, NULL, 80, 24);
        screen_send(run->screen, "?");
        screen_wait_text(run->screen, "┌ KEYS ");
        screen_send(run->screen, "\033[B\033[6~\033[5~?");
        screen_wait_no_text(run->screen, "┌ KEYS ");
        screen_send(run->screen, "p");
        screen_wait_text(run->screen, "A privileged container?");
        screen_send(run->screen, "p\f");
        screen_wait_no_text(run->screen, "A privileged container?");
        leave(run);
}

static void every_size_is_drawn(void **state)
{
        static const int sizes[][2] = { { 200, 60 }, { 60, 16 }, { 20, 5 }, { 1, 1 },
                                        { 81, 25 },  { 300, 9 }, { 61, 90 } };
        struct run *run = *state;

        start(run, NULL, 80, 24);
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
                screen_resize(run->screen, sizes[i][0], sizes[i][1]);
                screen_send(run->screen, "K");
                screen_drain(run->screen);
        }
        screen_resize(run->screen, 80, 24);
        screen_wait_text(run->screen, "q:quit");
        leave(run);
}

static void what_a_process_calls_itself_stays_in_its_row(void **state)
{
        struct run *run = *state;

        start(run, "ascii", 132, 43);
        screen_wait_text(run->screen, "\\x1b]0;title\\x07");
        assert_false(screen_has_title(run->screen));
        leave(run);
}

int main(void)
{
        static struct run run;
#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, NULL, finish, &run)
        const struct CMUnitTest tests[] = {
                TEST(the_recording_shows_74_processes_and_its_ties),
                TEST(keys_change_the_moment_and_mark_what_changed),
                TEST(every_pane_scrolls_and_comes_back),
                TEST(help_and_a_question_come_and_go),
                TEST(every_size_is_drawn),
                TEST(what_a_process_calls_itself_stays_in_its_row),
        };

        return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
