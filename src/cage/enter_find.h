/* SPDX-License-Identifier: MIT */
/* Running cages of this user. */
#pragma once

#include "cage/plan.h"

/* Connects to the keeper of the cage that who means: a name, an id or its beginning, the PID of its init. The
 * socket and the plan are the caller's. */
bool enter_find(const char *who, int *ret_sock, struct plan *ret, struct fault *fault);
