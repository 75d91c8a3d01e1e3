/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"

enum { SAFE_BYTES = 1024 /* more than any row shows; a command line may have megabytes */ };

static const struct glyphs utf8 = {
        .h = "─",
        .v = "│",
        .tl = "┌",
        .tr = "┐",
        .bl = "└",
        .br = "┘",
        .tie = "═",
        .cross = "╪",
        .tied = "►",
        .held = "●",
        .allowed = "○",
        .not_allowed = "·",
        .running = "●",
        .starting = "○",
        .cut = "…",
        .to = "→",
        .tick = "✓",
        .passed = "✓",
        .refused = "✗",
        .look = "◄ look",
        .up = "↑",
        .down = "↓",
        .tree_go = "│ ",
        .tree_child = "├─",
        .tree_last = "└─",
};

static const struct glyphs plain = {
        .h = "-",
        .v = "|",
        .tl = "+",
        .tr = "+",
        .bl = "+",
        .br = "+",
        .tie = "=",
        .cross = "+",
        .tied = ">",
        .held = "*",
        .allowed = "o",
        .not_allowed = "-",
        .running = "*",
        .starting = "o",
        .cut = "~",
        .to = "->",
        .tick = "*",
        .passed = "y",
        .refused = "n",
        .look = "<- look",
        .up = "^",
        .down = "v",
        .tree_go = "| ",
        .tree_child = "|-",
        .tree_last = "`-",
};

const struct glyphs *glyphs_of(bool ascii)
{
        return ascii ? &plain : &utf8;
}

char *pen_safe(const struct pen *pen, const char *s)
{
        return text_escape(s, strnlen(s, SAFE_BYTES), pen->view->ascii);
}

int pen_put(const struct pen *pen, int x, int y, int width, const char *s, enum role role, uint8_t attr)
{
        own_free char *fit = text_cut(s, width, pen->glyphs->cut);

        return grid_put(pen->grid, x, y, width, fit, role, attr);
}

int pen_put_f(const struct pen *pen, int x, int y, int width, enum role role, uint8_t attr,
              const char *format, ...)
{
        own_free char *text = NULL; /* a line of a wide terminal may have thousands of bytes */
        va_list args;

        va_start(args, format);
        if (vasprintf(&text, format, args) < 0)
                abort();
        va_end(args);
        return pen_put(pen, x, y, width, text, role, attr);
}

void pen_repeat(const struct pen *pen, int x, int y, int n, const char *glyph, enum role role, uint8_t attr)
{
        uint32_t c = '?';

        text_decode(glyph, strlen(glyph), &c);
        grid_fill(pen->grid, x, y, n, 1, c, role, attr);
}

void pen_box(const struct pen *pen, const struct rect *rect, bool focus)
{
        const struct glyphs *glyphs = pen->glyphs;
        enum role role = focus ? ROLE_FOCUS : ROLE_BORDER;
        int right = rect->x + rect->w - 1, bottom = rect->y + rect->h - 1;

        grid_fill(pen->grid, rect->x, rect->y, rect->w, rect->h, ' ', ROLE_TEXT, 0);
        pen_repeat(pen, rect->x, rect->y, rect->w, glyphs->h, role, 0);
        pen_repeat(pen, rect->x, bottom, rect->w, glyphs->h, role, 0);
        for (int y = rect->y + 1; y < bottom; y++) {
                pen_repeat(pen, rect->x, y, 1, glyphs->v, role, 0);
                pen_repeat(pen, right, y, 1, glyphs->v, role, 0);
        }
        pen_repeat(pen, rect->x, rect->y, 1, glyphs->tl, role, 0);
        pen_repeat(pen, right, rect->y, 1, glyphs->tr, role, 0);
        pen_repeat(pen, rect->x, bottom, 1, glyphs->bl, role, 0);
        pen_repeat(pen, right, bottom, 1, glyphs->br, role, 0);
}

int pen_box_room(const struct rect *rect)
{
        return rect->w - 4; /* both corners, a space at both ends */
}

int pen_box_text(const struct pen *pen, const struct rect *rect, bool lower, bool right, const char *s,
                 enum role role)
{
        int y = lower ? rect->y + rect->h - 1 : rect->y, room = pen_box_room(rect);
        own_free char *fit = text_cut(s, room, pen->glyphs->cut);
        int width = text_width(fit), x = rect->x + 1;

        if (room < 1 || !*fit)
                return 0;
        /* One dash stays between the text and the right corner. */
        if (right)
                x = rect->x + rect->w - 2 - (width + 2);
        if (x < rect->x + 1)
                x = rect->x + 1;
        grid_put(pen->grid, x, y, 1, " ", role, 0);
        grid_put(pen->grid, x + 1, y, width, fit, role, 0);
        grid_put(pen->grid, x + 1 + width, y, 1, " ", role, 0);
        return width + 2;
}

const char *pen_first_fit(const struct strv *texts, int width)
{
        for (size_t i = 0; i < texts->n; i++)
                if (text_width(texts->v[i]) <= width)
                        return texts->v[i];
        return texts->n ? texts->v[texts->n - 1] : "";
}

/* Adds a word that is longer than a line, broken. */
static void break_word(const char *word, size_t n, int width, struct str *line, struct strv *ret)
{
        for (size_t i = 0; i < n;) {
                uint32_t c = 0;
                size_t len = text_decode(word + i, n - i, &c);

                len = len ? len : 1;
                if (line->len && text_width(str_text(line)) + 2 > width)
                        strv_add_take(ret, str_take(line));
                str_add_n(line, word + i, len);
                i += len;
        }
}

void pen_wrap(const char *text, int width, struct strv *ret)
{
        struct str line = { 0 };

        width = width < 2 ? 2 : width;
        while (*text) {
                size_t n = strcspn(text, " \n");
                own_free char *word = xstrndup(text, n);
                int room = width - (line.len ? text_width(str_text(&line)) + 1 : 0);

                if (n && text_width(word) > room && line.len)
                        strv_add_take(ret, str_take(&line));
                if (n && line.len)
                        str_add_c(&line, ' ');
                if (text_width(word) > width)
                        break_word(word, n, width, &line, ret);
                else
                        str_add_n(&line, word, n);
                if (text[n] == '\n')
                        strv_add_take(ret, str_take(&line));
                text += n + (text[n] ? 1 : 0);
        }
        if (line.len)
                strv_add_take(ret, str_take(&line));
        str_finish(&line);
}
