/* SPDX-License-Identifier: MIT */
/* The probes: for each capability one system call that changes nothing and tells by its result whether the
 * kernel lets the holder through. */
#pragma once

#include <jv.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "caps/caps.h"
#include "cage/cage.h"
#include "probe/judge.h"

/* The verdicts on all capabilities, by bit. */
struct probe_set {
        uint64_t effective; /* of the container's first process when it was asked */
        struct probe_result rows[CAPS_N];
};

struct probe_run; /* one asking that goes on: opaque, it owns a process */

/* Begins to ask, as a process of the cage would: its first process's capability sets, its user, its seccomp
 * filter. Returns at once. helper: path of the vitrine-probe program. */
bool probe_start(const char *helper, const struct cage *cage, struct probe_run **ret, struct fault *fault);
/* Ends it, finished or not. NULL is fine. */
void probe_end(struct probe_run *run);

/* To poll for POLLIN, then probe_read: 1 with the verdicts in *ret, 0 when they are not there yet, -1 with a
 * fault when they will not come. */
int probe_fd(const struct probe_run *run);
int probe_read(struct probe_run *run, struct probe_set *ret, struct fault *fault);
/* The same, waiting at most that long; a run that takes longer is a fault. */
bool probe_wait(struct probe_run *run, int timeout_ms, struct probe_set *ret, struct fault *fault);

/* What was asked and what came of it, in words: "Asked with kill(O, 0): denied (EPERM)." */
void probe_sentence(const struct probe_result *result, char *buf, size_t size);
/* The verdict's word, with what a refusal says or what stands in: "through SYS_ADMIN". The caller's. */
char *probe_verdict_text(const struct probe_result *result);
/* The array `.probes` of probe --json and of a lesson; the caller's. */
jv probe_rows_json(const struct probe_set *set);
/* The object of probe --json (schema 1); the caller's. */
jv probe_json(const struct probe_set *set);
/* The table as text, lines of at most 80 columns; the caller's. */
char *probe_text(const struct probe_set *set);
