/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "term/term_state.h"

void term_make_pairs(const struct term *term)
{
        int background = -1;

        if (term->depth == DEPTH_MONO)
                return;
        if (use_default_colors() == ERR)
                background = COLOR_BLACK;
        for (int role = 0; role < ROLE_N; role++) {
                int fg = scheme_look(term->scheme, (enum role)role, term->depth).fg;

                if (fg == COLOUR_DEFAULT && background != -1)
                        fg = COLOR_WHITE;
                init_pair((short)(role + 1), (short)fg, (short)background);
        }
}

static attr_t attributes(uint8_t attr)
{
        attr_t ret = A_NORMAL;

        if (attr & ATTR_BOLD)
                ret |= A_BOLD;
        if (attr & ATTR_REVERSE)
                ret |= A_REVERSE;
        if (attr & ATTR_ITALIC)
                ret |= A_ITALIC;
        if (attr & ATTR_UNDERLINE)
                ret |= A_UNDERLINE;
        return ret;
}

/* What may be written at a cell with room columns: nothing that moves the cursor otherwise than by its width.
 */
static wchar_t printable(const struct term *term, const struct cell *cell, int room)
{
        int width;

        if (term->ascii)
                return cell->c >= 0x20 && cell->c < 0x7f ? (wchar_t)cell->c : L'?';
        width = text_char_width(cell->c);
        if (width == 1 || (width == 2 && room > 1 && cell[1].c == 0))
                return (wchar_t)cell->c;
        return L'?';
}

static void draw_row(const struct term *term, const struct cell *cells, int y, int cols)
{
        bool wide = false; /* the cell before covers this one */

        for (int x = 0; x < cols; x++) {
                const struct cell *cell = cells + x;
                struct look_of look = scheme_look(term->scheme, (enum role)cell->role, term->depth);
                unsigned role = cell->role < ROLE_N ? cell->role : ROLE_TEXT;
                short pair = (short)(term->depth == DEPTH_MONO ? 0 : role + 1);
                wchar_t text[2] = { L' ', L'\0' };
                cchar_t shown;

                if (cell->c == 0 && wide) {
                        wide = false;
                        continue;
                }
                if (cell->c != 0)
                        text[0] = printable(term, cell, cols - x);
                wide = !term->ascii && wcwidth(text[0]) == 2;
                if (setcchar(&shown, text, attributes(look.attr | cell->attr), pair, NULL) == OK)
                        mvadd_wch(y, x, &shown);
        }
}

static bool row_equal(const struct cell *a, const struct cell *b, int cols)
{
        for (int x = 0; x < cols; x++)
                if (a[x].c != b[x].c || a[x].role != b[x].role || a[x].attr != b[x].attr)
                        return false;
        return true;
}

static int clamp(int value, int max)
{
        return value < 0 ? 0 : value > max ? max : value;
}

void term_draw(struct term *term, const struct grid *grid, bool all)
{
        size_t size = (size_t)grid->cols * (size_t)grid->rows;
        int cols = clamp(grid->cols, COLS), rows = clamp(grid->rows, LINES);

        term->all = term->all || all;
        if (term->away || !output_flush(&term->output))
                return;
        if (term->shown && (term->cols != grid->cols || term->rows != grid->rows)) {
                free(take_ptr(term->shown));
                erase();
        }
        if (term->all) {
                free(take_ptr(term->shown));
                clearok(curscr, TRUE);
        }
        term->all = false;
        for (int y = 0; y < rows; y++) {
                const struct cell *row = grid->cells + (size_t)y * (size_t)grid->cols;

                if (!term->shown || !row_equal(row, term->shown + (size_t)y * (size_t)grid->cols, grid->cols))
                        draw_row(term, row, y, cols);
        }
        move(clamp(grid->cursor_y, LINES - 1), clamp(grid->cursor_x, COLS - 1));
        output_begin();
        refresh();
        output_collect(&term->output);
        output_flush(&term->output);
        if (!term->shown)
                term->shown = xmalloc(size * sizeof(*term->shown));
        memcpy(term->shown, grid->cells, size * sizeof(*term->shown));
        term->cols = grid->cols;
        term->rows = grid->rows;
}
