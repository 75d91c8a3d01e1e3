/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/own.h"
#include "base/text.h"
#include "stage/namespaces.h"
#include "ui/facts.h"
#include "ui/parts.h"

enum {
        MARK_W = 2,
        NAME_W = 9,
        STATE_W = 8,
        NUMBER_W = 12, /* an inode number and two spaces */
        NUMBERS_LEAST = MARK_W + NAME_W + STATE_W + 2 * NUMBER_W + 30,
        ROW_HEADS = 1,
        BORDERS = 2,
};

enum ns_state { STATE_OWN, STATE_SHARED, STATE_UNKNOWN };

static enum ns_state state_of(const struct view *view, enum ns_type type)
{
        const struct ns_ids *ns = &view->now->ns;

        if (ns->container[type] == 0 || ns->host[type] == 0)
                return STATE_UNKNOWN;
        return snapshot_shares(view->now, type) ? STATE_SHARED : STATE_OWN;
}

static const char *state_word(enum ns_state state)
{
        switch (state) {
        case STATE_OWN:
                return "own";
        case STATE_SHARED:
                return "shared";
        case STATE_UNKNOWN:
                break;
        }
        return "unknown";
}

/* What is in a network that somebody else made is not looked at. */
static const char *clause_of(const struct view *view, const struct ns_entry *entry, enum ns_state state)
{
        if (state == STATE_OWN && entry->type == NS_T_NET && view->attached)
                return "interfaces and ports of its own";
        return state == STATE_UNKNOWN ? "not readable" : state == STATE_OWN ? entry->own : entry->shared;
}

/* The picked one is told apart without colour: by its mark, in a line by brackets. */
static uint8_t picked_attr(const struct view *view, bool picked)
{
        return picked && !view->mono ? ATTR_REVERSE : 0;
}

static void put_number(const struct pen *pen, int x, int y, uint64_t number, enum role role, uint8_t attr)
{
        if (number)
                pen_put_f(pen, x, y, NUMBER_W, role, attr, "%-*" PRIu64, NUMBER_W, number);
        else
                pen_put_f(pen, x, y, NUMBER_W, role, attr, "%-*s", NUMBER_W, "-");
}

static void put_row(const struct pen *pen, int x, int y, int width, unsigned i)
{
        const struct view *view = pen->view;
        const struct ns_entry *entry = &ns_entries[i];
        enum ns_state state = state_of(view, entry->type);
        bool picked = view->ns == i;
        uint8_t attr = picked_attr(view, picked);
        enum role role = state == STATE_SHARED && entry->flag ? ROLE_TITLE : ROLE_TEXT;
        int end = x + width;

        if (picked) {
                grid_fill(pen->grid, x, y, width, 1, ' ', ROLE_TEXT, attr);
                pen_put(pen, x, y, 1, pen->glyphs->tied, ROLE_TEXT, attr);
                pen->grid->cursor_x = x;
                pen->grid->cursor_y = y;
        }
        x += MARK_W;
        pen_put(pen, x, y, NAME_W, entry->name, ROLE_TEXT, attr);
        x += NAME_W;
        pen_put(pen, x, y, STATE_W, state_word(state), role, attr);
        x += STATE_W;
        if (width >= NUMBERS_LEAST) {
                put_number(pen, x, y, view->now->ns.container[entry->type], ROLE_TEXT, attr);
                put_number(pen, x + NUMBER_W, y, view->now->ns.host[entry->type], ROLE_TEXT, attr);
                x += 2 * NUMBER_W;
        }
        pen_put(pen, x, y, end - x, clause_of(view, entry, state), ROLE_TEXT, attr);
}

static void put_heads(const struct pen *pen, int x, int y, int width)
{
        pen_put(pen, x + MARK_W, y, NAME_W, "NAME", ROLE_HEAD, 0);
        pen_put(pen, x + MARK_W + NAME_W, y, STATE_W, "STATE", ROLE_HEAD, 0);
        x += MARK_W + NAME_W + STATE_W;
        width -= MARK_W + NAME_W + STATE_W;
        if (width >= NUMBERS_LEAST - MARK_W - NAME_W - STATE_W) {
                pen_put(pen, x, y, NUMBER_W, "IN HERE", ROLE_HEAD, 0);
                pen_put(pen, x + NUMBER_W, y, NUMBER_W, "ON MACHINE", ROLE_HEAD, 0);
                x += 2 * NUMBER_W;
                width -= 2 * NUMBER_W;
        }
        pen_put(pen, x, y, width, "THAT MEANS", ROLE_HEAD, 0);
}

/* Where rows are too few for all, those around the picked one are shown. */
static int first_row(const struct view *view, int rows)
{
        int first = (int)view->ns - rows / 2;

        if (first > NS_T_N - rows)
                first = NS_T_N - rows;
        return first < 0 ? 0 : first;
}

