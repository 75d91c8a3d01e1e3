/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/prose.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"

enum { INDENT = 2, DEPTH_MOST = 4, CODE_LINES = 16 /* of the screen that one line may take */ };

void prose_finish(struct prose *prose)
{
        for (size_t i = 0; i < prose->n; i++)
                free(prose->v[i].text);
        free(prose->v);
        *prose = (struct prose){ 0 };
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is the list's to free from now on */
void prose_add_take(struct prose *prose, char *text, enum role role, uint8_t attr)
{
        /* Doubled at powers of two. */
        if ((prose->n & (prose->n - 1)) == 0)
                prose->v = xrealloc(prose->v, prose->n ? 2 * prose->n : 1, sizeof(*prose->v));
        prose->v[prose->n++] = (struct prose_line){ .text = text, .role = role, .attr = attr };
}

void prose_blank(struct prose *prose)
{
        if (prose->n && *prose->v[prose->n - 1].text)
                prose_add_take(prose, xstrdup(""), ROLE_TEXT, 0);
}

/* The screen's marks as they are in ASCII, and what writers use. */
static const char *ascii_of(const char *s, size_t *ret_len)
{
        static const char *const pairs[][2] = {
                { "►", ">" }, { "●", "*" }, { "○", "o" },  { "·", "-" },  { "═", "=" }, { "✓", "*" },
                { "✗", "x" }, { "…", "~" }, { "→", "->" }, { "←", "<-" }, { "↑", "^" }, { "↓", "v" },
                { "‘", "'" }, { "’", "'" }, { "“", "\"" }, { "”", "\"" }, { "–", "-" }, { "—", "-" },
        };

        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
                if (strncmp(s, pairs[i][0], strlen(pairs[i][0])) == 0) {
                        *ret_len = strlen(pairs[i][0]);
                        return pairs[i][1];
                }
        return NULL;
}

char *prose_safe(const struct pen *pen, const char *s, size_t n)
{
        struct str text = { 0 };
        own_free char *copy = NULL;

        if (!pen->view->ascii)
                return text_escape(s, n, false);
        copy = xstrndup(s, n);
        for (const char *at = copy; *at;) {
                size_t len = 1;
                const char *plain = (unsigned char)*at < 0x80 ? NULL : ascii_of(at, &len);

                if (plain)
                        str_add(&text, plain);
                else
                        str_add_n(&text, at, len);
                at += len;
        }
        copy = (free(copy), str_take(&text));
        return text_escape(copy, strlen(copy), true);
}

/* Whether the text, read from there, ends within `code`. */
static bool ends_inside(const char *text, bool inside)
{
        for (; *text; text++)
                inside ^= *text == '`';
        return inside;
}

void prose_wrap(struct prose *prose, const struct pen *pen, const char *text, int width, const char *head,
                enum role role, uint8_t attr)
{
        int set_in = text_width(head);
        bool inside = false, first = true;

        while (*text) {
                size_t n = strcspn(text, "\n");
                own_free char *safe = prose_safe(pen, text, n);
                struct strv lines = { 0 };

                pen_wrap(safe, width - set_in, &lines);
                for (size_t i = 0; i < lines.n; i++) {
                        prose_add_take(prose,
                                       xasprintf("%*s%s", first ? 0 : set_in, first ? head : "", lines.v[i]),
                                       role, attr);
                        prose->v[prose->n - 1].ticks = true;
                        prose->v[prose->n - 1].inside = inside;
                        prose->v[prose->n - 1].begins = first;
                        inside = ends_inside(lines.v[i], inside);
                        first = false;
                }
                strv_finish(&lines);
                text += n + (text[n] ? 1 : 0);
        }
}

/* Where a line that is full at that place is broken: before the word that stands there, where that is not the
 * line's first and has room in the next one. */
static size_t break_at(const char *safe, size_t from, size_t full, int width)
{
        size_t at = full, end = full + strcspn(safe + full, " ");

        while (at > from && safe[at - 1] != ' ')
                at--;
        if (at == from || strspn(safe + from, " ") >= at - from)
                return full;
        own_free char *word = xstrndup(safe + at, end - at);

        return text_width(word) <= width ? at : full;
}

void prose_break(struct prose *prose, const char *safe, int width, int set_in, int most, const char *cut)
{
        size_t end = strlen(safe), from = 0, at = 0;
        int col = 0, lines = 1;

        while (at < end && lines < most) {
                uint32_t c = 0;
                size_t len = text_decode(safe + at, end - at, &c);
                int w = len ? text_char_width(c) : 1;

                if (col + w > width - set_in && col > 0) {
                        at = break_at(safe, from, at, width - set_in);
                        prose_add_take(prose, xasprintf("%*s%.*s", set_in, "", (int)(at - from), safe + from),
                                       ROLE_TEXT, 0);
                        at += strspn(safe + at, " ");
                        from = at;
                        col = 0;
                        lines++;
                        continue;
                }
                at += len ? len : 1;
                col += w;
        }
        if (from == end && lines > 1)
                return;
        own_free char *rest = text_cut(safe + from, width - set_in, cut);

        prose_add_take(prose, xasprintf("%*s%s", set_in, "", rest), ROLE_TEXT, 0);
}

static void add_code(struct prose *prose, const struct pen *pen, const char *text, int width)
{
        size_t first = prose->n;

        while (*text) {
                size_t n = strcspn(text, "\n");

                own_free char *safe = prose_safe(pen, text, n);

                prose_break(prose, safe, width, INDENT, CODE_LINES, pen->glyphs->cut);
                text += n + (text[n] ? 1 : 0);
        }
        for (size_t i = first; i < prose->n; i++)
                prose->v[i].attr = ATTR_BOLD;
        if (prose->n > first)
                prose->v[first].begins = true;
}

static void add_rule(struct prose *prose, const struct pen *pen, int width)
{
        struct str line = { 0 };

        for (int i = 0; i < width; i++)
                str_add(&line, pen->glyphs->h);
        prose_add_take(prose, str_take(&line), ROLE_BORDER, 0);
        prose->v[prose->n - 1].begins = true;
}

static void add_block(struct prose *prose, const struct pen *pen, const struct lesson_block *block, int width)
{
        unsigned depth = block->depth > DEPTH_MOST ? DEPTH_MOST : block->depth;
        own_free char *marker = pen_safe(pen, block->kind == LESSON_ITEM ? block->marker : "");
        int set_in = INDENT * (int)(block->kind == LESSON_ITEM && depth ? depth - 1 : depth);
        own_free char *head = xasprintf("%*s%s%s", set_in, "", marker, *marker ? " " : "");

        switch (block->kind) {
        case LESSON_TEXT:
        case LESSON_ITEM:
                prose_wrap(prose, pen, block->text, width, head, ROLE_TEXT, 0);
                break;
        case LESSON_HEADING:
                prose_wrap(prose, pen, block->text, width, "", ROLE_TITLE, ATTR_BOLD);
                break;
        case LESSON_CODE:
                add_code(prose, pen, block->text, width);
                break;
        case LESSON_RULE:
                add_rule(prose, pen, width);
                break;
        }
}

void prose_blocks(struct prose *prose, const struct pen *pen, const struct lesson_blocks *blocks, int width)
{
        for (size_t i = 0; i < blocks->n; i++) {
                if (i == 0 || blocks->v[i].kind != LESSON_ITEM || blocks->v[i - 1].kind != LESSON_ITEM)
                        prose_blank(prose);
                add_block(prose, pen, &blocks->v[i], width);
        }
}

void prose_draw(const struct pen *pen, const struct prose_line *line, int x, int y, int width)
{
        own_free char *fit = text_cut(line->text, width, pen->glyphs->cut);
        bool inside = line->inside;
        int end = x + width;

        for (const char *at = fit; *at;) {
                bool tick = line->ticks && *at == '`';
                size_t n = tick ? 1 : line->ticks ? strcspn(at, "`") : strlen(at);
                own_free char *piece = xstrndup(at, n);

                x += grid_put(pen->grid, x, y, end - x, piece, line->role,
                              (uint8_t)(line->attr | (inside && !tick ? ATTR_BOLD : 0)));
                inside ^= tick;
                at += n;
        }
}
