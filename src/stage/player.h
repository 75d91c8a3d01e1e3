/* SPDX-License-Identifier: MIT */
/* The player: a lesson that is open on a stage. It brings the container to where a step begins, holds the
 * step's checks against what the kernel shows, and carries out what the lesson says. The tutorial, the demo
 * and the check are three ways of calling it; none of them needs a screen.
 *
 * Everything goes on in the stage's loop. Who has no screen turns it with player_turn. What the screen shows
 * of a lesson is view.lesson (stage/lesson_view.h). Functions without a lesson open do nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "lesson/check.h"
#include "lesson/lesson.h"
#include "spec/spec.h"

struct stage;

/* A lesson that was found and read. */
struct player_source {
        struct lesson lesson;
        char *name;             /* its file's name without .md; owned */
        char *key;              /* progress is kept under it: an installed one's name, else the path; owned */
        unsigned number, count; /* "LESSON 6 of 12"; number 0: none of the installed ones */
        int step;               /* the one that was asked for, or -1 */
};

/* Reads what a word on a command line means: LESSON or LESSON/STEP (lesson/list.h). On failure error is
 * filled, ret untouched. */
bool player_find(const char *word, struct player_source *ret, struct lesson_error *error);
void player_source_finish(struct player_source *source);
/* The lesson's first line, with which a stage is opened for it. */
bool player_start_spec(const struct lesson *lesson, struct spec *ret, struct fault *fault);

/* What a player is for. */
enum player_kind {
        PLAYER_TUTORIAL, /* a person acts: progress is kept, checks rest when a step is done */
        PLAYER_DEMO,     /* the caller acts with player_do; nothing is kept */
};

/* Opens a lesson, takes the source over, also on failure. One that was open is closed. The container is as
 * before until player_go. Fails for a lesson that cannot be played (too many checks in a step). */
bool player_open(struct stage *stage, struct player_source *source, enum player_kind kind,
                 struct fault *fault);
/* The container stays; what the lesson has built is forgotten, and the demo that plays it is closed. */
void player_close(struct stage *stage);
/* NULL: none is open. */
const struct lesson *player_lesson(const struct stage *stage);
/* The present step; n_steps: behind the last. */
size_t player_step(const struct stage *stage);

/* Brings the container to where a step begins, then begins it: `start` and every do of the steps before, from
 * the last `run` on and with any `build`, without pauses; dialogs are confirmed. step may be n_steps. */
void player_go(struct stage *stage, size_t step);
/* The next one. Where the present one is done the container stays as it is. */
void player_next(struct stage *stage);
void player_back(struct stage *stage);
/* Begins the next step, the container as it is: after all of the present one's do were carried out. */
void player_begin_next(struct stage *stage);
/* The step with which a learner goes on. */
size_t player_resume_step(const struct stage *stage);

/* Carrying out one do. */
enum deed {
        DEED_NONE,
        DEED_BUSY,
        DEED_ASKS,   /* a dialog is open; player_confirm goes on */
        DEED_DONE,   /* the container has settled: a snapshot shows it */
        DEED_FAILED, /* player_why says why */
        DEED_CANNOT, /* this machine has not what it needs; player_why says what */
};
/* Begins one, which must stay valid until it is done (it need not be one of the lesson's). `wait` is done at
 * once: a pause is the caller's. */
void player_do(struct stage *stage, const struct lesson_do *what);
enum deed player_deed(const struct stage *stage);
/* Says yes to a change of the container; to any other question no, and the do has failed. */
void player_confirm(struct stage *stage);
/* Of the deed, or why the container could not be brought to where a step begins; or "". */
const char *player_why(const struct stage *stage);

/* Why this machine cannot do a step ("it needs root"), or "". For the present one also what was found out
 * since it began ("ip is not installed"). */
const char *player_cannot(const struct stage *stage, size_t at);
/* Nothing is under way: the step has begun, no deed runs. */
bool player_is_settled(const struct stage *stage);
/* The reports are of what the last snapshot shows. */
bool player_is_fresh(const struct stage *stage);
/* What the present step's check i gave last, behind the checks its questions' answers (as they would have to
 * be given now). NULL before the first evaluation. */
const struct check_report *player_report(const struct stage *stage, size_t i);
/* Why check or question i does not compile, or the checks are off; NULL: it does. */
const struct lesson_error *player_compile_error(const struct stage *stage, size_t i);
/* Why nothing can be checked, or "". */
const char *player_checks_off(const struct stage *stage);
/* What checks are held against, as JSON; owned by the caller; NULL while there is no snapshot. */
char *player_json(const struct stage *stage);
/* Scrolls the lesson's text, as far as it goes. */
void player_scroll(struct stage *stage, int by);
/* The lesson was clicked: the arrows are its own. */
void player_click(struct stage *stage);
/* Answers the first question that is open. Whether it was right is in the view, soon. */
void player_answer(struct stage *stage, const char *text);

/* Waits for the next event or until that time (time_now_ms) and handles what is there. Returns false when
 * the loop has failed or the stage wants to end. For who has no screen. */
bool player_turn(struct stage *stage, uint64_t until_ms);
