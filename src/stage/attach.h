/* SPDX-License-Identifier: MIT */
/* A container that somebody else started, in the place of one that was launched. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "cage/others.h"
#include "snapshot/derive.h"
#include "stage/launch.h"
#include "stage/look.h"

struct attach {
        struct launch launch;     /* its cage is joined; its spec is what can be derived */
        char *engine, *id, *name; /* NULL: not known */
};

/* Joins the container that pid, or any process in it, belongs to. ret is the caller's. */
bool attach_open(pid_t pid, struct attach *ret, struct fault *fault);
/* Who it is; the texts are the attach's. */
struct attached attach_who(const struct attach *attach);
/* Puts into launch (the attach's, wherever it is now) the spec and the mode that what was seen tells. */
void attach_derive(const struct attach *attach, struct launch *launch, const struct snapshot *snapshot);
/* When init began, as milliseconds of CLOCK_MONOTONIC (0 at the least); now where that cannot be read. */
uint64_t attach_started_ms(const struct attach *attach);
/* Looks once from both sides, at most timeout_ms; *ret is the caller's. Fails when init ended meanwhile. */
bool attach_look(struct attach *attach, int timeout_ms, struct snapshot *ret, struct fault *fault);
/* Leaves the container as it is, and frees. */
void attach_close(struct attach *attach);
