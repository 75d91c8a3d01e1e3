/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "ui/lesson_foot.h"
#include "ui/parts.h"

enum { SPACES = 2 /* between what a line says and the mark */ };

/* The pane, or the line, that a step looks at. The result is marked where it stands. */
static bool find_place(const struct layout *layout, enum lesson_look look, struct rect *ret)
{
        switch (look) {
        case LESSON_LOOK_HOST:
                *ret = layout->host;
                return true;
        case LESSON_LOOK_CONTAINER:
                *ret = layout->container;
                return true;
        case LESSON_LOOK_USER:
        case LESSON_LOOK_NAMESPACES:
                *ret = layout->user;
                return true;
        case LESSON_LOOK_CAPS:
                *ret = layout->caps;
                if (layout->caps_title)
                        ret->h = 1;
                return true;
        case LESSON_LOOK_NONE:
        case LESSON_LOOK_RESULT:
        case LESSON_LOOK_N:
                break;
        }
        return false;
}

/* Where n cells beside each other hold that character, at or after x; -1: nowhere. */
static int find_run(const struct grid *grid, int x, int end, int y, uint32_t c, int n)
{
        int run = 0;

        for (; x < end; x++) {
                run = grid->cells[y * grid->cols + x].c == c ? run + 1 : 0;
                if (run == n)
                        return x - n + 1;
        }
        return -1;
}

static void light_border(const struct pen *pen, const struct rect *rect)
{
        for (int y = rect->y; y < rect->y + rect->h; y++)
                for (int x = rect->x; x < rect->x + rect->w; x++) {
                        struct cell *cell = grid_at(pen->grid, x, y);

                        if (cell && (cell->role == ROLE_BORDER || cell->role == ROLE_FOCUS)) {
                                cell->role = ROLE_FOCUS;
                                cell->attr |= ATTR_BOLD;
                        }
                }
}

/* The mark stands where the border is free; where it says something everywhere, one character at the title.
 */
static void mark_box(const struct pen *pen, const struct rect *rect)
{
        const char *look = pen->glyphs->look;
        int n = text_width(look), rows[2] = { rect->y, rect->y + rect->h - 1 };
        uint32_t dash = 0;

        text_decode(pen->glyphs->h, strlen(pen->glyphs->h), &dash);
        light_border(pen, rect);
        for (int i = 0; i < 2; i++) {
                int x = find_run(pen->grid, rect->x + 1, rect->x + rect->w - 1, rows[i], dash, n);

                if (x < 0)
                        continue;
                pen_put(pen, x, rows[i], n, look, ROLE_FOCUS, ATTR_BOLD);
                if (grid_at(pen->grid, x + n, rows[i])->c == dash)
                        pen_put(pen, x + n, rows[i], 1, " ", ROLE_FOCUS, 0);
                return;
        }
        pen_put(pen, rect->x + 1, rect->y, 1, pen->glyphs->tied, ROLE_FOCUS, ATTR_BOLD);
}

static void mark_line(const struct pen *pen, const struct rect *rect)
{
        const char *look = pen->glyphs->look;
        int n = text_width(look), end = rect->x + rect->w, last = end;

        while (last > rect->x && grid_at(pen->grid, last - 1, rect->y)->c == ' ')
                last--;
        pen_put(pen, rect->x, rect->y, 1, pen->glyphs->tied, ROLE_FOCUS, ATTR_BOLD);
        if (end - last >= n + SPACES)
                pen_put(pen, last + SPACES, rect->y, n, look, ROLE_FOCUS, ATTR_BOLD);
}

void part_spot(const struct pen *pen, const struct layout *layout)
{
        const struct lesson_view *lesson = pen->view->lesson;
        const struct lesson_step *step = lesson ? lesson_at(lesson) : NULL;
        struct rect rect;

        if (!step || !lesson->done || !find_place(layout, step->look, &rect))
                return;
        if (rect.y == layout->user.y && !layout->box)
                mark_line(pen, &rect);
        else
                mark_box(pen, &rect);
}
