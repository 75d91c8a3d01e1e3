/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/own.h"
#include "base/text.h"
#include "stage/info.h"
#include "ui/facts.h"

enum {
        MARK_WIDTH = 2, /* the mark of a tied row and a space */
        HOST_PID_LEAST = 6,
        PID_MOST = 7, /* digits of the largest that a kernel gives (proc(5), pid_max) */
        HOST_USER_LEAST = 6,
        HOST_CMD_LEAST = 17, /* sleep 3600 and the word of the tie */
        INSIDE_PID_LEAST = 5,
        INSIDE_USER_LEAST = 8,
        INSIDE_CMD_LEAST = 10,
        USER_MOST = 24,
        TIE_REACH = 3,
        LEVELS_MAX = 64,
};

static const char tie_word[] = "same";
static const char ended_word[] = " ended";

/* What stood there when the container ended. */
static bool is_past(const struct side_view *side, const struct row *row)
{
        return side->pen->view->state == RUN_ENDED && (!side->host || row->tied);
}

/* With the machine's PIDs the container's pane has the machine's processes, which went on. */
static bool is_ended(const struct side_view *side, const struct row *row)
{
        return is_past(side, row) && (row->tied || !snapshot_shares(side->pen->view->now, NS_T_PID));
}

/* The name that this side has for the user, with the number where there is room and a name. */
static char *user_of(const struct side_view *side, const struct row *row)
{
        own_free char *name = pen_safe(side->pen, row->user);
        char number[16];

        snprintf(number, sizeof(number), "%u", row->proc->uid);
        if (!side->layout->roomy || !row->tied || strcmp(name, number) == 0)
                return take_ptr(name);
        return xasprintf("%s %s", number, name);
}

static int digits(pid_t pid)
{
        return snprintf(NULL, 0, "%d", pid);
}

void side_measure(struct side_view *side)
{
        int inner = side->rect.w - 2, widest = 0, least = side->host ? HOST_USER_LEAST : INSIDE_USER_LEAST;
        int cmd_least = side->host ? HOST_CMD_LEAST : INSIDE_CMD_LEAST, room;

        side->pid_w = !side->host ? INSIDE_PID_LEAST : side->pen->view->pinned ? PID_MOST : HOST_PID_LEAST;
        for (int i = 0; i < side->height; i++) {
                own_free char *user = side->rows[i] ? user_of(side, side->rows[i]) : NULL;

                if (!user)
                        continue;
                widest = larger(widest, text_width(user));
                side->pid_w = larger(side->pid_w, digits(side->rows[i]->proc->pid));
                if (side->layout->parents)
                        side->pid_w = larger(side->pid_w, digits(side->rows[i]->proc->ppid));
        }
        side->user_x = MARK_WIDTH + side->pid_w + 1 + (side->layout->parents ? side->pid_w + 1 : 0);
        /* Long names may take what the commands do not need. */
        room = inner - side->user_x - 1 - cmd_least;
        side->user_w = larger(least, widest > USER_MOST ? USER_MOST : widest);
        if (side->user_w > room)
                side->user_w = larger(least, room);
        side->cmd_x = side->user_x + side->user_w + 1;
        side->cmd_w = larger(0, inner - side->cmd_x);
}

/* A column's name; the picked one in the pane that has the focus is marked, without colour in brackets. */
static void draw_head_word(const struct side_view *side, int x, int width, bool to_right, unsigned column,
                           const char *word)
{
        const struct pen *pen = side->pen;
        const struct view *view = pen->view;
        int y = side->rect.y + 1, used = text_width(word) < width ? text_width(word) : width;
        bool picked = view->focus == (side->host ? PANE_HOST : PANE_CONTAINER) &&
                      view->column[side->host ? 0 : 1] == column;

        if (to_right)
                x += width - used;
        pen_put(pen, x, y, used, word, ROLE_HEAD, picked && !view->mono ? ATTR_REVERSE : 0);
        if (!picked || (!view->mono && !view->ascii))
                return;
        pen_put(pen, x - 1, y, 1, "[", ROLE_HEAD, 0);
        pen_put(pen, x + used, y, 1, "]", ROLE_HEAD, 0);
}

void side_draw_head(const struct side_view *side)
{
        int x = side->rect.x + 1;

        draw_head_word(side, x + MARK_WIDTH, side->pid_w, true, INFO_PID, "PID");
        if (side->layout->parents)
                draw_head_word(side, x + MARK_WIDTH + side->pid_w + 1, side->pid_w, true, INFO_PPID, "PPID");
        draw_head_word(side, x + side->user_x, side->user_w, false, INFO_USER, "USER");
        draw_head_word(side, x + side->cmd_x, side->cmd_w, false, INFO_COMMAND, "COMMAND");
}

int side_column_x(const struct side_view *side)
{
        switch (side->pen->view->column[side->host ? 0 : 1]) {
        case INFO_PPID:
                return side->layout->parents ? MARK_WIDTH + side->pid_w + 1 : 0;
        case INFO_USER:
                return side->user_x;
        case INFO_COMMAND:
                return side->cmd_x;
        default:
                return 0;
        }
}

