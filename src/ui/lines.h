/* SPDX-License-Identifier: MIT */
/* Both process lists laid side by side, so that what is tied stands on one line. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "stage/view.h"

/* Rows of the snapshot that stand on one line; -1: that side has none there. */
struct line {
        int host, container;
};

struct lines {
        struct line *v; /* owned */
        size_t n;
        size_t tie, tie_end; /* the lines of the tied rows, from init's on; tie == tie_end: there are none */
        size_t host_shown, container_shown;
};

/* line_only: of the host only what is tied and its ancestors; and inside as well where the PID namespace is
 * shared. */
void lines_make(const struct snapshot *snapshot, bool line_only, bool pid_shared, struct lines *ret);
/* The same of rows that are tied or have a text in them; NULL, "": all. flat: by PID, not as a tree; what is
 * tied stands on one line all the same. */
void lines_make_of(const struct snapshot *snapshot, bool line_only, bool pid_shared, bool flat,
                   const char *host_filter, const char *container_filter, struct lines *ret);
/* Whether the PID, the user, the name or the command line has the text in it, in any case. */
bool lines_match(const struct row *row, const char *text);
void lines_finish(struct lines *lines);

/* Which line stands on top of a pane of height lines, and the line of the pane on which init stands. scroll:
 * by how many lines the viewer has gone away from there. */
struct window {
        size_t top;
        size_t focus;  /* the line that the viewer looks at */
        bool follows;  /* not scrolled */
        bool pin_host; /* rows above are hidden: the first line shows the very first one */
};
struct window lines_window(const struct lines *lines, int height, int scroll);

/* How far one side can be scrolled: its first row stays below, or at, the pane's top and its last one above,
 * or at, the bottom, but for where they stand when nothing is scrolled. */
void lines_reach(const struct lines *lines, bool host, int height, int *ret_least, int *ret_most);

/* The two columns for each level of the tree before a row of the host: whether there is another child of the
 * same parent below. Writes depth entries at most max, of the innermost levels; returns how many. */
size_t lines_branches(const struct lines *lines, const struct snapshot *snapshot, size_t at, bool *ret,
                      size_t max);
