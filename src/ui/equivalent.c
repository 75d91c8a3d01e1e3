/* SPDX-License-Identifier: MIT */
/* The present container in other words: docker, podman, Kubernetes, compose. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "spec/equivalent.h"
#include "ui/parts.h"

enum { COLS_MOST = 100, COLS_LEAST = 12, MARGIN = 2, INDENT = 4, DEEPER = 2 };

/* A text as it is shown: headings stand at the left, what they head is indented. */
struct page {
        struct strv lines;
        int width;
        bool ascii;
};

/* How many bytes of an escaped text go into a line of width columns: up to its last space, if there is one
 * behind the indentation and something follows. */
static size_t line_bytes(const char *text, int width)
{
        size_t n = strlen(text), at = 0, space = 0;
        int used = 0;

        while (at < n) {
                uint32_t c = 0;
                size_t len = text_decode(text + at, n - at, &c);
                int w = len ? text_char_width(c) : 1;

                if (used + w > width)
                        return space ? space : at;
                used += w;
                at += len ? len : 1;
                if (c == ' ' && strspn(text, " ") < at)
                        space = at;
        }
        return n;
}

/* What does not fit goes on a little deeper below. */
static void add_line(struct page *page, const char *raw, size_t n)
{
        own_free char *text = text_escape(raw, n, page->ascii);
        int indent = INDENT + (int)strspn(text, " "), first = indent;
        const char *at = text + strspn(text, " ");

        do {
                int room = page->width - indent > COLS_LEAST ? page->width - indent : COLS_LEAST;
                size_t taken = line_bytes(at, room);

                strv_add_take(&page->lines, xasprintf("%*s%.*s", indent, "", (int)taken, at));
                at += taken;
                indent = first + DEEPER;
        } while (*at);
}

/* Takes the text over. */
static void add_text(struct page *page, const char *heading, char *text)
{
        own_free char *owned = text;

        if (page->lines.n)
                strv_add(&page->lines, "");
        strv_add(&page->lines, heading);
        for (const char *at = owned; *at;) {
                size_t n = strcspn(at, "\n");

                add_line(page, at, n);
                at += n + (at[n] == '\n');
        }
}

void part_equivalent(const struct pen *pen)
{
        const struct spec *spec = pen->view->spec;
        struct page page = { .ascii = pen->view->ascii };
        struct rect rect;
        int cols = pen->grid->cols - MARGIN, first;

        if (cols > COLS_MOST)
                cols = COLS_MOST;
        page.width = cols - 4;
        add_text(&page, "docker", equivalent_line(spec, ENGINE_DOCKER, pen->view->uid));
        add_text(&page, "podman", equivalent_line(spec, ENGINE_PODMAN, pen->view->uid));
        add_text(&page, "Kubernetes, a pod", equivalent_kubernetes(spec));
        add_text(&page, "compose", equivalent_compose(spec));
        rect = part_overlay(pen, "THE SAME CONTAINER, IN OTHER WORDS", cols, (int)page.lines.n, &first);
        for (int i = 0; i < rect.h && first + i < (int)page.lines.n; i++) {
                const char *line = page.lines.v[first + i];

                pen_put(pen, rect.x, rect.y + i, rect.w, line, *line == ' ' ? ROLE_TEXT : ROLE_HEAD, 0);
        }
        strv_finish(&page.lines);
}
