/* SPDX-License-Identifier: MIT */
/* Starts the keeper's program out of a sealed copy. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"

/* A close-on-exec memfd, or -1 with errno set. */
int spawn_memfd(const char *name);

/* Copies the program at helper into a sealed memfd and executes that (whoever gets hold of /proc/PID/exe from
 * inside a cage cannot write it: CVE-2019-5736), in a session of its own, with one end of a SOCK_SEQPACKET
 * pair as descriptor 3. *ret_sock is the other end, owned by the caller. */
bool spawn_helper(const char *helper, pid_t *ret_pid, int *ret_sock, struct fault *fault);
