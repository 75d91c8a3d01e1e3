/* SPDX-License-Identifier: MIT */
/* Files that a person names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/* Reads a regular file (links are followed, a FIFO is not waited for) of at most max bytes; *ret is the
 * caller's, with a NUL behind it. step: what failed, for the fault. */
bool lesson_read_text(const char *path, size_t max, const char *step, char **ret, size_t *ret_len,
                      struct fault *fault);
