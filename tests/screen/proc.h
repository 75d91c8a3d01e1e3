/* SPDX-License-Identifier: MIT */
/* What /proc says of processes, read by the test itself, from outside. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { PROC_MAX = 1024 };

/* A field of /proc/PID/status ("CapEff"), its first word alone; false when the process has gone. */
bool proc_status(pid_t pid, const char *field, char *ret, size_t size);
/* Neither gone nor a zombie. */
bool proc_lives(pid_t pid);
/* Whatever descends from a process, it not included, zombies not either; at most PROC_MAX. */
size_t proc_descendants(pid_t of, pid_t ret[static PROC_MAX]);
/* How many of those have that name. */
size_t proc_named(pid_t of, const char *name);
