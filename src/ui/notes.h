/* SPDX-License-Identifier: MIT */
/* What there is to see, in up to three short lines: derived from the snapshots, one cause a line, each number
 * following from the last. Pure. */
#pragma once

#include "base/str.h"
#include "stage/view.h"

/* At most NOTES_SHOWN lines for a width; what changed comes first. Text is fit for the screen. */
enum { NOTES_SHOWN = 3 };
void ui_notes(const struct view *view, int width, struct strv *ret);
