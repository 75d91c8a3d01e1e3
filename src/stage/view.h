/* SPDX-License-Identifier: MIT */
/* What the screen shows, as plain data: the stage fills it, ui/ draws it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "eye/heard.h"
#include "probe/judge.h"
#include "snapshot/snapshot.h"
#include "spec/spec.h"
#include "stage/lesson_view.h"
#include "stage/shell_view.h"

enum pane { PANE_HOST, PANE_CONTAINER, PANE_CAPS, PANE_NS, PANE_N }; /* Tab goes through the first three */
enum host_mode { HOST_FULL, HOST_NAMES, HOST_LINE };
enum run_state { RUN_STARTING, RUN_RUNNING, RUN_ENDED };

/* What stands at a place of the screen. */
struct place {
        enum pane pane;
        int cap;     /* a capability's bit, or -1 */
        int ns;      /* in PANE_NS: the namespace, an index of ns_entries, or -1 */
        pid_t pid;   /* a process, by that pane's own number, or 0 */
        bool more;   /* the capabilities are not all shown: the wheel goes to others */
        bool shell;  /* the shell's pane, and nothing else */
        bool lesson; /* the lesson's text, and nothing else */
};

enum { NOTES_MAX = 6 };

/* A line that the viewer types, over the lowest lines of the screen. */
struct prompt_view {
        const char *title; /* "user:"; NULL: none is open */
        const char *text;
        size_t cursor;                 /* it stands before that byte of the text */
        const char *hint;              /* the keys */
        const struct strv *candidates; /* what may stand there, or NULL */
        const char *error;             /* why the last Enter did not take it, or "" */
};

/* Which capabilities the container's processes ask for, and what the kernel says. */
struct log_view {
        const struct heard *heard;
        uint64_t began_us; /* where the times are counted from, CLOCK_MONOTONIC */
        const char *list;  /* what the last command has asked for, as flags; or "" */
        const char *ended; /* why there will be no more, or "" */
};

/* How far what was drawn last can be scrolled. */
struct reach {
        struct {
                int least, most;
        } scroll[PANE_N];
        int help, dialog;           /* from 0 to that */
        int shell_cols, shell_rows; /* the room that a shell has, or would have */
        struct {
                int least, most;
                int page;  /* its lines */
                int begin; /* where what is to be read now comes, while it is read from its top */
        } lesson;
        bool parents;        /* the parents' PIDs have a column */
        bool log;            /* the kernel's log has room, whether it is there or not */
        bool lesson_instead; /* it stands in the capabilities' place */
};

/* The lesson's text goes on below, and is read before the next step comes: from its top (fresh) to what is to
 * be read now; once the step is over, to its end. */
static inline bool reach_goes_on(const struct reach *reach, bool fresh, bool over, int scroll)
{
        return (fresh ? reach->lesson.begin > 0 : over) && scroll < reach->lesson.most;
}

struct view {
        const struct spec *spec;
        uint32_t uid;                  /* what its user was resolved to */
        const char *line;              /* the docker line that gives this container */
        const char *attached;          /* "attached to PID 4242 (docker 3f2a…)": somebody else started the
                                          container, and it is only looked at; else NULL */
        const char *image_note;        /* "image ubuntu is not on this machine: demo root", or "" */
        const char *image_brief;       /* the same where that has no room, or "" */
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
        unsigned cap;         /* the selected capability's bit */
        int scroll[PANE_N];   /* rows scrolled by hand; 0: follow the tied row */
        pid_t picked[PANE_N]; /* the process that was clicked, by the pane's own number; 0: none */
        bool scrolled;        /* the host pane has been scrolled by hand */
        enum host_mode host_mode;
        /* an open dialog: a question answered with y, or n and Esc. NULL: none */
        const char *dialog_title;
        const char *dialog_text; /* words; the ui breaks the lines */
        bool dialog_remap;       /* it may be answered with r, too */
        bool dialog_page;        /* PgDn is yes, once there is no more below */
        int dialog_scroll;
        struct prompt_view prompt;
        const char
                *filter[PANE_N]; /* a process pane shows what is tied and what has this text; NULL, "": all */
        const struct shell_view *shell; /* NULL: none is open */
        struct reach *reach;            /* where the ui notes how far it can be scrolled; NULL: nowhere */
        bool help;                      /* the help is open */
        bool equivalent; /* the same container in other words is; it scrolls as the help does */
        int help_scroll;
        bool ascii;
        bool mono;
        bool big;              /* for a projector: bold, no dim, fewer columns */
        bool pinned;           /* columns are as wide as the longest PID that there can be */
        bool flat;             /* processes by PID, not as a tree */
        unsigned column[2];    /* the column picked in the host's and the container's pane */
        unsigned ns;           /* the namespace picked, an index of ns_entries */
        const char *info_name; /* what is this? is open on that thing; NULL: closed */
        const char *info_kind;
        const char *info_text;
        const struct probe_result *verdicts; /* by bit; NULL: the kernel was not asked */
        const char *key;                     /* the key just pressed, where that is to be shown; NULL: none */
        const char *host_kind;               /* "machine", "virtual machine", "container"; NULL: not told */
        const char *kernel;                  /* "Linux 6.18"; NULL: not told */
        /* Per process pane: by how many seconds it is older than it should be (0: it is live), and why its
         * reader has ended (NULL: it has not). */
        uint64_t age_s[2];
        const char *blind[2];
        const struct log_view *log;     /* NULL: there is none */
        const struct run_entry *result; /* the command that was run inside last, while it is shown; or NULL */
        const struct lesson_view *lesson;       /* NULL: none is open */
        const struct lesson_list_view *lessons; /* NULL: the list is closed */
        struct play_view play;
};
