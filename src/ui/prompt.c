/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "ui/parts.h"

enum { MARGIN = 1, GAP = 3, CANDIDATES_LEAST = 30, SCREEN_PART = 3 /* of the height */ };
enum { ERROR_LINES = 3, ERROR_PART = 5 /* of the height, where that is more */, QUOTED_LEAST = 12 };

#define REMEDY " - " /* stands before it */

/* The text broken over lines of one width. */
struct typed {
        char *text;    /* fit for the screen, owned */
        size_t *start; /* where each line begins in it, and its end; owned, n + 1 entries */
        size_t n;
        size_t cursor_line;
        int cursor_col;
};

static void add_start(struct typed *typed, size_t at)
{
        typed->start = xrealloc(typed->start, typed->n + 2, sizeof(*typed->start));
        typed->start[typed->n++] = at;
}

static void break_text(const struct pen *pen, int width, struct typed *ret)
{
        const struct prompt_view *prompt = &pen->view->prompt;
        size_t cursor = prompt->cursor;
        own_free char *before = text_escape(prompt->text, cursor, pen->view->ascii);
        own_free char *after =
                text_escape(prompt->text + cursor, strlen(prompt->text + cursor), pen->view->ascii);
        size_t at = 0, len, end;
        int col = 0;

        *ret = (struct typed){ .text = xasprintf("%s%s", before, after) };
        end = strlen(ret->text);
        cursor = strlen(before);
        add_start(ret, 0);
        do {
                uint32_t c = 0;
                int w;

                len = at < end ? text_decode(ret->text + at, end - at, &c) : 0;
                w = len ? text_char_width(c) : 1;
                if (col + w > width && col > 0 && (len || at == cursor)) {
                        add_start(ret, at);
                        col = 0;
                }
                if (at == cursor) {
                        ret->cursor_line = ret->n - 1;
                        ret->cursor_col = col;
                }
                col += w;
                at += len;
        } while (len);
        ret->start[ret->n] = end;
}

/* The first of the lines that are shown: the cursor's is among them. */
static size_t first_line(const struct typed *typed, size_t shown)
{
        size_t first = typed->cursor_line > shown / 2 ? typed->cursor_line - shown / 2 : 0;

        return first > typed->n - shown ? typed->n - shown : first;
}

static void draw_text(const struct pen *pen, const struct typed *typed, size_t shown, int x, int y)
{
        size_t first = first_line(typed, shown);
        int width = pen->grid->cols - MARGIN - x;

        for (size_t i = 0; i < shown; i++) {
                const size_t *start = &typed->start[first + i];
                own_free char *line = xstrndup(typed->text + start[0], start[1] - start[0]);

                grid_put(pen->grid, x, y + (int)i, width, line, ROLE_TEXT, 0);
        }
        if (first > 0)
                pen_put(pen, x - 1, y, 1, pen->glyphs->cut, ROLE_NOTE, 0);
        if (first + shown < typed->n)
                pen_put(pen, x + width, y + (int)shown - 1, 1, pen->glyphs->cut, ROLE_NOTE, 0);
        pen->grid->cursor_x = x + typed->cursor_col;
        pen->grid->cursor_y = y + (int)(typed->cursor_line - first);
}

/* What may stand at the cursor, and the keys where there is room beside it. */
static void add_help(const struct pen *pen, struct strv *lines)
{
        const struct prompt_view *prompt = &pen->view->prompt;
        int width = pen->grid->cols - 2 * MARGIN, room = width - GAP - text_width(prompt->hint);
        struct str list = { 0 };
        own_free char *fit = NULL;

        for (size_t i = 0; prompt->candidates && i < prompt->candidates->n; i++) {
                own_free char *safe = pen_safe(pen, prompt->candidates->v[i]);

                str_add_f(&list, "%s%s", i ? "  " : "", safe);
        }
        if (!list.len)
                strv_add(lines, prompt->hint);
        else if (text_width(list.s) > room && room < CANDIDATES_LEAST)
                strv_add(lines, list.s);
        else {
                fit = text_cut(list.s, room, pen->glyphs->cut);
                strv_add_take(lines,
                              xasprintf("%s%*s%s", fit, width - text_width(fit) - text_width(prompt->hint),
                                        "", prompt->hint));
        }
        str_finish(&list);
}

