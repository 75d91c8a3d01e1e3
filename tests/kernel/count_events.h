/* SPDX-License-Identifier: MIT */
/* How much happens on the machine meanwhile, as the kernel tells this process itself. */
#pragma once

#include "eye/events.h"

/* What it has been told since it was last asked; storm where some of it was dropped. */
unsigned long count_events(struct events *events, unsigned long storm);
