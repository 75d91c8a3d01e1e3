/* SPDX-License-Identifier: MIT */
/* A room beside a cage, for a program that asks the kernel something as if it stood inside: the cage's
 * namespaces of users, networks, IPC, host names and control groups, but PIDs and mounts of its own. So it is
 * not seen inside, takes no PID there, and leaves nothing when it ends. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

/* Joins the namespaces of init that ns_flags (the plan's CLONE_NEW*) name and makes new ones of PIDs and
 * mounts; the next child is the first process there. one_id: as in the plan. */
bool chamber_join(int init_pidfd, uint32_t ns_flags, bool one_id, struct fault *fault);

/* In that first process: / becomes a small tmpfs with nothing on it but /proc (its own processes alone) and
 * CHAMBER_BOX, a folder where everybody may write. Nothing of the machine's files can be reached afterwards,
 * from outside through /proc/PID/root either. */
bool chamber_settle(struct fault *fault);

#define CHAMBER_BOX "/box"
