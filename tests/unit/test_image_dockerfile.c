/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "base/str.h"
#include "image/dockerfile.h"
#include "image/dockerfile_words.h"
#include "image/expand.h"

/* "LINE:NAME[flags] text;" for each instruction, or "! step: why hint". */
static char *parsed(const char *text)
{
        struct dockerfile file;
        struct fault fault = { 0 };
        struct str out = { 0 };

        if (!dockerfile_parse("D", text, &file, &fault)) {
                str_add_f(&out, "! %s: %s|%s", fault.step, fault.why, fault.hint);
                return str_take(&out);
        }
        for (size_t i = 0; i < file.n; i++) {
                str_add_f(&out, "%u:%s", file.v[i].line, instruction_name(file.v[i].kind));
                for (size_t j = 0; j < file.v[i].flags.n; j++)
                        str_add_f(&out, "[%s]", file.v[i].flags.v[j]);
                str_add_f(&out, " %s;", file.v[i].text);
        }
        dockerfile_finish(&file);
        return str_take(&out);
}

static void lines_become_instructions(void **state)
{
        static const struct {
                const char *text, *wanted;
        } cases[] = {
                { "FROM a\nUSER b", "1:FROM a;2:USER b;" },
                { "from a\r\nuSeR  b \t\r\n", "1:FROM a;2:USER b;" },
                { "\xef\xbb\xbf# c\n\n  FROM a\n", "3:FROM a;" },
                { "USER \\\n  1000\nCMD x", "1:USER 1000;3:CMD x;" },
                { "CMD a \\\n# c\n\n  # d\n b\nUSER", "1:CMD a  b;6:USER ;" },
                { "CMD a\\  \t\nb", "1:CMD ab;" },
                { "CMD a\\", "1:CMD a;" },
                { "CMD a \\ b", "1:CMD a \\ b;" },
                { "# escape=`\nUSER `\n 1\nCMD a\\\nUSER b", "2:USER 1;4:CMD a\\;5:USER b;" },
                { "#escape = \\\nCMD a\\\nb", "2:CMD ab;" },
                { "# a comment\n# escape=`\nCMD a`\nUSER b", "3:CMD a`;4:USER b;" },
                { "# other=1\n# escape=`\nCMD a`\nUSER b", "3:CMD a`;4:USER b;" },
                { "# syntax=docker/dockerfile:1\n# ESCAPE=`\nCMD a`\nb", "3:CMD ab;" },
                { "FROM --platform=x --y a", "1:FROM[--platform=x][--y] a;" },
                { "CMD -- --x", "1:CMD --x;" },
                { "USER # no comment", "1:USER # no comment;" },
                { "USER\n", "1:USER ;" },
                { "\\\nUSER a", "1:USER a;" },
                { "FROM a\nRUN <<EOF\necho hi\nEOF\nUSER b", "1:FROM a;2:RUN <<EOF;5:USER b;" },
                { "copy --chown=1 <<-'E' <<\"F\" /x\n\tone\n\tE\ntwo\nE\nF\nUSER b",
                  "1:COPY[--chown=1] <<-'E' <<\"F\" /x;7:USER b;" },
                { "ADD 3<<E x\n E\n\tE\nE\r\nUSER b", "1:ADD 3<<E x;5:USER b;" },
                { "ONBUILD RUN <<E\nx\nE\nUSER b", "1:ONBUILD RUN <<E;4:USER b;" },
                { "RUN <<E\nUSER b", "1:RUN <<E;" },
                { "RUN a<<E b <<<E '<<E' << $((1<<2))\nUSER b",
                  "1:RUN a<<E b <<<E '<<E' << $((1<<2));2:USER b;" },
                { "CMD <<E\nUSER b", "1:CMD <<E;2:USER b;" },
                { "", "! D:1: the Dockerfile cannot be empty|" },
                { "\xef\xbb\xbf", "! D:1: the Dockerfile cannot be empty|" },
                { "# c\n\n", "! D:2: file with no instructions|" },
                { "FROM a\nUSRE 1", "! D:2: unknown instruction: USRE|did you mean USER?" },
                { "FROM a\n\nentrypont x", "! D:3: unknown instruction: ENTRYPONT|did you mean ENTRYPOINT?" },
                { "# escape=x\nFROM a", "! D:1: invalid ESCAPE 'x'. Must be ` or \\|" },
                { "# escape=\\\n# escape=`\nFROM a", "! D:2: only one escape parser directive can be used|" },
                { "FROM a\nxyzzy 1", "! D:2: unknown instruction: XYZZY|a line begins with an instruction "
                                     "(FROM, USER, ENV, CMD ...), "
                                     "and one that goes on ends with \\" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *got = parsed(cases[i].text);

                assert_string_equal(got, cases[i].wanted);
        }
}

static void every_instruction_is_known_in_any_case(void **state)
{
        (void)state;
        for (int kind = 0; kind < INSTRUCTIONS_N; kind++) {
                const char *name = instruction_name((enum instruction_kind)kind);
                own_free char *text = xasprintf("%c%s x", name[0] + ('a' - 'A'), name + 1);
                own_free char *got = parsed(text), *wanted = xasprintf("1:%s x;", name);

                assert_string_equal(got, wanted);
        }
}

static char *joined(const struct strv *words)
{
        struct str out = { 0 };

        for (size_t i = 0; i < words->n; i++)
                str_add_f(&out, "<%s>", words->v[i]);
        return str_take(&out);
}

static void words_are_split_outside_of_quotes(void **state)
{
        static const struct {
                const char *text;
                char escape;
                const char *wanted;
        } cases[] = {
                { "A=1 B=\"two words\"", '\\', "<A=1><B=\"two words\">" },
                { "P=\"a\\\"b\" Q=c\\ d", '\\', "<P=\"a\\\"b\"><Q=c\\ d>" },
                { "  a\t'b c'd  ", '\\', "<a><'b c'd>" },
                { "'a\\' b", '\\', "<'a\\'><b>" },
                { "a \"\" b", '\\', "<a><\"\"><b>" },
                { "a\\", '\\', "<a>" },
                { "a` b\\ c", '`', "<a` b\\><c>" },
                { "\"open and", '\\', "<\"open and>" },
                { "\"x\\", '\\', "<\"x>" },
                { "", '\\', "" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct strv words = { 0 };
                own_free char *got = NULL;

                dockerfile_split(cases[i].text, cases[i].escape, &words);
                got = joined(&words);
                assert_string_equal(got, cases[i].wanted);
                strv_finish(&words);
        }
}

static void the_exec_form_is_a_json_list_of_strings(void **state)
{
        static const struct {
                const char *text;
                enum json_list answer;
                const char *wanted;
        } cases[] = {
                { "[\"echo\",\"$HOME\"]", JSON_LIST, "<echo><$HOME>" },
                { " [ \"a\" , \"\" ] ", JSON_LIST, "<a><>" },
                { "[]", JSON_LIST, "" },
                { "[\"a\"] b", JSON_LIST, "<a>" },
                { "[\"\\u00e9\\n\\\"\\/\\u0041\"]", JSON_LIST, "<\xc3\xa9\n\"/A>" },
                { "[\"\\ud83d\\ude00\\ud83d\"]", JSON_LIST, "<\xf0\x9f\x98\x80\xef\xbf\xbd>" },
                { "['echo','x']", JSON_LIST_NOT, "" },
                { "[ -f /x ] && y", JSON_LIST_NOT, "" },
                { "[\"a\"", JSON_LIST_NOT, "" },
                { "[\"a\",]", JSON_LIST_NOT, "" },
                { "[\"a", JSON_LIST_NOT, "" },
                { "[\"a\\", JSON_LIST_NOT, "" },
                { "[\"\\u12", JSON_LIST_NOT, "" },
                { "[\"\\x\"]", JSON_LIST_NOT, "" },
                { "[\"tab\there\"]", JSON_LIST_NOT, "" },
                { "echo", JSON_LIST_NOT, "" },
                { "", JSON_LIST_NOT, "" },
                { "[1]", JSON_LIST_STRANGE, "" },
                { "[\"a\", [\"b\"]]", JSON_LIST_STRANGE, "" },
                { "[\"a\\u0000b\"]", JSON_LIST_STRANGE, "" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct strv words = { 0 };
                own_free char *got = NULL;

                assert_int_equal(dockerfile_json(cases[i].text, &words), cases[i].answer);
                got = joined(&words);
                assert_string_equal(got, cases[i].wanted);
                strv_finish(&words);
        }
}

/* X is empty, Y is y, BIG is long. */
static const char *look_up(void *data, const char *name, size_t n)
{
        if (n == 1 && *name == 'X')
                return "";
        if (n == 1 && *name == 'Y')
                return "y y";
        return n == 3 && strncmp(name, "BIG", 3) == 0 ? data : NULL;
}

static void variables_are_put_in(void **state)
{
        static const struct {
                const char *text, *wanted;
        } cases[] = {
                { "$Y", "y y" },
                { "a${Y}b", "ay yb" },
                { "$NOSUCH.", "." },
                { "${X:-dflt}|${Y:-dflt}|${N:-$Y}", "dflt|y y|y y" },
                { "${X:+alt}|${Y:+alt}|${N:+alt}", "|alt|" },
                { "${Y:?needed}", "y y" },
                { "${N:-a${X:-b}c}", "abc" },
                { "\\$Y \\a", "$Y a" },
                { "'$Y' \"$Y\" \"\\$Y\" \"\\a\" '\\'", "$Y y y $Y \\a \\" },
                { "a\"b\"'c'", "abc" },
                { "${N:-\"}\"}", "}" },
                { "$ $- $1 $12x ${1}", "$   x " },
                { "a$", "a$" },
                { "a\\", "a" },
                { "$Yx", "" },
                { "", "" },
                { "'open", "!unexpected end of statement while looking for matching single-quote" },
                { "\"open", "!unexpected end of statement while looking for matching double-quote" },
                { "${Y", "!syntax error: missing '}'" },
                { "${", "!syntax error: missing '}'" },
                { "${Y:-a", "!syntax error: missing '}'" },
                { "${}", "!bad substitution" },
                { "${Y-a}", "!unsupported modifier (-) in substitution of Y" },
                { "${Y:=a}", "!unsupported modifier (=) in substitution of Y" },
                { "${X:?is needed}", "!X: is needed" },
                { "$BIG$BIG", "!what its variables make of it is longer than 128 KiB" },
        };
        own_free char *big = xcalloc(1, EXPAND_MAX);

        (void)state;
        memset(big, 'b', EXPAND_MAX - 1);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *got = NULL;
                char why[EXPAND_WHY];

                if (!expand_text(cases[i].text, '\\', look_up, big, &got, why))
                        got = xasprintf("!%s", why);
                assert_string_equal(got, cases[i].wanted);
        }
}

static void variables_nest_only_so_deep(void **state)
{
        struct str text = { 0 };
        char why[EXPAND_WHY];
        char *got = NULL;

        (void)state;
        for (int i = 0; i < 100000; i++)
                str_add(&text, "${N:-");
        assert_false(expand_text(text.s, '\\', look_up, NULL, &got, why));
        assert_non_null(strstr(why, "deeper than 32"));
        str_finish(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(lines_become_instructions),
                cmocka_unit_test(every_instruction_is_known_in_any_case),
                cmocka_unit_test(words_are_split_outside_of_quotes),
                cmocka_unit_test(the_exec_form_is_a_json_list_of_strings),
                cmocka_unit_test(variables_are_put_in),
                cmocka_unit_test(variables_nest_only_so_deep),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
