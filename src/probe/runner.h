/* SPDX-License-Identifier: MIT */
/* Runs the questions, each in a child of its own. */
#pragma once

#include "base/fault.h"
#include "cage/plan.h"
#include "probe/fixtures.h"
#include "probe/judge.h"

struct runner {
        const struct plan *plan; /* the container's: ids, capabilities, filter */
        struct plan bare;        /* the same without filter and no-new-privileges; its capabilities change */
        struct fixtures fixtures;
        struct slot *slots; /* CAPS_N; where a child leaves its answer: no call that a filter could refuse */
};

bool runner_init(struct runner *runner, const struct plan *plan, pid_t bystander, struct fault *fault);

/* Asks about every capability, in as many runs as it takes. Rows that ask the same run are asked at once: on
 * a busy machine one after another would take seconds. Gives up, false, when nobody waits for the answers. */
bool runner_ask_all(struct runner *runner, struct probe_answers ret[static CAPS_N]);
