/* SPDX-License-Identifier: MIT */
/* What the demo's own files share. */
#pragma once

#include "stage/demo.h"
#include "stage/player_state.h"

/* What is done next, once what it waits for is there. */
enum demo_phase {
        DEMO_TITLE,   /* the first frame stands: the lesson's title is read */
        DEMO_BEGIN,   /* a step is there to be done */
        DEMO_BEAT,    /* it was drawn */
        DEMO_DO,      /* the next do */
        DEMO_TYPE,    /* the next character of a line */
        DEMO_KEY,     /* the next key of a do */
        DEMO_DEED,    /* a do has come to something */
        DEMO_CONFIRM, /* a dialog was read */
        DEMO_SEEN,    /* what the step shows is on the screen */
        DEMO_ASK,     /* the next question */
        DEMO_ANSWER,  /* it was read */
        DEMO_ANSWERED,
        DEMO_NEXT,  /* the step is over */
        DEMO_GO,    /* to the next one */
        DEMO_OUTRO, /* behind the last one */
        DEMO_END,
};

enum demo_wait {
        WAIT_TIME,
        WAIT_BEGUN,  /* the container is where the step begins, and was looked at */
        WAIT_DRAWN,  /* a frame */
        WAIT_DEED,   /* what was done has an end */
        WAIT_CHECKS, /* the step's checks hold */
        WAIT_FRESH,  /* the checks are of what is seen */
        WAIT_ANSWER, /* it is known whether the answer was right */
};

struct demo {
        struct demo_settings settings;
        enum play_state state;
        enum demo_phase phase;
        enum demo_wait wait;
        uint64_t due_ms;  /* when it goes on at the latest; 0: never */
        uint64_t left_ms; /* until then, while it is paused */
        size_t do_at, key_at, ask_at;
        char *line; /* that is typed, owned */
        size_t line_at;
        bool answering;    /* it is an answer */
        bool acting;       /* a key that comes is the demo's own */
        bool failed;       /* the step could not be carried out: the way to the next one is the player's */
        bool stop;         /* before the step's first do */
        bool drawn;        /* since DEMO_BEGIN */
        bool unseen;       /* what is said was not drawn yet */
        bool begins;       /* the next frame is the first of a step */
        const char *shown; /* that step, until it was asked for */
        char caption[600];
};

/* demo_steps.c */
/* Does what the phase is for, and says what comes next. */
void demo_act(struct stage *stage);
void demo_go(struct demo *demo, enum demo_phase phase, enum demo_wait wait, uint64_t ms);
/* To where a step begins, the container with it; n_steps: behind the last. */
void demo_go_step(struct stage *stage, size_t step);
/* A prompt, dialog or page that is open is closed. */
void demo_clear_screen(struct stage *stage);
void demo_pause(struct demo *demo);
void demo_resume(struct demo *demo);
