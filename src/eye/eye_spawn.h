/* SPDX-License-Identifier: MIT */
/* Starts and ends the program of an eye. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"

/* Executes the program at helper in a session of its own with one end of a SOCK_SEQPACKET pair as descriptor
 * 3. The other end (non-blocking) and a pidfd are the caller's. */
bool eye_spawn(const char *helper, pid_t *ret_pid, int *ret_pidfd, int *ret_sock, struct fault *fault);

/* Kills the eye and reaps it. One that hangs in the kernel is left behind after a moment: init reaps it when
 * vitrine is gone. */
void eye_end(pid_t pid, int pidfd);
