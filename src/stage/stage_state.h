/* SPDX-License-Identifier: MIT */
/* What the stage's own files share. */
#pragma once

#include "cage/door.h"
#include "eye/host_kind.h"
#include "stage/action.h"
#include "stage/ask.h"
#include "stage/dialog.h"
#include "stage/history.h"
#include "stage/launch.h"
#include "stage/look.h"
#include "stage/runs.h"
#include "stage/stage.h"

enum { CHANGE_MARK_MS = 5000, KEY_SHOWN_MS = 2000 };

/* What is known of one process pane's reader. */
struct side_state {
        bool shown;          /* its last table is the one that stands on the screen */
        char blind[200];     /* why it has ended, or "" */
        uint64_t revived_ms; /* when it was last begun anew */
        uint64_t revive_ms;  /* when that is to be tried; 0: never */
};

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
        unsigned launches;
        enum run_state state;
        int exit_status;
        struct snapshot now, before;
        bool has_now, has_before;
        bool mark_next; /* the next snapshot is another container's: keep the last one for the marks */
        uint64_t started_ms, changed_ms, ended_ms;
        /* shown */
        char *line;
        char *image_note;
        char trouble[700];
        enum pane focus;
        unsigned cap;
        int scroll[PANE_N];
        pid_t picked[PANE_N];
        struct reach reach; /* of what was drawn last */
        enum host_mode host_mode;
        int page;
        bool help;
        bool equivalent; /* that overlay; it scrolls with the help's keys */
        int help_scroll;
        bool ascii, mono, big, flat;
        enum pane focus_before; /* the namespaces were opened from there */
        unsigned ns;            /* an index of ns_entries */
        unsigned column[2];
        bool info;      /* what is this? is open */
        unsigned topic; /* of info_of */
        bool show_keys;
        char key[32];
        uint64_t key_ms;
        struct host_info machine;
        struct side_state side[2]; /* PANE_HOST, PANE_CONTAINER */
        /* typed */
        struct asking asking;
        struct strv lines;    /* that have run, the newest last */
        char *filter[PANE_N]; /* of the process panes; NULL: none */
        /* run inside */
        struct runs runs;
        struct strv commands; /* that were typed, the newest last */
        bool show_result;     /* of the last one, until the next key */
        bool interrupted;     /* Ctrl-C was pressed while it runs */
        bool copy;
        /* an open dialog */
        enum pending pending;
        struct spec pending_spec;
        const char *dialog_title;
        char *dialog_text;
        /* for the loop */
        bool dirty, redraw, suspend, quit, asked_quit;
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
/* Keys of the views: namespaces, what is this?, how processes are shown. Returns false for a key that is none
 * of theirs now. */
bool stage_press_in_view(struct stage *stage, const char *key);
/* Commands inside. */
void stage_runs_open(struct stage *stage);
/* Runs `[-u USER] COMMAND [ARG...]`, words as a shell's. Fails where it is no such line or now is not the time;
 * a command that does not start is a result. */
bool stage_run_inside(struct stage *stage, const char *text, struct fault *fault);
/* Ctrl-C while one runs: it gets the signal. Returns false when none runs. */
bool stage_interrupt_run(struct stage *stage);
/* For --keys. */
void stage_note_key(struct stage *stage, const char *key);
void stage_act_view(struct stage *stage, enum action_id id);
/* Left and right in a process pane, an arrow in the namespaces. */
void stage_pick(struct stage *stage, enum action_id id);
/* Space in the namespaces. */
void stage_toggle_ns(struct stage *stage);
/* The readers: what they say, how old it is, and that one of the machine's that has ended is begun anew. */
void stage_watch_eyes(struct stage *stage);
void stage_tick_eyes(struct stage *stage);
/* By how many seconds a process pane is older than it should be. */
uint64_t stage_age_s(const struct stage *stage, enum pane pane, uint64_t now);
/* When the readers or a key that is shown want a tick; 0: never. */
uint64_t stage_wake_views(const struct stage *stage, uint64_t now);
void stage_fill_view(const struct stage *stage, struct view *view);
/* Why a, d and space do nothing. */
void stage_say_privileged(struct stage *stage);
/* The docker line of the present spec, owned by the stage. */
const char *stage_line(struct stage *stage);
/* A line or image without a command is kept open with one, which its line then says. */
void stage_keep_open(const struct stage *stage, struct spec *spec);
/* Scrolls a process pane as far as there is something to see. */
void stage_scroll(struct stage *stage, enum pane pane, int by);
/* The present spec. */
const struct spec *stage_spec(const struct stage *stage);
