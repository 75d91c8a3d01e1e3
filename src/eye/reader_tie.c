/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/reader.h"

struct seen *reader_find(const struct reader *reader, pid_t pid)
{
        size_t low = 0, high = reader->n;

        while (low < high) {
                size_t mid = low + (high - low) / 2;

                if (reader->v[mid].proc.pid < pid)
                        low = mid + 1;
                else
                        high = mid;
        }
        return low < reader->n && reader->v[low].proc.pid == pid ? &reader->v[low] : NULL;
}

/* Goes up from a row until the answer is known, then marks the way. Each row is walked once, however long a
 * hostile chain of processes is; a ring, which parents read at different moments could form, ends it. */
static void tie_path(struct reader *reader, struct seen *row)
{
        struct seen *at = row;
        int answer = TIE_NO;

        while (at && at->tie == TIE_UNKNOWN) {
                if (at->proc.pid == reader->keeper || at->proc.ppid == reader->keeper) {
                        answer = TIE_YES;
                        break;
                }
                at->tie = TIE_ON_PATH;
                at = reader_find(reader, at->proc.ppid);
        }
        if (at && at->tie == TIE_YES)
                answer = TIE_YES;
        if (at && at->tie == TIE_UNKNOWN)
                at->tie = answer;
        for (at = row; at && at->tie == TIE_ON_PATH; at = reader_find(reader, at->proc.ppid))
                at->tie = answer;
}

void reader_bound_ties(struct reader *reader)
{
        struct seen *init = reader->init > 0 ? reader_find(reader, reader->init) : NULL;
        const bool has_init = init && (reader->inside || init->tie == TIE_YES);
        size_t tied = 0;

        for (size_t i = 0; i < reader->n; i++)
                if (reader->v[i].tie == TIE_YES && ++tied > TIES_MOST)
                        reader->v[i].tie = TIE_NO;
        for (size_t i = 0; reader->inside && i < reader->n && tied < TIES_MOST; i++) {
                tied += reader->v[i].tie == TIE_NO;
                reader->v[i].tie = TIE_YES;
        }
        if (has_init)
                init->tie = TIE_YES;
}

void reader_tie(struct reader *reader)
{
        for (size_t i = 0; i < reader->n; i++)
                reader->v[i].tie = reader->keeper > 0 ? TIE_UNKNOWN : TIE_NO;
        for (size_t i = 0; i < reader->n; i++)
                tie_path(reader, &reader->v[i]);
        reader_bound_ties(reader);
}
