/* SPDX-License-Identifier: MIT */
/* Where each part of the screen stands. Pure. */
#pragma once

#include <stdbool.h>

#include "stage/view.h"

struct rect {
        int x, y, w, h;
};

struct layout {
        struct rect title, host, container, user, caps, bar;
        bool box;     /* user is the box of users and namespaces, not one line */
        bool parents; /* room for the parents' PIDs */
        bool roomy;   /* room for the tree and the numbers of tied rows' users */
        bool list;    /* the box lists the namespaces, one a line */
        bool legend;  /* the capability pane's legend has a line */
        int cap_rows; /* digits that are shown of CAP_DIGITS */
};

enum { CAP_DIGITS = 11 };

/* For a screen of at least UI_MIN_COLS by UI_MIN_ROWS. Height is given out in the order: title, key bar, user
 * line, three process lines, the eleven digits, the legend, more processes, the box, yet more processes. */
void layout_make(int cols, int rows, struct layout *ret);
/* The same for what a view asks for: fewer columns when it is big, a longer box for the namespaces. */
void layout_of(const struct view *view, int cols, int rows, struct layout *ret);
