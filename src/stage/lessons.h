/* SPDX-License-Identifier: MIT */
/* The list of lessons, over the screen. */
#pragma once

#include <stdbool.h>

#include "lesson/list.h"
#include "stage/lesson_view.h"

/* {0} is closed. */
struct lessons {
        bool open;
        struct lesson_list list;
        struct lesson_row *rows; /* their texts are owned but for name */
        size_t picked;
        size_t step;      /* of the picked one, from 1; 0: where the learner was */
        bool forgets_one; /* the question is about the picked one, not about all */
        char note[900];
        struct lesson_list_view view;
};

/* Reads the lessons that are installed, and what the learner has done of them. What cannot be read is said in
 * its row, or in note. */
void lessons_read(struct lessons *lessons);
void lessons_finish(struct lessons *lessons);

struct stage;

/* Opens it; the lesson that is open, or was last, is picked; behind its end the one that follows. */
void lessons_open(struct stage *stage);
/* A step behind it is done: where it is open it is shown as it is now. */
void lessons_again(struct stage *stage);
/* A key while it is open: Up and Down pick a lesson, Left and Right a step of it, Enter goes there, r forgets
 * what was done of it, R of all (both after a question, which lessons_answer answers), Esc leaves. */
void lessons_press(struct stage *stage, const char *key);
void lessons_answer(struct stage *stage, bool yes);
