/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/own.h"
#include "base/text.h"
#include "stage/action.h"
#include "ui/parts.h"

enum { HELP_COLS = 78, HELP_KEYS = 12, DIALOG_COLS = 62, DIALOG_ROWS = 4 /* beside its text */, MARGIN = 2 };

/* In the middle of the screen, above the key bar. */
static struct rect middle(const struct grid *grid, int w, int h)
{
        struct rect rect = { .w = smaller(w, grid->cols), .h = smaller(h, grid->rows - 1) };

        rect.x = (grid->cols - rect.w) / 2;
        rect.y = (grid->rows - 1 - rect.h) / 2;
        return rect;
}

/* A wide character that the box cuts through leaves no half. */
static void open_box(const struct pen *pen, const struct rect *rect, const char *title)
{
        pen_box(pen, rect, true);
        pen_box_text(pen, rect, false, false, title, ROLE_TITLE);
}

/* The lines of one action: its keys, then the sentence, broken where it must be. */
static void add_action(struct strv *lines, const struct action *action, int width)
{
        own_free char *text =
                action->flag ? xasprintf("%s (%s)", action->help, action->flag) : xstrdup(action->help);
        struct strv broken = { 0 };

        pen_wrap(text, width - HELP_KEYS, &broken);
        for (size_t i = 0; i < broken.n; i++)
                strv_add_take(lines,
                              xasprintf("%-*s%s", HELP_KEYS, i == 0 ? action->shown : "", broken.v[i]));
        strv_finish(&broken);
}

/* Keys that are shown together stand side by side in the table. */
static void add_actions(struct strv *lines, int width)
{
        const char *last = "";

        for (size_t i = 0; i < actions_n; i++) {
                if (!actions[i].shown || strcmp(actions[i].shown, last) == 0)
                        continue;
                last = actions[i].shown;
                add_action(lines, &actions[i], width);
        }
}

/* What is no key. */
static void add_mouse(struct strv *lines, int width)
{
        const struct action mouse = {
                .shown = "mouse",
                .help = "a click picks, the wheel scrolls; a click on the picked capability or namespace is "
                        "space (--no-mouse leaves the mouse to the terminal)",
        };

        add_action(lines, &mouse, width);
}

struct rect part_overlay(const struct pen *pen, const char *title, int cols, int lines, int *ret_first)
{
        struct rect rect = middle(pen->grid, cols, lines + 2);
        int last = lines - (rect.h - 2), first = smaller(pen->view->help_scroll, last);

        if (pen->view->reach)
                pen->view->reach->help = last > 0 ? last : 0;
        *ret_first = first < 0 ? 0 : first;
        open_box(pen, &rect, title);
        if (*ret_first < last)
                pen_box_text(pen, &rect, true, true, "more below", ROLE_NOTE);
        pen->grid->cursor_x = rect.x + 2;
        pen->grid->cursor_y = rect.y + 1;
        return (struct rect){ rect.x + 2, rect.y + 1, rect.w - 4, rect.h - 2 };
}

void part_help(const struct pen *pen)
{
        int cols = smaller(HELP_COLS, pen->grid->cols - MARGIN), first;
        struct strv lines = { 0 };
        struct rect rect;

        add_actions(&lines, cols - 4);
        add_mouse(&lines, cols - 4);
        rect = part_overlay(pen, "KEYS", cols, (int)lines.n, &first);
        for (int i = 0; i < rect.h && first + i < (int)lines.n; i++)
                pen_put(pen, rect.x, rect.y + i, rect.w, lines.v[first + i], ROLE_TEXT, 0);
        strv_finish(&lines);
}

static const char *answers_of(const struct view *view, bool read)
{
        if (view->dialog_page && read)
                return view->dialog_remap ? "y, PgDn: yes   r: with --userns=remap   n, Esc: no"
                                          : "y, PgDn: yes   n, Esc: no";
        return view->dialog_remap ? "y: yes   r: with --userns=remap   n, Esc: no" : "y: yes   n, Esc: no";
}

const char *dialog_answers(const struct view *view)
{
        return answers_of(view, !view->reach || view->dialog_scroll >= view->reach->dialog);
}

/* The text's lines, the whole box, and how many of the lines have no room in it. */
static int place_dialog(const struct pen *pen, struct strv *lines, struct rect *ret)
{
        int cols = smaller(DIALOG_COLS, pen->grid->cols - MARGIN), over;
        const char *words = pen->view->dialog_text ? pen->view->dialog_text : "";
        own_free char *text = text_escape(words, strlen(words), pen->view->ascii);

        pen_wrap(text, cols - 4, lines);
        *ret = middle(pen->grid, cols, (int)lines->n + DIALOG_ROWS);
        over = (int)lines->n + DIALOG_ROWS - ret->h;
        return over > 0 ? over : 0;
}

void part_dialog_reach(const struct pen *pen)
{
        struct strv lines = { 0 };
        struct rect rect;
        int over;

        if (!pen->view->dialog_title || !pen->view->reach)
                return;
        over = place_dialog(pen, &lines, &rect);
        pen->view->reach->dialog = over;
        strv_finish(&lines);
}

/* Nobody says yes to what has no room without seeing that there is more of it. */
static void mark_dialog(const struct pen *pen, const struct rect *rect, int first, int over)
{
        own_free char *below = xasprintf("%s more below", pen->glyphs->down);
        own_free char *above = xasprintf("%s more above", pen->glyphs->up);

        if (over > 0)
                pen_box_text(pen, rect, true, true, first < over ? below : above, ROLE_WARNING);
}

void part_dialog(const struct pen *pen)
{
        own_free char *title = pen_safe(pen, pen->view->dialog_title);
        struct strv lines = { 0 };
        struct rect rect;
        int over = place_dialog(pen, &lines, &rect), first = smaller(pen->view->dialog_scroll, over);
        int last = rect.y + rect.h - 2;

        first = first < 0 ? 0 : first;
        open_box(pen, &rect, title);
        mark_dialog(pen, &rect, first, over);
        for (int i = 0; i < rect.h - DIALOG_ROWS && first + i < (int)lines.n; i++)
                pen_put(pen, rect.x + 2, rect.y + 1 + i, rect.w - 4, lines.v[first + i], ROLE_TEXT, 0);
        pen_put(pen, rect.x + 2, last, rect.w - 4, answers_of(pen->view, first >= over), ROLE_FOCUS,
                ATTR_BOLD);
        pen->grid->cursor_x = rect.x + 2;
        pen->grid->cursor_y = last;
        strv_finish(&lines);
}
