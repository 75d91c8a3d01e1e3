/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "ui/parts.h"
#include "ui/prose.h"

enum { CAPTION_LINES = 3, GAP = 2 };

static const char *state_words(const struct view *view)
{
        switch (view->play.state) {
        case PLAY_RUNNING:
                return "playing";
        case PLAY_PAUSED:
                return "paused: space goes on";
        case PLAY_TAKEN:
        case PLAY_NOT:
                break;
        }
        return "";
}

/* One width for all of the lines, so that none of them changes when a key comes and goes. */
bool part_caption(const struct pen *pen, const struct layout *layout, int width)
{
        const struct view *view = pen->view;
        const struct rect *rect = &layout->bar;
        const char *caption = view->play.caption ? view->play.caption : "", *words = state_words(view);
        int cols = pen->grid->cols, right = *words ? text_width(words) + GAP : 0, n, y;
        own_free char *safe = prose_safe(pen, caption, strlen(caption));
        struct strv text = { 0 };

        if (view->play.state == PLAY_NOT || view->play.state == PLAY_TAKEN)
                return false;
        pen_wrap(safe, width - right - GAP, &text);
        if (!text.n)
                strv_add(&text, "");
        n = (int)(text.n > CAPTION_LINES ? CAPTION_LINES : text.n);
        y = rect->y + 1 - n;
        grid_fill(pen->grid, rect->x, y, cols, n - 1, ' ', ROLE_BAR, 0);
        for (int i = 0; i < n; i++)
                pen_put_f(pen, rect->x + 1, y + i, width - right - GAP, ROLE_BAR, ATTR_BOLD, "%s%s",
                          text.v[i], i == n - 1 && text.n > CAPTION_LINES ? pen->glyphs->cut : "");
        pen_put(pen, rect->x + width - right, rect->y, right - 1, words, ROLE_BAR, 0);
        strv_finish(&text);
        return true;
}
