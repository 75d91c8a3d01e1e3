/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/pace.h"

enum {
        REST = 50,       /* times the cost */
        PERIOD_MS = 250, /* between passes that nobody asked for */
        ASKED_MS = 50,   /* between passes that were asked for, on average */
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

        return rest > PERIOD_MS ? rest : PERIOD_MS;
}

void pace_note(struct pace *pace, bool asked, uint64_t begin_ms, uint64_t end_ms, uint64_t cost_us)
{
        uint64_t rested = end_ms + cost_us * REST / 1000;

        pace->due_ms = begin_ms + PERIOD_MS > rested ? begin_ms + PERIOD_MS : rested;
        if (asked)
                pace->free_ms = (pace->free_ms > begin_ms ? pace->free_ms : begin_ms) + ASKED_MS;
}
