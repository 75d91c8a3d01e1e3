/* SPDX-License-Identifier: MIT */
/* The parser's parts. */
#pragma once

#include <cmark.h>

#include "lesson/lesson.h"

struct parsing {
        struct lesson *lesson;
        const struct lesson_rules *rules;
        struct lesson_error *error;
        size_t *lines; /* where each line begins; [n_lines] is the end */
        size_t n_lines;
        bool has_lesson_block, has_step_block; /* the second: of the step at hand */
};

/* A value in the file. */
struct place {
        unsigned line, column;
        const char *text;
};

/* lesson_source.c */

/* Splits a text into lines as CommonMark does (newline, carriage return, or both). *ret has n + 1 entries and
 * is owned by the caller. */
size_t source_index(const char *text, size_t len, size_t **ret);
/* Fills error with a reason; the position may lie outside. Always returns false. */
bool source_error(const struct lesson *lesson, unsigned line, unsigned column, struct lesson_error *error,
                  const char *why, ...) __attribute__((format(printf, 5, 6)));
/* Refuses what no lesson holds: NULs, control characters, invalid UTF-8. */
bool source_check(const struct lesson *lesson, struct lesson_error *error);
/* Where line `line` of the file begins and how long it is, without its end. */
const char *source_line(const struct parsing *parsing, unsigned line, size_t *ret_len);

/* lesson_blocks.c */

/* Adds a node of the document (a paragraph, a list, a quote …) as blocks. Fails for a vitrine- block that
 * stands inside another one. */
bool blocks_add_node(struct parsing *parsing, struct lesson_blocks *blocks, cmark_node *node);
void blocks_finish(struct lesson_blocks *blocks);
/* The words of a heading or paragraph, owned by the caller. */
char *blocks_inline_text(cmark_node *node);

/* lesson_keys.c: the three blocks of `key: value` lines. */
bool keys_parse_lesson(struct parsing *parsing, cmark_node *block);
bool keys_parse_step(struct parsing *parsing, cmark_node *block, struct lesson_step *step);
bool keys_parse_ask(struct parsing *parsing, cmark_node *block, struct lesson_step *step);

/* lesson_do.c */

/* Parses "VERB …" into *ret. */
bool do_parse(struct parsing *parsing, const struct place *place, struct lesson_do *ret);
void do_finish(struct lesson_do *d);
/* Splits a run line and holds it against the flags' grammar. */
bool do_parse_run(struct parsing *parsing, const struct place *place, struct strv *ret);
