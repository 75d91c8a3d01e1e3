/* SPDX-License-Identifier: MIT */
/* The plain text's parts. Pure. */
#pragma once

#include "base/str.h"
#include "snapshot/snapshot.h"

enum { TEXT_COLS = 80 };

/* Marks of one column, told apart without colour; the ASCII ones are such as speech reads well. */
struct marks {
        bool ascii;
        const char *tied, *held, *allowed, *denied, *cut;
};

/* Adds a text from elsewhere: escaped, cut to width columns and, with pad, filled up to them. */
void text_add_cell(struct str *out, const char *text, int width, bool pad, const struct marks *marks);

/* Adds what init may do: the counts, the mask, and its last eleven digits with the names of their bits. */
void text_add_caps(struct str *out, const struct snapshot *snapshot, const struct marks *marks);
