/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/spec.h"

/* The words joined with |, for comparing. */
static char *joined(const struct strv *words)
{
        struct str text = { 0 };

        for (size_t i = 0; i < words->n; i++)
                str_add_f(&text, "%s|", words->v[i]);
        return str_take(&text);
}

static void a_line_is_split_as_a_shell_would(void **state)
{
        static const struct {
                const char *line, *words;
        } cases[] = {
                { "", "" },
                { "  \t\n ", "" },
                { "a  b\tc\nd", "a|b|c|d|" },
                { "'a b' \"c d\"", "a b|c d|" },
                { "a'b'\"c\"d", "abcd|" },
                { "'' \"\" x", "||x|" },
                { "'a\\b' \"a\\b\" a\\b", "a\\b|a\\b|ab|" },
                { "\"\\$ \\` \\\" \\\\ \\n\"", "$ ` \" \\ \\n|" },
                { "$HOME `x` *", "$HOME|`x`|*|" },
                { "a \\\n  b", "a|b|" },
                { "a\\\nb", "ab|" },
                { "\"a\\\nb\"", "ab|" },
                { "a\\ b", "a b|" },
                { "a \\", "a|\\|" },
                { "a \\\n", "a|" },
                { "a#b #c", "a#b|#c|" },
                { "caf\xc3\xa9 \xff", "caf\xc3\xa9|\xff|" },
                { "$'a b' x$'y'z $''", "a b|xyz||" },
                { "$'\\a\\b\\e\\E\\f\\n\\r\\t\\v'", "\a\b\x1b\x1b\f\n\r\t\v|" },
                { "$'\\\\ \\' \\\" \\?'", "\\ ' \" ?|" },
                { "$'\\x1bA \\xe9 \\x9 \\xg'", "\x1b"
                                               "A \xe9 \t \\xg|" },
                { "$'\\1011 \\33[ \\7'", "A1 \x1b[ \a|" },
                { "$'\\u00e9 \\u41 \\U0001f600 \\U110000 \\u'",
                  "\xc3\xa9 A \xf0\x9f\x98\x80 \\U110000 \\u|" },
                { "$'\\cA\\c[\\c'", "\x01\x1b\\c|" },
                { "$'\\q\\8'", "\\q\\8|" },
                /* bash's words end at a NUL, too. */
                { "$'a\\0b'c $'a\\x00'", "ac|a|" },
                { "\"$'a'\" \\$'a b' $ $x", "$'a'|$a b|$|$x|" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct strv words = { 0 };
                struct fault fault = { 0 };
                char *text;

                assert_true(spec_split_line(cases[i].line, &words, &fault));
                text = joined(&words);
                assert_string_equal(text, cases[i].words);
                free(text);
                strv_finish(&words);
        }
}

static void an_open_quote_is_a_fault(void **state)
{
        static const char *const lines[] = { "docker run 'x", "a \"b\\\"", "'",  "\"",
                                             "\"\\",          "$'a\\'",    "$'", "$'\\" };
        struct strv words = { .n = 7 };
        struct fault fault = { 0 };

        (void)state;
        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
                assert_false(spec_split_line(lines[i], &words, &fault));
                assert_int_equal(words.n, 7);
                assert_int_equal(fault.exit_code, 125);
                assert_non_null(strstr(fault.why, "not closed"));
        }
}

static void a_sign_that_a_shell_reads_is_refused(void **state)
{
        static const struct {
                const char *line, *sign; /* NULL: there is none */
        } cases[] = {
                { "docker run ubuntu ps ax | head", "and | is" },
                { "docker run ubuntu ps ax|head", "and | is" },
                { "docker run ubuntu true && id", "and && is" },
                { "docker run ubuntu true ; id", "and ; is" },
                { "docker run ubuntu id >out", "and > is" },
                { "docker run ubuntu id 2>&1", "and > is" },
                { "docker run -e HOME=$HOME ubuntu", "place of $HOME" },
                { "docker run -e \"HOME=$HOME\" ubuntu", "place of $HOME" },
                { "docker run ubuntu sh -c \"echo ${X}\"", "place of ${...}" },
                { "docker run -u $(id -u):$(id -g) ubuntu", "place of $(...)" },
                { "docker run -u `id -u` ubuntu", "place of `" },
                { "docker run -w ~/work ubuntu", "place of ~" },
                { "docker run ubuntu sh -c 'exit 3' $?", "place of $?" },
                { "docker run ubuntu id # who", "and # begins" },
                { "docker run ubuntu sh -c 'ps ax | head; echo $HOME `x` # ~ >y'", NULL },
                { "docker run ubuntu sh -c $'a\\'|$x' b", NULL },
                { "docker run -e A=\\$HOME -e \"B=\\$x \\`y|'\" ubuntu a\\|b \\~ \\#", NULL },
                { "docker run ubuntu a~ b#c $ a$ \"$\" * ? [x] {a,b} !", NULL },
                { "docker run ubuntu \"a", NULL },
                { "docker run ubuntu 'a", NULL },
                { "# docker run ubuntu id", NULL },
                { "me@here:~$ docker run ubuntu id", NULL },
                { "a \\", NULL },
                { "", NULL },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct fault fault = { 0 };
                bool ok = spec_check_signs(cases[i].line, &fault);

                if (ok == (cases[i].sign != NULL) || (!ok && !strstr(fault.why, cases[i].sign)))
                        fail_msg("%s: %s", cases[i].line, fault.why);
                assert_int_equal(fault.exit_code, ok ? 0 : 125);
        }
}

