/* SPDX-License-Identifier: MIT */
/* From a Markdown file to a lesson, and where it says that it is none. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/own.h"
#include "lesson/lesson.h"

#define HEAD "# Title\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n"

static bool is_key(const char *name)
{
        return strcmp(name, "u") == 0 || strcmp(name, "space") == 0 || strcmp(name, "q") == 0;
}

static const char *why_never(const char *name)
{
        return strcmp(name, "q") == 0 ? "it ends all" : NULL;
}

static const struct lesson_rules rules = { .is_key = is_key, .why_never = why_never };

static struct lesson parse(const char *text)
{
        struct lesson_error error = { 0 };
        struct lesson lesson = { 0 };

        if (!lesson_parse("x.md", text, strlen(text), &rules, &lesson, &error))
                fail_msg("%u:%u %s\n%s", error.line, error.column, error.fault.why, error.excerpt);
        return lesson;
}

static void a_whole_lesson_is_read(void **state)
{
        static const char text[] = "Title *of* `it`\n====\n"
                                   "\n"
                                   "Intro, two\nlines with a [link](http://x).\n"
                                   "\n"
                                   "```dockerfile\nFROM ubuntu\nUSER 1000\n```\n"
                                   "\n"
                                   "~~~ vitrine-lesson more words\n"
                                   "start:   docker run ubuntu sleep 3600  \n"
                                   "minutes: 4\n"
                                   "\n"
                                   "needs: rootless\n"
                                   "~~~\n"
                                   "\n"
                                   "## First step\n"
                                   "\n"
                                   "Before.\n"
                                   "\n"
                                   "```vitrine-step\n"
                                   "do: key u space\n"
                                   "do: exec -u student sh -c 'kill $!'\n"
                                   "do: run podman run --user 1000 ubuntu\n"
                                   "do: build docker build -t my .\n"
                                   "do: probe\n"
                                   "do: wait 1.5\n"
                                   "check: a: b\n"
                                   "check: alone\n"
                                   "look: caps\n"
                                   "say: A caption: with a colon.\n"
                                   "hint: Press u.\n"
                                   "needs: two-ids\n"
                                   "```\n"
                                   "\n"
                                   "After.\n"
                                   "\n"
                                   "```vitrine-ask\n"
                                   "question: Which?\n"
                                   "answer: .init.pid_host\n"
                                   "```\n"
                                   "```sh\necho shown\n```\n"
                                   "\n"
                                   "## Second\n"
                                   "```vitrine-step\n"
                                   "observe: yes\n"
                                   "```\n";
        struct lesson lesson = parse(text);
        const struct lesson_step *step = &lesson.steps[0];

        (void)state;
        assert_string_equal(lesson.title, "Title of `it`");
        assert_string_equal(lesson.start, "docker run ubuntu sleep 3600");
        assert_int_equal(lesson.start_words.n, 5);
        assert_int_equal(lesson.minutes, 4);
        assert_int_equal(lesson.needs, NEEDS_ROOTLESS);
        assert_string_equal(lesson.dockerfile, "FROM ubuntu\nUSER 1000\n");
        assert_int_equal(lesson.intro.n, 2);
        assert_string_equal(lesson.intro.v[0].text, "Intro, two lines with a link (http://x).");
        assert_int_equal(lesson.intro.v[1].kind, LESSON_CODE);
        assert_int_equal(lesson.n_steps, 2);
        assert_string_equal(step->name, "First step");
        assert_int_equal(step->at_line, 19);
        assert_int_equal(step->n_dos, 6);
        assert_int_equal(step->dos[0].kind, DO_KEY);
        assert_int_equal(step->dos[0].words.n, 2);
        assert_string_equal(step->dos[0].words.v[1], "space");
        assert_int_equal(step->dos[1].kind, DO_EXEC);
        assert_string_equal(step->dos[1].user, "student");
        assert_int_equal(step->dos[1].words.n, 3);
        assert_string_equal(step->dos[1].words.v[2], "kill $!");
        assert_string_equal(step->dos[1].line, "-u student sh -c 'kill $!'");
        assert_int_equal(step->dos[2].kind, DO_RUN);
        assert_string_equal(step->dos[2].words.v[0], "podman");
        assert_int_equal(step->dos[3].kind, DO_BUILD);
        assert_int_equal(step->dos[4].kind, DO_PROBE);
        assert_int_equal(step->dos[5].wait_ms, 1500);
        assert_int_equal(step->n_checks, 2);
        assert_string_equal(step->checks[0].expr, "a: b");
        assert_int_equal(step->checks[1].at_line, 31);
        assert_int_equal(step->checks[1].at_column, 8);
        assert_int_equal(step->look, LESSON_LOOK_CAPS);
        assert_string_equal(step->say, "A caption: with a colon.");
        assert_string_equal(step->hint, "Press u.");
        assert_int_equal(step->needs, NEEDS_TWO_IDS);
        assert_false(step->observe);
        assert_int_equal(step->before.n, 1);
        assert_string_equal(step->before.v[0].text, "Before.");
        assert_int_equal(step->after.n, 2);
        assert_string_equal(step->after.v[0].text, "After.");
        assert_string_equal(step->after.v[1].text, "echo shown\n");
        assert_string_equal(step->after.v[1].info, "sh");
        assert_int_equal(step->n_asks, 1);
        assert_string_equal(step->asks[0].question, "Which?");
        assert_string_equal(step->asks[0].answer.expr, ".init.pid_host");
        assert_true(lesson.steps[1].observe);
        assert_string_equal(lesson.steps[1].say, "");
        lesson_finish(&lesson);
}

static void prose_comes_as_blocks(void **state)
{
        struct lesson lesson = parse(HEAD "## S\n\n"
                                          "A **strong** word,  \nbroken. <b>x</b> <http://y>\n\n"
                                          "3. three\n4. four\n\n   more\n   - deep\n\n"
                                          "> quoted\n\n### Small\n\n***\n\n    indented\n\n<!-- gone -->\n");
        static const struct {
                enum lesson_block_kind kind;
                unsigned depth;
                const char *marker, *text;
        } wanted[] = {
                { LESSON_TEXT, 0, "", "A strong word,\nbroken. <b>x</b> http://y" },
                { LESSON_ITEM, 1, "3.", "three" },
                { LESSON_ITEM, 1, "4.", "four" },
                { LESSON_TEXT, 1, "", "more" },
                { LESSON_ITEM, 2, "-", "deep" },
                { LESSON_TEXT, 1, "", "quoted" },
                { LESSON_HEADING, 0, "", "Small" },
                { LESSON_RULE, 0, "", "" },
                { LESSON_CODE, 0, "", "indented\n" },
        };
        const struct lesson_blocks *blocks = &lesson.steps[0].before;

        (void)state;
        assert_int_equal(blocks->n, sizeof(wanted) / sizeof(wanted[0]));
        for (size_t i = 0; i < blocks->n; i++) {
                assert_int_equal(blocks->v[i].kind, wanted[i].kind);
                assert_int_equal(blocks->v[i].depth, wanted[i].depth);
                assert_string_equal(blocks->v[i].marker, wanted[i].marker);
                assert_string_equal(blocks->v[i].text, wanted[i].text);
        }
        lesson_finish(&lesson);
}

static void line_ends_of_other_systems_are_lines(void **state)
{
        struct lesson lesson = parse("# T\r\n\r\n```vitrine-lesson\r\nstart: docker run ubuntu x\r\n```\r\n"
                                     "## S\r\n```vitrine-step\r\ncheck: alone\r\nsay: x\r\n```\r\n");

        (void)state;
        assert_string_equal(lesson.steps[0].checks[0].expr, "alone");
        assert_int_equal(lesson.steps[0].checks[0].at_line, 8);
        assert_string_equal(lesson.steps[0].say, "x");
        lesson_finish(&lesson);
}

/* Line and column, a part of the reason, and the excerpt where it matters. */
static const struct {
        const char *text;
        unsigned line, column;
        const char *why, *excerpt;
} wrong[] = {
        { "", 1, 1, "title", NULL },
        { "words alone\n", 1, 1, "title", "words alone\n^" },
        { "# T\n", 1, 1, "vitrine-lesson", "# T\n^" },
        { HEAD, 1, 1, "no step", NULL },
        { "#\n", 1, 1, "no words", "#\n^" },
        { "# T\n\n# U\n", 3, 1, "the second", "# U\n^" },
        { HEAD "## S\n\n## s\n", 9, 1, "already", "## s\n^" },
        { "# T\n```vitrine-lesson\nminutes: 3\n```\n", 2, 1, "start is missing", NULL },
        { "# T\n```vitrine-lesson\nstart docker run x\n```\n", 3, 1, "colon is missing", NULL },
        { "# T\n```vitrine-lesson\nstart:\n```\n", 3, 7, "no value", "start:\n      ^" },
        { "# T\n```vitrine-lesson\nstart: docker run 'x\n```\n", 3, 8, "quote ' is not closed",
          "start: docker run 'x\n       ^" },
        { "# T\n```vitrine-lesson\nstart: sleep 3\n```\n", 3, 8, "docker run", NULL },
        { "# T\n```vitrine-lesson\nstart: docker ps\n```\n", 3, 8, "run", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run --nosuch x\n```\n", 3, 8, "nosuch", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run -i\n```\n", 3, 8, "no image", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run --network host -e LANG dir:/ sleep 3\n```\n", 3, 8,
          "no folder of this machine: dir:/", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run -e A=1 -e LANG x\n```\n", 3, 8,
          "no variable of this machine: -e LANG", NULL },
        { "# T\n```vitrine-lesson\nstart: podman run -e LC_* x\n```\n", 3, 8,
          "no variable of this machine: -e LC_*", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run --env-file f x\n```\n", 3, 8, "env-file", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run --security-opt seccomp=/f x\n```\n", 3, 8,
          "no file of this machine: seccomp=/f", NULL },
        { HEAD "## S\n```vitrine-step\ndo: run docker run -e HOME x\n```\n", 9, 9, "-e HOME", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run x\nminutes: none\n```\n", 4, 10, "minutes", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run x\nminutes: 0\n```\n", 4, 10, "minutes", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run x\nminutes: 99999999999\n```\n", 4, 10, "minutes",
          NULL },
        { "# T\n```vitrine-lesson\nstart: docker run x\nneeds: luck\n```\n", 4, 8,
          "one of: any, root, rootless, two-ids", "needs: luck\n       ^" },
        { "# T\n```vitrine-lesson\nstart: docker run x\nstart: docker run y\n```\n", 4, 1, "before", NULL },
        { HEAD HEAD, 7, 1, "the second", NULL },
        { "# T\n```vitrine-lesson\nstart: docker run x\n```\n```vitrine-lesson\nstart: docker run x\n```\n",
          5, 1, "the second", NULL },
        { HEAD "```vitrine-step\n```\n", 7, 1, "below", NULL },
        { HEAD "```vitrine-ask\n```\n", 7, 1, "below", NULL },
        { HEAD "## S\n```vitrine-step\n```\n```vitrine-step\n```\n", 10, 1, "the second", NULL },
        { HEAD "## S\n```vitrine-stap\n```\n", 8, 1, "unknown block", NULL },
        { HEAD "## S\n- x\n\n  ```vitrine-step\n  ```\n", 10, 3, "by itself", "  ```vitrine-step\n  ^" },
        { HEAD "## S\n> ```vitrine-ask\n> ```\n", 8, 3, "by itself", NULL },
        { HEAD "## S\n```vitrine-step\nchek: alone\n```\n", 9, 1, "unknown key chek", "chek: alone\n^" },
        { HEAD "## S\n  ```vitrine-step\n  \tlook: sky\n  ```\n", 9, 10, "one of: host",
          "  \\x09look: sky\n            ^" },
        { HEAD "## S\n```vitrine-step\nobserve: maybe\n```\n", 9, 10, "yes, no", NULL },
        { HEAD "## S\n```vitrine-step\nlook: caps\nlook: caps\n```\n", 10, 1, "before", NULL },
        { HEAD "## S\n```vitrine-step\ndo: dance\n```\n", 9, 5, "knows no dance", "do: dance\n    ^" },
        { HEAD "## S\n```vitrine-step\ndo: key\n```\n", 9, 8, "behind key", NULL },
        { HEAD "## S\n```vitrine-step\ndo: key u  Q\n```\n", 9, 12, "no key Q",
          "do: key u  Q\n           ^" },
        { HEAD "## S\n```vitrine-step\ndo: key y\n```\n", 9, 9, "never presses y", NULL },
        { HEAD "## S\n```vitrine-step\ndo: key u q\n```\n", 9, 11, "never presses q: it ends all",
          "do: key u q\n          ^" },
        { HEAD "## S\n```vitrine-step\ndo: exec \"x\n```\n", 9, 10, "quote \" is not closed", NULL },
        { HEAD "## S\n```vitrine-step\ndo: exec -u\n```\n", 9, 10, "exec [-u USER] COMMAND", NULL },
        { HEAD "## S\n```vitrine-step\ndo: exec -u 0\n```\n", 9, 10, "exec [-u USER] COMMAND", NULL },
        { HEAD "## S\n```vitrine-step\ndo: exec -it sh\n```\n", 9, 10, "alone", NULL },
        { HEAD "## S\n```vitrine-step\ndo: run docker run --user ubuntu\n```\n", 9, 9, "image", NULL },
        { HEAD "## S\n```vitrine-step\ndo: build docker build\n```\n", 9, 11, "docker build -t NAME .",
          NULL },
        { HEAD "## S\n```vitrine-step\ndo: build docker build -t x /\n```\n", 9, 11, "and not from /", NULL },
        { HEAD "## S\n```vitrine-step\ndo: build docker build -f /f -t x .\n```\n", 9, 11, "and not from -f",
          NULL },
        { HEAD "## S\n```vitrine-step\ndo: build docker build --build-arg HOME -t x .\n```\n", 9, 11,
          "and not from HOME", NULL },
        { HEAD "## S\n```vitrine-step\ndo: build docker build --build-arg=HOME -t x .\n```\n", 9, 11,
          "and not from HOME", NULL },
        { HEAD "## S\n```vitrine-step\ndo: build docker build -t x .\n```\n", 9, 5, "no dockerfile block",
          NULL },
        { HEAD "## S\n```vitrine-step\ndo: probe KILL\n```\n", 9, 11, "nothing stands behind", NULL },
        { HEAD "## S\n```vitrine-step\ndo: wait soon\n```\n", 9, 10, "seconds", NULL },
        { HEAD "## S\n```vitrine-step\ndo: wait 0\n```\n", 9, 10, "seconds", NULL },
        { HEAD "## S\n```vitrine-step\ndo: wait 601\n```\n", 9, 10, "seconds", NULL },
        { HEAD "## S\n```vitrine-step\ndo: wait 99999999999999999999\n```\n", 9, 10, "seconds", NULL },
        { HEAD "## S\n```vitrine-step\ndo: wait -1\n```\n", 9, 10, "seconds", NULL },
        { HEAD "## S\n```vitrine-ask\nquestion: x\n```\n", 8, 1, "both keys", NULL },
        { HEAD "## S\n```vitrine-step\nsay: x\n\nmore text\n", 11, 1, "unknown key more", NULL },
        { "```dockerfile\nFROM x\n```\n```dockerfile\nFROM y\n```\n", 4, 1, "the second", NULL },
        { "# T\x1b]0;x\x07\n", 1, 4, "control character (0x1b)", "# T\\x1b]0;x\\x07\n   ^" },
        { "# T\n\n a\xff\n", 3, 3, "UTF-8 (0xff)", " a\\xff\n  ^" },
        { "# \xc3\xa9\xc3\n", 1, 5, "UTF-8 (0xc3)", "# \xc3\xa9\\xc3\n   ^" },
        { "# T\xc2\x9b\n", 1, 4, "control character (0x9b)", NULL },
};

