/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/own.h"
#include "base/text.h"
#include "ui/parts.h"

enum { CLOCK_SIZE = 32 };

static void clock_text(const struct view *view, char buf[static CLOCK_SIZE])
{
        uint64_t s = view->clock_ms > view->started_ms ? (view->clock_ms - view->started_ms) / 1000 : 0;

        if (s < 3600)
                snprintf(buf, CLOCK_SIZE, "%02u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
        else
                snprintf(buf, CLOCK_SIZE, "%llu:%02u:%02u", (unsigned long long)(s / 3600),
                         (unsigned)(s / 60 % 60), (unsigned)(s % 60));
}

/* The state; in few columns where brief. */
static char *state_text(const struct pen *pen, bool brief)
{
        const struct view *view = pen->view;
        char clock[CLOCK_SIZE];

        clock_text(view, clock);
        switch (view->state) {
        case RUN_STARTING:
                return xasprintf("%s starting", pen->glyphs->starting);
        case RUN_RUNNING:
                return xasprintf("%s %s%s", pen->glyphs->running, brief ? "" : "running ", clock);
        case RUN_ENDED:
                /* Of a container that was joined its parent alone is told. */
                return view->attached ? xstrdup("ended") : xasprintf("exited (%d)", view->exit_status);
        }
        return xstrdup("");
}

void part_title(const struct pen *pen, const struct layout *layout)
{
        const struct rect *rect = &layout->title;
        const char *attached = pen->view->attached;
        own_free char *safe = pen_safe(pen, attached ? attached : pen->view->line ? pen->view->line : "");
        own_free char *line = xasprintf("%s%s", attached ? "" : "same as: ", safe);
        struct strv states = { 0 };
        const char *state;
        bool recording = pen->view->play.recording;
        int room = rect->w - 2, width;

        for (int brief = 0; brief < 2; brief++) {
                own_free char *text = state_text(pen, brief);

                strv_add_take(&states, xasprintf("%s%s%s%s", recording ? pen->glyphs->running : "",
                                                 recording ? " REC  " : "",
                                                 pen->view->rootless ? "rootless " : "", text));
        }
        state = pen_first_fit(&states, room - text_width(line) - 2);
        width = text_width(state);
        pen_put(pen, rect->x + 1, rect->y, room - width - 2, line, ROLE_TITLE, 0);
        grid_put(pen->grid, rect->x + rect->w - 1 - width, rect->y, width, state,
                 pen->view->state == RUN_ENDED ? ROLE_WARNING : ROLE_TITLE, 0);
        strv_finish(&states);
}
