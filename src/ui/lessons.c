/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/own.h"
#include "base/text.h"
#include "ui/parts.h"
#include "ui/prose.h"

enum {
        LIST_COLS = 100,
        BORDERS = 2,
        HEADS = 1,
        NUMBER_COLS = 4,
        MINUTES_COLS = 6,
        STEPS_COLS = 20,
        STEPS_LEAST = 9, /* without those that were skipped */
        AT_LEAST = 24,   /* columns for the step to go on with, where there are so many beside the titles */
        TITLE_LEAST = 32,
        GAP = 1,
};

/* The columns, from the left: mark, number, title, minutes, steps, where to go on. */
struct list {
        const struct pen *pen;
        const struct lesson_list_view *view;
        struct rect rect;
        int title_w, steps_w, at_w; /* at_w 0: no room for that */
        int rows;
};

static void measure(struct list *list)
{
        const struct grid *grid = list->pen->grid;
        int inner, rest;

        list->rect.w = smaller(LIST_COLS, grid->cols - 2);
        list->rect.h =
                smaller((int)list->view->n + HEADS + BORDERS + (*list->view->note ? 1 : 0), grid->rows - 2);
        list->rect.x = (grid->cols - list->rect.w) / 2;
        list->rect.y = (grid->rows - 1 - list->rect.h) / 2;
        inner = list->rect.w - 4;
        rest = inner - NUMBER_COLS - MINUTES_COLS - GAP;
        list->steps_w = rest >= TITLE_LEAST + STEPS_COLS ? STEPS_COLS : STEPS_LEAST;
        rest -= list->steps_w;
        list->at_w = rest >= TITLE_LEAST + AT_LEAST ? AT_LEAST : 0;
        list->title_w = rest - list->at_w;
        list->rows = list->rect.h - BORDERS - HEADS - (*list->view->note ? 1 : 0);
}

static char *steps_text(const struct list *list, const struct lesson_row *row)
{
        if (row->steps && row->done >= row->steps)
                return xasprintf("%s whole", list->pen->glyphs->tick);
        if (row->skipped && list->steps_w >= STEPS_COLS)
                return xasprintf("%zu of %zu, %zu skipped", row->done, row->steps, row->skipped);
        return xasprintf("%zu of %zu", row->done, row->steps);
}

/* A text of its own that may be too long for its column, in that role. */
static void put_text(const struct list *list, int x, int y, int width, const char *text, enum role role,
                     uint8_t attr)
{
        own_free char *safe = prose_safe(list->pen, text, strlen(text));

        pen_put(list->pen, x, y, width, safe, role, attr);
}

/* Nothing of it is left: it is opened anew. */
static bool is_over(const struct lesson_row *row)
{
        return row->steps && row->done + row->skipped >= row->steps;
}

/* The step that Enter goes to, where one was picked. */
static char *step_text(const struct list *list, const struct lesson_row *row)
{
        size_t step = list->view->step;

        if (!step || !row->names || step > row->names->n)
                return NULL;
        return xasprintf("%zu: %s", step, row->names->v[step - 1]);
}

