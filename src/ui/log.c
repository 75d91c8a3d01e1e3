/* SPDX-License-Identifier: MIT */
/* THE KERNEL SAYS: the kernel's log of capability checks. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/own.h"
#include "base/text.h"
#include "caps/caps.h"
#include "ui/parts.h"

enum {
        BORDERS = 2,
        TIME_SIZE = 32,
        WHO_MOST = 26, /* columns of a name of 15 and its PID */
        WHO_LEAST = 12,
        CAP_W = 20, /* CHECKPOINT_RESTORE and two spaces */
        VERDICT_W = 9,
        GAP = 2
};

static const char nothing_yet[] =
        "nothing in here has asked for a capability yet: ! runs a command, x a shell";
static const char nothing_asked[] = "nothing in there has asked for a capability";

static void time_text(uint64_t us, char buf[static TIME_SIZE])
{
        snprintf(buf, TIME_SIZE, "%02" PRIu64 ":%02" PRIu64 ".%03" PRIu64, us / 60000000, us / 1000000 % 60,
                 us / 1000 % 1000);
}

static void put_entry(const struct pen *pen, const struct rect *rect, int y, const struct klog_record *entry)
{
        const struct log_view *log = pen->view->log;
        uint64_t us = entry->time_us > log->began_us ? entry->time_us - log->began_us : 0;
        own_free char *name = pen_safe(pen, entry->name);
        own_free char *who = entry->inside > 0 ? xasprintf("%s (%d)", name, entry->inside) : xstrdup(name);
        int x = rect->x + 2, end = rect->x + rect->w - 2, wide = rect->w / 4;
        enum role role = entry->allowed ? ROLE_TEXT : ROLE_WARNING;
        char time[TIME_SIZE];

        wide = wide < WHO_LEAST ? WHO_LEAST : wide > WHO_MOST ? WHO_MOST : wide;
        time_text(us, time);
        x += pen_put(pen, x, y, end - x, time, ROLE_TEXT, 0) + GAP;
        pen_put(pen, x, y, wide, who, ROLE_TEXT, 0);
        x += wide + GAP;
        pen_put(pen, x, y, end - x, caps_info(entry->cap)->name, role, 0);
        x += CAP_W;
        pen_put(pen, x, y, end - x, entry->allowed ? "allowed" : "denied", role, 0);
        x += VERDICT_W;
        if (entry->times > 1)
                pen_put_f(pen, x, y, end - x, ROLE_TEXT, 0, "x%" PRIu32, entry->times);
}

static void put_titles(const struct pen *pen, const struct rect *rect)
{
        const struct log_view *log = pen->view->log;
        own_free char *lost = NULL, *list = NULL, *cut = NULL;

        if (log->heard->lost)
                lost = xasprintf("%" PRIu64 " events lost: too many at once", log->heard->lost);
        pen_box_text(pen, rect, false, false, "THE KERNEL SAYS", ROLE_TITLE);
        if (lost)
                pen_box_text(pen, rect, false, true, lost, ROLE_WARNING);
        if (!log->list[0])
                return;
        list = xasprintf("smallest list: %s", log->list);
        cut = text_cut(list, pen_box_room(rect), pen->glyphs->cut);
        pen_box_text(pen, rect, true, false, cut, ROLE_TITLE);
}

void part_log(const struct pen *pen, const struct layout *layout)
{
        const struct log_view *log = pen->view->log;
        const struct rect *rect = &layout->log;
        int rows = rect->h - BORDERS, y = rect->y + 1;

        if (pen->view->reach)
                pen->view->reach->log = layout->log_room;
        if (!log || rect->w == 0)
                return;
        pen_box(pen, rect, false);
        put_titles(pen, rect);
        if (log->ended[0]) {
                pen_put(pen, rect->x + 2, y++, rect->w - 4, log->ended, ROLE_WARNING, 0);
                rows--;
        } else if (log->heard->n == 0) {
                pen_put(pen, rect->x + 2, y, rect->w - 4,
                        pen->view->state == RUN_ENDED ? nothing_asked : nothing_yet, ROLE_NOTE, ATTR_ITALIC);
        }
        for (int i = 0; i < rows && (size_t)i < log->heard->n; i++)
                put_entry(pen, rect, y + i, &log->heard->entries[i]);
}
