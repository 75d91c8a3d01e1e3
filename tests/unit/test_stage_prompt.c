/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "caps/caps.h"
#include "stage/complete.h"
#include "stage/prompt.h"

/* Presses the keys that stand there, each with a space behind it but the last. */
static enum prompt_did press(struct prompt *prompt, const char *keys)
{
        own_free char *copy = xstrdup(keys);
        enum prompt_did did = PROMPT_EDITED;
        char *rest = copy, *key;

        while ((key = strsep(&rest, " ")) != NULL)
                did = prompt_press(prompt, key);
        return did;
}

/* The text with | where the cursor stands. */
static char *shown(const struct prompt *prompt)
{
        own_free char *text = prompt_text(prompt);

        return xasprintf("%.*s|%s", (int)prompt->before, text, text + prompt->before);
}

static void assert_shows(const struct prompt *prompt, const char *wanted)
{
        own_free char *text = shown(prompt);

        assert_string_equal(text, wanted);
}

static void keys_edit_the_line(void **state)
{
        static const struct {
                const char *text, *keys, *shown;
        } cases[] = {
                { "", "a b space é 日", "ab é日|" },
                { "ab", "Left c", "ac|b" },
                { "ab", "Left Left Left Left c", "c|ab" },
                { "ab", "Home Right Right Right c", "abc|" },
                { "ab", "Home c End d", "cabd|" },
                { "ab", "C-a c C-e d", "cabd|" },
                { "aé日", "BackSpace BackSpace", "a|" },
                { "aé日", "Left Left Delete", "a|日" },
                { "ab", "BackSpace BackSpace BackSpace", "|" },
                { "ab", "Delete", "ab|" },
                { "ab", "C-d Home C-d", "|b" },
                { "one two", "C-w", "one |" },
                { "one two  ", "C-w", "one |" },
                { "one two", "C-w C-w C-w", "|" },
                { "one two", "Left Left C-w", "one |wo" },
                { "one two", "Left Left Left C-u", "|two" },
                { "one two", "Left Left Left C-k", "one |" },
                { "one", "C-u", "|" },
                { "ab", "C-b c C-f d", "acbd|" },
                /* Names that are no characters change nothing. */
                { "ab", "F1 PgUp Insert C-c C-z M-a M-space BackTab nonsense", "ab|" },
                { "ab", "Up Down", "ab|" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct prompt prompt = { 0 };

                prompt_open(&prompt, cases[i].text, NULL);
                assert_int_equal(press(&prompt, cases[i].keys), PROMPT_EDITED);
                assert_shows(&prompt, cases[i].shown);
                assert_false(prompt.cut);
                prompt_close(&prompt);
                assert_false(prompt_is_open(&prompt));
        }
}

static void an_offer_gives_way_to_what_is_typed(void **state)
{
        static const struct {
                const char *keys, *shown;
        } cases[] = {
                { "i d", "id|" },        { "é", "é|" },
                { "C-e x", "ps axx|" },  { "BackSpace x", "ps ax|" },
                { "Home x", "x|ps ax" }, { "space x", "ps ax x|" },
                { "Tab x", "ps axx|" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct prompt prompt = { 0 };

                prompt_open(&prompt, "ps ax", NULL);
                prompt_offer(&prompt);
                assert_shows(&prompt, "ps ax|");
                press(&prompt, cases[i].keys);
                assert_shows(&prompt, cases[i].shown);
                prompt_close(&prompt);
        }
}

static void some_keys_are_the_callers(void **state)
{
        struct prompt prompt = { 0 };

        (void)state;
        prompt_open(&prompt, "x", NULL);
        assert_true(prompt_is_open(&prompt));
        assert_int_equal(prompt_press(&prompt, "Enter"), PROMPT_ENTER);
        assert_int_equal(prompt_press(&prompt, "Esc"), PROMPT_LEAVE);
        assert_int_equal(prompt_press(&prompt, "Tab"), PROMPT_TAB);
        assert_shows(&prompt, "x|");
        prompt_close(&prompt);
        prompt_close(&prompt);
}

/* What is no text never gets in: the terminal names control characters, and this is the second fence. */
static void hostile_keys_are_not_text(void **state)
{
        static const char *const keys[] = {
                "",       "\033",       "\001",         "\177",     "\t",           "\n",
                "\x80",   "\xff",       "\xc3",         "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                "\u200b", "\u202e",     "\u2066",       "\ufeff",   "\u0301",       "\xc2\x85",
                "ab",     "\U000e0041", "\xc3\xa9\xc3", "\u2028",
        };
        struct prompt prompt = { 0 };

        (void)state;
        prompt_open(&prompt, "", NULL);
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
                assert_int_equal(prompt_press(&prompt, keys[i]), PROMPT_EDITED);
                assert_shows(&prompt, "|");
        }
        prompt_close(&prompt);
}

/* The text may come from a command line: the cursor goes over what is no UTF-8 byte by byte. */
static void invalid_utf8_is_edited_byte_by_byte(void **state)
{
        struct prompt prompt = { 0 };

        (void)state;
        prompt_open(&prompt, "a\xff\xc3z", NULL);
        press(&prompt, "Left Left");
        assert_shows(&prompt, "a\xff|\xc3z");
        press(&prompt, "BackSpace Delete");
        assert_shows(&prompt, "a|z");
        prompt_close(&prompt);
}

static void a_flood_is_cut_and_says_so(void **state)
{
        struct prompt prompt = { 0 };
        own_free char *text = NULL;

        (void)state;
        prompt_open(&prompt, "", NULL);
        for (int i = 0; i < 1000000; i++)
                assert_int_equal(prompt_press(&prompt, "x"), PROMPT_EDITED);
        text = prompt_text(&prompt);
        assert_int_equal(strlen(text), PROMPT_BYTES);
        assert_true(prompt.cut);
        press(&prompt, "Home Right Left End");
        assert_true(prompt.cut);
        press(&prompt, "BackSpace");
        assert_false(prompt.cut);
        /* No half of a character. */
        press(&prompt, "é");
        assert_true(prompt.cut);
        press(&prompt, "C-u y");
        assert_shows(&prompt, "y|");
        assert_false(prompt.cut);
        prompt_close(&prompt);
}

static void a_key_in_front_of_a_long_line_costs_no_more(void **state)
{
        struct prompt prompt = { 0 };
        own_free char *text = xcalloc(PROMPT_BYTES, 1);

        (void)state;
        memset(text, 'x', PROMPT_BYTES - 2);
        prompt_open(&prompt, text, NULL);
        prompt_press(&prompt, "Home");
        /* Were it a copy of the line each, this would be 64 gigabytes. */
        for (int i = 0; i < 2000000; i++) {
                prompt_press(&prompt, "y");
                prompt_press(&prompt, "BackSpace");
        }
        assert_int_equal(prompt.before, 0);
        assert_int_equal(prompt.after, PROMPT_BYTES - 2);
        prompt_close(&prompt);
}

static void a_text_that_is_too_long_opens_cut(void **state)
{
        struct prompt prompt = { 0 };
        own_free char *text = xcalloc(PROMPT_BYTES + 2, 1);

        (void)state;
        memset(text, 'x', PROMPT_BYTES + 1);
        prompt_open(&prompt, text, NULL);
        assert_true(prompt.cut);
        assert_int_equal(prompt.before, PROMPT_BYTES);
        prompt_close(&prompt);
}

static void up_and_down_go_through_the_history(void **state)
{
        struct strv history = { 0 };
        struct prompt prompt = { 0 };

        (void)state;
        strv_add(&history, "one");
        strv_add(&history, "two");
        prompt_open(&prompt, "", &history);
        press(&prompt, "n e w Up");
        assert_shows(&prompt, "two|");
        press(&prompt, "Up Up Up");
        assert_shows(&prompt, "one|");
        press(&prompt, "! Down");
        assert_shows(&prompt, "two|");
        press(&prompt, "Down");
        assert_shows(&prompt, "new|");
        press(&prompt, "Down Down");
        assert_shows(&prompt, "new|");
        press(&prompt, "C-p C-p C-n");
        assert_shows(&prompt, "two|");
        /* What is open already shows the newest line: Up goes to the one before it. */
        prompt_open(&prompt, "two", &history);
        press(&prompt, "Up");
        assert_shows(&prompt, "one|");
        press(&prompt, "Down Down");
        assert_shows(&prompt, "|");
        prompt_close(&prompt);
        strv_finish(&history);
}

static void a_backslash_at_the_end_joins_lines(void **state)
{
        static const struct {
                const char *text;
                bool joins;
                const char *shown;
        } cases[] = {
                { "docker run \\", true, "docker run |" },
                { "docker run", false, "docker run|" },
                { "a\\\\", false, "a\\\\|" },
                { "a\\\\\\", true, "a\\\\|" },
                { "", false, "|" },
                { "\\", true, "|" },
        };
        struct prompt prompt = { 0 };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                prompt_open(&prompt, cases[i].text, NULL);
                assert_int_equal(prompt_join_lines(&prompt), cases[i].joins);
                assert_shows(&prompt, cases[i].shown);
        }
        prompt_open(&prompt, "a\\b", NULL);
        press(&prompt, "Left");
        assert_false(prompt_join_lines(&prompt));
        prompt_close(&prompt);
}

