/* SPDX-License-Identifier: MIT */
/* What the stage's own files share. */
#pragma once

#include "cage/door.h"
#include "cage/remedy.h"
#include "eye/host_kind.h"
#include "eye/klog.h"
#include "probe/probe.h"
#include "stage/action.h"
#include "stage/ask.h"
#include "stage/builder.h"
#include "stage/dialog.h"
#include "stage/history.h"
#include "stage/info.h"
#include "stage/launch.h"
#include "stage/lessons.h"
#include "stage/look.h"
#include "stage/runs.h"
#include "stage/shell.h"
#include "stage/stage.h"

enum { CHANGE_MARK_MS = 5000, KEY_SHOWN_MS = 2000 };

/* What is known of one process pane's reader. */
struct side_state {
        bool shown;          /* its last table is the one that stands on the screen */
        char blind[200];     /* why it has ended, or "" */
        uint64_t revived_ms; /* when it was last begun anew */
        uint64_t revive_ms;  /* when that is to be tried; 0: never */
        pid_t sought;        /* the container's: who has no number on the machine yet; 0: nobody */
        int sought_times;    /* how often it was asked for */
        uint64_t sought_ms;  /* when anybody was last */
        uint64_t rested_ms;  /* until then the reader's rest is used up by that */
};

/* What follows when a dialog is answered with y. */
enum pending {
        PENDING_NONE,
        PENDING_FIRST,
        PENDING_CHANGE,
        PENDING_BACK,
        PENDING_FORTH,
        PENDING_QUIT,
        PENDING_RESET
};

/* What the kernel was asked. */
struct prober {
        struct probe_run *run; /* NULL: nothing is being asked */
        bool known;            /* set holds verdicts */
        bool shown;            /* they are of the present container */
        struct probe_set set;
        char why[200]; /* there are none, or "" */
        char words[200], info[600];
};

/* The kernel's log. */
struct listener {
        struct klog *log; /* NULL: none was begun, or it was refused */
        bool tried, ready;
        struct heard heard;
        uint64_t since_us; /* older checks are another container's */
        char *list;        /* owned, or NULL */
        char ended[200];
        struct log_view view;
};

struct player;
struct demo;

struct stage {
        struct loop *loop;
        struct spec first;      /* what vitrine was started with */
        struct history history; /* the present spec is its present entry */
        struct launch launch;
        struct launch last; /* the container before, while it ends */
        struct look look;
        struct door door; /* on which the keepers answer exec, one after another */
        char id[LAUNCH_ID_SIZE];
        bool launched;               /* launch holds a container, running or ended */
        const struct attach *attach; /* it was joined, not launched; or NULL */
        char *attached;              /* what the title says then, owned */
        unsigned launches;
        enum run_state state;
        int exit_status;
        struct snapshot now, before;
        bool has_now, has_before;
        bool shows_change; /* what changed since before: until the next key */
        bool mark_next;    /* the next snapshot is another container's: keep the last one for the marks */
        uint64_t started_ms, changed_ms, ended_ms;
        /* shown */
        char *line;
        char *image_note, *image_brief; /* NULL: none */
        char trouble[REMEDY_LINE];
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
        uint64_t ticked_s;         /* the last second in which stage_tick_eyes has looked */
        uint64_t moved_ms;         /* when a key was pressed or something happened in the container */
        uint64_t glanced_ms;       /* when the readers last were asked to look */
        bool heard;                /* a reader has told something since then */
        bool tried_next;           /* the reader for the next container was started, or could not be */
        /* typed */
        struct asking asking;
        struct strv lines;    /* that have run, the newest last */
        char *filter[PANE_N]; /* of the process panes; NULL: none */
        /* run inside */
        struct runs runs;
        size_t runs_begun;    /* ever, those too that runs has forgotten */
        struct strv commands; /* that were typed, the newest last */
        bool show_result;     /* of the last one, until the next key */
        bool interrupted;     /* Ctrl-C was pressed while it runs */
        struct shell *shell;  /* NULL: none is open */
        struct shell_view shell_view;
        bool in_shell;      /* the keys go to it */
        bool entered;       /* something was started in this container beside its own command */
        bool loses_unasked; /* a change asks nothing about what runs inside */
        struct prober prober;
        struct listener listener;
        bool copy;
        /* lessons */
        struct player *player; /* NULL: none is open */
        struct demo *demo;     /* that plays it; NULL: none */
        /* writing down what is shown and pressed */
        bool recording, wants_record;
        bool pinned; /* what differs from one launch to the next is shown as always the same */
        enum host_mode host_mode_before;   /* the recording began */
        struct run_entry discreet;         /* of the result, without the machine's name; owned */
        struct shell_cell *discreet_cells; /* of the shell, so too; owned */
        void (*key_seen)(void *data, const char *key, bool typed);
        void *key_data;
        struct lessons lessons;
        struct builder builder;
        struct image_shelf shelf; /* what the open lesson has built */
        /* an open dialog */
        enum pending pending;
        struct spec pending_spec;
        const char *dialog_title;
        char *dialog_text;
        bool offers_remap; /* r is an answer too */
        int dialog_scroll;
        /* for the loop */
        bool dirty, redraw, suspend, quit, asked_quit;
        bool failed;
        struct fault fault;
};

