/* SPDX-License-Identifier: MIT */
/* What the player's own files share. */
#pragma once

#include "lesson/check.h"
#include "lesson/progress.h"
#include "stage/player.h"
#include "stage/stage_state.h"

/* Of one step: how many times do, how many checks and questions. A lesson that has more is not played. */
enum { LESSON_DOS_MOST = 64, LESSON_EVAL_MOST = 32 };

/* Keys that are kept while a step is on its way. */
enum { AHEAD_MOST = 64 };

/* One do that is under way. */
struct deed_now {
        const struct lesson_do *what;
        enum deed state;
        size_t at;         /* DO_KEY: keys that were pressed */
        unsigned launches; /* of the stage when it began */
        uint64_t since_ms; /* when it began */
        bool told;         /* that it takes long */
};

struct player {
        struct stage *stage;
        struct lesson lesson;
        char *key; /* of its progress */
        unsigned number, count;
        enum player_kind kind;
        enum cage_mode mode;          /* of this machine, for what steps need */
        char *needs_root, *needs_ids; /* what is said where it lacks them */
        struct lesson_do start;       /* the lesson's first line as a do; its words are the lesson's */
        int nudge;                    /* an eventfd: something has moved, and the loop is to come by */
        /* where it is */
        size_t step;
        bool begun; /* the step is there to be done; false: the container is on its way to it */
        /* on the way to a step: what is still to be carried out */
        const struct lesson_do **queue;
        size_t queue_n, queue_at;
        size_t from;   /* the step that was left for it */
        bool has_from; /* false: the lesson has only been opened */
        struct deed_now deed;
        struct strv ahead; /* keys that were pressed on the way */
        bool acting;       /* a key that comes is the player's own */
        char why[400];
        /* the present step */
        bool done;
        unsigned launches_begun, launches_done; /* the container in which it began, in which it got done */
        bool did[LESSON_DOS_MOST];              /* by whoever, since it began */
        size_t keys_at;                         /* of a do with several keys: how many were pressed */
        int asked_do;                           /* the key that opened a dialog belongs to that do, or -1 */
        unsigned launches_seen;
        char missing[120]; /* a command that is not there, or "" */
        unsigned help;
        bool skipped;
        int scroll;
        bool opening;     /* the lesson was opened: its first words come before the step */
        bool fresh;       /* nothing was pressed since: the text is read from its top */
        bool focus;       /* wide: Tab has gone to the lesson */
        bool caps_now;    /* the step's look: until the next key */
        bool caps_shown;  /* Tab */
        bool spotlit;     /* that has been */
        size_t runs_seen; /* of all that were ever begun */
        bool asked_leave; /* Esc was pressed */
        /* its checks, behind them its questions */
        struct checker *checker;
        char off[400]; /* why there is none */
        size_t n;
        int ids[LESSON_EVAL_MOST]; /* -1: it does not compile */
        struct lesson_error compile_errors[LESSON_EVAL_MOST];
        struct check_report reports[LESSON_EVAL_MOST];
        enum tick ticks[LESSON_EVAL_MOST];
        bool has_reports;
        bool stale;      /* what was seen has changed since the last evaluation began */
        size_t reported; /* of the evaluation under way */
        int watched_fd;  /* of the checker */
        char error[300]; /* why a check is TICK_ERROR */
        /* answers */
        size_t asked;
        char *answer; /* that waits for what is right now */
        char wrong[128];
        /* progress */
        char *progress_dir; /* NULL: none is kept */
        size_t at;          /* the step to go on with */
        char note[400];
        char todo[600];
        char extra[120]; /* what keeps the step's checks from coming true, or "" */
        struct lesson_view view;
};

/* player_do.c */
/* A person said no to a container on the way: he is where he was. */
void player_turn_back(struct player *player);
/* When the deed on the way has been waited for long enough to say so, or to go on without it; 0: never. */
uint64_t player_deed_wake_ms(const struct player *player);
/* Goes on with the deed and the queue, as far as they have settled. */
void player_pump(struct stage *stage);
void player_queue_add(struct player *player, const struct lesson_do *what);
void player_queue_clear(struct player *player);
/* Reads a run line's words as key c does. */
bool player_read_run(const struct stage *stage, const struct strv *words, struct spec *ret,
                     struct fault *fault);

/* player_check.c */
void player_checks_open(struct player *player);
void player_checks_close(struct player *player);
/* The present step's: compiles them, forgets what the last one's gave. */
void player_checks_begin(struct player *player);
/* Begins an evaluation when one is due. */
void player_checks_run(struct player *player);
uint64_t player_checks_wake_ms(const struct player *player);
void player_checks_read(struct player *player);

/* player_keys.c */
/* Whether a do stands for what the stage shows or has just done; marks it. */
void player_saw_launch(struct player *player);
void player_saw_runs(struct player *player);
/* What is not there, by a command's exit status 127. */
void player_name_missing(const struct run_entry *entry, char *ret, size_t size);
/* Presses what was pressed on the way, once the step has begun. May close the player. */
void player_press_ahead(struct stage *stage);
/* All is seen and a question is left. */
bool player_is_asking(const struct player *player);
/* The first do that is left, or -1. kinds: a bit each. */
int player_next_do(const struct player *player, unsigned kinds);

/* player.c */
void player_begin(struct player *player);
void player_check_done(struct player *player);
/* Puts a mark into the progress file; what fails is said. */
void player_keep(struct player *player, enum progress_mark mark);
/* The step that n_steps is not. NULL behind the last one. */
const struct lesson_step *player_present(const struct player *player);
bool player_is_arriving(const struct player *player);
