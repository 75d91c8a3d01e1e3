/* SPDX-License-Identifier: MIT */
/* Starts a program on a new pty, as another user where that is asked for. */
#pragma once

#include <sys/types.h>
#include <termios.h>

#include "screen.h"

/* Returns its PID, or -1 with errno set. Both descriptors are the caller's. ret_before: the settings that the
 * program found. */
pid_t spawn_on_pty(const struct screen_options *options, int cols, int rows, int *ret_master, int *ret_tty,
                   struct termios *ret_before);
