/* SPDX-License-Identifier: MIT */
/* Plans as memfds, which is how they travel. */
#pragma once

#include "cage/plan.h"

/* A new close-on-exec memfd that holds the plan, or -1 with errno set. */
int plan_write(const struct plan *plan);
/* Reads one from its beginning; fd stays the caller's. */
bool plan_read(int fd, struct plan *ret, struct fault *fault);
