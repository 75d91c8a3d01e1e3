/* SPDX-License-Identifier: MIT */
/* What becomes of what is printed. Standard output's own flag says that something was lost, and not why: that
 * is known only where it happens. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"

/* To be called right after printing, while errno says why standard output did not take it: the first reason
 * is kept. */
void printed_note(void);

/* Writes what is still on its way. Returns false with errno set where something was lost, now or before. */
bool printed_flush(void);

/* The same at a command's end, with a fault. A reader that has gone wants no more: that is none. */
bool printed_end(struct fault *fault);
