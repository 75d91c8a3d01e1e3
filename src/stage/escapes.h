/* SPDX-License-Identifier: MIT */
/* What a program writes to its terminal, thinned out: text and the short control sequences that move a cursor
 * or change colours go through, whatever else a terminal may be told (titles, clipboards, device strings, a
 * sequence with absurd numbers or too many, bytes that are no UTF-8) does not. A fence before the emulator's
 * parser. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum { ESCAPES_BYTES = 48 };

/* What has come of a sequence so far; {0} at first. */
struct escapes {
        enum {
                ESCAPES_TEXT,
                ESCAPES_ESC,    /* behind ESC, or its intermediate bytes */
                ESCAPES_CSI,    /* in ESC [ */
                ESCAPES_STRING, /* in a title or another string, which ends with BEL or ESC \ */
        } state;
        char bytes[ESCAPES_BYTES];
        size_t n;
        bool bad; /* it is too long or one of its numbers is */
        char character[4];
        size_t character_n; /* bytes of one that is not yet whole */
        char last[4];
        size_t last_n; /* bytes of the character just passed, 0: something else was */
};

/* Appends what goes through. Sequences may come in pieces. */
void escapes_feed(struct escapes *escapes, const char *data, size_t n, struct str *ret);
