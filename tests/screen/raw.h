/* SPDX-License-Identifier: MIT */
/* What is in the bytes that a program has written to its terminal. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Whether a select-graphic-rendition sequence names a colour; a background. 39 and 49, the terminal's own,
 * are none. */
bool raw_sets_colour(const char *raw, size_t n);
bool raw_sets_background(const char *raw, size_t n);
bool raw_leaves_ascii(const char *raw, size_t n);
