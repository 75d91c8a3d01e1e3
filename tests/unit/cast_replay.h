/* SPDX-License-Identifier: MIT */
/* A terminal (libvterm) that recordings are played on, compared with a grid cell by cell. */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <vterm.h>

#include "base/str.h"
#include "base/text.h"
#include "ui/grid.h"
#include "ui/scheme.h"

struct replay {
        VTerm *vterm;
        VTermScreen *screen;
        int cols, rows;
        bool cursor;
};

static int replay_property(VTermProp prop, VTermValue *value, void *data)
{
        struct replay *replay = data;

        assert_true(prop != VTERM_PROP_TITLE && prop != VTERM_PROP_ICONNAME);
        if (prop == VTERM_PROP_CURSORVISIBLE)
                replay->cursor = value->boolean;
        return 1;
}

static int replay_bell(void *data)
{
        (void)data;
        fail_msg("the terminal was rung");
        return 1;
}

/* libvterm has no terminal of one column. */
static void replay_open(struct replay *replay, int cols, int rows)
{
        static const VTermScreenCallbacks callbacks = { .settermprop = replay_property, .bell = replay_bell };

        *replay = (struct replay){ .cols = cols, .rows = rows, .cursor = true };
        replay->vterm = vterm_new(rows, cols > 1 ? cols : 2);
        vterm_set_utf8(replay->vterm, 1);
        replay->screen = vterm_obtain_screen(replay->vterm);
        vterm_screen_set_callbacks(replay->screen, &callbacks, replay);
        vterm_screen_reset(replay->screen, 1);
}

static void replay_close(struct replay *replay)
{
        vterm_free(replay->vterm);
}

static void replay_feed(struct replay *replay, const char *bytes, size_t n)
{
        vterm_input_write(replay->vterm, bytes, n);
}

static void replay_resize(struct replay *replay, int cols, int rows)
{
        replay_feed(replay, "\033[H", 3);
        vterm_set_size(replay->vterm, rows, cols > 1 ? cols : 2);
        replay->cols = cols;
        replay->rows = rows;
}

struct replay_mode {
        enum scheme scheme;
        bool ascii, mono;
};

/* The character that a cell is to show: 0 for the right half of a wide one. */
static uint32_t replay_expected(const struct replay_mode *mode, const struct grid *grid, int x, int y)
{
        const struct cell *row = grid->cells + (size_t)y * (size_t)grid->cols;
        uint32_t c = row[x].c;

        if (c == 0) {
                bool right_half =
                        !mode->ascii && x > 0 && row[x - 1].c != 0 && text_char_width(row[x - 1].c) == 2;

                return right_half ? 0 : ' ';
        }
        if (mode->ascii)
                return c >= ' ' && c <= '~' ? c : '?';
        if (text_char_width(c) == 2)
                return x + 1 < grid->cols && row[x + 1].c == 0 ? c : '?';
        return text_char_width(c) == 1 ? c : '?';
}

static void replay_compare_cell(const struct replay *replay, const struct replay_mode *mode,
                                const struct grid *grid, int x, int y)
{
        const struct cell *cell = &grid->cells[(size_t)y * (size_t)grid->cols + (size_t)x];
        enum depth depth = mode->mono ? DEPTH_MONO : DEPTH_256;
        struct look_of look = scheme_look(mode->scheme, (enum role)cell->role, depth);
        uint32_t c = replay_expected(mode, grid, x, y);
        uint8_t attr = look.attr | cell->attr;
        VTermScreenCell got;

        if (c == 0)
                return; /* its left half says it */
        assert_true(vterm_screen_get_cell(replay->screen, (VTermPos){ .row = y, .col = x }, &got));
        if ((got.chars[0] ? got.chars[0] : ' ') != c)
                fail_msg("at %d,%d there is U+%04x, expected U+%04x", x, y, got.chars[0], c);
        assert_int_equal(got.width, text_char_width(c));
        assert_int_equal(got.attrs.underline != 0, (attr & ATTR_UNDERLINE) != 0);
        assert_int_equal(got.attrs.reverse != 0, (attr & ATTR_REVERSE) != 0);
        assert_true(VTERM_COLOR_IS_DEFAULT_BG(&got.bg));
        if (c == ' ' && !(attr & (ATTR_UNDERLINE | ATTR_REVERSE)))
                return; /* nothing of the rest can be seen */
        assert_int_equal(got.attrs.bold != 0, (attr & ATTR_BOLD) != 0);
        assert_int_equal(got.attrs.italic != 0, (attr & ATTR_ITALIC) != 0);
        if (look.fg == COLOUR_DEFAULT) {
                assert_true(VTERM_COLOR_IS_DEFAULT_FG(&got.fg));
        } else {
                assert_true(VTERM_COLOR_IS_INDEXED(&got.fg));
                assert_int_equal(got.fg.indexed.idx, look.fg);
        }
}

/* The terminal shows the grid, and its cursor where the grid has it. */
static void replay_compare(const struct replay *replay, const struct replay_mode *mode,
                           const struct grid *grid)
{
        bool inside = grid->cursor_x >= 0 && grid->cursor_y >= 0 && grid->cursor_x < grid->cols &&
                      grid->cursor_y < grid->rows;
        VTermPos at;

        assert_int_equal(replay->cols, grid->cols);
        assert_int_equal(replay->rows, grid->rows);
        for (int y = 0; y < grid->rows; y++)
                for (int x = 0; x < grid->cols; x++)
                        replay_compare_cell(replay, mode, grid, x, y);
        assert_int_equal(replay->cursor, inside);
        if (!inside)
                return;
        vterm_state_get_cursorpos(vterm_obtain_state(replay->vterm), &at);
        assert_int_equal(at.col, grid->cursor_x);
        assert_int_equal(at.row, grid->cursor_y);
}