static void the_command_in_front_is_taken_off(void **state)
{
        static const struct {
                const char *line;
                int words;
                enum engine engine;
        } cases[] = {
                { "docker run -it x", 2, ENGINE_DOCKER },
                { "docker container run x", 3, ENGINE_DOCKER },
                { "sudo docker run x", 3, ENGINE_DOCKER },
                { "sudo -E docker container run x", 5, ENGINE_DOCKER },
                { "sudo -u me -E docker run x", 6, ENGINE_DOCKER },
                { "sudo --user=me -- podman run x", 5, ENGINE_PODMAN },
                { "sudo DOCKER_HOST=h A= docker run x", 5, ENGINE_DOCKER },
                { "/usr/bin/docker run x", 2, ENGINE_DOCKER },
                { "nerdctl run x", 2, ENGINE_DOCKER },
                { "podman run x", 2, ENGINE_PODMAN },
                { "sudo podman container run x", 4, ENGINE_PODMAN },
                { "vitrine run x", 2, ENGINE_DOCKER },
                { "vitrine snapshot --json x", 2, ENGINE_DOCKER },
                { "vitrine --user 1 x", 1, ENGINE_DOCKER },
                { "vitrine", 1, ENGINE_DOCKER },
                { "$ docker run x", 3, ENGINE_DOCKER },
                { "# podman run x", 3, ENGINE_PODMAN },
                { "% sudo docker container run x", 5, ENGINE_DOCKER },
                { "me@here:~$ sudo -E podman run x", 5, ENGINE_PODMAN },
                { "$ vitrine run x", 3, ENGINE_DOCKER },
                { "$ ubuntu docker run", 0, ENGINE_DOCKER },
                { "$", 0, ENGINE_DOCKER },
                { "--user 1 ubuntu docker run", 0, ENGINE_DOCKER },
                { "ubuntu", 0, ENGINE_DOCKER },
                { "", 0, ENGINE_DOCKER },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                enum engine engine = ENGINE_DOCKER;
                struct strv words = { 0 };
                struct fault fault = { 0 };

                assert_true(spec_split_line(cases[i].line, &words, &fault));
                assert_int_equal(spec_line_prefix(&words, &engine, &fault), cases[i].words);
                assert_int_equal(engine, cases[i].engine);
                strv_finish(&words);
        }
}

static void another_command_is_refused_by_name(void **state)
{
        static const struct {
                const char *line, *step;
        } cases[] = {
                { "docker exec -it x sh", "docker exec" },
                { "docker container ls", "docker container" },
                { "docker", "docker" },
                { "podman ps", "podman ps" },
                { "sudo rm -rf /", "sudo" },
                { "$ sudo rm -rf /", "sudo" },
                { "sudo -u", "sudo" },
                { "sudo -u docker", "sudo" },
                { "vitrine exec -u student web id", "vitrine exec" },
                { "./vitrine doctor", "./vitrine doctor" },
                { "$ docker ps", "docker ps" },
                { "sudo", "sudo" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                enum engine engine = ENGINE_DOCKER;
                struct strv words = { 0 };
                struct fault fault = { 0 };

                assert_true(spec_split_line(cases[i].line, &words, &fault));
                assert_int_equal(spec_line_prefix(&words, &engine, &fault), -1);
                assert_string_equal(fault.step, cases[i].step);
                assert_int_equal(fault.exit_code, 125);
                assert_int_equal(engine, ENGINE_DOCKER);
                strv_finish(&words);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_line_is_split_as_a_shell_would),
                cmocka_unit_test(an_open_quote_is_a_fault),
                cmocka_unit_test(a_sign_that_a_shell_reads_is_refused),
                cmocka_unit_test(the_command_in_front_is_taken_off),
                cmocka_unit_test(another_command_is_refused_by_name),
        };

        return cmocka_run_group_tests_name("spec words", tests, NULL, NULL);
}
