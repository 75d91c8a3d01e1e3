/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/reader.h"

enum {
        ZOMBIES = 64,   /* read in every pass, whoever leaves more of them about */
        YOUNG_MS = 2000 /* an exec may follow a fork */
};

static bool is_wanted(const struct reader *reader, const struct seen *row, const struct reader_plan *plan)
{
        return !row->proc.comm || row->touched || (plan->tied && row->tie == TIE_YES) ||
               (plan->young && reader->now_ms - row->first_ms < YOUNG_MS);
}

/* What an unfinished pass has left stays due: the rotation has counted it as read, and would come to it only
 * after all others. */
void reader_choose(struct reader *reader, const struct reader_plan *plan)
{
        struct seen *next = reader->v, *end = reader->v + reader->n;
        size_t zombies = 0, rotate = reader->n <= plan->rotate ? reader->n : plan->asked ? 0 : plan->rotate;

        for (struct seen *row = reader->v; row < end; row++) {
                bool reaped = row->proc.state == 'Z' && ++zombies <= ZOMBIES;

                if (row->read != READ_DUE)
                        row->read = reaped || is_wanted(reader, row, plan) ? READ_DUE : READ_OLD;
                if (row->proc.pid <= reader->cursor)
                        next = row + 1;
        }
        reader->stale -= reader->stale < rotate ? reader->stale : rotate;
        for (; rotate > 0; rotate--, next++) {
                if (next >= end)
                        next = reader->v;
                next->read = READ_DUE;
                reader->cursor = next->proc.pid;
        }
        reader->due = 0;
        for (struct seen *row = reader->v; row < end; row++)
                reader->due += row->read == READ_DUE;
}
