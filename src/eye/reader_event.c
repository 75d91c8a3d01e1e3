/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/reader.h"

#include <stdlib.h>

#include "base/str.h"

void reader_touch(struct reader *reader, pid_t pid)
{
        struct seen *row = reader_find(reader, pid);

        if (!row)
                return;
        row->touched = true;
        reader->stirs += row->tied;
}

void reader_end(struct reader *reader, pid_t pid)
{
        reader_touch(reader, pid);
        if (!reader->ended)
                reader->ended = xcalloc(ENDED_MAX, sizeof(*reader->ended));
        if (reader->n_ended < ENDED_MAX)
                reader->ended[reader->n_ended++] = pid;
        else
                reader_miss(reader);
}

void reader_miss(struct reader *reader)
{
        reader->stale = reader->n ? reader->n : 1;
}

static int by_number(const void *a, const void *b)
{
        const pid_t *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

void reader_touch_orphans(struct reader *reader)
{
        if (reader->n_ended == 0)
                return;
        qsort(reader->ended, reader->n_ended, sizeof(*reader->ended), by_number);
        for (size_t i = 0; i < reader->n; i++) {
                struct seen *row = &reader->v[i];

                if (bsearch(&row->proc.ppid, reader->ended, reader->n_ended, sizeof(*reader->ended),
                            by_number))
                        row->touched = true;
        }
        reader->n_ended = 0;
}
