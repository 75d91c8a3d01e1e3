/* SPDX-License-Identifier: MIT */
/* When an eye looks again: 2 % of one CPU, at most 4 passes a second; at once when it is asked to, at most 20
 * times a second. One that is told when something happens looks at once too, and no more often in the long
 * run than one that polls. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct pace {
        uint64_t due_ms;     /* the next pass that nobody asked for */
        uint64_t late_ms;    /* those that were asked for put it off until then at most */
        uint64_t free_ms;    /* until here the passes that were asked for are used up */
        uint64_t told_ms[2]; /* and those that followed from what was told, of tied processes in [1] */
};

/* When the next pass is to begin, given that one is asked for or not. */
uint64_t pace_next(const struct pace *pace, bool asked);
/* When it is to begin because something has happened; tied: to a process that is tied. However busy others
 * are, that need not wait for them. */
uint64_t pace_told(const struct pace *pace, bool tied);
/* How long after its begin the next pass follows that nobody asks for, when one has taken that much CPU. */
uint64_t pace_period(uint64_t cost_us);
/* A pass has ended: it began at begin_ms and took cost_us of CPU. */
void pace_note(struct pace *pace, bool asked, uint64_t begin_ms, uint64_t end_ms, uint64_t cost_us);
/* The same of one that read no more than was asked for, or of a part of it, and whether of the first. */
void pace_note_asked(struct pace *pace, bool first, uint64_t begin_ms, uint64_t cost_us);
/* A pass has ended that followed from what was told. */
void pace_note_told(struct pace *pace, bool tied, uint64_t begin_ms, uint64_t cost_us);
