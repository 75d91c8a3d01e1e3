/* SPDX-License-Identifier: MIT */
/* Numbers as procfs writes them. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Skips blanks at *at; whether something follows before end. */
bool number_more(const char **at, const char *end);

/* Reads a number of digits alone (no sign, no 0x) after blanks, up to a blank or end, at most max. Moves *at
 * behind it; false, with nothing moved, when there is none. */
bool number_take(const char **at, const char *end, unsigned base, uint64_t max, uint64_t *ret);
