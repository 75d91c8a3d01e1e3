/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/encode.h"

#include <stdlib.h>

#include "base/own.h"
#include "base/text.h"

enum { ATTRS = ATTR_BOLD | ATTR_REVERSE | ATTR_ITALIC | ATTR_UNDERLINE };

static const struct ink blank = { ' ', COLOUR_DEFAULT, 0 };

void encoder_init(struct encoder *encoder, enum scheme scheme, bool ascii, bool mono)
{
        *encoder = (struct encoder){ .scheme = scheme, .ascii = ascii, .mono = mono };
}

void encoder_finish(struct encoder *encoder)
{
        free(encoder->shown);
        *encoder = (struct encoder){ 0 };
}

/* The same as term/ writes at a cell with room columns. */
static uint32_t printable(const struct encoder *encoder, const struct cell *cell, int room)
{
        int width;

        if (encoder->ascii)
                return cell->c >= 0x20 && cell->c < 0x7f ? cell->c : '?';
        width = text_char_width(cell->c);
        return width == 1 || (width == 2 && room > 1 && cell[1].c == 0) ? cell->c : '?';
}

void encoder_row(const struct encoder *encoder, const struct cell *cells, int cols, struct ink *ret)
{
        enum depth depth = encoder->mono ? DEPTH_MONO : DEPTH_256;
        bool wide = false; /* the cell before covers this one */

        for (int x = 0; x < cols; x++) {
                const struct cell *cell = cells + x;
                struct look_of look = scheme_look(encoder->scheme, (enum role)cell->role, depth);
                struct ink ink = { ' ', look.fg, (uint8_t)((look.attr | cell->attr) & ATTRS) };

                if (cell->c == 0 && wide) {
                        /* One look for both halves: the terminal has no other way. */
                        ret[x] = (struct ink){ 0, ret[x - 1].fg, ret[x - 1].attr };
                        wide = false;
                        continue;
                }
                if (cell->c != 0)
                        ink.c = printable(encoder, cell, cols - x);
                wide = !encoder->ascii && text_char_width(ink.c) == 2;
                ret[x] = ink.c == ' ' && !(ink.attr & (ATTR_REVERSE | ATTR_UNDERLINE)) ? blank : ink;
        }
}

static bool ink_equal(const struct ink *a, const struct ink *b)
{
        return a->c == b->c && a->fg == b->fg && a->attr == b->attr;
}

/* Where the terminal's cursor stands (x -1: not known) and the look that it writes with. */
struct pen {
        struct str *out;
        int x, y;
        int16_t fg;
        uint8_t attr;
};

static void pen_move(struct pen *pen, int x, int y)
{
        if (pen->x != x || pen->y != y)
                str_add_f(pen->out, "\033[%d;%dH", y + 1, x + 1);
        pen->x = x;
        pen->y = y;
}

static void pen_look(struct pen *pen, int16_t fg, uint8_t attr)
{
        if (pen->fg == fg && pen->attr == attr)
                return;
        pen->fg = fg;
        pen->attr = attr;
        str_add(pen->out, "\033[");
        if (fg != COLOUR_DEFAULT || attr)
                str_add(pen->out, "0");
        if (attr & ATTR_BOLD)
                str_add(pen->out, ";1");
        if (attr & ATTR_ITALIC)
                str_add(pen->out, ";3");
        if (attr & ATTR_UNDERLINE)
                str_add(pen->out, ";4");
        if (attr & ATTR_REVERSE)
                str_add(pen->out, ";7");
        if (fg >= 16)
                str_add_f(pen->out, ";38;5;%d", fg);
        else if (fg >= 0)
                str_add_f(pen->out, ";%d", fg < 8 ? 30 + fg : 90 + fg - 8);
        str_add_c(pen->out, 'm');
}

static bool is_plain(uint8_t attr)
{
        return !(attr & (ATTR_REVERSE | ATTR_UNDERLINE));
}

/* Moves to a changed cell: over a few blanks by writing them, which is shorter than an address. */
static void pen_reach(struct pen *pen, const struct ink *now, int x, int y)
{
        enum { SHORTER = 4 };
        int from = pen->x;

        if (pen->y == y && from >= 0 && from < x && x - from <= SHORTER && is_plain(pen->attr)) {
                while (from < x && ink_equal(&now[from], &blank))
                        from++;
                if (from == x) {
                        str_add_f(pen->out, "%*s", x - pen->x, "");
                        pen->x = x;
                }
        }
        pen_move(pen, x, y);
}

/* A wide character's halves always differ together, so that none is ever half overwritten. */
static void draw_row(struct pen *pen, const struct ink *was, const struct ink *now, int y, int cols)
{
        enum { WORTH_ERASING = 4 };
        int end = cols; /* behind it there are only blanks */

        while (end > 0 && ink_equal(&now[end - 1], &blank))
                end--;
        for (int x = 0; x < cols; x++) {
                char bytes[4];

                if (now[x].c == 0 || ink_equal(&was[x], &now[x]))
                        continue;
                pen_reach(pen, now, x, y);
                /* A blank looks the same in every colour. */
                if (!ink_equal(&now[x], &blank) || !is_plain(pen->attr))
                        pen_look(pen, now[x].fg, now[x].attr);
                if (x >= end && cols - x >= WORTH_ERASING) {
                        str_add(pen->out, "\033[K");
                        return;
                }
                str_add_n(pen->out, bytes, text_encode(now[x].c, bytes));
                pen->x++;
                /* Behind the last column it waits there or not; and terminals differ about what is wide. */
                if (pen->x >= cols || now[x + 1].c == 0)
                        pen->x = -1;
        }
}

static void put_cursor(struct encoder *encoder, const struct grid *grid, bool all, struct pen *pen)
{
        int x = grid->cursor_x, y = grid->cursor_y;
        bool visible = x >= 0 && y >= 0 && x < grid->cols && y < grid->rows;

        if (visible && (pen->x != x || pen->y != y))
                pen_move(pen, x, y);
        if (all || visible != encoder->cursor)
                str_add(pen->out, visible ? "\033[?25h" : "\033[?25l");
        encoder->cursor = visible;
        encoder->cursor_x = pen->x;
        encoder->cursor_y = pen->y;
}

void encoder_frame(struct encoder *encoder, const struct grid *grid, bool all, struct str *out)
{
        size_t cols = (size_t)grid->cols, n = cols * (size_t)grid->rows;
        own_free struct ink *row = xmalloc(cols * sizeof(*row));
        struct pen pen = { .out = out, .fg = COLOUR_DEFAULT };

        if (!encoder->shown || encoder->cols != grid->cols || encoder->rows != grid->rows)
                all = true;
        pen.x = all ? 0 : encoder->cursor_x;
        pen.y = all ? 0 : encoder->cursor_y;
        if (all) {
                str_add(out, "\033[m\033[H\033[2J");
                encoder->cols = grid->cols;
                encoder->rows = grid->rows;
                encoder->shown = xrealloc(encoder->shown, n, sizeof(*encoder->shown));
                for (size_t i = 0; i < n; i++)
                        encoder->shown[i] = blank;
        }
        for (size_t y = 0; y < (size_t)grid->rows; y++) {
                struct ink *shown = encoder->shown + y * cols;

                encoder_row(encoder, grid->cells + y * cols, grid->cols, row);
                draw_row(&pen, shown, row, (int)y, grid->cols);
                for (size_t x = 0; x < cols; x++)
                        shown[x] = row[x];
        }
        pen_look(&pen, COLOUR_DEFAULT, 0);
        put_cursor(encoder, grid, all, &pen);
}
