/* SPDX-License-Identifier: MIT */
/* The one loop: a table of descriptors with a handler each. No handler blocks. */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

enum { LOOP_MAX = 24 };

/* Called when fd is ready; events is poll's revents. */
typedef void loop_handler(void *data, int fd, short events);

struct loop {
        struct {
                int fd; /* -1: free */
                short events;
                loop_handler *handler;
                void *data;
        } watch[LOOP_MAX];
        bool quit;
        uint64_t wake_ms; /* when loop_step returns though nothing was ready (time_now_ms); 0: never */
        int err;          /* errno of the poll that failed, 0 while none has */
};

void loop_init(struct loop *loop);
/* Watches fd, which stays the caller's. Watching a descriptor again replaces its handler. */
void loop_watch(struct loop *loop, int fd, short events, loop_handler *handler, void *data);
void loop_forget(struct loop *loop, int fd);
/* Waits for one event or wake_ms and runs what is ready, in the order of the table. Returns false with errno
 * set when poll fails. */
bool loop_step(struct loop *loop);
