/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/lesson.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/own.h"
#include "lesson/lesson_file.h"
#include "lesson/lesson_parse.h"

enum { STEPS_MAX = 99 };

static struct lesson_step *step_at_hand(struct lesson *lesson)
{
        return lesson->n_steps ? &lesson->steps[lesson->n_steps - 1] : NULL;
}

static bool node_error(struct parsing *parsing, cmark_node *node, const char *why)
{
        return source_error(parsing->lesson, (unsigned)cmark_node_get_start_line(node),
                            (unsigned)cmark_node_get_start_column(node), parsing->error, "%s", why);
}

static bool begin_step(struct parsing *parsing, cmark_node *node, char *name)
{
        struct lesson *lesson = parsing->lesson;

        if (lesson->n_steps == STEPS_MAX) {
                free(name);
                return node_error(parsing, node, "a lesson has at most 99 steps");
        }
        for (size_t i = 0; i < lesson->n_steps; i++)
                if (strcasecmp(lesson->steps[i].name, name) == 0) {
                        free(name);
                        return node_error(parsing, node, "another step has this heading already");
                }
        lesson->steps = xrealloc(lesson->steps, lesson->n_steps + 1, sizeof(*lesson->steps));
        lesson->steps[lesson->n_steps++] =
                (struct lesson_step){ .name = name, .at_line = (unsigned)cmark_node_get_start_line(node) };
        parsing->has_step_block = false;
        return true;
}

static bool take_heading(struct parsing *parsing, cmark_node *node)
{
        own_free char *words = blocks_inline_text(node);

        if (!words[strspn(words, " \t")])
                return node_error(parsing, node, "the heading has no words");
        if (cmark_node_get_heading_level(node) == 2)
                return begin_step(parsing, node, take_ptr(words));
        if (parsing->lesson->title)
                return node_error(parsing, node,
                                  "a lesson has one level-1 heading, its title; this is the second");
        parsing->lesson->title = take_ptr(words);
        return true;
}

static struct lesson_blocks *prose_at_hand(struct parsing *parsing)
{
        struct lesson_step *step = step_at_hand(parsing->lesson);

        if (!step)
                return &parsing->lesson->intro;
        return parsing->has_step_block ? &step->after : &step->before;
}

/* The first word of the fence's info string, owned by the caller. */
static char *info_word(cmark_node *node)
{
        const char *info = cmark_node_get_fence_info(node);

        return info ? xstrndup(info, strcspn(info, " \t")) : xstrdup("");
}

static bool take_code(struct parsing *parsing, cmark_node *node)
{
        struct lesson *lesson = parsing->lesson;
        own_free char *word = info_word(node);

        if (strcmp(word, "vitrine-lesson") == 0)
                return keys_parse_lesson(parsing, node);
        if (strcmp(word, "vitrine-step") == 0)
                return keys_parse_step(parsing, node, step_at_hand(lesson));
        if (strcmp(word, "vitrine-ask") == 0)
                return keys_parse_ask(parsing, node, step_at_hand(lesson));
        if (strncmp(word, "vitrine-", 8) == 0)
                return node_error(parsing, node,
                                  "unknown block; there are vitrine-lesson, vitrine-step and vitrine-ask");
        if (strcasecmp(word, "dockerfile") == 0) {
                if (lesson->dockerfile)
                        return node_error(parsing, node,
                                          "a lesson has one dockerfile block, this is the second");
                lesson->dockerfile = xstrdup(cmark_node_get_literal(node));
        }
        return blocks_add_node(parsing, prose_at_hand(parsing), node);
}

static bool take_node(struct parsing *parsing, cmark_node *node)
{
        cmark_node_type type = cmark_node_get_type(node);

        if (type == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) <= 2)
                return take_heading(parsing, node);
        if (type == CMARK_NODE_CODE_BLOCK)
                return take_code(parsing, node);
        return blocks_add_node(parsing, prose_at_hand(parsing), node);
}

/* A build of `.` is a build of the lesson's own block. */
static bool check_builds(struct parsing *parsing)
{
        const struct lesson *lesson = parsing->lesson;

        for (size_t i = 0; i < lesson->n_steps; i++)
                for (size_t k = 0; k < lesson->steps[i].n_dos; k++) {
                        const struct lesson_do *d = &lesson->steps[i].dos[k];

                        if (d->kind == DO_BUILD && !lesson->dockerfile &&
                            strcmp(d->words.v[d->words.n - 1], ".") == 0)
                                return source_error(lesson, d->at_line, d->at_column, parsing->error,
                                                    "nothing to build: the lesson has no dockerfile block");
                }
        return true;
}

static void fill_gaps(struct lesson *lesson)
{
        for (size_t i = 0; i < lesson->n_steps; i++) {
                struct lesson_step *step = &lesson->steps[i];

                if (!step->say)
                        step->say = xstrdup("");
                if (!step->hint)
                        step->hint = xstrdup("");
        }
}

