/* SPDX-License-Identifier: MIT */
/* What vitrine and the program vitrine-probe say to one another. Both are of one build. */
#pragma once

#include <stdint.h>

#include "base/fault.h"
#include "base/helper.h"
#include "cage/plan.h"
#include "probe/judge.h"

/* The socket to vitrine is always this descriptor. */
enum { PROBE_CONTROL = HELPER_CONTROL };

/* To the program, with the cage's plan and the pidfd of its first process as descriptors. */
struct probe_hello {
        struct plan_caps caps; /* that the first process has now; the plan's may be outlived */
};

enum { PROBE_FD_PLAN, PROBE_FD_INIT, PROBE_FD_N };

/* Its answer, one record of this size. */
enum probe_record_kind { PROBE_FAULT = 1, PROBE_ANSWERS };

struct probe_record {
        uint32_t kind;
        bool userns, one_id; /* of the cage */
        struct fault fault;
        struct probe_answers rows[CAPS_N];
};
