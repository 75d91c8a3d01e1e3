/* SPDX-License-Identifier: MIT */
/* What the stage's own files share. */
#pragma once

#include "cage/door.h"
#include "stage/dialog.h"
#include "stage/history.h"
#include "stage/launch.h"
#include "stage/look.h"
#include "stage/stage.h"

enum { CHANGE_MARK_MS = 5000 };

/* What follows when a dialog is answered with y. */
enum pending { PENDING_NONE, PENDING_FIRST, PENDING_CHANGE, PENDING_BACK, PENDING_FORTH };

struct stage {
        struct loop *loop;
        struct spec first;      /* what vitrine was started with */
        struct history history; /* the present spec is its present entry */
        struct launch launch;
        struct look look;
        struct door door; /* on which the keepers answer exec, one after another */
        char id[LAUNCH_ID_SIZE];
        bool launched; /* launch holds a container, running or ended */
        enum run_state state;
        int exit_status;
        struct snapshot now, before;
        bool has_now, has_before;
        bool mark_next; /* the next snapshot is another container's: keep the last one for the marks */
        uint64_t started_ms, changed_ms;
        /* shown */
        char *line;
        char *image_note;
        char trouble[700];
        enum pane focus;
        unsigned cap;
        int scroll[PANE_N];
        enum host_mode host_mode;
        int page;
        bool help;
        int help_scroll;
        bool ascii, mono;
        /* an open dialog */
        enum pending pending;
        struct spec pending_spec;
        const char *dialog_title;
        char *dialog_text;
        /* for the loop */
        bool dirty, redraw, quit, asked_quit;
        bool failed;
        struct fault fault;
};

/* Launches spec in place of what runs; the old one stays when that fails. first: nothing runs yet. */
bool stage_relaunch(struct stage *stage, const struct spec *spec, struct fault *fault);
/* Relaunches with spec after asking where it must be asked; what says how the history moves. */
void stage_change(struct stage *stage, const struct spec *spec, enum pending what);
/* The answer to an open dialog. */
void stage_answer(struct stage *stage, bool yes);
/* Shows a sentence until the next key. */
void stage_say(struct stage *stage, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The present spec. */
const struct spec *stage_spec(const struct stage *stage);
