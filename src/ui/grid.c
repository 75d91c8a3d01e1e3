/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

enum { SIDE_MAX = 1000 };

static int side(int n)
{
        if (n < 1)
                return 1;
        return n > SIDE_MAX ? SIDE_MAX : n;
}

void grid_init(struct grid *grid, int cols, int rows)
{
        *grid = (struct grid){ .cols = side(cols), .rows = side(rows) };
        grid->cells = xcalloc((size_t)grid->cols * (size_t)grid->rows, sizeof(*grid->cells));
        grid_fill(grid, 0, 0, grid->cols, grid->rows, ' ', ROLE_TEXT, 0);
}

void grid_finish(struct grid *grid)
{
        free(grid->cells);
        *grid = (struct grid){ 0 };
}

struct cell *grid_at(struct grid *grid, int x, int y)
{
        if (x < 0 || y < 0 || x >= grid->cols || y >= grid->rows)
                return NULL;
        return &grid->cells[(size_t)y * (size_t)grid->cols + (size_t)x];
}

/* Writes one cell. What is left of a wide character that it covers becomes a space. */
static void set_cell(struct grid *grid, int x, int y, struct cell to)
{
        struct cell *cell = grid_at(grid, x, y), *left = grid_at(grid, x - 1, y),
                    *right = grid_at(grid, x + 1, y);

        if (!cell)
                return;
        if (cell->c == 0 && to.c != 0 && left)
                left->c = ' ';
        if (right && right->c == 0 && cell->c != 0)
                right->c = ' ';
        *cell = to;
}

int grid_put(struct grid *grid, int x, int y, int width, const char *s, enum role role, uint8_t attr)
{
        size_t n = strlen(s);
        int used = 0;

        if (x < -SIDE_MAX || x >= grid->cols)
                return 0;
        for (size_t i = 0; i < n;) {
                struct cell cell = { .role = (uint8_t)role, .attr = attr };
                size_t len = text_decode(s + i, n - i, &cell.c);
                int w = len ? text_char_width(cell.c) : -1;

                i += len ? len : 1;
                if (w < 1) { /* the caller's text is escaped: this is the last fence */
                        cell.c = '?';
                        w = 1;
                }
                if (used + w > width || (grid->cols - x) - used < w)
                        break;
                if (w == 2 && x + used < 0) /* its left half stands outside */
                        cell.c = ' ';
                set_cell(grid, x + used, y, cell);
                if (w == 2)
                        set_cell(grid, x + used + 1, y,
                                 (struct cell){ x + used < 0 ? ' ' : 0, cell.role, cell.attr });
                used += w;
        }
        return used;
}

void grid_fill(struct grid *grid, int x, int y, int w, int h, uint32_t c, enum role role, uint8_t attr)
{
        int left = x < 0 ? 0 : x, top = y < 0 ? 0 : y;

        /* long, so that no corner of a rectangle overflows. */
        for (int at_y = top; at_y < grid->rows && (long)at_y - y < h; at_y++)
                for (int at_x = left; at_x < grid->cols && (long)at_x - x < w; at_x++)
                        set_cell(grid, at_x, at_y, (struct cell){ c, (uint8_t)role, attr });
}

char *grid_row_text(const struct grid *grid, int y)
{
        struct str text = { 0 };
        size_t keep = 0;

        if (y < 0 || y >= grid->rows)
                return xstrdup("");
        for (int x = 0; x < grid->cols; x++) {
                uint32_t c = grid->cells[(size_t)y * (size_t)grid->cols + (size_t)x].c;
                char buf[4];

                if (c == 0)
                        continue;
                str_add_n(&text, buf, text_encode(c, buf));
                if (c != ' ')
                        keep = text.len;
        }
        if (text.s)
                text.s[keep] = '\0';
        return str_take(&text);
}
