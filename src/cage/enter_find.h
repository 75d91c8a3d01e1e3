/* SPDX-License-Identifier: MIT */
/* Running cages of this user. */
#pragma once

#include "cage/plan.h"

/* Connects to the keeper of the cage that who means: a name, an id or its beginning, the PID of its init. The
 * socket and the plan are the caller's. */
bool enter_find(const char *who, int *ret_sock, struct plan *ret, struct fault *fault);

/* A cage of this user's that runs. Owned strings; name is "" without --name. */
struct enter_cage {
        pid_t init;
        char *name, *id;
};

struct enter_cages {
        struct enter_cage *v;
        size_t n;
        int err; /* errno where there may be more, which could not be asked; else 0 */
};

/* Asks every keeper; one that does not answer is left out. ret begins zeroed and is the caller's. */
void enter_list(struct enter_cages *ret);
void enter_cages_finish(struct enter_cages *cages);
