/* SPDX-License-Identifier: MIT */
/* The lines that the viewer types: a capability, a user, a docker line, a filter. */
#pragma once

#include <stdbool.h>

#include "base/str.h"
#include "cage/remedy.h"
#include "stage/prompt.h"
#include "stage/view.h"

struct stage;

enum ask { ASK_ADD, ASK_DROP, ASK_USER, ASK_LINE, ASK_EXEC, ASK_ANSWER, ASK_FILTER };

struct asking {
        struct prompt edit; /* open while a line is typed */
        enum ask what;
        enum pane pane;          /* whose filter it is */
        char error[REMEDY_LINE]; /* why it was not taken, until the next key */
        /* what the screen was told last, owned */
        char *text;
        struct strv candidates;
};

/* Opens one. */
void stage_ask(struct stage *stage, enum ask what);
/* A key while one is open. */
void stage_ask_press(struct stage *stage, const char *key);
/* Tells the screen: the open line, and the filters. */
void stage_ask_view(struct stage *stage, struct view *view);
void stage_ask_finish(struct stage *stage);
/* The present line has run: it is the newest of those that come back with Up. */
void stage_remember_line(struct stage *stage);
