/* SPDX-License-Identifier: MIT */
/* A grid of cells: what the screen is to show. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What a cell means; term/ maps roles to colours by scheme. Colour never carries meaning alone. */
enum role {
        ROLE_TEXT,
        ROLE_BORDER,
        ROLE_TITLE,
        ROLE_FOCUS,
        ROLE_TIE,
        ROLE_TIED,
        ROLE_NOTE,
        ROLE_HELD,
        ROLE_ALLOWED,
        ROLE_NOT,
        ROLE_CHANGED,
        ROLE_WARNING,
        ROLE_BAR,
        ROLE_HEAD,
        ROLE_N
};

enum { ATTR_BOLD = 1, ATTR_REVERSE = 2, ATTR_ITALIC = 4, ATTR_UNDERLINE = 8 };

struct cell {
        uint32_t c; /* a printable character; 0: the right half of a wide one */
        uint8_t role;
        uint8_t attr;
};

struct grid {
        int cols, rows;
        struct cell *cells;     /* rows * cols, owned */
        int cursor_x, cursor_y; /* where the hardware cursor stands */
};

/* Makes an empty grid (spaces) of that size; sizes below 1 count as 1, above 1000 as 1000. */
void grid_init(struct grid *grid, int cols, int rows);
void grid_finish(struct grid *grid);
struct cell *grid_at(struct grid *grid, int x, int y); /* NULL outside */
/* Writes escaped text (text_escape) from x, cut at x + width; returns the columns used. Nothing outside the
 * grid is written. */
int grid_put(struct grid *grid, int x, int y, int width, const char *s, enum role role, uint8_t attr);
/* Fills a rectangle with one character. */
void grid_fill(struct grid *grid, int x, int y, int w, int h, uint32_t c, enum role role, uint8_t attr);
/* The text of a row without trailing spaces, owned by the caller; for tests and recordings. */
char *grid_row_text(const struct grid *grid, int y);
