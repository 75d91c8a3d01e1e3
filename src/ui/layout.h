/* SPDX-License-Identifier: MIT */
/* Where each part of the screen stands. Pure. */
#pragma once

#include <stdbool.h>

#include "stage/view.h"

struct rect {
        int x, y, w, h;
};

static inline bool rect_has(const struct rect *rect, int x, int y)
{
        return x >= rect->x && x < rect->x + rect->w && y >= rect->y && y < rect->y + rect->h;
}

struct layout {
        struct rect title, host, container, user, caps, bar;
        struct rect lesson; /* w is 0: no lesson is open; one line: the capabilities stand in its place */
        bool lesson_beside; /* it is a column of its own */
        bool caps_title;    /* of the capabilities there is the title alone, the lesson stands below */
        struct rect shell;  /* w is 0: no shell is open, or none is seen */
        bool shell_beside;  /* it is a column of its own, else it stands in the capability pane's place, below
                               the title */
        struct rect log;    /* the kernel's log; w is 0: none is there, or it has no room */
        bool log_room;      /* it has, or would have */
        bool box;           /* user is the box of users and namespaces, not one line */
        bool parents;       /* room for the parents' PIDs */
        bool roomy;         /* room for the tree and the numbers of tied rows' users */
        bool list;          /* the box lists the namespaces, one a line */
        bool legend;        /* the capability pane's legend has a line */
        int cap_rows;       /* digits that are shown of CAP_DIGITS */
};

enum { CAP_DIGITS = 11 };

/* For a screen of at least UI_MIN_COLS by UI_MIN_ROWS. Height is given out in the order: title, key bar, user
 * line, three process lines, the eleven digits, the legend, more processes, the box, yet more processes, the
 * kernel's log. */
void layout_make(int cols, int rows, struct layout *ret);
/* The same for what a view asks for: fewer columns when it is big, a longer box for the namespaces. */
void layout_of(const struct view *view, int cols, int rows, struct layout *ret);
/* The columns of a shell that stands beside the rest, or 0. */
int layout_shell_cols(const struct view *view, int cols);
/* Makes room for an open shell in what was laid out for the columns that are left. */
void layout_shell(const struct view *view, int cols, struct layout *layout);
/* The room inside the shell's borders once the keys go to it, whether one is open or not. */
void layout_shell_room(const struct view *view, int cols, int rows, int *ret_cols, int *ret_rows);
