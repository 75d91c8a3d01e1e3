/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/emulator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vterm.h>

#include "base/own.h"
#include "base/text.h"
#include "stage/escapes.h"

enum { COLS_LEAST = 2, SIDE_MOST = 1000, ANSWER_MOST = 4096 };

struct emulator {
        VTerm *vterm;
        VTermScreen *screen;
        struct escapes escapes;
        int cols, rows;
        struct shell_cell *cells; /* rows * cols, owned */
        struct str *answer;       /* where libvterm's own words go, while it is called */
};

/* A program that asks without end is answered for a while. */
static void on_output(const char *data, size_t n, void *user)
{
        struct emulator *emulator = user;

        if (emulator->answer && emulator->answer->len + n <= ANSWER_MOST)
                str_add_n(emulator->answer, data, n);
}

static int clamp(int value, int least, int most)
{
        return value < least ? least : value > most ? most : value;
}

static void set_size(struct emulator *emulator, int cols, int rows)
{
        emulator->cols = clamp(cols, COLS_LEAST, SIDE_MOST);
        emulator->rows = clamp(rows, 1, SIDE_MOST);
        free(emulator->cells);
        emulator->cells = xcalloc((size_t)emulator->cols * (size_t)emulator->rows, sizeof(*emulator->cells));
}

struct emulator *emulator_create(int cols, int rows)
{
        static const VTermScreenCallbacks none = { 0 };
        struct emulator *emulator = xcalloc(1, sizeof(*emulator));

        set_size(emulator, cols, rows);
        emulator->vterm = vterm_new(emulator->rows, emulator->cols);
        vterm_set_utf8(emulator->vterm, 1);
        vterm_output_set_callback(emulator->vterm, on_output, emulator);
        emulator->screen = vterm_obtain_screen(emulator->vterm);
        vterm_screen_enable_altscreen(emulator->screen, 1);
        vterm_screen_set_callbacks(emulator->screen, &none, NULL);
        vterm_screen_reset(emulator->screen, 1);
        return emulator;
}

void emulator_destroy(struct emulator *emulator)
{
        if (!emulator)
                return;
        vterm_free(emulator->vterm);
        free(emulator->cells);
        free(emulator);
}

void emulator_feed(struct emulator *emulator, const char *data, size_t n, struct str *answer)
{
        struct str harmless = { 0 };

        escapes_feed(&emulator->escapes, data, n, &harmless);
        emulator->answer = answer;
        vterm_input_write(emulator->vterm, str_text(&harmless), harmless.len);
        emulator->answer = NULL;
        str_finish(&harmless);
}

