/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "ui/facts.h"
#include "ui/lines.h"
#include "ui/notes.h"
#include "ui/panes.h"
#include "ui/parts.h"

/* The line of a list that stands on a line of the pane; SIZE_MAX: none. */
static size_t line_at(const struct lines *lines, const struct window *window, size_t i, bool host)
{
        if (host && window->pin_host && i == 0)
                for (size_t first = 0; first < lines->n; first++)
                        if (lines->v[first].host >= 0)
                                return first;
        return window->top + i < lines->n ? window->top + i : SIZE_MAX;
}

static void fill_side(struct side_view *side, const struct lines *lines, const struct snapshot *now)
{
        for (size_t i = (size_t)side->reserved; i < (size_t)side->height; i++) {
                size_t at = line_at(lines, &side->window, i, side->host);
                int row = at == SIZE_MAX ? -1 : side->host ? lines->v[at].host : lines->v[at].container;

                side->line[i] = at;
                if (row >= 0)
                        side->rows[i] = side->host ? &now->host[row] : &now->container[row];
        }
}

static void open_side(struct side_view *side, const struct pen *pen, const struct layout *layout, bool host)
{
        const struct rect *rect = host ? &layout->host : &layout->container;

        *side = (struct side_view){ .pen = pen, .rect = *rect, .layout = layout, .host = host };
        side->height = rect->h - 3; /* borders and column heads */
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
        side->rows = xcalloc((size_t)side->height, sizeof(*side->rows));
        side->line = xcalloc((size_t)side->height, sizeof(*side->line));
}

static void close_side(struct side_view *side)
{
        free(side->rows);
        free(side->line);
}

/* The same process on both sides, on the same line. */
static bool ties_at(const struct side_view *host, const struct side_view *container, int i)
{
        const struct row *one = host->rows[i], *other = container->rows[i];

        return one && other && one->tied && one->tied == other->proc->pid && other->tied == one->proc->pid;
}

static void draw_notes(const struct side_view *side, const struct strv *notes)
{
        size_t next = 0;

        for (int i = 0; i < side->height && next < notes->n; i++)
                if (!side->rows[i])
                        pen_put(side->pen, side->rect.x + 2, side->rect.y + 2 + i, side->rect.w - 3,
                                notes->v[next++], ROLE_NOTE, ATTR_ITALIC);
}

/* Why a box is empty, in its place. */
static void draw_trouble(const struct side_view *side, const char *trouble)
{
        own_free char *safe = pen_safe(side->pen, trouble);
        own_free char *whole = xasprintf("not readable: %s", safe);
        struct strv text = { 0 };

        pen_wrap(whole, side->rect.w - 4, &text);
        for (size_t i = 0; i < text.n && (int)i < side->height; i++)
                pen_put(side->pen, side->rect.x + 2, side->rect.y + 2 + (int)i, side->rect.w - 3, text.v[i],
                        ROLE_WARNING, 0);
        strv_finish(&text);
}

/* What is said of the image and of the machine's own list stands in the lower borders, which hold nothing
 * else: whole in the container's where it fits, else begun in the host's. */
static void draw_borders(const struct pen *pen, const struct layout *layout)
{
        const struct snapshot *now = pen->view->now;
        const char *trouble = now && now->n_host > 0 ? now->host_table.trouble : NULL;
        own_free char *note = pen_safe(pen, pen->view->image_note ? pen->view->image_note : "");
        int room = pen_box_room(&layout->container);
        struct strv parts = { 0 };

        if (trouble) {
                own_free char *safe = pen_safe(pen, trouble);

                pen_box_text(pen, &layout->host, true, false, safe, ROLE_WARNING);
        }
        if (text_width(note) <= room || trouble) {
                pen_box_text(pen, &layout->container, true, false, note, ROLE_NOTE);
                return;
        }
        pen_wrap(note, pen_box_room(&layout->host), &parts);
        pen_box_text(pen, &layout->host, true, false, parts.v[0], ROLE_NOTE);
        if (parts.n > 1) {
                const char *rest = note + strlen(parts.v[0]);

                pen_box_text(pen, &layout->container, true, false, rest + strspn(rest, " "), ROLE_NOTE);
        }
        strv_finish(&parts);
}

