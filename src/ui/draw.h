/* SPDX-License-Identifier: MIT */
/* What every part of the screen draws with. Pure. */
#pragma once

#include <stdarg.h>

#include "base/str.h"
#include "stage/view.h"
#include "ui/grid.h"
#include "ui/layout.h"

/* The characters of the screen, each one column wide, in UTF-8 or ASCII. */
struct glyphs {
        const char *h, *v, *tl, *tr, *bl, *br; /* borders */
        const char *tie, *cross; /* the line between two tied rows, and where it meets a border */
        const char *tied;        /* marks a tied row */
        const char *held, *allowed, *not_allowed;
        const char *running, *starting;
        const char *cut;                              /* stands for what was cut */
        const char *to;                               /* from one figure to the next */
        const char *tick;                             /* was seen */
        const char *passed, *refused;                 /* what the kernel said to a probe */
        const char *look;                             /* marks where to look */
        const char *up, *down;                        /* there is more */
        const char *tree_go, *tree_child, *tree_last; /* two columns each */
};

struct pen {
        const struct view *view;
        struct grid *grid;
        const struct glyphs *glyphs;
};

const struct glyphs *glyphs_of(bool ascii);

/* Text that somebody else chose, fit for the screen (at most 1024 bytes of it); owned by the caller. */
char *pen_safe(const struct pen *pen, const char *s);

/* Writes a text that is fit already, cut with a mark at width; returns the columns used. */
int pen_put(const struct pen *pen, int x, int y, int width, const char *s, enum role role, uint8_t attr);
int pen_put_f(const struct pen *pen, int x, int y, int width, enum role role, uint8_t attr,
              const char *format, ...) __attribute__((format(printf, 7, 8)));
/* Writes one of the glyphs n times. */
void pen_repeat(const struct pen *pen, int x, int y, int n, const char *glyph, enum role role, uint8_t attr);

/* An empty box with its borders. */
void pen_box(const struct pen *pen, const struct rect *rect, bool focus);
/* Text in a box's upper or lower border, with a space on both sides, from its left corner or before its right
 * one. Returns the columns used, 0 for "". */
int pen_box_text(const struct pen *pen, const struct rect *rect, bool lower, bool right, const char *s,
                 enum role role);
/* The columns that a text in a border may take. */
int pen_box_room(const struct rect *rect);

/* The first of the texts that fits into width, else the last, which the caller then cuts. */
const char *pen_first_fit(const struct strv *texts, int width);

/* Breaks words into lines of at most width columns (a longer word is broken); owned by the caller. */
void pen_wrap(const char *text, int width, struct strv *ret);
