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
        struct eye *inside; /* one a container */
        struct ns_ids ns;   /* read once a container */
        struct id_map uid_map, gid_map;
        uint64_t since_ms;       /* tables older than this do not know the container */
        struct proc_table ahead; /* the host's side until the eye's first pass since then; .v NULL: none */
};

/* Starts the host's eye. */
bool look_open(struct look *look, struct fault *fault);
/* A new host's eye in place of one that was ended from outside. */
bool look_reopen(struct look *look, struct fault *fault);
/* Turns to a container that runs: its own eye, its namespaces and maps. The old inside eye ends only when the
 * new one is there. */
bool look_at(struct look *look, const struct launch *launch, struct fault *fault);
/* Joins what the eyes have seen; false while one of them has not yet looked since look_at (for the host's,
 * its last pass with the new container read ahead will do). *ret is the caller's. */
bool look_take(struct look *look, const struct launch *launch, struct snapshot *ret);
/* Waits for that, at most timeout_ms. */
bool look_wait(struct look *look, const struct launch *launch, int timeout_ms, struct snapshot *ret,
               struct fault *fault);
void look_close(struct look *look);
