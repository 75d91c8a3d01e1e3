/* SPDX-License-Identifier: MIT */
/* What the plain tutorial's own files share. */
#pragma once

#include <stdint.h>

#include "base/loop.h"
#include "base/str.h"
#include "caps/caps.h"
#include "cmd/plain.h"
#include "stage/player.h"
#include "stage/stage.h"
#include "stage/typed.h"

enum { PLAIN_LINE_MOST = 16384, SAID_MOST = 700 };

/* What was printed last, so that only what is new is printed. */
struct told {
        bool step;       /* the present step's text */
        bool over, done; /* what comes after it; that it is done */
        bool cannot;     /* that this machine cannot do it */
        enum tick ticks[LESSON_CHECKS_MOST];
        bool seen;       /* that all checks are true */
        unsigned help;   /* 1: the hint, 2: what to type */
        size_t asked;    /* answers that were right */
        size_t question; /* questions that were printed */
        bool ended;      /* that the container has */
        char wrong[128];
        char trouble[SAID_MOST], error[SAID_MOST];
        bool dialog;
        char *text; /* the snapshot's text, owned; NULL: none yet */
        pid_t init;
        struct status status; /* of the container's first process, from inside; pid 0: none yet */
};

struct plain {
        struct loop loop;
        struct stage *stage; /* NULL: no lesson was open yet, or nothing can be launched */
        const struct view_flags *views;
        bool ascii;
        int width;
        /* what is typed */
        struct str in;
        bool cut; /* a line was too long: its end is thrown away */
        bool eof, quit;
        bool echo; /* lines that come through a pipe are printed, as a terminal does by itself */
        bool prompts, prompted;
        struct str joined; /* lines that ended with a backslash */
        /* how far the last line has come */
        bool settled;
        bool begun;                  /* it has set something going */
        bool changes;                /* what it changed is still to be printed */
        uint64_t taken_ms, quiet_ms; /* when it was taken; since when nothing is under way, 0: something is */
        bool slow_said, wait_said;
        bool asks_line;   /* a prompt is open: the next line is its text */
        bool ran, probed; /* a command inside, the kernel: the result is still to be printed */
        struct told told;
        char *word; /* the lesson that is open, as it is found; owned */
        /* where nothing can be launched: the lesson is only read */
        bool reading;
        struct player_source source; /* its lesson is there while reading */
        size_t at;                   /* the step, or n_steps */
        char why_off[SAID_MOST];     /* said once */
};

/* plain_say.c: a paragraph, wrapped; whatever was chosen by somebody else is made fit for a terminal. */
void plain_say(struct plain *plain, const char *format, ...) __attribute__((format(printf, 2, 3)));
void plain_blank(struct plain *plain);
/* One line as it is, set in: a line to type, a line of output. */
void plain_line(struct plain *plain, const char *text, size_t n);
/* Every line of a text that is fit for a terminal. */
void plain_text(struct plain *plain, const char *text);
/* Every line of what a command has printed. */
void plain_output(struct plain *plain, const char *text);
void plain_blocks(struct plain *plain, const struct lesson_blocks *blocks);
void plain_fault(struct plain *plain, const struct fault *fault);

/* plain_step.c: the lesson's own words. */
/* With the lesson's first words where it is the first step. */
void plain_step(struct plain *plain, const struct lesson *lesson, size_t at, const char *cannot);
/* What is to be typed for its do, one after another, the first under a heading. */
void plain_ways(struct plain *plain, const struct lesson_step *step, const char *heading);
void plain_after(struct plain *plain, const struct lesson *lesson, size_t at);
/* With the number of the next lesson, where that is one of count; number 0: it is none of the installed ones.
 */
void plain_outro(struct plain *plain, const struct lesson *lesson, unsigned number, unsigned count);
/* How a do is typed here. "do" is K: "K". */
char *plain_how(const struct lesson_do *what, size_t key);
void plain_list(struct plain *plain);
void plain_help(struct plain *plain);

/* plain_look.c: what is seen. */
/* part: all, host, container, user, caps, namespaces; returns false for another word. */
bool plain_show(struct plain *plain, const char *part);
/* What the last line has changed: the tied rows of both sides, the user, the bits. Returns whether it printed
 * anything. */
bool plain_changes(struct plain *plain, const struct view *view);
/* What a step that only looks is about; printed: the rows of both sides stand there already. */
void plain_look(struct plain *plain, enum lesson_look look, bool printed);
/* The capability or namespace that the arrows have come to. */
void plain_place(struct plain *plain);
void plain_result(struct plain *plain, const struct run_entry *entry);

/* plain_tell.c: prints what has become different since it was last called. */
void plain_tell(struct plain *plain);
/* The present step is to be printed (anew). */
void plain_forget_step(struct plain *plain);
/* All checks are seen and a question is left. */
bool plain_is_asking(const struct lesson_view *view);

/* plain_do.c: carries out a line. */
void plain_do(struct plain *plain, const char *typed);
/* Whether a line goes on to the next step, which waits a moment for the present one to be seen. */
bool plain_is_next(const char *line);

/* plain_open.c */
/* Opens LESSON or LESSON/STEP; what is wrong is said. */
void plain_open(struct plain *plain, const char *word);
/* Goes on without a container: says why, once for each reason. */
void plain_read_on(struct plain *plain, const struct fault *fault);
/* The step that is read, anew. */
void plain_read(struct plain *plain, size_t at);
