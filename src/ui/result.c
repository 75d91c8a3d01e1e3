/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/result.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "spec/quote.h"
#include "ui/parts.h"

enum { TAB = 8, LINE_BYTES = 4096 /* more than a screen's line shows */, BORDERS = 2 };

char *result_line(const struct pen *pen, const struct run_entry *entry)
{
        struct str line = { 0 };
        char *safe;

        str_add(&line, "!");
        if (*entry->user) {
                str_add(&line, " -u ");
                quote_add(&line, entry->user, pen->view->ascii);
        }
        for (size_t i = 0; i < entry->argv.n && line.len < LINE_BYTES; i++) {
                str_add_c(&line, ' ');
                quote_add(&line, entry->argv.v[i], pen->view->ascii);
        }
        safe = pen_safe(pen, str_text(&line));
        str_finish(&line);
        return safe;
}

char *result_end(const struct run_entry *entry, size_t above)
{
        own_free char *more =
                above > 0 ? xasprintf(", %zu more line%s above", above, above > 1 ? "s" : "") : xstrdup("");

        if (!entry->ended)
                return xasprintf("running%s%s", more, entry->cut ? ", output cut" : "");
        return xasprintf("exit %d%s%s", entry->exit, more, entry->cut ? ", output cut" : "");
}

/* A line of output, fit for the screen, its tabs as a terminal shows them. A carriage return at the end
 * belongs to the line's end. */
static char *safe_line(const struct pen *pen, const char *s, size_t n)
{
        struct str line = { 0 };
        int col = 0;

        if (n && s[n - 1] == '\r')
                n--;
        if (n > LINE_BYTES)
                n = LINE_BYTES;
        for (size_t at = 0; at < n;) {
                const char *tab = memchr(s + at, '\t', n - at);
                size_t len = tab ? (size_t)(tab - s) - at : n - at;
                own_free char *safe = text_escape(s + at, len, pen->view->ascii);

                str_add(&line, safe);
                col += text_width(safe);
                at += len + (tab ? 1 : 0);
                if (!tab)
                        break;
                str_add_f(&line, "%*s", TAB - col % TAB, "");
                col += TAB - col % TAB;
        }
        return str_take(&line);
}

/* Where the last lines begin; ret_above: how many are before them. */
static const char *last_lines(const struct str *output, int most, size_t *ret_above)
{
        const char *begin = str_text(output), *end = begin + output->len, *at;
        int lines = 0;

        if (end > begin && end[-1] == '\n')
                end--;
        for (at = end; at > begin; at--)
                if (at[-1] == '\n' && ++lines == most)
                        break;
        *ret_above = 0;
        for (const char *c = begin; c < at; c++)
                *ret_above += *c == '\n';
        return at;
}

static size_t lead_of(const struct strv *lines)
{
        size_t least = SIZE_MAX;

        for (size_t i = 0; i < lines->n; i++) {
                size_t lead = strspn(lines->v[i], " ");

                if (lines->v[i][lead] && lead < least)
                        least = lead;
        }
        return least == SIZE_MAX ? 0 : least;
}

size_t result_output(const struct pen *pen, const struct run_entry *entry, int width, int most, int broken,
                     struct prose *ret)
{
        const char *end = str_text(&entry->output) + entry->output.len, *at;
        struct strv lines = { 0 };
        size_t above = 0, lead;
        int widest = 0;

        if (most < 1)
                most = 1;
        for (at = last_lines(&entry->output, most, &above); at < end;) {
                const char *newline = memchr(at, '\n', (size_t)(end - at));
                size_t n = newline ? (size_t)(newline - at) : (size_t)(end - at);

                strv_add_take(&lines, safe_line(pen, at, n));
                if (text_width(lines.v[lines.n - 1]) > widest)
                        widest = text_width(lines.v[lines.n - 1]);
                at += n + (newline ? 1 : 0);
        }
        /* Where they are too long, what all begin with goes first: columns that are set in. */
        lead = widest > width ? lead_of(&lines) : 0;
        for (size_t i = 0; i < lines.n; i++) {
                size_t len = strlen(lines.v[i]);

                prose_break(ret, lines.v[i] + (len < lead ? len : lead), width, 0, broken, pen->glyphs->cut);
        }
        strv_finish(&lines);
        return entry->dropped + above;
}

/* Over the lowest capability rows. The pane's title and, where there is room, its lower border stay. Returns
 * how many lines of output there are above those that are shown. */
static size_t place_result(const struct pen *pen, const struct layout *layout, struct prose *output,
                           struct rect *ret)
{
        const struct rect *caps = &layout->caps;
        const struct run_entry *entry = pen->view->result;
        const int room = caps->h - 1 - BORDERS - 1;
        size_t above;

        *ret = (struct rect){ .x = caps->x + 1, .w = caps->w - 2 };
        above = result_output(pen, entry, ret->w - 4, room < RESULT_LINES ? room : RESULT_LINES, 1, output);
        if (output->n == 0)
                prose_add_take(output, xstrdup(entry->ended ? "no output" : "no output yet"), ROLE_NOTE,
                               ATTR_ITALIC);
        ret->h = (int)output->n + BORDERS;
        ret->y = caps->y + caps->h - 1 - ret->h;
        return above;
}

bool part_result_hit(const struct pen *pen, const struct layout *layout, int x, int y)
{
        struct prose output = { 0 };
        struct rect rect;

        if (!pen->view->result || pen->view->lesson)
                return false;
        place_result(pen, layout, &output, &rect);
        prose_finish(&output);
        return rect_has(&rect, x, y);
}

void part_result(const struct pen *pen, const struct layout *layout)
{
        const struct run_entry *entry = pen->view->result;
        struct prose output = { 0 };
        struct rect rect;
        own_free char *line = NULL, *end = NULL;
        size_t above;

        if (!entry || pen->view->lesson)
                return;
        above = place_result(pen, layout, &output, &rect);
        line = result_line(pen, entry);
        end = result_end(entry, above);
        pen_box(pen, &rect, false);
        pen_box_text(pen, &rect, true, true, end, entry->ended && entry->exit ? ROLE_WARNING : ROLE_TITLE);
        pen_box_text(pen, &rect, false, false, line, ROLE_TITLE);
        for (size_t i = 0; i < output.n; i++)
                prose_draw(pen, &output.v[i], rect.x + 2, rect.y + 1 + (int)i, rect.w - 4);
        if (pen->grid->cursor_y >= rect.y && pen->grid->cursor_y < rect.y + rect.h &&
            pen->view->focus == PANE_CAPS) {
                pen->grid->cursor_x = rect.x + 2;
                pen->grid->cursor_y = rect.y + 1;
        }
        prose_finish(&output);
}
