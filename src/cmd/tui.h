/* SPDX-License-Identifier: MIT */
/* The screen, for commands that begin with more than a container. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "spec/spec.h"

struct stage;

/* What is to be done with the stage once it stands, before the first frame; false with a fault ends it all.
 */
typedef bool tui_begin(struct stage *stage, void *data, struct fault *fault);

/* A screen that is written down, too or alone. */
struct tui_recording {
        const char *cast, *html; /* files; NULL: none */
        const char *title;       /* of what is shown, or NULL */
        int cols, rows;          /* 0: the terminal's; else there is no terminal at all */
        bool captions;           /* what is said is written beside the cast, as FILE.vtt */
};

/* As tui_show, recorded from the first frame on. With cast the file of views is left aside. */
bool tui_record(const struct spec *spec, const struct view_flags *views,
                const struct tui_recording *recording, tui_begin *begin, void *data, struct fault *fault);
/* Opens the terminal and shows the spec's container until the viewer leaves. begin: NULL, or called with
 * data. */
bool tui_show(const struct spec *spec, const struct view_flags *views, tui_begin *begin, void *data,
              struct fault *fault);
