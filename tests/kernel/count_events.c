/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "count_events.h"

static void count_event(void *data, const struct event *event)
{
        unsigned long *n = data;

        (void)event;
        ++*n;
}

unsigned long count_events(struct events *events, unsigned long storm)
{
        unsigned long n = 0, before;

        do {
                before = n;
                if (!events_take(events, count_event, &n))
                        return storm;
        } while (n != before);
        return n;
}
