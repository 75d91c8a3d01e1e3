/* SPDX-License-Identifier: MIT */
/* JSON's grammar (RFC 8259), strictly, for texts that anybody may have written: libjq takes more than JSON,
 * and loses memory where it refuses. Pure. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

/* Reads a string from behind its opening quote into out, which may get NUL characters; half a surrogate pair
 * is U+FFFD, as for Go. Returns what is behind the closing quote, or NULL. */
const char *json_string(const char *s, struct str *out);

/* Passes over one value, at most depth deep. Returns what is behind it, or NULL when it is none. */
const char *json_skip(const char *s, unsigned depth);

/* Passes over white space. */
const char *json_space(const char *s);

/* Whether a text is one value, at most 32 deep. */
bool json_is_value(const char *text);
