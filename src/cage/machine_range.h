/* SPDX-License-Identifier: MIT */
/* Which range of ids a user may map: /etc/subuid, /etc/subgid, newuidmap and newgidmap. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "spec/resolve.h"

/* For an ordinary user: fills the machine's maps, 0 inside being the user. Returns false, with one_id_why,
 * where there is no range or no program that could map it; with a fault where that could not be found out.
 * Nothing is tried (machine_try_range does). */
bool machine_find_range(struct machine *machine, struct fault *fault);

/* For root, with --userns remap: root's lines, else 65536 ids from 1879048192. Fails where a user namespace
 * around vitrine has not got them. */
bool machine_find_remap(struct machine *machine, struct fault *fault);

/* Maps the range in a user namespace that is thrown away. Returns false, with one_id_why, where that is
 * refused. */
bool machine_try_range(struct machine *machine);
