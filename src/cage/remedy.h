/* SPDX-License-Identifier: MIT */
/* What to do about a fault. */
#pragma once

#include "base/fault.h"

enum { REMEDY_LINE = 1024 /* bytes that any fault and its remedy have room in */ };

/* The remedy for a fault: its own, or what the table of steps and errors knows, which looks at /proc where
 * machines refuse with the same errno for different reasons, with the name by which vitrine was started; ""
 * when there is none. Owned by the caller. */
char *remedy_of(const struct fault *fault);

/* Writes "STEP[ PATH]: WHY - REMEDY" into buf, or no more than fault_line does where there is no remedy. */
void remedy_line(const struct fault *fault, char *buf, size_t size);
