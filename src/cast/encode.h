/* SPDX-License-Identifier: MIT */
/* From one grid to the next as the bytes that a terminal understands. Pure (but for the locale, which wcwidth
 * reads). Only what every terminal with 256 colours shares is used: cursor address, erase, colours and
 * attributes, the cursor's visibility (ECMA-48; xterm's control sequences). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "ui/grid.h"
#include "ui/scheme.h"

/* What a terminal shows in a cell; c 0: the right half of a wide character. */
struct ink {
        uint32_t c;
        int16_t fg; /* COLOUR_DEFAULT or one of 256 */
        uint8_t attr;
};

struct encoder {
        enum scheme scheme;
        bool ascii, mono;
        /* what the terminal shows by now */
        int cols, rows;
        struct ink *shown; /* owned; NULL: nothing is known of it */
        int cursor_x, cursor_y;
        bool cursor; /* it is visible */
};

void encoder_init(struct encoder *encoder, enum scheme scheme, bool ascii, bool mono);
void encoder_finish(struct encoder *encoder);
/* Adds to out what makes the terminal show the grid: all of it after a change of size, at first, and with
 * all; else what differs from the frame before; nothing when nothing does. A character that could move the
 * cursor otherwise than by its width becomes '?'. Colours and attributes are as at the beginning before and
 * after each frame. A cursor outside the grid is hidden. */
void encoder_frame(struct encoder *encoder, const struct grid *grid, bool all, struct str *out);
/* What the terminal shows for a row of cells; cols of them, written to ret. */
void encoder_row(const struct encoder *encoder, const struct cell *cells, int cols, struct ink *ret);
