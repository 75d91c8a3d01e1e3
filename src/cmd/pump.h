/* SPDX-License-Identifier: MIT */
/* Copies bytes from one descriptor to another in a loop, one buffer at a time, never blocking on both. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/loop.h"

struct pump {
        struct loop *loop;
        int from, to; /* -1: closed */
        bool own_to;  /* to is closed at the end of from */
        int err;      /* why the rest was not copied; 0: it was, or nobody wanted it any more */
        size_t len, done;
        char data[4096]; /* at most PIPE_BUF: after POLLOUT a pipe takes it whole */
};

/* Watches from; both descriptors are the pump's to close except to without own_to. */
void pump_start(struct pump *pump, struct loop *loop, int from, int to, bool own_to);
/* Copies what is still there without waiting for more; then closes. from must not block. */
void pump_drain(struct pump *pump);
