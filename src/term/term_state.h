/* SPDX-License-Identifier: MIT */
/* What the files of term/ share. Includes curses. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

#include <curses.h>

#include "term/keys.h"
#include "term/output.h"
#include "term/term.h"

enum {
        TERM_MAX = 1000, /* columns and rows, as a grid has */
        TERM_AHEAD = 4096,
};

struct term {
        SCREEN *screen;
        struct output output;             /* what curses writes, on its way to the terminal */
        struct termios saved;             /* as it was before */
        char *restore;                    /* what gives the terminal back, owned */
        const char *mouse_on, *mouse_off; /* "" where there is no mouse */
        bool ascii;
        enum scheme scheme;
        enum depth depth;
        struct key_reader keys;
        int again; /* a code to be fed again; -1: none */
        unsigned char
                ahead[TERM_AHEAD]; /* bytes that have been read and not been fed, from ahead_at to ahead_n */
        size_t ahead_at, ahead_n;
        bool away;          /* it is given back: nothing is read and nothing shown */
        bool all;           /* everything anew with the next frame */
        struct cell *shown; /* the grid that is on the screen, cols * rows, owned; NULL: unknown */
        int cols, rows;     /* of shown */
};

/* Makes the roles' colour pairs: the role's number + 1. */
void term_make_pairs(const struct term *term);
/* The next byte of a key; -1 when there is none now. */
int term_byte(struct term *term);
/* Takes the terminal over, once this process is in its foreground; what is to be shown comes with the next
 * frame. Where a signal that ends it comes first the terminal stays away. */
void term_enter(struct term *term);
/* Gives the terminal back as it was, also while it takes no output. Does nothing where it is away. */
void term_leave(struct term *term);
