/* SPDX-License-Identifier: MIT */
/* Text of a lesson or of a command as lines of the screen. Pure. */
#pragma once

#include "ui/draw.h"

struct prose_line {
        char *text; /* fit for the screen, owned */
        enum role role;
        uint8_t attr;
        bool ticks;  /* `code` in it is bold */
        bool inside; /* it begins within such code */
        bool begins; /* a block begins with it */
};

struct prose {
        struct prose_line *v; /* owned */
        size_t n;
};

void prose_finish(struct prose *prose);
/* Takes text over, which is fit for the screen. */
void prose_add_take(struct prose *prose, char *text, enum role role, uint8_t attr);
/* An empty line, unless there is nothing or an empty one before. */
void prose_blank(struct prose *prose);
/* Breaks a text that somebody wrote; head stands before its first line, and the others are set in as far. */
void prose_wrap(struct prose *prose, const struct pen *pen, const char *text, int width, const char *head,
                enum role role, uint8_t attr);
/* Blocks with an empty line between two, but for the items of a list. */
void prose_blocks(struct prose *prose, const struct pen *pen, const struct lesson_blocks *blocks, int width);
/* A line that is fit for the screen, spaces and all, set in and broken where it is too long; at most most
 * lines, the last one cut with the mark. */
void prose_break(struct prose *prose, const char *safe, int width, int set_in, int most, const char *cut);
/* One line, within width. */
void prose_draw(const struct pen *pen, const struct prose_line *line, int x, int y, int width);
/* What a writer chose, fit for the screen; the marks that the screen has an ASCII form of have it too. Owned
 * by the caller. */
char *prose_safe(const struct pen *pen, const char *s, size_t n);
