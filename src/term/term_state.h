/* SPDX-License-Identifier: MIT */
/* What the files of term/ share. Includes curses. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

#include <curses.h>

#include "term/colour.h"
#include "term/keys.h"
#include "term/term.h"

struct term {
        SCREEN *screen;
        struct termios saved; /* as it was before */
        bool ascii;
        enum depth depth;
        struct key_reader keys;
        int again;          /* a code to be fed again; -1: none */
        struct cell *shown; /* the grid that is on the screen, cols * rows, owned; NULL: unknown */
        int cols, rows;     /* of shown */
};

enum { TERM_MAX = 1000 }; /* columns and rows, as a grid has */

/* Makes the roles' colour pairs: the role's number + 1. */
void term_make_pairs(const struct term *term);
