/* SPDX-License-Identifier: MIT */
/* Variables in a Dockerfile: $X, ${X}, ${X:-word}, ${X:+word}, ${X:?word}; quotes and escapes go
 * (BuildKit's dockerfile/shell/lex.go). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { EXPAND_WHY = 160, EXPAND_MAX = 128 * 1024 };

/* The value of a variable whose name is n bytes at name, or NULL. It belongs to who is asked. */
typedef const char *expand_lookup(void *data, const char *name, size_t n);

/* Expands a text; the result, at most 128 KiB (what execve takes as one string), is owned by the caller.
 * False with the reason in why: an open quote or brace, an unknown modifier, ${X:?word} without X, too long.
 */
bool expand_text(const char *text, char escape, expand_lookup *lookup, void *data, char **ret,
                 char why[static EXPAND_WHY]);