static const struct {
        const char *name;
        VTermKey key;
        VTermModifier modifier;
} special[] = {
        { "Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE },   { "Tab", VTERM_KEY_TAB, VTERM_MOD_NONE },
        { "BackTab", VTERM_KEY_TAB, VTERM_MOD_SHIFT },  { "BackSpace", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE },
        { "Esc", VTERM_KEY_ESCAPE, VTERM_MOD_NONE },    { "Up", VTERM_KEY_UP, VTERM_MOD_NONE },
        { "Down", VTERM_KEY_DOWN, VTERM_MOD_NONE },     { "Left", VTERM_KEY_LEFT, VTERM_MOD_NONE },
        { "Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE },   { "Insert", VTERM_KEY_INS, VTERM_MOD_NONE },
        { "Delete", VTERM_KEY_DEL, VTERM_MOD_NONE },    { "Home", VTERM_KEY_HOME, VTERM_MOD_NONE },
        { "End", VTERM_KEY_END, VTERM_MOD_NONE },       { "PgUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE },
        { "PgDn", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE },
};

/* Keys whose bytes depend on a mode. */
static bool press_special(struct emulator *emulator, const char *key)
{
        int number = key[0] == 'F' ? atoi(key + 1) : 0;

        for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
                if (strcmp(special[i].name, key) != 0)
                        continue;
                vterm_keyboard_key(emulator->vterm, special[i].key, special[i].modifier);
                return true;
        }
        if (number < 1 || number > 12)
                return false;
        vterm_keyboard_key(emulator->vterm, (VTermKey)VTERM_KEY_FUNCTION(number), VTERM_MOD_NONE);
        return true;
}

void emulator_key(struct emulator *emulator, const char *key, struct str *ret)
{
        uint32_t c;

        if (strncmp(key, "M-", 2) == 0 && key[2]) {
                str_add_c(ret, '\033');
                key += 2;
        }
        emulator->answer = ret;
        if (strcmp(key, "space") == 0)
                str_add_c(ret, ' ');
        else if (key[0] == 'C' && key[1] == '-' && key[2] && !key[3])
                str_add_c(ret, (char)(key[2] & 0x1f));
        else if (*key && text_decode(key, strlen(key), &c) == strlen(key))
                str_add(ret, key);
        else
                press_special(emulator, key);
        emulator->answer = NULL;
}

/* A program's margins do not outlive the size that they were made for: libvterm would go on scrolling by
 * them.
 */
static void forget_margins(struct emulator *emulator)
{
        VTermPos cursor = { 0, 0 };
        char bytes[48];

        vterm_state_get_cursorpos(vterm_obtain_state(emulator->vterm), &cursor);
        snprintf(bytes, sizeof(bytes), "\033[r\033[?69l\033[%d;%dH", cursor.row + 1, cursor.col + 1);
        vterm_input_write(emulator->vterm, bytes, strlen(bytes));
}

bool emulator_resize(struct emulator *emulator, int cols, int rows)
{
        int old_cols = emulator->cols, old_rows = emulator->rows;
        VTermPos cursor = { 0, 0 };

        if (clamp(cols, COLS_LEAST, SIDE_MOST) == old_cols && clamp(rows, 1, SIDE_MOST) == old_rows)
                return false;
        forget_margins(emulator);
        set_size(emulator, cols, rows);
        vterm_set_size(emulator->vterm, emulator->rows, emulator->cols);
        /* libvterm before 0.2 may leave it above the first row, and reads there. */
        vterm_state_get_cursorpos(vterm_obtain_state(emulator->vterm), &cursor);
        if (cursor.row < 0 || cursor.row >= emulator->rows || cursor.col < 0 || cursor.col >= emulator->cols)
                vterm_input_write(emulator->vterm, "\033[H", strlen("\033[H"));
        return true;
}

void emulator_size(const struct emulator *emulator, int *ret_cols, int *ret_rows)
{
        *ret_cols = emulator->cols;
        *ret_rows = emulator->rows;
}

/* Colours are left out: the screen's own schemes have none to spare. A background that is not the terminal's
 * own, which is how many programs mark a line, is reverse video. */
static uint8_t attributes(const VTermScreenCell *cell)
{
        bool marked = !VTERM_COLOR_IS_DEFAULT_BG(&cell->bg) &&
                      !(VTERM_COLOR_IS_INDEXED(&cell->bg) && cell->bg.indexed.idx == 0);
        uint8_t attr = 0;

        if (cell->attrs.bold)
                attr |= SHELL_BOLD;
        if (cell->attrs.italic)
                attr |= SHELL_ITALIC;
        if (cell->attrs.underline)
                attr |= SHELL_UNDERLINE;
        if (cell->attrs.reverse != marked)
                attr |= SHELL_REVERSE;
        return attr;
}

/* Writes a cell, and the right half of a wide one; returns the columns used. libvterm measures by a table of
 * its own: what counts on the screen is wcwidth. */
static int take_cell(const VTermScreenCell *cell, struct shell_cell *to, int room)
{
        uint32_t c = cell->chars[0];
        int columns = cell->width == 2 && room > 1 ? 2 : 1, width = text_char_width(c);

        *to = (struct shell_cell){ ' ', attributes(cell) };
        if (columns == 2)
                to[1] = *to;
        if (c == 0 || c == (uint32_t)-1) /* blank, or what is left of a wide one */
                return columns;
        to->c = width == 1 || (width == 2 && columns == 2) ? c : '?';
        if (width == 2 && columns == 2)
                to[1].c = 0;
        return columns;
}

void emulator_look(struct emulator *emulator, struct shell_view *ret)
{
        VTermPos cursor = { 0, 0 };

        for (int y = 0; y < emulator->rows; y++)
                for (int x = 0; x < emulator->cols;) {
                        VTermScreenCell cell = { .width = 1 };

                        vterm_screen_get_cell(emulator->screen, (VTermPos){ .row = y, .col = x }, &cell);
                        x += take_cell(&cell, &emulator->cells[y * emulator->cols + x], emulator->cols - x);
                }
        vterm_state_get_cursorpos(vterm_obtain_state(emulator->vterm), &cursor);
        ret->cols = emulator->cols;
        ret->rows = emulator->rows;
        ret->cells = emulator->cells;
        ret->cursor_x = clamp(cursor.col, 0, emulator->cols - 1);
        ret->cursor_y = clamp(cursor.row, 0, emulator->rows - 1);
}
