/* SPDX-License-Identifier: MIT */
/* What a learner has done: one small JSON file, written whole or not at all. Steps are named by their
 * headings, installed lessons by their files' names without .md, others by their paths. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/str.h"

struct progress_lesson {
        char *name;
        char *at; /* the step to go on with, "" when there is none */
        struct strv done, skipped;
};

struct progress {
        struct progress_lesson *v;
        size_t n;
        char *last; /* the lesson that was open last, NULL: none */
};

enum progress_mark {
        PROGRESS_AT,      /* the learner has come to this step */
        PROGRESS_DONE,    /* also takes it out of the skipped ones */
        PROGRESS_SKIPPED, /* unless it is done */
};

/* $XDG_STATE_HOME/vitrine, or ~/.local/state/vitrine (XDG base directories: a path that is not absolute
 * counts as none). Owned by the caller; NULL with a fault when neither is there. */
char *progress_dir(struct fault *fault);

/* Reads dir's progress.json; a missing one is an empty one. One that cannot be read or is not what it should
 * be is put aside as progress.json.broken-N; note then says so, and the result is empty. note also says why
 * nothing more could be kept; else note.step is "". Fails (with an empty ret too) where it may not be read,
 * could not even be put aside, or a later vitrine wrote it. */
bool progress_read(const char *dir, struct progress *ret, struct fault *note, struct fault *fault);
void progress_finish(struct progress *progress);
/* The index of the step with which a learner goes on, of a lesson that has those steps: the one that he had
 * come to; 0 where nothing is left, or nothing is known (one NULL). */
size_t progress_step(const struct progress_lesson *one, const struct strv *steps);
/* NULL when there is none. */
const struct progress_lesson *progress_find(const struct progress *progress, const char *lesson);

/* Reads anew, changes one thing, writes: two vitrines at once lose nothing of each other's. The folder is
 * made where it is missing. On failure the old file is as it was. */
bool progress_set(const char *dir, const char *lesson, const char *step, enum progress_mark mark,
                  struct fault *fault);
/* Forgets one lesson, with NULL all. */
bool progress_reset(const char *dir, const char *lesson, struct fault *fault);
