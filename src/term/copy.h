/* SPDX-License-Identifier: MIT */
/* A text on its way to the clipboard. Pure. */
#pragma once

#include <stddef.h>

/* What terminals take: xterm's and tmux's bounds are near it. */
enum { COPY_BYTES = 65536 };

/* The sequence that hands a text to the clipboard (xterm's control sequences, OSC 52): base64 (RFC 4648), so
 * that nothing in it is taken for a sequence. Owned by the caller; NULL when the text is longer than
 * COPY_BYTES. */
char *copy_sequence(const char *text);