void part_ns_list(const struct pen *pen, const struct rect *rect)
{
        int rows = rect->h, y = rect->y, first;

        if (rows > NS_T_N) {
                put_heads(pen, rect->x, y++, rect->w);
                rows--;
        }
        first = first_row(pen->view, rows);
        for (int i = 0; i < rows && first + i < NS_T_N; i++)
                put_row(pen, rect->x, y + i, rect->w, (unsigned)(first + i));
}

void part_ns_line(const struct pen *pen, int x, int y, int width)
{
        const struct view *view = pen->view;
        int end = x + width;

        for (unsigned i = 0; i < NS_T_N; i++) {
                const struct ns_entry *entry = &ns_entries[i];
                bool picked = view->ns == i, brackets = picked && (view->mono || view->ascii);
                own_free char *text = xasprintf("%s%s %s%s", brackets ? "[" : "", entry->name,
                                                state_word(state_of(view, entry->type)), brackets ? "]" : "");

                if (picked) {
                        pen->grid->cursor_x = x;
                        pen->grid->cursor_y = y;
                }
                x += pen_put(pen, x, y, end - x, text, ROLE_TEXT, picked_attr(view, picked));
                x += 3;
        }
}

/* What space would do. */
static char *space_text(const struct view *view, const struct ns_entry *entry)
{
        if (view->attached)
                return xstrdup("only looked at");
        if (entry->type == NS_T_USER && !view->rootless)
                return xstrdup(state_of(view, entry->type) == STATE_SHARED
                                       ? "space: give it one of its own (" NS_REMAP_FLAG ")"
                                       : "space: share the machine's again");
        if (!entry->flag)
                return xstrdup(entry->why);
        if (state_of(view, entry->type) == STATE_SHARED)
                return xstrdup("space: give it one of its own again");
        return xasprintf("space: share the machine's (%s)%s", entry->flag,
                         entry->type == NS_T_PID ? ", asks first" : "");
}

void part_ns_border(const struct pen *pen, const struct rect *rect, bool whole)
{
        const struct view *view = pen->view;
        const struct ns_entry *entry = &ns_entries[view->ns < NS_T_N ? view->ns : 0];
        enum ns_state state = state_of(view, entry->type);
        own_free char *space = space_text(view, entry);
        struct strv texts = { 0 };

        if (whole) {
                const char *clause = clause_of(view, entry, state);

                if (state != STATE_UNKNOWN)
                        strv_add_take(&texts,
                                      xasprintf("%s: %s   %" PRIu64 " / %" PRIu64 "   %s", entry->name,
                                                clause, view->now->ns.container[entry->type],
                                                view->now->ns.host[entry->type], space));
                strv_add_take(&texts, xasprintf("%s: %s   %s", entry->name, clause, space));
        }
        strv_add(&texts, space);
        pen_box_text(pen, rect, true, false, pen_first_fit(&texts, pen_box_room(rect)), ROLE_TITLE);
        strv_finish(&texts);
}

/* Where the list stands, with its borders and without; false where there is none. */
static bool list_place(const struct view *view, const struct layout *layout, struct rect *ret_box,
                       struct rect *ret_list)
{
        const struct rect *caps = &layout->caps, *user = &layout->user;

        if (view->focus != PANE_NS || !view->now || (layout->box && !layout->list))
                return false;
        if (layout->list) {
                *ret_box = *user;
                *ret_list = (struct rect){ user->x + 2, user->y + 3, user->w - 4, user->h - 4 };
                return true;
        }
        *ret_box = (struct rect){ .x = caps->x, .w = caps->w, .h = NS_T_N + ROW_HEADS + BORDERS };
        /* The title of the capability pane, with the mask, stays on the screen. */
        if (ret_box->h > caps->h - 1)
                ret_box->h = caps->h - 1;
        ret_box->y = caps->y + caps->h - ret_box->h;
        *ret_list = (struct rect){ ret_box->x + 2, ret_box->y + 1, ret_box->w - 4, ret_box->h - BORDERS };
        return true;
}

void part_namespaces(const struct pen *pen, const struct layout *layout)
{
        struct rect box, list;

        if (layout->box || !list_place(pen->view, layout, &box, &list))
                return;
        pen_box(pen, &box, true);
        pen_box_text(pen, &box, false, false, "NAMESPACES  its own, or shared with the machine", ROLE_TITLE);
        part_ns_list(pen, &list);
        part_ns_border(pen, &box, false);
}

int part_ns_hit(const struct pen *pen, const struct layout *layout, int x, int y)
{
        struct rect box, list;
        int row;

        if (!list_place(pen->view, layout, &box, &list) || x < box.x || x >= box.x + box.w || y < box.y ||
            y >= box.y + box.h)
                return -2;
        row = y - list.y - (list.h > NS_T_N ? ROW_HEADS : 0);
        if (row < 0 || y >= list.y + list.h)
                return -1;
        row += first_row(pen->view, list.h);
        return row < NS_T_N ? row : -1;
}
