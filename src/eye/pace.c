/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/pace.h"

#include "base/order.h"

enum {
        REST = 50,       /* times the cost */
        PERIOD_MS = 250, /* between passes that nobody asked for */
        ASKED_MS = 50,   /* between passes that were asked for, on average */
        TIED_MS = 100,   /* between those that follow from what happens to the cage's processes */
        BURST = 4        /* of those may come at once: a key is answered without a wait */
};

uint64_t pace_next(const struct pace *pace, bool asked)
{
        const uint64_t ahead = (uint64_t)(BURST - 1) * ASKED_MS;
        uint64_t next = pace->free_ms > ahead ? pace->free_ms - ahead : 0;

        return asked && next < pace->due_ms ? next : pace->due_ms;
}

uint64_t pace_period(uint64_t cost_us)
{
        uint64_t rest = cost_us * REST / 1000;

        return larger_u64(rest, PERIOD_MS);
}

static void use_up(struct pace *pace, uint64_t begin_ms)
{
        pace->free_ms = larger_u64(pace->free_ms, begin_ms) + ASKED_MS;
}

void pace_note(struct pace *pace, bool asked, uint64_t begin_ms, uint64_t end_ms, uint64_t cost_us)
{
        uint64_t rested = end_ms + cost_us * REST / 1000;

        pace->due_ms = larger_u64(begin_ms + PERIOD_MS, rested);
        pace->late_ms = pace->due_ms + (pace->due_ms - begin_ms);
        if (asked)
                use_up(pace, begin_ms);
}

/* The others do without what it took; but however often somebody asks, their turn comes. */
void pace_note_asked(struct pace *pace, bool first, uint64_t begin_ms, uint64_t cost_us)
{
        pace->due_ms =
                smaller_u64(pace->due_ms + cost_us * REST / 1000, larger_u64(pace->due_ms, pace->late_ms));
        if (first)
                use_up(pace, begin_ms);
}

/* One bucket for each: it holds BURST passes, and fills as one that polls would look. */
uint64_t pace_told(const struct pace *pace, bool tied)
{
        const uint64_t ahead = (uint64_t)(BURST - 1) * (tied ? TIED_MS : PERIOD_MS);

        return pace->told_ms[tied] > ahead ? pace->told_ms[tied] - ahead : 0;
}

/* What a tied one costs, others do without: all of them together are to stay within 2 %. */
void pace_note_told(struct pace *pace, bool tied, uint64_t begin_ms, uint64_t cost_us)
{
        const uint64_t rest = cost_us * REST / 1000;

        pace->told_ms[0] =
                larger_u64(pace->told_ms[0], begin_ms) + (tied ? rest : larger_u64(rest, PERIOD_MS));
        if (tied)
                pace->told_ms[1] = larger_u64(pace->told_ms[1], begin_ms) + larger_u64(rest, TIED_MS);
}