static bool take_document(struct parsing *parsing, cmark_node *document)
{
        const struct lesson *lesson = parsing->lesson;

        for (cmark_node *node = cmark_node_first_child(document); node; node = cmark_node_next(node))
                if (!take_node(parsing, node))
                        return false;
        if (!lesson->title)
                return source_error(lesson, 1, 1, parsing->error,
                                    "the title is missing: one level-1 heading, `# ...`");
        if (!parsing->has_lesson_block)
                return source_error(lesson, 1, 1, parsing->error,
                                    "the vitrine-lesson block with the key start is missing");
        if (!lesson->n_steps)
                return source_error(lesson, 1, 1, parsing->error,
                                    "there is no step: a level-2 heading, `## ...`, begins one");
        fill_gaps(parsing->lesson);
        return check_builds(parsing);
}

bool lesson_parse(const char *path, const char *text, size_t n, const struct lesson_rules *rules,
                  struct lesson *ret, struct lesson_error *error)
{
        struct lesson lesson = { .path = xstrdup(path) };
        struct parsing parsing = { .lesson = &lesson, .rules = rules, .error = error };
        cmark_node *document;
        bool ok;

        lesson.source = xmalloc(n + 1);
        memcpy(lesson.source, text, n);
        lesson.source[n] = '\0';
        lesson.source_len = n;
        ok = source_check(&lesson, error);
        if (ok) {
                parsing.n_lines = source_index(lesson.source, n, &parsing.lines);
                document = cmark_parse_document(lesson.source, n, CMARK_OPT_DEFAULT);
                ok = take_document(&parsing, document);
                cmark_node_free(document);
                free(parsing.lines);
        }
        if (!ok)
                lesson_finish(&lesson);
        else
                *ret = lesson;
        return ok;
}

bool lesson_read(const char *path, const struct lesson_rules *rules, struct lesson *ret,
                 struct lesson_error *error)
{
        struct lesson_error own = { 0 };
        own_free char *text = NULL;
        size_t n;

        if (lesson_read_text(path, LESSON_MAX_BYTES, "read the lesson", &text, &n, &own.fault))
                return lesson_parse(path, text, n, rules, ret, error);
        if (error)
                *error = own;
        return false;
}

static void finish_step(struct lesson_step *step)
{
        free(step->name);
        blocks_finish(&step->before);
        blocks_finish(&step->after);
        for (size_t i = 0; i < step->n_dos; i++)
                do_finish(&step->dos[i]);
        free(step->dos);
        for (size_t i = 0; i < step->n_checks; i++)
                free(step->checks[i].expr);
        free(step->checks);
        free(step->say);
        free(step->hint);
        for (size_t i = 0; i < step->n_asks; i++) {
                free(step->asks[i].question);
                free(step->asks[i].answer.expr);
        }
        free(step->asks);
}

void lesson_finish(struct lesson *lesson)
{
        free(lesson->path);
        free(lesson->title);
        free(lesson->start);
        strv_finish(&lesson->start_words);
        free(lesson->dockerfile);
        blocks_finish(&lesson->intro);
        for (size_t i = 0; i < lesson->n_steps; i++)
                finish_step(&lesson->steps[i]);
        free(lesson->steps);
        free(lesson->source);
        *lesson = (struct lesson){ 0 };
}

static bool is_name_char(char c)
{
        return isalnum((unsigned char)c) || c == '_';
}

/* Where the name that jq complains about ("NAME/0 is not defined") stands in the expression; 0 when it does
 * not say. */
static size_t blamed_offset(const char *expr, const char *message)
{
        const char *slash = strchr(message, '/');
        const char *from = slash;
        size_t n;

        if (!slash || !strstr(slash, "is not defined"))
                return 0;
        while (from > message && is_name_char(from[-1]))
                from--;
        n = (size_t)(slash - from);
        for (const char *at = expr; n && *at; at++)
                if (strncmp(at, from, n) == 0 && !is_name_char(at[n]) &&
                    (at == expr || !is_name_char(at[-1])))
                        return (size_t)(at - expr);
        return 0;
}

bool lesson_check_error(const struct lesson *lesson, const struct lesson_check *check, const char *message,
                        struct lesson_error *error)
{
        return source_error(lesson, check->at_line,
                            check->at_column + (unsigned)blamed_offset(check->expr, message), error,
                            "the check does not compile: %.200s", message);
}

int lesson_find_step(const struct lesson *lesson, const char *word, struct fault *fault)
{
        size_t n = strlen(word), digits = strspn(word, "0123456789");
        unsigned long number = digits == n && n > 0 && n < 10 ? strtoul(word, NULL, 10) : 0;
        int found = -1, matches = 0;

        if (number >= 1 && number <= lesson->n_steps)
                return (int)number - 1;
        for (size_t i = 0; n && i < lesson->n_steps; i++) {
                if (strncasecmp(lesson->steps[i].name, word, n) != 0)
                        continue;
                if (!lesson->steps[i].name[n])
                        return (int)i;
                found = (int)i;
                matches++;
        }
        if (matches == 1)
                return found;
        if (matches)
                fault_why(fault, "find the step", "more than one begins with %.60s", word);
        else if (n > 0 && digits == n)
                fault_why(fault, "find the step", "the lesson has no step %.60s", word);
        else
                fault_why(fault, "find the step", "no step is %.60s", word);
        fault_hint(fault, "the lesson has %zu steps; give a number or the beginning of a heading",
                   lesson->n_steps);
        return -1;
}
