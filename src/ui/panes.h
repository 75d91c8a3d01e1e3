/* SPDX-License-Identifier: MIT */
/* One process pane's rows. Pure. */
#pragma once

#include "ui/draw.h"
#include "ui/layout.h"
#include "ui/lines.h"

struct side_view {
        const struct pen *pen;
        const struct layout *layout;
        struct rect rect;
        bool host;
        int height;   /* process lines */
        int reserved; /* of them, lines that are kept free at the top */
        struct window window;
        const struct row **rows; /* what stands on each line, or NULL; owned, height entries */
        size_t *line;            /* and which line of the list that is; owned */
        /* columns, from the pane's inner left edge */
        int pid_w, user_x, user_w, cmd_x, cmd_w;
};

/* Finds the widths of the columns from what stands on the lines. */
void side_measure(struct side_view *side);
void side_draw_head(const struct side_view *side);
/* Where the picked column begins, from the pane's inner left edge; of the first one the mark before it. */
int side_column_x(const struct side_view *side);
/* One line; tie: it is tied to the line beside it. */
void side_draw_row(const struct side_view *side, const struct lines *lines, int i, bool tie);
/* What the rows of this pane were asked to have in them, or "". */
const char *side_filter(const struct side_view *side);
/* shown: rows that are not left out by the mode. */
void side_draw_title(const struct side_view *side, size_t shown);
