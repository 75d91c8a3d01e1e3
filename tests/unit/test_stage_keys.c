/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stage/stage_state.h"

enum { OVER = 20 /* lines of the question that have no room */ };

/* A stage on which nothing runs, and a question is open that is longer than the screen. */
static struct stage *ask(struct loop *loop)
{
        const struct stage_settings settings = { .host_mode = HOST_NAMES };
        struct stage *stage = stage_new(&settings, loop);

        stage->pending = PENDING_FIRST;
        spec_init(&stage->pending_spec);
        stage->dialog_title = "A question?";
        stage->dialog_text = xstrdup("Much that is to be read.");
        stage->reach.dialog = OVER;
        return stage;
}

static void a_question_is_scrolled_to_its_end_and_back(void **state)
{
        static const struct {
                const char *key;
                int at; /* a page is 5 lines */
        } steps[] = {
                { "Up", 0 },      { "Down", 1 },    { "Down", 2 },  { "Up", 1 },        { "PgDn", 6 },
                { "PgDn", 11 },   { "PgUp", 6 },    { "PgDn", 11 }, { "PgDn", 16 },     { "PgDn", OVER },
                { "Down", OVER }, { "PgDn", OVER }, { "x", OVER },  { "Up", OVER - 1 },
        };
        struct loop loop = { 0 };
        struct stage *stage = ask(&loop);

        (void)state;
        stage_page(stage, 16);
        for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
                stage_press(stage, steps[i].key);
                assert_non_null(stage->dialog_text);
                assert_int_equal(stage->dialog_scroll, steps[i].at);
        }
        stage_wheel(stage, &(struct place){ .cap = -1, .ns = -1 }, -3);
        assert_int_equal(stage->dialog_scroll, OVER - 4);
        /* The next one is read from its beginning. */
        stage_press(stage, "n");
        assert_null(stage->dialog_text);
        assert_int_equal(stage->dialog_scroll, 0);
        assert_int_equal(stage->reach.dialog, 0);
        stage_close(stage);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_question_is_scrolled_to_its_end_and_back),
        };

        return cmocka_run_group_tests_name("stage/keys", tests, NULL, NULL);
}
