/* SPDX-License-Identifier: MIT */
/* What the screen shows, as plain data: the stage fills it, ui/ draws it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "snapshot/snapshot.h"
#include "spec/spec.h"

enum pane { PANE_HOST, PANE_CONTAINER, PANE_CAPS, PANE_N };
enum host_mode { HOST_FULL, HOST_NAMES, HOST_LINE };
enum run_state { RUN_STARTING, RUN_RUNNING, RUN_ENDED };

enum { NOTES_MAX = 6 };

struct view {
        const struct spec *spec;
        const char *line;              /* the docker line that gives this container */
        const char *image_note;        /* "image ubuntu is not on this machine: demo root", or "" */
        const char *trouble;           /* a fault to show until the next key, or "" */
        const struct snapshot *now;    /* NULL before the first */
        const struct snapshot *before; /* the one before the last change while that is marked, else NULL */
        const struct cap_rules *rules;
        enum run_state state;
        int exit_status;     /* when ended */
        uint64_t clock_ms;   /* CLOCK_MONOTONIC */
        uint64_t started_ms; /* when the container started */
        bool rootless;
        bool can_undo;
        uint64_t
                machine_missing; /* capabilities that the machine's own bounding set lacks (real root only) */
        /* what the viewer looks at */
        enum pane focus;
        unsigned cap;       /* the selected capability's bit */
        int scroll[PANE_N]; /* rows scrolled by hand; 0: follow the tied row */
        bool scrolled;      /* the host pane has been scrolled by hand */
        enum host_mode host_mode;
        /* an open dialog: a question answered with y, or n and Esc. NULL: none */
        const char *dialog_title;
        const char *dialog_text; /* words; the ui breaks the lines */
        bool help;               /* the help is open */
        int help_scroll;
        bool ascii;
        bool mono;
};
