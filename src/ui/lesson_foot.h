/* SPDX-License-Identifier: MIT */
/* What stands below a lesson's text: what to type, what was seen of it, the question, the hint, the result.
 * Pure. */
#pragma once

#include "ui/prose.h"

/* The step that a view is at, or NULL behind the last. */
const struct lesson_step *lesson_at(const struct lesson_view *view);
/* Nothing is left to be done: what comes after may be read. */
bool lesson_is_over(const struct lesson_view *view);
/* All of the present step's checks are ticked. */
bool lesson_all_seen(const struct lesson_view *view);
/* "✓ ○": the step's checks; owned by the caller, "" when there are none. */
char *lesson_marks(const struct pen *pen);
/* What the foot can give up, in the order in which it does. */
enum {
        FOOT_NEW = 1,    /* what was typed already */
        FOOT_CLOSE = 2,  /* the empty lines */
        FOOT_KEYS = 4,   /* how a line is typed */
        FOOT_SHORT = 8,  /* more than three lines of output */
        FOOT_LINES = 16, /* the checks' words (their marks stand in the title); a line takes one line */
        FOOT_BRIEF = 32, /* all of the output but its last line */
        FOOT_LEAST = 64, /* the output; what comes last may be cut off */
};
/* The foot in width columns, without what is given up: a sum of the above. */
void lesson_foot(const struct pen *pen, int width, unsigned given, struct prose *ret);
/* The keys, the longest of their forms that fits; owned by the caller. */
char *lesson_keys(const struct pen *pen, int width);
