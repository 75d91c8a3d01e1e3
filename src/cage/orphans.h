/* SPDX-License-Identifier: MIT */
/* What a cage leaves when its keeper was killed before it. */
#pragma once

#include <sys/types.h>

/* From now on processes whose parent has died become this one's children, those of a dead keeper too. */
void orphans_adopt(void);
/* Kills every descendant of this process that lives in another mount namespace (a cage's processes always do,
 * vitrine's own programs do not) but spare (the inside eye; 0: nobody), until none is left. */
void orphans_end(pid_t spare);