/* Names alone on a projector: the arguments of what is not the container's are nobody's business. */
static char *command_of(const struct side_view *side, const struct row *row)
{
        const struct view *view = side->pen->view;
        bool theirs = side->host || snapshot_shares(view->now, NS_T_PID);
        bool whole = row->tied || !theirs || view->host_mode == HOST_FULL;
        const char *text = whole && *row->proc->cmdline ? row->proc->cmdline : row->proc->comm;
        own_free char *safe = pen_safe(side->pen, text);

        return row->proc->state == 'Z' ? xasprintf("%s (zombie)", safe) : take_ptr(safe);
}

/* The branches of the tree before a command; at most half of the column, the innermost ones. */
static char *branches_of(const struct side_view *side, const struct lines *lines, int i)
{
        const struct glyphs *glyphs = side->pen->glyphs;
        bool more[LEVELS_MAX];
        struct str text = { 0 };
        size_t max = (size_t)side->cmd_w / 4, n;

        if (!side->host || !side->layout->roomy || side->pen->view->flat || *side_filter(side))
                return xstrdup("");
        n = lines_branches(lines, side->pen->view->now, side->line[i], more,
                           max < LEVELS_MAX ? max : LEVELS_MAX);
        for (size_t level = 0; level + 1 < n; level++)
                str_add(&text, more[level] ? glyphs->tree_go : "  ");
        if (n > 0)
                str_add(&text, more[n - 1] ? glyphs->tree_child : glyphs->tree_last);
        return str_take(&text);
}

/* From behind the command to the pane's border: the line, with its word where there is room. */
static void draw_tie(const struct side_view *side, int x, int y, int end)
{
        const struct pen *pen = side->pen;
        int word = (int)strlen(tie_word);

        pen_repeat(pen, x, y, end - x, pen->glyphs->tie, ROLE_TIE, 0);
        if (end - x >= word + 2)
                pen_put(pen, x + 1, y, word, tie_word, ROLE_TIE, 0);
}

static void draw_command(const struct side_view *side, const struct lines *lines, int i, bool tie,
                         enum role role)
{
        const struct row *row = side->rows[i];
        own_free char *branches = branches_of(side, lines, i);
        own_free char *command = command_of(side, row);
        bool ended = is_ended(side, row), line = tie && side->host;
        int x = side->rect.x + 1 + side->cmd_x, y = side->rect.y + 2 + i, end = x + side->cmd_w;
        int gap = line && !ended ? 1 : 0; /* before the line */
        int room = side->cmd_w - (line ? 1 : 0) - gap - (ended ? (int)strlen(ended_word) : 0);

        if (room > 0) {
                int used = pen_put(side->pen, x, y, room, branches, ROLE_BORDER, 0);

                x += used;
                x += pen_put(side->pen, x, y, room - used, command, role, 0);
        }
        if (ended)
                x += pen_put(side->pen, x, y, end - x, ended_word, role, 0);
        if (line)
                draw_tie(side, x + gap, y, end);
}

/* The process that was clicked: in reverse video up to the line of the tie, without colour its PID in
 * brackets (reverse alone is not heard, and drawn as nothing by some terminals). */
static void mark_picked(const struct side_view *side, const struct row *row, int i)
{
        const struct view *view = side->pen->view;
        enum pane pane = side->host ? PANE_HOST : PANE_CONTAINER;
        int x = side->rect.x + 1 + MARK_WIDTH, y = side->rect.y + 2 + i, n = digits(row->proc->pid);

        if (view->focus != pane || view->picked[pane] != row->proc->pid)
                return;
        for (int at = x; !view->mono && at < side->rect.x + side->rect.w - 1; at++) {
                struct cell *cell = grid_at(side->pen->grid, at, y);

                if (!cell || cell->role == ROLE_TIE)
                        break;
                cell->attr |= ATTR_REVERSE;
        }
        if (!view->mono && !view->ascii)
                return;
        pen_put(side->pen, x + side->pid_w - n - 1, y, 1, "[", ROLE_FOCUS, 0);
        pen_put(side->pen, x + side->pid_w, y, 1, "]", ROLE_FOCUS, 0);
}

void side_draw_row(const struct side_view *side, const struct lines *lines, int i, bool tie)
{
        const struct row *row = side->rows[i];
        const struct pen *pen = side->pen;
        int x = side->rect.x + 1, y = side->rect.y + 2 + i, reach;
        own_free char *user = row ? user_of(side, row) : NULL;
        enum role role;

        if (!row)
                return;
        role = is_past(side, row) ? ROLE_NOT : row->tied ? ROLE_TIED : ROLE_TEXT;
        /* The line reaches into the container's pane as far as its first number lets it. */
        reach = MARK_WIDTH + side->pid_w - digits(row->proc->pid) - 1;
        pen_put_f(pen, x + MARK_WIDTH, y, side->pid_w, role, 0, "%*d", side->pid_w, row->proc->pid);
        if (side->layout->parents)
                pen_put_f(pen, x + MARK_WIDTH + side->pid_w + 1, y, side->pid_w, role, 0, "%*d", side->pid_w,
                          row->proc->ppid);
        if (tie && !side->host)
                pen_repeat(pen, x, y, reach > TIE_REACH ? TIE_REACH : reach, pen->glyphs->tie, ROLE_TIE, 0);
        else if (row->tied)
                pen_put(pen, x, y, 1, pen->glyphs->tied, role, 0);
        pen_put(pen, x + side->user_x, y, side->user_w, user, role, 0);
        draw_command(side, lines, i, tie, role);
        mark_picked(side, row, i);
}
