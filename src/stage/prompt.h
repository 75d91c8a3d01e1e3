/* SPDX-License-Identifier: MIT */
/* One line that the viewer types, edited as a shell's is. It knows keys by their names and nothing of what
 * the line is for. Plain data; pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* A line has at most so many bytes: what is typed or pasted beyond is left out. */
enum { PROMPT_BYTES = 16384 };

/* The bytes before the cursor stand at the front of the store, those after it at its end, so that a key costs
 * the same in a short line and in a long one. {0}: not open. */
struct prompt {
        char *store; /* PROMPT_BYTES, owned; NULL: not open */
        size_t before, after;
        bool cut;            /* something was left out: the line is not what was typed */
        bool offered;        /* its text is an offer: what is typed first takes its place */
        struct strv history; /* earlier lines, the oldest first */
        size_t at;           /* which of them is shown; history.n: none, but what was typed */
        char *draft;         /* what was typed before the first step back, owned */
};

/* What became of a key. */
enum prompt_did {
        PROMPT_EDITED, /* the line or the cursor changed, or the key means nothing here */
        PROMPT_ENTER,  /* the line is to be taken */
        PROMPT_LEAVE,  /* it is to be given up */
        PROMPT_TAB,    /* the word at the cursor is to be completed */
};

/* Opens with a text, the cursor behind it. history is copied, NULL: none; when the text is its newest line,
 * Up goes to the one before. An open one is closed first. */
void prompt_open(struct prompt *prompt, const char *text, const struct strv *history);
/* Makes a text the newest line of a history, of which the newest most lines stay. */
void prompt_remember(struct strv *history, const char *text, size_t most);
/* The text is only an offer: Enter takes it, any edit goes on with it, but a character that is typed first
 * takes its place. */
void prompt_offer(struct prompt *prompt);
void prompt_close(struct prompt *prompt);
bool prompt_is_open(const struct prompt *prompt);
/* The line, owned by the caller. The cursor stands before byte prompt->before of it. */
char *prompt_text(const struct prompt *prompt);
/* One key, by the name that the terminal gives it ("é", "space", "Left", "C-w", "Enter", "Esc"). */
enum prompt_did prompt_press(struct prompt *prompt, const char *key);
/* Puts a text in the place of what stands between byte from and the cursor; the cursor stands behind it. */
void prompt_replace(struct prompt *prompt, size_t from, const char *text);
/* Takes a backslash away that stands alone before the cursor at the line's end: whoever pastes a line that is
 * broken over several goes on behind it. Returns whether there was one. */
bool prompt_join_lines(struct prompt *prompt);
