/* SPDX-License-Identifier: MIT */
/* A lesson: one Markdown file (CommonMark) that is a page, a tutorial, a demo and a test. Reading it touches
 * nothing but the file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/str.h"

/* What the machine must allow. */
enum lesson_needs {
        NEEDS_ANY,
        NEEDS_ROOT,     /* vitrine runs as real root */
        NEEDS_ROOTLESS, /* it does not */
        NEEDS_TWO_IDS,  /* a second id is mapped */
        NEEDS_N
};
extern const char *const lesson_needs_names[NEEDS_N]; /* as they are written */

/* The pane that a step spotlights. */
enum lesson_look {
        LESSON_LOOK_NONE,
        LESSON_LOOK_HOST,
        LESSON_LOOK_CONTAINER,
        LESSON_LOOK_USER,
        LESSON_LOOK_CAPS,
        LESSON_LOOK_NAMESPACES,
        LESSON_LOOK_RESULT,
        LESSON_LOOK_N
};
extern const char *const lesson_look_names[LESSON_LOOK_N]; /* as they are written; "" for none */

/* A piece of prose. Its text is one paragraph: inline code stands in `backticks`, emphasis is dropped, a link
 * is its words and (where they differ) its address in parentheses, a hard break is a newline. */
enum lesson_block_kind {
        LESSON_TEXT,
        LESSON_ITEM,    /* of a list: marker is "-" or "3." */
        LESSON_HEADING, /* of level 3 and deeper */
        LESSON_CODE,    /* as it is, with its newlines; info is the fence's ("" when there is none) */
        LESSON_RULE,    /* a line across */
};

struct lesson_block {
        enum lesson_block_kind kind;
        unsigned depth; /* how many lists and quotes it stands in */
        char marker[12];
        char *text, *info; /* owned, never NULL */
};

struct lesson_blocks {
        struct lesson_block *v;
        size_t n;
};

enum lesson_do_kind {
        DO_RUN,   /* words: docker run … or podman run … */
        DO_BUILD, /* words: docker build … */
        DO_KEY,   /* words: names of keys */
        DO_EXEC,  /* words: the command; user: -u's, "" when nothing was said */
        DO_PROBE,
        DO_WAIT, /* wait_ms */
        DO_N
};
extern const char *const lesson_do_names[DO_N]; /* "run" … */

/* All positions count from 1; columns are bytes. They are those of the value in the file. */
struct lesson_do {
        enum lesson_do_kind kind;
        char *line; /* what stands behind the verb, as written */
        struct strv words;
        char *user;
        unsigned wait_ms;
        unsigned at_line, at_column;
};

struct lesson_check {
        char *expr; /* jq */
        unsigned at_line, at_column;
};

struct lesson_ask {
        char *question;
        struct lesson_check answer;
};

struct lesson_step {
        char *name; /* its heading; no two are alike */
        unsigned at_line;
        enum lesson_needs needs;
        struct lesson_blocks
                before; /* the text in front of its vitrine-step block: where to look, what to do */
        struct lesson_blocks after; /* and behind it: why */
        struct lesson_do *dos;
        size_t n_dos;
        struct lesson_check *checks;
        size_t n_checks;
        bool observe; /* its checks may be true before it */
        enum lesson_look look;
        char *say, *hint; /* "" when there is none */
        struct lesson_ask *asks;
        size_t n_asks;
};

struct lesson {
        char *path;  /* as given */
        char *title; /* the level-1 heading */
        char *start; /* a docker or podman run line, as written */
        struct strv start_words;
        unsigned minutes; /* 0: not said */
        enum lesson_needs needs;
        char *dockerfile;           /* NULL: none */
        struct lesson_blocks intro; /* in front of the first step */
        struct lesson_step *steps;
        size_t n_steps;
        char *source; /* the file's text */
        size_t source_len;
};

/* What is wrong with a lesson. fault is fit to be printed ("lesson x.md:12:8: unknown key chek"); excerpt is
 * the line and below it a line with a caret under the place, escaped for a terminal; NULL where there is no
 * place. */
struct lesson_error {
        struct fault fault;
        unsigned line, column; /* 0: of the file as a whole */
        char *excerpt;
};
void lesson_error_finish(struct lesson_error *error);

/* What the parser cannot know by itself. */
struct lesson_rules {
        bool (*is_key)(const char *name); /* whether the screen has such a key; NULL: every word is one */
        /* Why a lesson never presses that key ("it ends vitrine"), or NULL: it may. NULL: it presses all. */
        const char *(*why_never)(const char *name);
};

/* Ten times what a lesson has. cmark 0.30 takes quadratic time for some texts ("![[]()" over and over: a
 * fifth of a second for this size, a minute for sixteen times as much). */
enum { LESSON_MAX_BYTES = 64 * 1024 };

/* Reads a file. Refused: more than LESSON_MAX_BYTES, what is no regular file (a FIFO is not waited for), NUL
 * bytes and control characters, invalid UTF-8, and what is not a lesson. ret and error are untouched where
 * the other is filled. */
bool lesson_read(const char *path, const struct lesson_rules *rules, struct lesson *ret,
                 struct lesson_error *error);
/* The same for a text of n bytes; path is only named. */
bool lesson_parse(const char *path, const char *text, size_t n, const struct lesson_rules *rules,
                  struct lesson *ret, struct lesson_error *error);
void lesson_finish(struct lesson *lesson);

/* Fills error for a check that did not compile: the line, and a caret at the name that message is about or at
 * the beginning of the expression. Always returns false. */
bool lesson_check_error(const struct lesson *lesson, const struct lesson_check *check, const char *message,
                        struct lesson_error *error);

/* The index of a step by its number (from 1), its heading or an unambiguous beginning of it, in any case; -1
 * with a fault. */
int lesson_find_step(const struct lesson *lesson, const char *word, struct fault *fault);
