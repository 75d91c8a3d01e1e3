/* SPDX-License-Identifier: MIT */
/* Names of users on the host's side. A lookup may ask a directory on the network, so it is done in a process
 * of its own that is given some seconds. Only in the eye's own program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "eye/proto.h"

struct known;

struct lookup {
        struct known *v; /* sorted by uid */
        size_t n;
        pid_t child; /* 0: none */
        int fd;      /* what it finds; -1: none */
        uint64_t end_ms;
        int sock; /* which the child must not hold */
};

/* Notes that a name is wanted for uid. */
void lookup_want(struct lookup *lookup, uint32_t uid);
/* Takes what the child has found, ends it when its time is over, starts one when something is wanted. */
void lookup_go(struct lookup *lookup, uint64_t now_ms);
/* When lookup_go has something to do at the latest; UINT64_MAX: nothing. */
uint64_t lookup_next(const struct lookup *lookup);
/* Copies names that have not gone out into names (room for max); they count as sent after lookup_sent. */
size_t lookup_unsent(const struct lookup *lookup, struct eye_name *names, size_t max);
void lookup_sent(struct lookup *lookup, const struct eye_name *names, size_t n);
/* Kills the child and frees. */
void lookup_finish(struct lookup *lookup);
