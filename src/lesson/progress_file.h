/* SPDX-License-Identifier: MIT */
/* The file of progress.h. */
#pragma once

#include <jv.h>
#include <stdbool.h>

#include "base/fault.h"

enum { PROGRESS_SCHEMA = 1 };

enum progress_state {
        PROGRESS_FINE,
        PROGRESS_BROKEN, /* not JSON, not ours */
        PROGRESS_CLOSED, /* this user may not read it */
        PROGRESS_LATER,  /* a later vitrine's */
};

/* Opens the folder, making it where make is true; -1 with a fault. Without make a missing one is -1 with
 * fault->err ENOENT. */
int progress_open_dir(const char *dir, bool make, struct fault *fault);
/* Where a fault of that folder says that something was not permitted: how it becomes the user's again.
 * Returns false. */
bool progress_hint_owner(const char *dir, struct fault *fault);
/* Takes the lock beside the file; -1 with a fault. Closing it gives it back. */
int progress_lock(const char *dir, int dir_fd, struct fault *fault);
/* Whether the lock could be taken and the file be exchanged, as far as that is seen without doing it. */
bool progress_may_keep(const char *dir, int dir_fd, struct fault *fault);
/* Reads the file: an object with the key lessons (an empty one when there is no file). *ret is the caller's,
 * with PROGRESS_FINE alone. */
enum progress_state progress_load(int dir_fd, jv *ret);
/* Renames the file to the first free progress.json.broken-N. With the lock held. note says so. */
bool progress_put_aside(int dir_fd, struct fault *note, struct fault *fault);
/* Writes whole or not at all. With the lock held. Consumes value. */
bool progress_store(int dir_fd, jv value, struct fault *fault);
