/* SPDX-License-Identifier: MIT */
/* How long the machine lets wait who does nothing but sleep for a millisecond, on each processor: what no
 * program's answer can be quicker than. */
#pragma once

#include <stdint.h>

struct metronome;

/* Processes of their own, which end with this one. NULL where they cannot be had. */
struct metronome *metronome_start(void);
/* NULL is fine. */
void metronome_stop(struct metronome *metronome);
/* Begins anew. */
void metronome_reset(struct metronome *metronome);
/* The longest wait since then, of any of them; 0 for NULL. */
uint64_t metronome_worst_ms(const struct metronome *metronome);
