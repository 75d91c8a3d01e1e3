/* SPDX-License-Identifier: MIT */
/* The keeper's parts: launching the first process, and leaving nothing behind. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "cage/plan.h"

/* The control socket to vitrine is always this descriptor; its end of file means that vitrine has gone. */
enum { KEEPER_CONTROL = 3 };

struct keeper {
        struct plan plan;
        int fds[PLAN_FD_N]; /* what came with the plan */
        pid_t init;
        int pidfd;
        int proc_fd, userns_fd; /* from the child, for the inside eye */
        bool reaped;            /* init has been waited for */
        int status;             /* as the shell has it */
        char note[128];
};

/* keeper_launch.c: clones the first process, writes its id maps and waits until its exec has succeeded. On
 * failure nothing of it is left. Gives up (and kills it) when vitrine goes away meanwhile. */
bool keeper_launch(struct keeper *keeper, struct fault *fault);

/* keeper_reap.c: waits for whoever has ended; notes init's status. Returns false when no child is left. */
bool keeper_reap(struct keeper *keeper);
/* keeper_reap.c: kills init and every descendant, and waits until all have gone. */
void keeper_end(struct keeper *keeper);
