/* SPDX-License-Identifier: MIT */
/* The host's table of before a launch, with the new container's two processes in it. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "snapshot/table.h"

/* After a launch a pass over thousands of processes takes its time, and a key's effect must not wait for it:
 * the keeper and init are read at once, by themselves, below proc_fd (the machine's /proc); the other rows
 * are those of old (also when it has not read all of them), but for the last container's, which are the ones
 * with a status. Returns false when one of the two has gone. *ret is the caller's. */
bool ahead_table(int proc_fd, const struct proc_table *old, pid_t keeper, pid_t init, struct proc_table *ret);
