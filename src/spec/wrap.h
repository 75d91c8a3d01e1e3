/* SPDX-License-Identifier: MIT */
/* Words into lines. Pure. */
#pragma once

#include "base/str.h"

/* Adds text (made safe with text_escape) in lines of at most width columns. The first line begins with head,
 * padded to indent columns (on a line of its own where it is longer), the others with indent spaces. A word
 * that no line holds is cut where the line ends. */
void wrap_add(struct str *out, const char *head, int indent, int width, const char *text);
