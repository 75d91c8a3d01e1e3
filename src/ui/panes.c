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

static const char unreadable[] = "not readable: ";

/* The line of a list that stands on a line of the pane; SIZE_MAX: none. */
static size_t line_at(const struct lines *lines, const struct window *window, size_t i, bool host)
{
        if (host && window->pin_host && i == 0)
                /* Unless it is not hidden: where few are shown, it may stand below. */
                for (size_t first = 0; first < window->top; first++)
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

/* Why a pane's list is not whole, or no longer live; owned by the caller, "" when it is. */
static char *list_trouble(const struct pen *pen, enum pane pane)
{
        const struct view *view = pen->view;
        const struct proc_table *table = !view->now          ? NULL
                                         : pane == PANE_HOST ? &view->now->host_table
                                                             : &view->now->container_table;
        own_free char *safe = pen_safe(pen, view->blind[pane]         ? view->blind[pane]
                                            : table && table->trouble ? table->trouble
                                                                      : "");

        return view->blind[pane] ? xasprintf("%s%s", unreadable, safe) : take_ptr(safe);
}

/* Why a box is empty, in its place; false where nothing is known. */
static bool draw_trouble(const struct side_view *side)
{
        own_free char *why = list_trouble(side->pen, side->host ? PANE_HOST : PANE_CONTAINER);
        const char *prefix = strncmp(why, unreadable, strlen(unreadable)) == 0 ? "" : unreadable;
        own_free char *whole = xasprintf("%s%s", prefix, why);
        struct strv text = { 0 };

        if (!*why)
                return false;
        pen_wrap(whole, side->rect.w - 4, &text);
        for (size_t i = 0; i < text.n && (int)i < side->height; i++)
                pen_put(side->pen, side->rect.x + 2, side->rect.y + 2 + (int)i, side->rect.w - 3, text.v[i],
                        ROLE_WARNING, 0);
        strv_finish(&text);
        return true;
}

/* What is said of the image and of the lists stands in the lower borders, which hold nothing else: the
 * image's whole in the container's where it fits, if need be in fewer words, else begun in the host's. */
static void draw_borders(const struct pen *pen, const struct layout *layout)
{
        own_free char *host = list_trouble(pen, PANE_HOST), *container = list_trouble(pen, PANE_CONTAINER);
        own_free char *note = pen_safe(pen, pen->view->image_note ? pen->view->image_note : "");
        own_free char *brief = pen_safe(pen, pen->view->image_brief ? pen->view->image_brief : "");
        const char *const briefest = "no image here: demo root";
        int room = pen_box_room(&layout->container);
        struct strv parts = { 0 };

        if (pen->view->now && pen->view->now->n_host > 0)
                pen_box_text(pen, &layout->host, true, false, host, ROLE_WARNING);
        if (pen->view->now && pen->view->now->n_container > 0)
                pen_box_text(pen, &layout->container, true, false, container, ROLE_WARNING);
        if (*container)
                return;
        if (text_width(note) > room && *brief && text_width(briefest) <= room) {
                pen_box_text(pen, &layout->container, true, false,
                             text_width(brief) <= room ? brief : briefest, ROLE_NOTE);
                return;
        }
        if (text_width(note) <= room || *host) {
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
        pid_t picked = side->pen->view->picked[side->host ? PANE_HOST : PANE_CONTAINER];

        for (int i = 0; picked && i < side->height; i++)
                if (side->rows[i] && side->rows[i]->proc->pid == picked)
                        line = i;
        if (line >= side->height)
                line = side->height - 1;
        side->pen->grid->cursor_x = side->rect.x + 1 + side_column_x(side);
        side->pen->grid->cursor_y = side->rect.y + 2 + (line > 0 ? line : 0);
}

/* Lines that the notes keep for themselves: where every process of the machine is seen inside, no row would
 * be free. */
static int reserve(const struct strv *notes, int height, bool shared, size_t above)
{
        int most = height > 7 ? 3 : height > 5 ? 2 : height > 3 ? 1 : 0;

        if (above < (size_t)most)
                most = (int)above;
        if (!shared)
                return 0;
        return (int)notes->n < most ? (int)notes->n : most;
}

/* Opens a side's window, and notes how far it may be scrolled. */
static struct window open_window(const struct view *view, enum pane pane, const struct lines *lines,
                                 int height)
{
        int least, most, scroll = view->scroll[pane];

        lines_reach(lines, pane == PANE_HOST, height, &least, &most);
        if (view->reach) {
                view->reach->scroll[pane].least = least;
                view->reach->scroll[pane].most = most;
        }
        return lines_window(lines, height, scroll < least ? least : scroll > most ? most : scroll);
}

/* What stands where in both panes. */
struct lists {
        struct side_view host, container;
        struct lines lines;
        struct strv notes;
};

/* How many lines of the container's pane stand above what is tied. */
static size_t above_tie(const struct lists *lists)
{
        size_t top = lists->container.window.top, tie = lists->lines.tie;

        return lists->lines.tie_end > tie && tie >= top ? tie - top : SIZE_MAX;
}

static void open_lists(struct lists *lists, const struct pen *pen, const struct layout *layout)
{
        const struct view *view = pen->view;
        bool shared = snapshot_shares(view->now, NS_T_PID);

        *lists = (struct lists){ 0 };
        open_side(&lists->host, pen, layout, true);
        open_side(&lists->container, pen, layout, false);
        lines_make_of(view->now, view->host_mode == HOST_LINE, shared, view->flat, view->filter[PANE_HOST],
                      view->filter[PANE_CONTAINER], &lists->lines);
        ui_notes(view, layout->container.w - 3, &lists->notes);
        lists->host.window = open_window(view, PANE_HOST, &lists->lines, lists->host.height);
        lists->container.window = open_window(view, PANE_CONTAINER, &lists->lines, lists->container.height);
        lists->container.reserved = reserve(&lists->notes, lists->container.height, shared, above_tie(lists));
        fill_side(&lists->host, &lists->lines, view->now);
        fill_side(&lists->container, &lists->lines, view->now);
}

static void close_lists(struct lists *lists)
{
        strv_finish(&lists->notes);
        lines_finish(&lists->lines);
        close_side(&lists->host);
        close_side(&lists->container);
}

static void draw_lists(const struct pen *pen, const struct layout *layout)
{
        const struct view *view = pen->view;
        const struct snapshot *now = view->now;
        struct lists lists;

        open_lists(&lists, pen, layout);
        draw_rows(pen, &lists.host, &lists.container, &lists.lines);
        if (now->n_host == 0)
                draw_trouble(&lists.host);
        if (now->n_container > 0 || !draw_trouble(&lists.container))
                draw_notes(&lists.container, &lists.notes);
        if (view->focus == PANE_HOST || view->focus == PANE_CONTAINER)
                place_cursor(view->focus == PANE_HOST ? &lists.host : &lists.container);
        side_draw_title(&lists.host, lists.lines.host_shown);
        side_draw_title(&lists.container, lists.lines.container_shown);
        close_lists(&lists);
}

pid_t part_panes_hit(const struct pen *pen, const struct layout *layout, bool host, int y)
{
        const struct rect *rect = host ? &layout->host : &layout->container;
        struct lists lists;
        int line = y - rect->y - 2;
        pid_t pid = 0;

        if (!pen->view->now)
                return 0;
        open_lists(&lists, pen, layout);
        if (line >= 0 && line < lists.host.height) {
                const struct row *row = (host ? &lists.host : &lists.container)->rows[line];

                pid = row ? row->proc->pid : 0;
        }
        close_lists(&lists);
        return pid;
}

void part_panes(const struct pen *pen, const struct layout *layout)
{
        if (pen->view->reach)
                pen->view->reach->parents = layout->parents;
        pen_box(pen, &layout->host, pen->view->focus == PANE_HOST);
        pen_box(pen, &layout->container, pen->view->focus == PANE_CONTAINER);
        draw_borders(pen, layout);
        if (pen->view->now) {
                draw_lists(pen, layout);
                return;
        }
        pen_box_text(pen, &layout->host, false, false, "HOST  this machine", ROLE_TITLE);
        pen_box_text(pen, &layout->container, false, false,
                     pen->view->state == RUN_ENDED ? "CONTAINER  ended: not seen"
                                                   : "CONTAINER  not there yet",
                     ROLE_TITLE);
        if (pen->view->focus <= PANE_CONTAINER) {
                const struct rect *rect = pen->view->focus == PANE_HOST ? &layout->host : &layout->container;

                pen->grid->cursor_x = rect->x + 1;
                pen->grid->cursor_y = rect->y + 1;
        }
}
