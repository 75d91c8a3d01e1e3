/* SPDX-License-Identifier: MIT */
/* What may stand at the cursor of a line that is typed. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { COMPLETE_MAX = 4096 };

/* Adds ALL, and the names of the capabilities in among, that begin with the word: in any case, with or
 * without CAP_. */
void complete_caps(const char *word, uint64_t among, struct strv *ret);
/* Adds the names of a passwd's text that begin with the word; only such as can be typed. */
void complete_users(const char *word, const char *passwd, struct strv *ret);
/* A docker line: flags, capabilities behind --cap-add and --cap-drop, users behind --user. Returns the byte
 * at which the word under way begins, which the candidates stand for. */
size_t complete_line(const char *text, size_t cursor, const char *passwd, struct strv *ret);
/* What all of them begin with; owned by the caller. */
char *complete_common(const struct strv *candidates);
