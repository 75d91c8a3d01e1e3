/* SPDX-License-Identifier: MIT */
/* Text and cells in which another word stands for a name, wherever the name is a word of its own. Pure. */
#pragma once

#include <stddef.h>

#include "base/str.h"
#include "stage/shell_view.h"

/* Appends the first n bytes of text to out. */
void discreet_text(struct str *out, const char *text, size_t n, const char *name, const char *other);
/* In place: what stands after it keeps its column, so other is cut or gets spaces. A name that goes on in the
 * next row, as a terminal breaks a line, is found too. */
void discreet_cells(struct shell_cell *cells, int cols, int rows, const char *name, const char *other);
