/* SPDX-License-Identifier: MIT */
/* Who descends from this process, from /proc. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* What becomes of a descendant: killed; only looked below; or left with all that descends from it. */
enum kin_fate { KIN_KILL, KIN_PASS, KIN_LEAVE };
typedef enum kin_fate kin_choice(void *data, pid_t pid);

/* One round over all processes; choice NULL kills every descendant. Returns how many were killed. What forks
 * meanwhile is met in the next round, for whoever loses its parent becomes a child of this process (a
 * subreaper). */
size_t kin_kill_descendants(kin_choice *choice, void *data);