static int lines_of(const char *text, int width)
{
        struct strv lines = { 0 };
        size_t n;

        pen_wrap(text, width, &lines);
        n = lines.n;
        strv_finish(&lines);
        return (int)n;
}

/* The longest word up to end, without the marks behind it; its bytes in *ret_n. */
static const char *longest_word(const char *text, const char *end, size_t *ret_n)
{
        const char *longest = text;

        *ret_n = 0;
        for (const char *at = text; at < end;) {
                size_t all = strcspn(at, " "), n = all;

                while (n > 0 && strchr("\"':,.", at[n - 1]))
                        n--;
                if (n > *ret_n) {
                        longest = at;
                        *ret_n = n;
                }
                at += all + strspn(at + all, " ");
        }
        return longest;
}

/* The error in most lines where that can be: what it quotes, and what still stands where it was typed, is cut
 * before what is to be done about it. Owned by the caller. */
static char *shorten_error(const struct pen *pen, const char *error, int width, int most)
{
        own_free char *text = text_escape(error, strlen(error), pen->view->ascii);

        for (int n; (n = lines_of(text, width)) > most;) {
                const char *remedy = strstr(text, REMEDY), *end = remedy ? remedy : text + strlen(text);
                size_t bytes;
                const char *word = longest_word(text, end, &bytes);
                own_free char *whole = xstrndup(word, bytes), *cut = NULL;
                int over = (n - most - 1) * width / 2, columns = text_width(whole);
                char *next;

                if (columns <= QUOTED_LEAST)
                        break;
                columns -= over > 0 ? over : 1;
                cut = text_cut(whole, columns > QUOTED_LEAST ? columns : QUOTED_LEAST, pen->glyphs->cut);
                next = xasprintf("%.*s%s%s", (int)(word - text), text, cut, word + bytes);
                free(text);
                text = next;
        }
        return take_ptr(text);
}

/* What has no room even so ends with a mark. */
static void add_error(const struct pen *pen, struct strv *lines)
{
        int width = pen->grid->cols - 2 * MARGIN, most = pen->grid->rows / ERROR_PART;
        own_free char *text = NULL;
        size_t last;

        most = most > ERROR_LINES ? most : ERROR_LINES;
        text = shorten_error(pen, pen->view->prompt.error, width, most);
        pen_wrap(text, width, lines);
        if (lines->n <= (size_t)most)
                return;
        while (lines->n > (size_t)most)
                strv_remove(lines, lines->n - 1);
        last = lines->n - 1;
        text = (free(text), xasprintf("%s ", lines->v[last]));
        free(lines->v[last]);
        lines->v[last] = text_width(text) > width ? text_cut(text, width, pen->glyphs->cut)
                                                  : xasprintf("%s%s", text, pen->glyphs->cut);
}

void part_prompt(const struct pen *pen)
{
        const struct prompt_view *prompt = &pen->view->prompt;
        int cols = pen->grid->cols, rows = pen->grid->rows, x, y;
        bool failed = prompt->error && *prompt->error;
        size_t shown = (size_t)rows / SCREEN_PART;
        struct strv head = { 0 };
        struct typed typed;

        if (!prompt->title)
                return;
        x = MARGIN + text_width(prompt->title) + 1;
        break_text(pen, cols - MARGIN - x, &typed);
        shown = typed.n < shown ? typed.n : shown;
        if (failed)
                add_error(pen, &head);
        else
                add_help(pen, &head);
        y = rows - (int)shown - (int)head.n;
        grid_fill(pen->grid, 0, y, cols, rows - y, ' ', ROLE_TEXT, 0);
        for (size_t i = 0; i < head.n; i++, y++)
                pen_put(pen, MARGIN, y, cols - 2 * MARGIN, head.v[i], failed ? ROLE_WARNING : ROLE_NOTE, 0);
        pen_put(pen, MARGIN, y, cols - MARGIN, prompt->title, ROLE_FOCUS, ATTR_BOLD);
        draw_text(pen, &typed, shown, x, y);
        strv_finish(&head);
        free(typed.text);
        free(typed.start);
}
