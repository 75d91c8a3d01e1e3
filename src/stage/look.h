/* SPDX-License-Identifier: MIT */
/* Looks at one container from both sides: two eyes, joined into snapshots. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "eye/eye.h"
#include "snapshot/snapshot.h"
#include "stage/launch.h"

struct look {
        struct eye *host;   /* stays over relaunches */
        bool joined;        /* it is one for a cage that was joined */
        struct eye *inside; /* one a container */
        struct eye *next;   /* waits for the next container; NULL: not started */
        struct eye *last;   /* the last container's, while it ends */
        struct ns_ids ns;   /* of init, as last read */
        struct id_map uid_map, gid_map;
        uint32_t stirs;          /* of the host's eye, as last passed on */
        uint64_t since_ms;       /* tables older than this do not know the container */
        struct proc_table ahead; /* the host's side until the eye's first pass since then; .v NULL: none */
};

/* Starts the host's eye; joined: one for a cage that is joined (attach). */
bool look_open(struct look *look, struct fault *fault);
bool look_open_joined(struct look *look, struct fault *fault);
/* A new host's eye in place of one that was ended from outside. */
bool look_reopen(struct look *look, struct fault *fault);
/* Starts the eye that waits for the next container, so that it need not be waited for. Where that fails it is
 * started when it is wanted. */
void look_ahead(struct look *look);
/* Turns to a container that runs: its own eye, its namespaces and maps. The old inside eye ends only when the
 * new one is there; it is then `last`, which look_bury waits for and frees. */
bool look_at(struct look *look, const struct launch *launch, struct fault *fault);
/* Tells the host's eye (a new one) whose processes are the container's. */
void look_watch(struct look *look, const struct launch *launch);
/* The host's eye has said something, or it has ended: tells the inside eye, to which nobody else tells what
 * happens there. fresh: its table is a new one. */
void look_pass_on(struct look *look, const struct launch *launch, bool fresh);
/* The clock has moved (eye_tick). glance: eyes that are told what happens look at the rest (eye_glance). */
void look_tick(struct look *look, bool glance);
/* Whether the kernel still says of each of the container's processes what the snapshot says of it outside;
 * false where there are too many of them for a look in between. */
bool look_is_still(const struct snapshot *now);
/* Reads the namespaces and maps of the container's init anew: it may leave some, and no event tells of that.
 * What cannot be read stays as it was. Returns whether they are others. */
bool look_read_ids(struct look *look, const struct launch *launch);
/* The names of users come after the processes. What has none keeps its number; root has one everywhere. */
bool look_lacks_names(const struct snapshot *now);
/* Joins what the eyes have seen; false while one of them has not yet looked since look_at (for the host's,
 * its last pass with the new container read ahead will do). *ret is the caller's. */
bool look_take(struct look *look, const struct launch *launch, struct snapshot *ret);
/* Waits for that, and until no process is left unread, at most timeout_ms; for names a second of it. */
bool look_wait(struct look *look, const struct launch *launch, int timeout_ms, struct snapshot *ret,
               struct fault *fault);
void look_bury(struct look *look);
void look_close(struct look *look);