static void draw_row(const struct list *list, size_t i, int y)
{
        const struct lesson_row *row = &list->view->rows[i];
        const struct pen *pen = list->pen;
        bool picked = i == list->view->picked;
        int x = list->rect.x + 2, width = list->rect.w - 4;
        uint8_t attr = picked && !pen->view->mono ? ATTR_REVERSE : 0;
        own_free char *steps = steps_text(list, row), *step = picked ? step_text(list, row) : NULL;

        grid_fill(pen->grid, x - 1, y, width + 2, 1, ' ', ROLE_TEXT, attr);
        if (picked) {
                pen_put(pen, x - 1, y, 1, pen->glyphs->tied, ROLE_FOCUS, attr);
                pen->grid->cursor_x = x;
                pen->grid->cursor_y = y;
        }
        if (row->number)
                pen_put_f(pen, x, y, NUMBER_COLS - 1, ROLE_TEXT, attr, "%2u", row->number);
        x += NUMBER_COLS;
        if (row->broken) {
                own_free char *text = xasprintf("%s  %s", row->name, row->broken);

                put_text(list, x, y, width - NUMBER_COLS, text, ROLE_WARNING, attr);
                return;
        }
        if (step && !list->at_w)
                put_text(list, x, y, list->title_w - 1, step, ROLE_NOTE, attr);
        else
                put_text(list, x, y, list->title_w - 1, row->title, ROLE_TEXT, attr);
        x += list->title_w;
        if (row->minutes)
                pen_put_f(pen, x, y, MINUTES_COLS, ROLE_TEXT, attr, "%2u min", row->minutes);
        x += MINUTES_COLS + GAP;
        pen_put(pen, x, y, list->steps_w - 1, steps, row->done >= row->steps ? ROLE_HELD : ROLE_TEXT, attr);
        if (list->at_w)
                put_text(list, x + list->steps_w, y, list->at_w,
                         step           ? step
                         : is_over(row) ? "its first step again"
                                        : row->at,
                         ROLE_NOTE, attr);
}

static void draw_heads(const struct list *list)
{
        const struct pen *pen = list->pen;
        int x = list->rect.x + 2, y = list->rect.y + 1;

        pen_put(pen, x + NUMBER_COLS, y, list->title_w, "LESSON", ROLE_HEAD, 0);
        x += NUMBER_COLS + list->title_w;
        pen_put(pen, x, y, MINUTES_COLS, " TIME", ROLE_HEAD, 0);
        x += MINUTES_COLS + GAP;
        pen_put(pen, x, y, list->steps_w - 1, list->steps_w < STEPS_COLS ? "STEPS" : "STEPS DONE", ROLE_HEAD,
                0);
        if (list->at_w)
                pen_put(pen, x + list->steps_w, y, list->at_w, "GO ON WITH", ROLE_HEAD, 0);
}

static void draw_keys(const struct list *list, bool more)
{
        struct strv texts = { 0 };

        strv_add(&texts, list->pen->view->ascii
                                 ? "Enter: open   left, right: step   r: reset   R: reset all   Esc: leave"
                                 : "Enter: open   ←→ step   r: reset   R: reset all   Esc: leave");
        strv_add(&texts, "Enter: open   r: reset   R: reset all   Esc: leave");
        strv_add(&texts, "Enter:open r:reset R:reset all Esc:leave");
        if (more)
                pen_box_text(list->pen, &list->rect, true, true, "more below", ROLE_NOTE);
        pen_box_text(list->pen, &list->rect, true, false,
                     pen_first_fit(&texts, pen_box_room(&list->rect) - (more ? 13 : 0)), ROLE_TITLE);
        strv_finish(&texts);
}

void part_lessons(const struct pen *pen)
{
        struct list list = { .pen = pen, .view = pen->view->lessons };
        int n, first, y;

        if (!list.view)
                return;
        measure(&list);
        n = (int)list.view->n;
        first = (int)list.view->picked - list.rows / 2;
        first = first > n - list.rows ? n - list.rows : first;
        first = first < 0 ? 0 : first;
        pen_box(pen, &list.rect, true);
        pen_box_text(pen, &list.rect, false, false, "LESSONS", ROLE_TITLE);
        draw_heads(&list);
        pen->grid->cursor_x = list.rect.x + 2;
        pen->grid->cursor_y = list.rect.y + 1;
        y = list.rect.y + BORDERS / 2 + HEADS;
        for (int i = 0; i < list.rows && first + i < n; i++)
                draw_row(&list, (size_t)first + (size_t)i, y + i);
        if (n == 0)
                pen_put(pen, list.rect.x + 2, list.rect.y + 1, list.rect.w - 4, "no lessons are installed",
                        ROLE_WARNING, 0);
        if (*list.view->note)
                put_text(&list, list.rect.x + 2, list.rect.y + list.rect.h - 2, list.rect.w - 4,
                         list.view->note, ROLE_WARNING, 0);
        draw_keys(&list, first + list.rows < n);
}
