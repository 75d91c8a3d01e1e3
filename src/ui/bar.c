/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "stage/action.h"
#include "ui/facts.h"
#include "ui/parts.h"

enum { FIRST_ITEMS = 3 };
enum { WHOLE_COLS = 80, WIDE_COLS = 100, SAY_LINES = 4 };

/* Items of the bar with the widest space that there is room for between them. */
struct bar {
        struct strv items;
        const char *tail; /* always there */
        const char *more; /* in front of it, where the first items have room beside it */
};

/* The words of an action in the bar. */
static const char *words_of(enum action_id id)
{
        for (size_t i = 0; i < actions_n; i++)
                if (actions[i].id == id)
                        return actions[i].bar ? actions[i].bar : "";
        return "";
}

/* The arrows have no ASCII. */
static char *arrow_words(const struct pen *pen, enum action_id id)
{
        const char *words = words_of(id), *verb = strchr(words, ' ');

        if (!pen->view->ascii || !verb)
                return xstrdup(words);
        return xasprintf("arrows:%s", verb);
}

/* Of a container that somebody else started: what only looks. */
static void fill_attached(const struct pen *pen, struct bar *bar)
{
        const struct view *view = pen->view;
        own_free char *pick = arrow_words(pen, ACT_LEFT), *scroll = arrow_words(pen, ACT_DOWN);

        if (view->scroll[PANE_HOST] || view->scroll[PANE_CONTAINER])
                strv_add(&bar->items, words_of(ACT_FOLLOW));
        strv_add(&bar->items, view->focus >= PANE_CAPS ? pick : scroll);
        strv_add(&bar->items, view->focus == PANE_NS ? "Esc, n: leave" : words_of(ACT_NEXT_PANE));
        if (view->focus != PANE_NS)
                strv_add(&bar->items, words_of(ACT_NAMESPACES));
        strv_add(&bar->items, words_of(ACT_INFO));
        strv_add(&bar->items, words_of(ACT_FILTER));
        strv_add(&bar->items, words_of(ACT_HOST_MODE));
}

static void add_moves(const struct pen *pen, struct bar *bar)
{
        own_free char *pick = arrow_words(pen, ACT_LEFT), *scroll = arrow_words(pen, ACT_DOWN);

        if (pen->view->focus == PANE_NS) {
                if (pen->grid->cols < WHOLE_COLS)
                        strv_add(&bar->items, "space: share or not");
                else
                        strv_add_take(&bar->items, xasprintf("%s, space: share or not", pick));
                strv_add(&bar->items, "Esc, n: leave");
                return;
        }
        if (pen->view->lesson && pen->view->lesson->focus) {
                strv_add(&bar->items, scroll);
                strv_add(&bar->items, words_of(ACT_NEXT_PANE));
                return;
        }
        if (pen->view->focus == PANE_CAPS) {
                /* Under privileged space changes nothing. */
                if (pen->view->spec->caps.privileged)
                        strv_add(&bar->items, pick);
                else if (pen->grid->cols < WHOLE_COLS)
                        strv_add(&bar->items, words_of(ACT_TOGGLE));
                else
                        strv_add_take(&bar->items, xasprintf("%s, %s", pick, words_of(ACT_TOGGLE)));
                return;
        }
        if (pen->view->scroll[PANE_HOST] || pen->view->scroll[PANE_CONTAINER])
                strv_add(&bar->items, words_of(ACT_FOLLOW));
        strv_add(&bar->items, scroll);
        strv_add(&bar->items, words_of(ACT_NEXT_PANE));
}

/* What is most worth pressing now comes first. */
static void fill(const struct pen *pen, struct bar *bar)
{
        const struct view *view = pen->view;
        const struct status *init = facts_init(view->now);

        if (view->play.state == PLAY_TAKEN)
                strv_add_take(&bar->items, xasprintf("your turn: %s", words_of(ACT_HAND_BACK)));
        if (view->state == RUN_ENDED)
                strv_add(&bar->items, words_of(ACT_RESTART));
        if (view->focus == PANE_NS)
                add_moves(pen, bar);
        if (view->shell)
                strv_add(&bar->items, "x: back into the shell");
        if (view->can_undo)
                strv_add(&bar->items, words_of(ACT_UNDO));
        if (init && init->uid[1] != 0)
                strv_add(&bar->items, "u: next user");
        else
                strv_add(&bar->items, words_of(ACT_USER));
        if (view->focus != PANE_NS)
                add_moves(pen, bar);
        if (pen->grid->cols < WIDE_COLS)
                return;
        /* Keys that would startle a newcomer. */
        if (!view->spec->caps.privileged) {
                strv_add(&bar->items, words_of(ACT_KILL));
                strv_add(&bar->items, words_of(ACT_MAC_ADMIN));
        }
        strv_add(&bar->items, words_of(ACT_PRIVILEGED));
        strv_add(&bar->items, words_of(ACT_NO_NEW_PRIVS));
        if (view->focus != PANE_NS)
                strv_add(&bar->items, words_of(ACT_NAMESPACES));
        if (!view->shell && view->state != RUN_ENDED)
                strv_add(&bar->items, words_of(ACT_SHELL));
        strv_add(&bar->items, words_of(ACT_EQUIVALENT));
        strv_add(&bar->items, words_of(ACT_INFO));
        strv_add(&bar->items, words_of(ACT_TYPE_LINE));
        strv_add(&bar->items, words_of(ACT_FILTER));
        if (view->focus == PANE_CAPS)
                strv_add(&bar->items, words_of(ACT_NEXT_PANE));
        if (view->state != RUN_ENDED)
                strv_add(&bar->items, words_of(ACT_RESTART));
}

