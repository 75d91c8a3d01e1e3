/* SPDX-License-Identifier: MIT */
/* The stage for who has no screen: a lesson by lines that are typed and lines that are printed. What a person
 * does goes through the same keys and prompts as on the screen. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lesson/lesson.h"
#include "stage/stage.h"

/* Types a text into the prompt that key opens (NULL: one is open already) and presses Enter. text NULL: as
 * the prompt holds it. Where it is not taken, why is filled, the prompt is closed, and it returns false. */
bool stage_type(struct stage *stage, const char *key, const char *text, char *why, size_t size);

/* What was said last (view.trouble) is taken back, as every key does. */
void stage_hush(struct stage *stage);

/* Nothing that was begun is under way: no launch, no command inside, no build, no way to a step, no answer
 * that waits; the last snapshot shows the container that runs. A dialog is quiet: it waits for the viewer. */
bool stage_is_quiet(const struct stage *stage);
/* Asks the readers of both sides to look now. */
void stage_look(struct stage *stage);
/* When the older of the two was read that are shown, CLOCK_MONOTONIC in ms; 0: nothing was. */
uint64_t stage_seen_ms(const struct stage *stage);
/* A command runs inside; Ctrl-C for it, a second time with force. */
bool stage_runs_command(const struct stage *stage);
void stage_stop_command(struct stage *stage);
/* How many commands were ever begun inside, and the last one since the step began (NULL: none), which is the
 * stage's until the next call. */
size_t stage_count_commands(const struct stage *stage);
const struct run_entry *stage_last_command(const struct stage *stage);

/* What `vitrine snapshot` prints, of what is seen now; owned by the caller; NULL before the first. */
char *stage_text(const struct stage *stage);
/* What `vitrine probe` prints, when the kernel was asked in this container; owned by the caller; or NULL. */
char *stage_verdicts_text(const struct stage *stage);

/* The present step's first do that is left, or NULL; *ret_key is the key of it that comes next. */
const struct lesson_do *player_todo(const struct stage *stage, size_t *ret_key);
