/* SPDX-License-Identifier: MIT */
/* What the snapshot says about init, as more than one part of the screen needs it. Pure. */
#pragma once

#include "stage/view.h"

/* Init's status as the container sees it, else as the machine does; NULL when neither was readable. */
const struct status *facts_init(const struct snapshot *snapshot);
/* Why there is nothing to say of init. */
const char *facts_absence(const struct view *view);
/* Whether init is in a user namespace of its own. */
bool facts_own_userns(const struct snapshot *snapshot);

/* What init may do: held (effective), allowed (not held, in the bounding set, and to be regained; under
 * no-new-privileges, and with one id for any uid but 0, nothing is: uid 0 is not mapped there). */
struct powers {
        uint64_t held, allowed, bounding;
        bool root; /* uid 0, and all that is in the bounding set is held */
};
struct powers facts_powers(const struct snapshot *snapshot, const struct status *init);

/* The name of a capability for a bit; "" above what the table knows. */
const char *facts_cap_name(unsigned bit);
