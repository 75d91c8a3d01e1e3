/* SPDX-License-Identifier: MIT */
/* What becomes of a line that was typed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct stage;

/* Takes the text for what stage->asking is about: launches the container that it asks for, or opens the
 * dialog that asks first, or sets the filter. Returns false when it is not to be, with the words in error. */
bool accept_text(struct stage *stage, const char *text, char *error, size_t size);
