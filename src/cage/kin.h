/* SPDX-License-Identifier: MIT */
/* Who descends from this process, from /proc. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Whether a descendant is killed; else it is left with all that descends from it. */
typedef bool kin_choice(void *data, pid_t pid);

/* One round over all processes; choice NULL kills every descendant. Returns how many were killed. What forks
 * meanwhile is met in the next round, for whoever loses its parent becomes a child of this process (a
 * subreaper). */
size_t kin_kill_descendants(kin_choice *choice, void *data);