static void a_word_is_replaced_up_to_the_cursor(void **state)
{
        struct prompt prompt = { 0 };
        own_free char *text = xcalloc(PROMPT_BYTES + 2, 1);

        (void)state;
        prompt_open(&prompt, "run mac_a x", NULL);
        press(&prompt, "Left Left");
        prompt_replace(&prompt, 4, "MAC_ADMIN");
        assert_shows(&prompt, "run MAC_ADMIN| x");
        memset(text, 'x', PROMPT_BYTES + 1);
        prompt_replace(&prompt, 4, text);
        prompt_replace(&prompt, 1000, "y");
        assert_shows(&prompt, "run MAC_ADMIN| x");
        prompt_close(&prompt);
}

static void assert_candidates(const struct strv *candidates, const char *wanted, const char *common)
{
        own_free char *same = complete_common(candidates);
        struct str text = { 0 };

        for (size_t i = 0; i < candidates->n; i++)
                str_add_f(&text, "%s%s", i ? " " : "", candidates->v[i]);
        assert_string_equal(str_text(&text), wanted);
        assert_string_equal(same, common);
        str_finish(&text);
}

static void capabilities_complete_in_any_case(void **state)
{
        static const struct {
                const char *word, *candidates, *common;
        } cases[] = {
                { "mac", "MAC_OVERRIDE MAC_ADMIN", "MAC_" },
                { "MAC_A", "MAC_ADMIN", "MAC_ADMIN" },
                { "cap_mac_a", "MAC_ADMIN", "MAC_ADMIN" },
                { "a", "ALL AUDIT_WRITE AUDIT_CONTROL AUDIT_READ", "A" },
                { "all", "ALL", "ALL" },
                { "nosuch", "", "" },
                { "KILLS", "", "" },
                { "\x1b[2J", "", "" },
        };
        struct strv all = { 0 }, some = { 0 };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct strv candidates = { 0 };

                complete_caps(cases[i].word, CAPS_ALL, &candidates);
                assert_candidates(&candidates, cases[i].candidates, cases[i].common);
                strv_finish(&candidates);
        }
        complete_caps("", CAPS_ALL, &all);
        assert_int_equal(all.n, CAPS_N + 1);
        complete_caps("", caps_bit(5), &some);
        assert_candidates(&some, "ALL KILL", "");
        strv_finish(&all);
        strv_finish(&some);
}

