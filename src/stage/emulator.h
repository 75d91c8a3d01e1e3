/* SPDX-License-Identifier: MIT */
/* A terminal without a screen: what a program writes becomes cells, a key's name becomes the bytes that the
 * program reads. The program is not trusted: only printable characters come out, and what it tells a terminal
 * beside them (a title, a clipboard) goes nowhere. Makes no system call. Opaque. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "stage/shell_view.h"

struct emulator;

/* The size is brought between 2x1 and 1000x1000. */
struct emulator *emulator_create(int cols, int rows);
void emulator_destroy(struct emulator *emulator); /* NULL is fine */
/* Takes what the program has written; appends what it has asked its terminal for (where the cursor stands).
 */
void emulator_feed(struct emulator *emulator, const char *data, size_t n, struct str *answer);
/* Appends what a key sends, by its name in the table of keys ("é", "space", "Up", "C-w", "M-x", "F5"), as
 * xterm does and in the mode that the program has set. Nothing for a name that is no key. */
void emulator_key(struct emulator *emulator, const char *key, struct str *ret);
/* Returns whether the size is another one now. */
bool emulator_resize(struct emulator *emulator, int cols, int rows);
void emulator_size(const struct emulator *emulator, int *ret_cols, int *ret_rows);
/* Fills all but inside; the cells are the emulator's, valid until the next call. */
void emulator_look(struct emulator *emulator, struct shell_view *ret);
