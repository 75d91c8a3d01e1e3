/* SPDX-License-Identifier: MIT */
/* Starts and ends the checking program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/fault.h"

/* Executes the program in a session of its own, without an environment, standard descriptors on /dev/null,
 * with one end of a SOCK_SEQPACKET pair as descriptor 3. The other end is the caller's. */
bool check_spawn(const char *helper, pid_t *ret_pid, int *ret_sock, struct fault *fault);
/* Kills and reaps it. */
void check_kill(pid_t pid);
/* A memfd with a text, at its beginning; -1 with errno set. */
int check_text_fd(const char *text, size_t n);
