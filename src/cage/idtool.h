/* SPDX-License-Identifier: MIT */
/* newuidmap and newgidmap: the set-user-ID programs that map subordinate ids for an ordinary user. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "spec/ids.h"

enum { IDTOOL_WHY = 200 };

/* Finds the program by name in the places where a system has it. Only one that root alone can change and that
 * is given its privilege where this process stands is taken; why says what is wrong otherwise. */
bool idtool_find(const char *name, char *path, size_t size, char why[static IDTOOL_WHY]);

/* Maps uids and gids of a process in a user namespace of its own, which must be a child of this process, not
 * yet executing anything. abort_fd: its end of file, or -1, ends the wait. why: what the program said, as it
 * said it (clean it before it is shown), or why there is none. errno: why it could not be started, else 0. */
bool idtool_map(pid_t pid, const struct id_runs *uids, const struct id_runs *gids, int abort_fd,
                char why[static IDTOOL_WHY]);
