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
        LOG_HEIGHT = 2 + BORDERS,
        LOG_MOST = 10 + BORDERS,
        LOG_FROM = PANE_LEAST - 3 + PROCESSES_MANY + LOG_HEIGHT, /* of the process panes */
        BOX_COLS = 120, /* from this size on the box is there also at the cost of processes */
        BOX_ROWS = 30,
        COLS_WHOLE = 80,
        COLS_ROOMY = 100,
        HOST_WIDTH = 42,   /* of COLS_WHOLE */
        LESSON_COLS = 120, /* from then on a lesson is a column */
        LESSON_LEAST = 40,
        LESSON_MOST = 60, /* longer lines are harder to read */
        ROOMY_BESIDE = 90,
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

/* Below all else, and the last that is given lines: where the processes have many, a third of the rest. */
static void put_log(const struct view *view, struct layout *ret)
{
        int height = LOG_HEIGHT + (ret->host.h - LOG_FROM) / 3;

        ret->log_room = ret->box && ret->host.h >= LOG_FROM;
        if (!ret->log_room || !view->log)
                return;
        if (height > LOG_MOST)
                height = LOG_MOST;
        ret->host.h -= height;
        ret->container.h -= height;
        ret->user.y -= height;
        ret->caps.y -= height;
        ret->log = (struct rect){ 0, ret->caps.y + ret->caps.h, ret->caps.w, height };
}

/* The columns of a lesson that stands beside the rest, or 0. */
static int lesson_cols(const struct view *view, int cols)
{
        int width = (cols + 1) / 3;

        if (!view->lesson || cols < LESSON_COLS)
                return 0;
        return width < LESSON_LEAST ? LESSON_LEAST : width > LESSON_MOST ? LESSON_MOST : width;
}

static void put_beside(struct layout *ret, int cols, int width)
{
        int left = cols - width, bottom = ret->bar.y;

        ret->lesson = (struct rect){ left, 1, width, bottom - 1 };
        ret->lesson_beside = true;
        ret->roomy = left >= ROOMY_BESIDE;
        ret->title.w = ret->bar.w = cols;
        /* Of few columns more go to the host, which has the tree. */
        ret->host.w = HOST_WIDTH + ((left - COLS_WHOLE) * 5 + 3) / 6;
        ret->container.x = ret->host.w;
        ret->container.w = left - ret->host.w;
}

/* In the capability pane's place, with half of the lines that the processes have beyond their least. */
static void put_instead(const struct view *view, struct layout *ret)
{
        struct rect *caps = &ret->caps;
        int more = (ret->host.h - PANE_LEAST) / 2;

        if (view->lesson->caps_now) {
                ret->lesson = (struct rect){ 0, caps->y++, caps->w, 1 };
                if (ret->legend)
                        ret->legend = false;
                else
                        ret->cap_rows--;
                caps->h--;
                return;
        }
        ret->host.h -= more;
        ret->container.h -= more;
        ret->user.y -= more;
        caps->y -= more;
        caps->h += more;
        ret->lesson = (struct rect){ 0, caps->y + 1, caps->w, caps->h - 1 };
        ret->caps_title = true;
}

void layout_of(const struct view *view, int cols, int rows, struct layout *ret)
{
        int more = LIST_HEIGHT - BOX_HEIGHT, beside = lesson_cols(view, cols);

        layout_make(cols - beside - layout_shell_cols(view, cols), rows, ret);
        put_log(view, ret);
        if (beside)
                put_beside(ret, cols, beside);
        else if (view->lesson)
                put_instead(view, ret);
        layout_shell(view, cols, ret);
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
