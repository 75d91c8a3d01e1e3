/* SPDX-License-Identifier: MIT */
/* How a running cage is found: an abstract socket "vitrine/UID/ID", on which its keeper answers. Nothing is
 * on disk, and nothing is left. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"

struct door {
        int sock; /* listening; given to each keeper of this vitrine in turn */
        int name; /* holds the name, so that no second cage has it; -1 */
};

/* id: 12 hexadecimal digits; name: --name, or "". Fails with 125 when another cage of this user, or
 * anybody else, has the name. */
bool door_open(const char *id, const char *name, struct door *ret, struct fault *fault);
/* Holds a name alone: a descriptor, -1 for "". Fails as door_open does. */
bool door_hold_name(const char *name, int *ret, struct fault *fault);
/* Accepts one that was never opened ({ -1, -1 }). */
void door_close(struct door *door);
