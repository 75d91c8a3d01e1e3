/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/mouse.h"

#include <stdio.h>
#include <string.h>

#include "ui/hit.h"

enum { WHEEL_ROWS = 3, TURNS_MOST = 100000 };

static bool find_place(struct stage *stage, struct term *term, int x, int y, struct place *ret)
{
        struct view view;
        int cols, rows;

        term_size(term, &cols, &rows);
        stage_peek(stage, &view);
        return ui_hit(&view, cols, rows, x, y, ret);
}

void mouse_settle(struct mouse *mouse, struct stage *stage, struct term *term)
{
        struct place place;
        int turns = mouse->turns;

        mouse->turns = 0;
        if (turns && find_place(stage, term, mouse->x, mouse->y, &place))
                stage_wheel(stage, &place, turns * WHEEL_ROWS);
}

static void turn(struct mouse *mouse, struct stage *stage, struct term *term, int by, int x, int y)
{
        if (mouse->x != x || mouse->y != y)
                mouse_settle(mouse, stage, term);
        mouse->x = x;
        mouse->y = y;
        if (mouse->turns > -TURNS_MOST && mouse->turns < TURNS_MOST)
                mouse->turns += by;
}

bool mouse_feed(struct mouse *mouse, struct stage *stage, struct term *term, const char *key)
{
        struct place place;
        char what[12];
        int x, y;

        if (sscanf(key, "%11s %d %d", what, &x, &y) == 3) {
                if (strcmp(what, "click") != 0) {
                        turn(mouse, stage, term, strcmp(what, "wheel-up") == 0 ? -1 : 1, x, y);
                        return true;
                }
                mouse_settle(mouse, stage, term);
                if (find_place(stage, term, x, y, &place))
                        stage_click(stage, &place);
                return true;
        }
        mouse_settle(mouse, stage, term);
        return false;
}