static const char passwd[] = "root:x:0:0::/root:/bin/sh\nstudent:x:1000:1000::/:/bin/sh\n\nst.dev:x:5:5\n"
                             "\033[31m:x:1:1\n:x:2:2\n+::::::\nno colon\nstaff";

static void users_complete_to_names_that_can_be_typed(void **state)
{
        static const struct {
                const char *word, *candidates, *common;
        } cases[] = {
                { "", "root student st.dev", "" },
                { "st", "student st.dev", "st" },
                { "stu", "student", "student" },
                { "ST", "", "" },
                { "student:", "", "" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct strv candidates = { 0 };

                complete_users(cases[i].word, passwd, &candidates);
                assert_candidates(&candidates, cases[i].candidates, cases[i].common);
                strv_finish(&candidates);
        }
}

static void all_of_many_names_are_offered(void **state)
{
        struct strv candidates = { 0 };
        struct str text = { 0 };

        (void)state;
        for (int i = 0; i < 1000; i++)
                str_add_f(&text, "student%03d:x:%d:100::/:/bin/sh\n", i, 1000 + i);
        complete_users("stu", str_text(&text), &candidates);
        assert_int_equal(candidates.n, 1000);
        assert_string_equal(candidates.v[999], "student999");
        strv_finish(&candidates);
        str_finish(&text);
}

static void a_docker_line_completes_where_the_cursor_is(void **state)
{
        static const struct {
                const char *text; /* the cursor is at | */
                const char *candidates;
                size_t start;
        } cases[] = {
                { "docker run --cap-a|", "--cap-add=", 11 },
                { "docker run --cap-|drop", "--cap-add= --cap-drop=", 11 },
                { "docker run --cap-add=mac_a| ubuntu", "MAC_ADMIN", 21 },
                { "docker run --cap-drop  kil| ubuntu", "KILL", 23 },
                { "docker run --user stu|", "student", 18 },
                { "docker run -u=stu|", "student", 14 },
                { "docker run --hostname=mac_a|", "", 22 },
                { "docker run ubu|", "", 11 },
                { "|", "", 0 },
                { "   |", "", 3 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                size_t cursor = strcspn(cases[i].text, "|");
                own_free char *text =
                        xasprintf("%.*s%s", (int)cursor, cases[i].text, cases[i].text + cursor + 1);
                own_free char *common = NULL;
                struct strv candidates = { 0 };

                assert_int_equal(complete_line(text, cursor, passwd, &candidates), cases[i].start);
                common = complete_common(&candidates);
                assert_candidates(&candidates, cases[i].candidates, common);
                strv_finish(&candidates);
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
                cmocka_unit_test(keys_edit_the_line),
                cmocka_unit_test(an_offer_gives_way_to_what_is_typed),
                cmocka_unit_test(some_keys_are_the_callers),
                cmocka_unit_test(hostile_keys_are_not_text),
                cmocka_unit_test(invalid_utf8_is_edited_byte_by_byte),
                cmocka_unit_test(a_flood_is_cut_and_says_so),
                cmocka_unit_test(a_key_in_front_of_a_long_line_costs_no_more),
                cmocka_unit_test(a_text_that_is_too_long_opens_cut),
                cmocka_unit_test(up_and_down_go_through_the_history),
                cmocka_unit_test(a_backslash_at_the_end_joins_lines),
                cmocka_unit_test(a_word_is_replaced_up_to_the_cursor),
                cmocka_unit_test(capabilities_complete_in_any_case),
                cmocka_unit_test(users_complete_to_names_that_can_be_typed),
                cmocka_unit_test(all_of_many_names_are_offered),
                cmocka_unit_test(a_docker_line_completes_where_the_cursor_is),
        };

        return cmocka_run_group_tests_name("stage_prompt", tests, use_utf8, NULL);
}
