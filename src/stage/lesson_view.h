/* SPDX-License-Identifier: MIT */
/* What the screen shows of a lesson, as plain data. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "lesson/lesson.h"
#include "stage/runs.h"

enum tick { TICK_OPEN, TICK_DONE, TICK_ERROR };
enum { LESSON_CHECKS_MOST = 16 };

/* An open lesson. */
struct lesson_view {
        const struct lesson *lesson;
        unsigned number, count; /* "LESSON 6 of 12"; number 0: none of the installed ones */
        size_t step; /* the present one; lesson->n_steps: behind the last, where the outro stands */
        bool done;   /* the present step: all is ticked, all is answered */
        const enum tick *ticks; /* of its checks */
        const char *error;      /* why a check is TICK_ERROR, or "" */
        const char *cannot;     /* why this machine cannot do the step, or "" */
        const char *todo;       /* what does the next do that is left: "press K", "! ps ax", or "" */
        const char *extra; /* all was done and it is not seen: what keeps it, as far as one knows; or "" */
        unsigned help;     /* 1: the hint is shown, 2: todo as well */
        bool skipped;      /* the learner went past it */
        bool busy;         /* the container is being brought to where the step begins */
        size_t asked;      /* how many of its questions are answered */
        const char *wrong; /* what was answered wrongly last, or "" */
        bool fresh;        /* read from its top: nothing was pressed since it was opened */
        int scroll;        /* lines of the column that were scrolled by hand */
        bool focus;        /* the arrows scroll it */
        bool caps_now; /* narrow: the capability pane stands where the lesson would (Tab, a step's look) */
        const char *list_note; /* something about the progress file, or "" */
};

/* The list of lessons, over the screen. */
struct lesson_row {
        const char *name, *title;
        unsigned number, minutes;
        size_t steps, done, skipped;
        const char *at; /* the step to go on with; "": nothing of it was begun, or nothing is left */
        const struct strv *names; /* of its steps */
        const char *broken;       /* why it cannot be read, or NULL */
};

struct lesson_list_view {
        const struct lesson_row *rows;
        size_t n, picked;
        size_t step;      /* of the picked lesson, from 1: Enter goes to it; 0: where the learner was */
        const char *note; /* or "" */
};

/* A demo that plays itself. */
enum play_state { PLAY_NOT, PLAY_RUNNING, PLAY_PAUSED, PLAY_TAKEN };

struct play_view {
        enum play_state state;
        const char *caption; /* "" */
        bool recording;      /* also without a demo */
};
