/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "stage/action.h"

enum { IDS = ACT_COPY + 1, BAR_COLS = 24, KEY_COLS = 11 };

static void every_action_has_one_entry(void **state)
{
        int seen[IDS] = { 0 };

        (void)state;
        assert_int_equal(actions_n, IDS);
        for (size_t i = 0; i < actions_n; i++) {
                assert_in_range(actions[i].id, 0, IDS - 1);
                seen[actions[i].id]++;
        }
        for (int i = 0; i < IDS; i++)
                assert_int_equal(seen[i], 1);
}

static void no_key_and_no_name_means_two_things(void **state)
{
        (void)state;
        for (size_t i = 0; i < actions_n; i++) {
                const struct action *action = &actions[i];

                assert_ptr_equal(action_of_key(action->key), action);
                if (action->also)
                        assert_ptr_equal(action_of_key(action->also), action);
                for (size_t k = i + 1; k < actions_n; k++)
                        assert_string_not_equal(action->name, actions[k].name);
        }
        assert_null(action_of_key("no such key"));
        assert_null(action_of_key(""));
        assert_null(action_of_key("J"));
}

static void keys_are_those_of_the_manual(void **state)
{
        static const struct {
                const char *key;
                enum action_id id;
        } cases[] = {
                { "Left", ACT_LEFT },      { "Right", ACT_RIGHT },   { "Up", ACT_UP },
                { "Down", ACT_DOWN },      { "Tab", ACT_NEXT_PANE }, { "PgDn", ACT_PAGE_DOWN },
                { "PgUp", ACT_PAGE_UP },   { "space", ACT_TOGGLE },  { "K", ACT_KILL },
                { "M", ACT_MAC_ADMIN },    { "u", ACT_USER },        { "p", ACT_PRIVILEGED },
                { "N", ACT_NO_NEW_PRIVS }, { "z", ACT_UNDO },        { "Z", ACT_REDO },
                { "r", ACT_RESTART },      { "=", ACT_FOLLOW },      { "?", ACT_HELP },
                { "F1", ACT_HELP },        { "C-l", ACT_REDRAW },    { "q", ACT_QUIT },
                { "n", ACT_NAMESPACES },   { "i", ACT_INFO },        { "H", ACT_HOST_MODE },
                { "t", ACT_TREE },         { "B", ACT_BIG },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                assert_non_null(action_of_key(cases[i].key));
                assert_int_equal(action_of_key(cases[i].key)->id, cases[i].id);
        }
}

static void help_and_bar_fit(void **state)
{
        (void)state;
        for (size_t i = 0; i < actions_n; i++) {
                const struct action *action = &actions[i];

                assert_true(action->help && strlen(action->help) > 4);
                assert_true(action->help[strlen(action->help) - 1] != '.');
                if (action->shown)
                        assert_in_range(text_width(action->shown), 1, KEY_COLS);
                if (!action->bar)
                        continue;
                assert_in_range(text_width(action->bar), 4, BAR_COLS);
                /* The bar names the key that does it; the arrows are drawn. */
                if (strcmp(action->shown, "arrows") != 0)
                        assert_int_equal(strncmp(action->bar, action->key, strlen(action->key)), 0);
        }
}

static void rows_that_the_help_merges_stand_together(void **state)
{
        (void)state;
        for (size_t i = 0; i + 1 < actions_n; i++)
                for (size_t k = i + 1; k < actions_n; k++) {
                        if (!actions[i].shown || !actions[k].shown ||
                            strcmp(actions[i].shown, actions[k].shown) != 0)
                                continue;
                        assert_string_equal(actions[k - 1].shown, actions[k].shown);
                        assert_string_equal(actions[i].help, actions[k].help);
                }
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_action_has_one_entry),
                cmocka_unit_test(no_key_and_no_name_means_two_things),
                cmocka_unit_test(keys_are_those_of_the_manual),
                cmocka_unit_test(help_and_bar_fit),
                cmocka_unit_test(rows_that_the_help_merges_stand_together),
        };

        return cmocka_run_group_tests_name("stage_action", tests, use_utf8, NULL);
}
