/* SPDX-License-Identifier: MIT */
/* Strings as JSON writes them (RFC 8259, 7). Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Adds n bytes as the inside of a string, as many whole characters as fit into room bytes; returns how many
 * bytes of s went in. Control characters are escaped; what is no UTF-8 becomes U+FFFD. */
size_t json_add_some(struct str *out, const char *s, size_t n, size_t room);
/* Adds a whole text, with its quotes. */
void json_add(struct str *out, const char *s);
