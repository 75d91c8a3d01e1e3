/* SPDX-License-Identifier: MIT */
/* The colour schemes: which colour and which attributes a role has. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "spec/scheme_names.h"
#include "ui/grid.h"

/* How many colours there are to choose from. */
enum depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256 };

enum { COLOUR_DEFAULT = -1 }; /* the terminal's own */

struct look_of {
        int16_t fg;   /* COLOUR_DEFAULT or a palette index; the background is always the terminal's own */
        uint8_t attr; /* ATTR_…, beside those of the cell */
};

/* From the number of colours that the terminal has. Where there are more than 256, a number above 7 is no
 * palette index but a colour value (xterm-direct): eight are used. */
enum depth scheme_depth(int colours);
/* A scheme or role out of range is the default one, text. */
struct look_of scheme_look(enum scheme scheme, enum role role, enum depth depth);