static void draw_rows(const struct pen *pen, struct side_view *host, struct side_view *container,
                      const struct lines *lines)
{
        side_measure(host);
        side_measure(container);
        side_draw_head(host);
        side_draw_head(container);
        for (int i = 0; i < host->height; i++) {
                bool tie = ties_at(host, container, i);
                int y = host->rect.y + 2 + i;

                side_draw_row(host, lines, i, tie);
                side_draw_row(container, lines, i, tie);
                if (!tie)
                        continue;
                pen_repeat(pen, host->rect.x + host->rect.w - 1, y, 1, pen->glyphs->cross, ROLE_TIE, 0);
                pen_repeat(pen, container->rect.x, y, 1, pen->glyphs->cross, ROLE_TIE, 0);
        }
}

static void place_cursor(const struct side_view *side)
{
        int line = (int)(side->window.focus - side->window.top);

        if (line >= side->height)
                line = side->height - 1;
        side->pen->grid->cursor_x = side->rect.x + 1;
        side->pen->grid->cursor_y = side->rect.y + 2 + (line > 0 ? line : 0);
}

/* Lines that the notes keep for themselves: where every process of the machine is seen inside, no row would
 * be free. */
static int reserve(const struct strv *notes, int height, bool shared)
{
        int most = height > 7 ? 3 : height > 5 ? 2 : height > 3 ? 1 : 0;

        if (!shared)
                return 0;
        return (int)notes->n < most ? (int)notes->n : most;
}

static void draw_lists(const struct pen *pen, const struct layout *layout)
{
        const struct view *view = pen->view;
        const struct snapshot *now = view->now;
        bool shared = facts_shared(now, NS_T_PID);
        struct side_view host, container;
        struct strv notes = { 0 };
        struct lines lines;

        open_side(&host, pen, layout, true);
        open_side(&container, pen, layout, false);
        lines_make(now, view->host_mode == HOST_LINE, shared, &lines);
        ui_notes(view, layout->container.w - 3, &notes);
        container.reserved = reserve(&notes, container.height, shared);
        host.window = lines_window(&lines, host.height, view->scroll[PANE_HOST]);
        container.window = lines_window(&lines, container.height, view->scroll[PANE_CONTAINER]);
        fill_side(&host, &lines, now);
        fill_side(&container, &lines, now);
        draw_rows(pen, &host, &container, &lines);
        if (now->n_host == 0 && now->host_table.trouble)
                draw_trouble(&host, now->host_table.trouble);
        if (now->n_container == 0 && now->container_table.trouble)
                draw_trouble(&container, now->container_table.trouble);
        else
                draw_notes(&container, &notes);
        if (view->focus == PANE_HOST || view->focus == PANE_CONTAINER)
                place_cursor(view->focus == PANE_HOST ? &host : &container);
        side_draw_title(&host, lines.host_shown);
        side_draw_title(&container, lines.container_shown);
        strv_finish(&notes);
        lines_finish(&lines);
        close_side(&host);
        close_side(&container);
}

void part_panes(const struct pen *pen, const struct layout *layout)
{
        pen_box(pen, &layout->host, pen->view->focus == PANE_HOST);
        pen_box(pen, &layout->container, pen->view->focus == PANE_CONTAINER);
        draw_borders(pen, layout);
        if (pen->view->now) {
                draw_lists(pen, layout);
                return;
        }
        pen_box_text(pen, &layout->host, false, false, "HOST  this machine", ROLE_TITLE);
        pen_box_text(pen, &layout->container, false, false, "CONTAINER  not there yet", ROLE_TITLE);
        if (pen->view->focus != PANE_CAPS) {
                const struct rect *rect = pen->view->focus == PANE_HOST ? &layout->host : &layout->container;

                pen->grid->cursor_x = rect->x + 1;
                pen->grid->cursor_y = rect->y + 1;
        }
}
