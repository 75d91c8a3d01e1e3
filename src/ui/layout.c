/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/layout.h"

enum {
        LINES = 3,      /* title, user line, key bar */
        BORDERS = 2,    /* of a box */
        PANE_LEAST = 6, /* borders, column heads, three processes */
        CAPS_WHOLE = CAP_DIGITS + 1 + BORDERS,
        PROCESSES_MANY = 10, /* from then on the box comes before more processes */
        BOX_HEIGHT = 5,
        LIST_HEIGHT = BOX_HEIGHT - 1 + 1 + NS_T_N, /* heads, and the namespaces in place of their line */
        BOX_COLS = 120, /* from this size on the box is there also at the cost of processes */
        BOX_ROWS = 30,
        COLS_WHOLE = 80,
        COLS_ROOMY = 100,
        HOST_WIDTH = 42, /* of COLS_WHOLE */
};

void layout_make(int cols, int rows, struct layout *ret)
{
        int rest = rows - LINES - PANE_LEAST, user_height = 1, pane_height, caps_height;
        int host_width = cols * HOST_WIDTH / COLS_WHOLE;

        /* What is wider than the narrow screen goes to the host's pane, two columns of three: its names are
         * longer, and the tree is there. */
        if (cols > COLS_WHOLE)
                host_width = HOST_WIDTH + (cols - COLS_WHOLE) * 2 / 3;
        caps_height = rest < CAPS_WHOLE ? rest : CAPS_WHOLE;
        rest -= caps_height;
        *ret = (struct layout){
                .parents = cols >= COLS_WHOLE,
                .roomy = cols >= COLS_ROOMY,
                .legend = caps_height == CAPS_WHOLE,
        };
        if ((cols >= COLS_WHOLE && rest >= PROCESSES_MANY - 3 + BOX_HEIGHT - 1) ||
            (cols >= BOX_COLS && rows >= BOX_ROWS)) {
                ret->box = true;
                user_height = BOX_HEIGHT;
                rest -= BOX_HEIGHT - 1;
        }
        pane_height = PANE_LEAST + rest;
        ret->cap_rows = caps_height - BORDERS - (ret->legend ? 1 : 0);
        ret->title = (struct rect){ 0, 0, cols, 1 };
        ret->host = (struct rect){ 0, 1, host_width, pane_height };
        ret->container = (struct rect){ host_width, 1, cols - host_width, pane_height };
        ret->user = (struct rect){ 0, 1 + pane_height, cols, user_height };
        ret->caps = (struct rect){ 0, ret->user.y + user_height, cols, caps_height };
        ret->bar = (struct rect){ 0, rows - 1, cols, 1 };
}

void layout_of(const struct view *view, int cols, int rows, struct layout *ret)
{
        int more = LIST_HEIGHT - BOX_HEIGHT;

        layout_make(cols, rows, ret);
        if (view->big)
                ret->parents = ret->roomy = false;
        if (view->focus != PANE_NS || !ret->box || ret->host.h - more < PANE_LEAST)
                return;
        ret->list = true;
        ret->host.h -= more;
        ret->container.h -= more;
        ret->user.y -= more;
        ret->user.h += more;
}