/* A stage on which nothing stands yet, as the settings want it. */
struct stage *stage_new(const struct stage_settings *settings, struct loop *loop);
/* Watches the container and the readers. */
void stage_watch_container(struct stage *stage);
/* For a container that was joined; they do nothing for one that was launched. The first snapshot tells the
 * spec. */
void stage_attach_derive(struct stage *stage, struct snapshot *fresh);
/* Whether a key is off, which it then says. */
bool stage_attach_refuses(struct stage *stage, const struct action *action);
void stage_attach_view(const struct stage *stage, struct view *view);
/* Launches spec in place of what runs; the old one stays when that fails. first: nothing runs yet. */
bool stage_relaunch(struct stage *stage, const struct spec *spec, struct fault *fault);
/* Waits for what is still ending of the container before the present one. */
void stage_bury(struct stage *stage);
/* Relaunches with spec after asking where it must be asked; what says how the history moves. */
void stage_change(struct stage *stage, const struct spec *spec, enum pending what);
/* The answer to an open dialog. */
void stage_answer(struct stage *stage, bool yes);
/* Scrolls an open dialog's text as far as there is more of it. */
void stage_scroll_dialog(struct stage *stage, int by);
/* Yes, with --userns remap; nothing where that is not offered. */
void stage_answer_remapped(struct stage *stage);
/* Whether the container runs for somebody who is not the machine's root. */
bool stage_is_rootless(const struct stage *stage);
/* Shows a sentence until the next key. */
void stage_say(struct stage *stage, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The fault in one line, with its hint. */
void stage_say_fault(struct stage *stage, const struct fault *fault);
/* Keys of the views: namespaces, what is this?, how processes are shown. Returns false for a key that is none
 * of theirs now. */
bool stage_press_in_view(struct stage *stage, const char *key);
/* Commands inside. */
void stage_runs_open(struct stage *stage);
/* Runs `[-u USER] COMMAND [ARG...]`, words as a shell's. Fails where it is no such line or now is not the
 * time; a command that does not start is a result. */
bool stage_run_inside(struct stage *stage, const char *text, struct fault *fault);
/* Ctrl-C while one runs: it gets the signal. Returns false when none runs. */
bool stage_interrupt_run(struct stage *stage);
/* The shell: opens it or goes back into it; takes every key while the viewer is in it (else false); a click
 * on its pane goes in, one elsewhere leaves it (false). */
void stage_open_shell(struct stage *stage);
bool stage_press_in_shell(struct stage *stage, const char *key);
bool stage_click_shell(struct stage *stage, const struct place *place);
void stage_shell_view(struct stage *stage, struct view *view);
/* The container is another: the shell is gone with the last one. */
void stage_lose_shell(struct stage *stage);
/* What of what was started inside a relaunch would end, in words owned by the caller; NULL: nothing. */
char *stage_losses(const struct stage *stage);
/* Key P: begins to ask about every capability, anew where that goes on; says why it cannot. */
void stage_press_probe(struct stage *stage);
bool stage_probe(struct stage *stage, struct fault *fault);
/* The container is another one: its verdicts are not on the screen, but still known to a lesson. */
void stage_hide_verdicts(struct stage *stage);
void stage_forget_verdicts(struct stage *stage);
/* The array `.probes`; the caller's. */
jv stage_verdicts_json(const struct stage *stage);
/* After the rest of the view. */
void stage_probe_view(struct stage *stage, struct view *view);
/* The kernel's log: is begun, once, where it is drawn and can be had; begins anew with another container
 * (launched after since_us), its list with another command. */
void stage_log_begin(struct stage *stage);
void stage_log_anew(struct stage *stage, uint64_t since_us);
void stage_log_command(struct stage *stage);
void stage_log_close(struct stage *stage);
void stage_log_view(struct stage *stage, struct view *view);
/* Leaves, or asks first. */
void stage_quit(struct stage *stage);
/* A docker build line, of the open lesson or of the caller. */
void stage_build_open(struct stage *stage);
bool stage_is_build(const char *text);
bool stage_build(struct stage *stage, const char *text, struct fault *fault);
/* For the player: something has moved (a snapshot, a command, a build); a build has ended; a dialog was
 * answered with no. */
void player_moved(struct stage *stage);
void player_saw_build(struct stage *stage);
void player_refused(struct stage *stage);
/* The dialog is about a container that the lesson itself is about to launch: PgDn is yes. */
bool player_asks(const struct stage *stage);
/* A key; false when it is none of the lesson's now. */
bool player_press(struct stage *stage, const char *key);
uint64_t player_wake_ms(const struct stage *stage);
void player_tick(struct stage *stage);
void player_fill_view(struct stage *stage, struct view *view);
/* What the prompts hold: the step's next run or build line, its next command; NULL: nothing of a lesson's. */
const char *player_line(const struct stage *stage);
const char *player_command(const struct stage *stage);
/* The name under which progress is kept; "" without a lesson. */
const char *player_key(const struct stage *stage);
/* Whether a key or line is the lesson's own next one, and nothing would be lost but what the lesson began. */
bool player_expects(const struct stage *stage, const struct spec *spec);
/* For the demo: a key, false when it is none of the demo's; when it goes on; a frame was drawn; the key that
 * it presses itself opens a prompt. They do nothing without one. */
bool demo_press(struct stage *stage, const char *key);
uint64_t demo_wake_ms(const struct stage *stage, uint64_t now);
void demo_tick(struct stage *stage);
void demo_drawn(struct stage *stage);
void demo_fill_view(const struct stage *stage, struct view *view);
bool demo_types(const struct stage *stage);
/* A click takes over as a key does. */
void demo_clicked(struct stage *stage);
/* Asks before a recording ends with vitrine. */
void stage_ask_recording(struct stage *stage);
/* What of a recording must not tell which machine it is. */
void stage_be_discreet(struct stage *stage, struct view *view);
/* Leaves vitrine: what is open is asked about first. */
void stage_leave(struct stage *stage);
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
/* Whether something was seen of a container: the last one's view stands until the next one's comes, unless
 * that has ended before. */
bool stage_is_seen(const struct stage *stage);
/* Whether the reader for the next container is to be started: the present one is on the screen. */
bool stage_wants_next(const struct stage *stage);
/* By how many seconds a process pane is older than it should be. */
uint64_t stage_age_s(const struct stage *stage, enum pane pane, uint64_t now);
/* When the readers or a key that is shown want a tick; 0: never. */
uint64_t stage_wake_views(const struct stage *stage, uint64_t now);
void stage_fill_view(const struct stage *stage, struct view *view);
/* Why a, d and space do nothing. */
void stage_say_privileged(struct stage *stage);
/* Whether a container is there to be entered. */
bool stage_is_up(const struct stage *stage);
/* The docker line of the present spec, owned by the stage. */
const char *stage_line(struct stage *stage);
/* A line or image without a command is kept open with one, which its line then says. */
void stage_keep_open(const struct stage *stage, struct spec *spec);
/* Scrolls a process pane as far as there is something to see. */
void stage_scroll(struct stage *stage, enum pane pane, int by);
/* The present spec. */
const struct spec *stage_spec(const struct stage *stage);
