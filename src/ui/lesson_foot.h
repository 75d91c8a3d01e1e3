/* SPDX-License-Identifier: MIT */
/* What stands below a lesson's text: what to type, what was seen of it, the question, the hint, the result.
 * Pure. */
#pragma once

#include "ui/prose.h"

/* The step that a view is at, or NULL behind the last. */
const struct lesson_step *lesson_at(const struct lesson_view *view);
/* "✓ ○": the step's checks; owned by the caller, "" when there are none. */
char *lesson_marks(const struct pen *pen);
/* The foot in width columns. Each level above 0 says it in fewer lines, up to LESSON_LEVELS - 1. */
enum { LESSON_LEVELS = 7 };
void lesson_foot(const struct pen *pen, int width, int level, struct prose *ret);
/* The keys, the longest of their forms that fits; owned by the caller. */
char *lesson_keys(const struct pen *pen, int width);
