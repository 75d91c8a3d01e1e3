/* SPDX-License-Identifier: MIT */
/* Spans of time as Dockerfiles write them: 30s, 1m30s, 0.5h (Go's time.ParseDuration). Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { DURATION_WHY = 120 };

/* A sign or none, then numbers with a unit each: ns, us, ms, s, m, h; 0 needs none. In nanoseconds. False
 * with the reason in why, in Docker's words, also for what does not fit 63 bits. */
bool duration_read(const char *text, int64_t *ret_ns, char why[static DURATION_WHY]);
