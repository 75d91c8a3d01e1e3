/* SPDX-License-Identifier: MIT */
/* The text of a trace_pipe. What comes out is in bounds, and the same wherever the bytes end. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "eye/trace.h"
#include "tests/fuzz/fuzz.h"

static void on_check(void *data, const struct trace_check *check)
{
        unsigned long *sum = data;

        if (check->cap >= 64 || check->pid <= 0 || !memchr(check->name, '\0', sizeof(check->name)))
                abort();
        *sum = *sum * 31 + check->cap + (unsigned long)check->pid + strlen(check->name);
}

static unsigned long run(const uint8_t *data, size_t size, size_t step)
{
        static struct trace trace;
        unsigned long sum = 0;
        const struct trace_sink sink = { .check = on_check, .data = &sum };

        trace_init(&trace, &sink);
        trace_know(&trace, 100, TRACE_VITRINE);
        trace_know(&trace, 110, TRACE_OUTSIDE);
        for (size_t i = 0; i < size; i += step)
                trace_feed(&trace, (const char *)data + i, size - i < step ? size - i : step);
        trace_settle(&trace);
        return sum + trace.lost;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        if (run(data, size, size + 1) != run(data, size, 1))
                abort();
        return 0;
}
