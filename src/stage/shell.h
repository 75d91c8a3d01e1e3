/* SPDX-License-Identifier: MIT */
/* A shell inside, on a terminal of its own (key x). Opaque: it owns a pty. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "base/loop.h"
#include "stage/shell_view.h"

struct shell;

/* Starts the image's /bin/bash, else its /bin/sh, as docker exec -it would, in the container of that id, and
 * does not wait for it: keys that come before it has started are kept. changed is called from the loop
 * whenever there is something new: it may close the shell. */
bool shell_open(const char *id, struct loop *loop, int cols, int rows, void (*changed)(void *data),
                void *data, struct shell **ret, struct fault *fault);
/* Hangs up, if it still runs. NULL is fine. */
void shell_close(struct shell *shell);
/* One key by its name. Returns false when it is left out, as the shell has not read the last ones. */
bool shell_press(struct shell *shell, const char *key);
/* The room that there is for it; returns whether that is new. */
bool shell_resize(struct shell *shell, int cols, int rows);
/* Whether it has ended; *ret_status as a shell has it, 137 when it was killed with its container. */
bool shell_has_ended(const struct shell *shell, int *ret_status);
/* When it has ended: why it did not start, NULL if it did. */
const struct fault *shell_fault(const struct shell *shell);
/* Fills all but inside; the cells are the shell's, valid until the next call. */
void shell_look(struct shell *shell, struct shell_view *ret);
