/* SPDX-License-Identifier: MIT */
/* What the questions are about, made by the runner while it can do everything. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "cage/plan.h"

struct fixtures {
        uint32_t other;  /* another id, of users and of groups */
        bool has_other;  /* it is mapped; else what follows with it is not there */
        int foreign;     /* F: a file of another user, read-only; -1 */
        pid_t sleeper;   /* O: a process of another user; 0 */
        pid_t bystander; /* N: a process of the caller's own id that may not be read; 0 */
};

/* N, before the room is settled: what it loads lies among the machine's files. exe: this program, open.
 * Returns its PID, or -1 with a fault. It ends with its PID namespace. */
pid_t fixtures_bystander(const struct plan_fixed *caller, int exe, struct fault *fault);

/* All else, in the settled room. On failure (what no kernel should refuse) a fault. */
bool fixtures_make(const struct plan_fixed *caller, pid_t bystander, struct fixtures *ret,
                   struct fault *fault);

/* What the program does when it is executed to be N: says that it is there by one byte on descriptor 1, and
 * waits. */
_Noreturn void fixtures_be_bystander(void);
#define FIXTURE_BYSTANDER "bystander"

/* Becomes the plan's user, with all capabilities kept and effective. Not with one id: there everybody is that
 * user. */
bool caller_become(const struct plan_fixed *caller);
