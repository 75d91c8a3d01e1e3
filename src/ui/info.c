/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/own.h"
#include "base/text.h"
#include "ui/parts.h"

enum { COLS_MOST = 78, BORDERS = 2 };

/* Over the capability pane, above or below the row that the cursor stands on, never over the tied rows. */
static struct rect place(const struct pen *pen, const struct layout *layout, int w, int h)
{
        const struct rect *caps = &layout->caps;
        int cursor = pen->grid->cursor_y, end = caps->y + caps->h - (h <= caps->h - BORDERS ? 1 : 0);
        struct rect rect = { .x = caps->x + (caps->w - w) / 2, .w = w, .h = h };

        rect.y = end - h;
        if (cursor >= rect.y && cursor < end)
                rect.y = cursor - h;
        /* Where both ends are too short, the cursor gives way to the words. */
        if (rect.y <= caps->y)
                rect.y = end - h;
        return rect;
}

void part_info(const struct pen *pen, const struct layout *layout)
{
        const struct view *view = pen->view;
        int cols = layout->caps.w - 2 < COLS_MOST ? layout->caps.w - 2 : COLS_MOST;
        own_free char *title = NULL;
        struct strv lines = { 0 };
        struct rect rect;

        if (!view->info_name)
                return;
        title = xasprintf("%s  %s", view->info_name, view->info_kind);
        pen_wrap(view->info_text, cols - 4, &lines);
        rect = place(pen, layout, cols, (int)lines.n + BORDERS);
        pen_box(pen, &rect, true);
        pen_box_text(pen, &rect, false, false, title, ROLE_TITLE);
        for (size_t i = 0; i < lines.n; i++)
                pen_put(pen, rect.x + 2, rect.y + 1 + (int)i, rect.w - 4, lines.v[i], ROLE_TEXT, 0);
        pen->grid->cursor_x = rect.x + 2;
        pen->grid->cursor_y = rect.y + 1;
        strv_finish(&lines);
}
