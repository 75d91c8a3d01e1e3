/* SPDX-License-Identifier: MIT */
/* The kernel's own news of processes: the proc connector (connector(7) of netlink, linux/cn_proc.h). Only in
 * the eye's own program. It tells of the initial PID namespace to sockets of the initial network and user
 * namespace alone; elsewhere there is none and the eye polls. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct events {
        int fd;    /* -1: the kernel tells nothing */
        int guard; /* the pipe at which the guard waits: POLLERR when it has been ended */
        pid_t guard_pid;
        bool heard;       /* something has come that is not taken yet */
        uint64_t hold_ms; /* until then nothing is listened to: what belongs together comes at once */
};

enum event_kind { EVENT_FORK, EVENT_CHANGED, EVENT_EXIT };

/* pid, as the initial PID namespace has it: who has a new child; whose program, ids or name are others; who
 * has ended (by now a zombie, or nothing any more). */
struct event {
        enum event_kind kind;
        pid_t pid;
};

/* Opens the socket. While this process is what it was: root may have more room. Without one fd is -1, which
 * is no fault. */
void events_open(struct events *events);
/* Begins to listen, once this process has nothing left to give up: what nobody allowed it can also be taken
 * back without (kernels since 6.6). The kernel counts who listens, and forgets nobody who does not say that
 * he has gone; so a guard, a process that does nothing else, says so when this one has ended, however it did.
 * room: bytes for what has not been taken, for tests; 0: what there is. Returns false, and fd is -1, where
 * the kernel refuses. */
bool events_begin(struct events *events, uint32_t room);
/* Stops, and says so to the kernel. */
void events_end(struct events *events);

/* Takes what has come, event by event. Returns false when the kernel had to drop some. Where too much comes
 * to be taken at once the rest waits. */
typedef void event_handler(void *data, const struct event *event);
bool events_take(struct events *events, event_handler *handler, void *data);

/* One message of the socket; false: it is none that is of interest. Pure. */
bool event_parse(const void *message, size_t n, struct event *ret);
