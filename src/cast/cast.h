/* SPDX-License-Identifier: MIT */
/* A recording in asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/): a line that says what it is,
 * then a line an event. It is whole up to its last event at any time, also when the program is killed: a
 * killed write ends at the border of a page of memory, so no line crosses one. Times are the caller's: the
 * same frames at the same times give the same bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "ui/grid.h"
#include "ui/scheme.h"

struct cast;

struct cast_settings {
        const char *title;      /* any text; NULL: none */
        enum scheme scheme;     /* its colours are written into the recording */
        bool ascii, mono;       /* as term_is_ascii, term_is_mono */
        const char *const *env; /* NAME=VALUE for the header, ends with NULL; NULL: none */
        int64_t timestamp;      /* seconds since 1970 for the header; 0: none */
        bool fresh;             /* the file must not be there: EEXIST */
};

/* Begins a recording at path; NULL: in memory, for cast_text alone. A file that is there is written over when
 * it is a recording or empty, else refused (file.h). For characters beyond ASCII the locale must be UTF-8. */
bool cast_open(const char *path, int cols, int rows, const struct cast_settings *settings, struct cast **ret,
               struct fault *fault);

/* Everywhere below: at_ms are milliseconds since the recording's beginning; one before the last event's
 * counts as that. After a fault nothing more is written, the file is whole up to the event before, and each
 * call gives the same fault again. */

/* The grid at that time: the difference to the last one, or nothing when there is none. A grid of another
 * size than the one before is a change of size (an "r" event), and drawn whole. */
bool cast_frame(struct cast *cast, const struct grid *grid, uint64_t at_ms, struct fault *fault);
/* A key by its name ("K", "space", "PgDn"): an "i" event with the bytes that a terminal sends for it; players
 * show those (asciinema-player from 3.12 with keystrokeOverlay). A name of no key is left out. */
bool cast_key(struct cast *cast, const char *name, uint64_t at_ms, struct fault *fault);
/* A chapter: an "m" event. label: any text. */
bool cast_marker(struct cast *cast, const char *label, uint64_t at_ms, struct fault *fault);
/* All lines until now, owned by the caller. */
bool cast_text(struct cast *cast, char **ret, size_t *ret_len, struct fault *fault);
/* Gives it up: a file that cast_open has made is removed. NULL is fine. */
void cast_discard(struct cast *cast);
/* Ends the recording at that time, until which the last frame stands, and frees it also when that fails. NULL
 * is fine. */
bool cast_close(struct cast *cast, uint64_t at_ms, struct fault *fault);