static void what_is_no_lesson_says_where_and_why(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                struct lesson_error error = { 0 };
                struct lesson lesson = { .minutes = 77 };
                char place[64];

                if (lesson_parse("x.md", wrong[i].text, strlen(wrong[i].text), &rules, &lesson, &error))
                        fail_msg("case %zu is taken: %s", i, wrong[i].text);
                assert_int_equal(lesson.minutes, 77);
                if (error.line != wrong[i].line || error.column != wrong[i].column ||
                    !strstr(error.fault.why, wrong[i].why))
                        fail_msg("%s: %u:%u %s", wrong[i].text, error.line, error.column, error.fault.why);
                snprintf(place, sizeof(place), "x.md:%u:%u", error.line, error.column);
                assert_string_equal(error.fault.path, place);
                if (wrong[i].excerpt)
                        assert_string_equal(error.excerpt, wrong[i].excerpt);
                lesson_error_finish(&error);
                /* Who does not want to know why is told all the same that it is none. */
                assert_false(
                        lesson_parse("x.md", wrong[i].text, strlen(wrong[i].text), &rules, &lesson, NULL));
        }
}

static void near_misses_are_offered(void **state)
{
        static const char *const cases[][2] = {
                { HEAD "## S\n```vitrine-step\nchek: alone\n```\n", "check?" },
                { HEAD "## S\n```vitrine-step\ndo: exce ls\n```\n", "exec?" },
                { "# T\n```vitrine-lesson\nstrat: docker run x\n```\n", "start?" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct lesson_error error = { 0 };
                struct lesson lesson;

                assert_false(lesson_parse("x", cases[i][0], strlen(cases[i][0]), NULL, &lesson, &error));
                assert_string_equal(error.fault.hint, cases[i][1]);
                lesson_error_finish(&error);
        }
}

static void a_long_line_is_cut_around_its_caret(void **state)
{
        struct str text = { 0 };
        struct lesson_error error = { 0 };
        struct lesson lesson;
        const char *caret;

        (void)state;
        str_add(&text, HEAD "## S\n```vitrine-step\ndo: key ");
        for (int i = 0; i < 5000; i++)
                str_add(&text, "u ");
        str_add(&text, "\xe2\x97\x8f ");
        for (int i = 0; i < 5000; i++)
                str_add(&text, "u ");
        str_add(&text, "\n```\n");
        assert_false(lesson_parse("x", str_text(&text), text.len, &rules, &lesson, &error));
        assert_int_equal(error.column, 9 + 10000);
        assert_true(strlen(error.excerpt) < 300);
        caret = strchr(error.excerpt, '\n') + 1;
        /* 60 columns of one byte each stand in front of it. */
        assert_int_equal(strchr(caret, '^') - caret, 60);
        assert_memory_equal(error.excerpt + 60, "\xe2\x97\x8f", 3);
        lesson_error_finish(&error);
        str_finish(&text);
}

static void a_nul_byte_is_refused(void **state)
{
        static const char text[] = "# T\nab\0c\n";
        struct lesson_error error = { 0 };
        struct lesson lesson;

        (void)state;
        assert_false(lesson_parse("x", text, sizeof(text) - 1, NULL, &lesson, &error));
        assert_int_equal(error.line, 2);
        assert_int_equal(error.column, 3);
        assert_non_null(strstr(error.fault.why, "NUL"));
        lesson_error_finish(&error);
}

static void a_check_that_does_not_compile_has_its_place(void **state)
{
        static const struct {
                const char *expr, *message;
                unsigned column;
        } cases[] = {
                { "alone and nosuch(1)", "nosuch/1 is not defined", 18 },
                { "xnosuch or nosuch", "nosuch/0 is not defined", 19 },
                { "$wrong", "$wrong is not defined", 8 },
                { "1 +", "syntax error, unexpected $end", 8 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *text =
                        xasprintf(HEAD "## S\n```vitrine-step\ncheck: %s\n```\n", cases[i].expr);
                struct lesson lesson = parse(text);
                struct lesson_error error = { 0 };

                assert_false(
                        lesson_check_error(&lesson, &lesson.steps[0].checks[0], cases[i].message, &error));
                assert_int_equal(error.line, 9);
                assert_int_equal(error.column, cases[i].column);
                assert_non_null(strstr(error.fault.why, cases[i].message));
                assert_non_null(strchr(error.excerpt, '^'));
                lesson_error_finish(&error);
                lesson_finish(&lesson);
        }
}

static void steps_are_found_by_number_and_name(void **state)
{
        struct lesson lesson =
                parse(HEAD "## Alone in there\n## One among many\n## One kernel\n## 9 lives\n");
        static const struct {
                const char *word;
                int at;
        } cases[] = {
                { "1", 0 },          { "4", 3 },       { "Alone in there", 0 },
                { "ONE KERNEL", 2 }, { "one a", 1 },   { "9 l", 3 },
                { "9", 3 },          { "one", -1 },    { "", -1 },
                { "0", -1 },         { "nosuch", -1 }, { "12345678901234567890", -1 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct fault fault = { 0 };

                assert_int_equal(lesson_find_step(&lesson, cases[i].word, &fault), cases[i].at);
                assert_int_equal(fault.why[0] != 0, cases[i].at < 0);
                if (strcmp(cases[i].word, "0") == 0)
                        assert_string_equal(fault.why, "the lesson has no step 0");
        }
        lesson_finish(&lesson);
}

/* A text of n copies of unit behind head. */
static void parse_many(const char *head, const char *unit, size_t n)
{
        struct str text = { 0 };
        struct lesson_error error = { 0 };
        struct lesson lesson;

        str_add(&text, head);
        for (size_t i = 0; i < n && text.len < LESSON_MAX_BYTES; i++)
                str_add(&text, unit);
        if (lesson_parse("x", str_text(&text), text.len, NULL, &lesson, &error))
                lesson_finish(&lesson);
        else
                lesson_error_finish(&error);
        str_finish(&text);
}

enum { MOMENT_S = 10 }; /* of the processor, on a slow machine and with sanitizers */

/* None of these may take more than a moment. */
static void large_and_nested_texts_are_read(void **state)
{
        static const char *const units[] = { "> ",    "- ",    "[",      "![", "*a ",   "`",
                                             "<",     "&",     "## a\n", "\n", "a\n\n", "1. ",
                                             "```\n", "# a\n", "\\",     "_",  "[a](",  "\xf0\x9f\x90\xa7",
                                             "![[]()" };
        clock_t began;

        (void)state;
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
                began = clock();
                parse_many(HEAD "## S\n", units[i], LESSON_MAX_BYTES);
                if (clock() - began > MOMENT_S * CLOCKS_PER_SEC)
                        fail_msg("\"%s\" over and over takes too long", units[i]);
        }
        parse_many(HEAD "## S\n```vitrine-step\n", "check: alone\n", 50000);
        parse_many(HEAD "## S\n```vitrine-step\n", "do: key u\n", 50000);
        parse_many(HEAD "## S\n```vitrine-step\nsay: ", "x", 60000);
        parse_many(HEAD "## S\n", "- a\n", 100000);
}

static void read_file(const char *path, const char *why)
{
        struct lesson_error error = { 0 };
        struct lesson lesson;

        assert_false(lesson_read(path, NULL, &lesson, &error));
        assert_string_equal(error.fault.path, path);
        assert_null(error.excerpt);
        if (why && !strstr(error.fault.why, why))
                fail_msg("%s: %s", path, error.fault.why);
        lesson_error_finish(&error);
}

static void only_a_regular_file_of_a_bounded_size_is_read(void **state)
{
        char folder[] = "/tmp/vitrine-lesson.XXXXXX";
        own_free char *fifo = NULL, *large = NULL, *fine = NULL, *link_path = NULL;
        struct lesson_error error = { 0 };
        struct lesson lesson;
        FILE *f;

        (void)state;
        assert_non_null(mkdtemp(folder));
        fifo = xasprintf("%s/fifo", folder);
        large = xasprintf("%s/large", folder);
        fine = xasprintf("%s/fine.md", folder);
        link_path = xasprintf("%s/link.md", folder);
        assert_int_equal(mkfifo(fifo, 0600), 0);
        read_file(fifo, "no regular file");
        read_file(folder, "folder");
        read_file("/dev/zero", "no regular file");
        read_file("/nowhere/lesson.md", NULL);
        f = fopen(large, "w");
        assert_int_equal(ftruncate(fileno(f), 10 * 1024 * 1024), 0);
        fclose(f);
        read_file(large, "larger than 64 KiB");
        f = fopen(fine, "w");
        fputs(HEAD "## S\n", f);
        fclose(f);
        assert_int_equal(symlink("fine.md", link_path), 0);
        assert_true(lesson_read(link_path, NULL, &lesson, &error));
        assert_string_equal(lesson.path, link_path);
        lesson_finish(&lesson);
        unlink(fifo);
        unlink(large);
        unlink(fine);
        unlink(link_path);
        assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_whole_lesson_is_read),
                cmocka_unit_test(prose_comes_as_blocks),
                cmocka_unit_test(line_ends_of_other_systems_are_lines),
                cmocka_unit_test(what_is_no_lesson_says_where_and_why),
                cmocka_unit_test(near_misses_are_offered),
                cmocka_unit_test(a_long_line_is_cut_around_its_caret),
                cmocka_unit_test(a_nul_byte_is_refused),
                cmocka_unit_test(a_check_that_does_not_compile_has_its_place),
                cmocka_unit_test(steps_are_found_by_number_and_name),
                cmocka_unit_test(large_and_nested_texts_are_read),
                cmocka_unit_test(only_a_regular_file_of_a_bounded_size_is_read),
        };

        if (!setlocale(LC_CTYPE, "C.UTF-8"))
                return 77;
        return cmocka_run_group_tests_name("lesson/parse", tests, NULL, NULL);
}