/* The items with a space between them; the tail keeps a close one of its own. */
static char *join(const struct bar *bar, size_t n, const char *space, const char *more)
{
        struct str text = { 0 };

        for (size_t i = 0; i < n; i++)
                str_add_f(&text, "%s%s", bar->items.v[i], i + 1 < n || *bar->tail ? space : "");
        str_add_f(&text, "%s%s", more, bar->tail);
        return str_take(&text);
}

static void put_bar(const struct pen *pen, const struct rect *rect, const struct bar *bar)
{
        struct strv texts = { 0 };

        for (size_t n = bar->items.n; n > 0; n--) {
                strv_add_take(&texts, join(bar, n, "   ", bar->more));
                strv_add_take(&texts, join(bar, n, "  ", bar->more));
                if (n > FIRST_ITEMS)
                        continue;
                strv_add_take(&texts, join(bar, n, "   ", ""));
                strv_add_take(&texts, join(bar, n, "  ", ""));
        }
        strv_add(&texts, bar->tail);
        pen_put(pen, rect->x + 1, rect->y, rect->w - 1, pen_first_fit(&texts, rect->w - 2), ROLE_BAR, 0);
        strv_finish(&texts);
}

/* What is to be said until the next key, in the bar's line and over the lines above it where it is long. */
static void say(const struct pen *pen, const struct rect *rect, const char *what)
{
        own_free char *safe = text_escape(what, strlen(what), pen->view->ascii);
        struct strv text = { 0 };
        int n, y;

        pen_wrap(safe, rect->w - 2, &text);
        n = (int)(text.n > SAY_LINES ? SAY_LINES : text.n);
        y = rect->y + 1 - n;
        grid_fill(pen->grid, rect->x, y, pen->grid->cols, n - 1, ' ', ROLE_WARNING, 0);
        grid_fill(pen->grid, rect->x, rect->y, rect->w, 1, ' ', ROLE_WARNING, 0);
        for (int i = 0; i < n; i++) {
                bool cut = i == n - 1 && text.n > SAY_LINES;

                pen_put_f(pen, rect->x + 1, y + i, rect->w - 2, ROLE_WARNING, 0, "%s%s", text.v[i],
                          cut ? pen->glyphs->cut : "");
        }
        strv_finish(&text);
}

/* The key just pressed, at the right end of the bar; returns the columns used. */
static int put_key(const struct pen *pen, const struct rect *rect)
{
        own_free char *safe = pen->view->key ? pen_safe(pen, pen->view->key) : NULL;
        own_free char *text = safe ? xasprintf(" [%s] ", safe) : NULL;
        int width = text ? text_width(text) : 0;

        if (!text || width > rect->w / 2)
                return 0;
        pen_put(pen, rect->x + rect->w - width, rect->y, width, text, ROLE_BAR, ATTR_BOLD);
        return width;
}

void part_bar(const struct pen *pen, const struct layout *layout)
{
        const struct rect *rect = &layout->bar;
        const struct view *view = pen->view;
        own_free char *tail = xasprintf("%s  %s", words_of(ACT_HELP), words_of(ACT_QUIT));
        own_free char *lessons = xasprintf("%s ", words_of(ACT_LESSONS));
        own_free char *in_list = xasprintf("Enter: open   Esc: leave   %s", words_of(ACT_QUIT));
        struct bar bar = { .tail = tail, .more = "" };
        struct rect place = *rect;

        grid_fill(pen->grid, rect->x, rect->y, rect->w, 1, ' ', ROLE_BAR, 0);
        place.w -= put_key(pen, rect);
        if (view->dialog_title) {
                bar.tail = dialog_answers(view);
        } else if (view->help || view->equivalent) {
                own_free char *scroll = arrow_words(pen, ACT_DOWN);

                strv_add(&bar.items, scroll);
                bar.tail = "any other key: close";
        } else if (view->info_name) {
                strv_add(&bar.items, view->ascii ? "arrows: another" : "↑↓ another");
                bar.tail = "any other key: close";
        } else if (view->trouble && *view->trouble) {
                say(pen, &place, view->trouble);
                return;
        } else if (view->lessons) {
                bar.tail = in_list;
        } else if (part_caption(pen, layout, place.w)) {
                return;
        } else if (view->shell && view->shell->inside) {
                bar.tail = rect->w < WHOLE_COLS
                                   ? "Ctrl-]: back to the screen   exit ends it"
                                   : "Ctrl-]: back to the screen, the shell goes on   exit ends it";
        } else if (view->attached) {
                fill_attached(pen, &bar);
        } else if (view->now || view->state == RUN_ENDED) {
                bar.more = lessons;
                fill(pen, &bar);
        }
        put_bar(pen, &place, &bar);
        strv_finish(&bar.items);
}
