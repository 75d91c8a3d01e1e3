/* SPDX-License-Identifier: MIT */
/* Writes down what is shown: the frames as a cast, with keys and chapters; what is said beside it, and a page
 * with all of it. Times are counted from when it was opened. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "ui/grid.h"
#include "ui/scheme.h"

struct recorder;

struct recorder_settings {
        const char *cast, *html; /* files; NULL: none (one of them is there) */
        const char *title;       /* NULL: none */
        bool captions;           /* what is said goes to FILE.vtt beside FILE.cast */
        enum scheme scheme;
        bool ascii, mono;
};

/* Fails where one of the files cannot be written, so that nobody plays for nothing, and leaves then none that
 * was not there before. */
bool recorder_open(const struct recorder_settings *settings, int cols, int rows, struct recorder **ret,
                   struct fault *fault);
/* The same into a new cast in the current folder, with a name by the time of day. */
bool recorder_open_new(const struct recorder_settings *settings, int cols, int rows, struct recorder **ret,
                       struct fault *fault);
/* The cast's path, else the page's; the recorder's own. */
const char *recorder_path(const struct recorder *recorder);
/* A frame, what is said in it (NULL, "": nothing) and the step that it is the first of (NULL: none). Returns
 * false when the recording cannot be gone on with: recorder_close says why. */
bool recorder_frame(struct recorder *recorder, const struct grid *grid, const char *caption,
                    const char *step);
/* A key by its name; typed: it goes into a line, of which the transcript then tells, not of each character.
 * NULL is fine. */
void recorder_key(struct recorder *recorder, const char *name, bool typed);
/* How much there is by now, for a sentence: "x.cast holds the first 3.2 s"; owned by the caller. */
char *recorder_kept(const struct recorder *recorder);
/* Ends and frees it, and writes what goes with the cast, also when that fails; fault is the first that there
 * was. NULL is fine. */
bool recorder_close(struct recorder *recorder, struct fault *fault);
