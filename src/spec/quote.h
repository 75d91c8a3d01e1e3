/* SPDX-License-Identifier: MIT */
/* A word as a shell reads it: quoting, and the escapes of $'…'. Pure. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

/* Adds a word to a line so that a shell reads it as it is: bare, in single quotes, or, where it holds what
 * must not reach a terminal (text_char_width says what, and bytes that are not UTF-8), in $'…', which bash,
 * zsh, ksh and busybox read. What is added is fit for a terminal. With ascii whatever is not ASCII is
 * escaped too. */
void quote_add(struct str *line, const char *word, bool ascii);

/* From behind an opening $' to behind the closing quote; what stands between is added to word, as bash reads
 * it: a NUL ends the word. False when the quote is not closed. */
bool quote_take(const char **at, struct str *word);
