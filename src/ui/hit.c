/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/hit.h"

#include "ui/layout.h"
#include "ui/parts.h"
#include "ui/ui.h"

bool ui_hit(const struct view *view, int cols, int rows, int x, int y, struct place *ret)
{
        struct pen pen = { .view = view, .glyphs = glyphs_of(view->ascii) };
        struct place place = { .cap = -1 };
        struct layout layout;

        if (cols < UI_MIN_COLS || rows < UI_MIN_ROWS)
                return false;
        layout_of(view, cols, rows, &layout);
        place.shell = rect_has(&layout.shell, x, y) &&
                      (view->shell->inside || !part_result_hit(&pen, &layout, x, y));
        if (place.shell) {
                *ret = place;
                return true;
        }
        if (part_result_hit(&pen, &layout, x, y))
                return false;
        place.ns = part_ns_hit(&pen, &layout, x, y);
        if (rect_has(&layout.lesson, x, y) && place.ns < -1) {
                *ret = (struct place){ .pane = PANE_CAPS, .cap = -1, .ns = -1, .lesson = true };
                return true;
        }
        if (place.ns >= -1) {
                place.pane = PANE_NS;
        } else if (rect_has(&layout.caps, x, y)) {
                place.pane = PANE_CAPS;
                place.more = layout.cap_rows < CAP_DIGITS;
                place.cap = view->now ? part_caps_hit(&pen, &layout, x, y) : -1;
        } else if (rect_has(&layout.host, x, y) || rect_has(&layout.container, x, y)) {
                place.pane = rect_has(&layout.host, x, y) ? PANE_HOST : PANE_CONTAINER;
                place.pid = part_panes_hit(&pen, &layout, place.pane == PANE_HOST, y);
        } else {
                return false;
        }
        *ret = place;
        return true;
}
