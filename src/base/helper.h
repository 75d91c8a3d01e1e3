/* SPDX-License-Identifier: MIT */
/* Starts the programs that vitrine is made of. */
#pragma once

#include <spawn.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"

enum { HELPER_CONTROL = 3 /* a program's end of its socket */ };

/* A SOCK_SEQPACKET pair, close-on-exec, both the caller's; theirs is above HELPER_CONTROL. patient: a write
 * to ours may wait. */
bool helper_pair(bool patient, int *ret_ours, int *ret_theirs, struct fault *fault);

/* For posix_spawn: no signal blocked, and by flags (POSIX_SPAWN_…) a session of its own, every signal's
 * default action. posix_spawnattr_destroy undoes it. */
void helper_attributes(posix_spawnattr_t *ret, short flags);

struct helper_start {
        const char *path, *name;  /* what is executed, and what it is called */
        int sock;                 /* becomes HELPER_CONTROL */
        char *const *environment; /* ends with NULL */
        bool keeps_ignored;       /* signals that are ignored here are there too */
};

/* In a session of its own, no signal blocked, standard descriptors on /dev/null (errors are kept in a build
 * with sanitizers). Returns 0, or an errno. */
int helper_exec(const struct helper_start *start, pid_t *ret_pid);

/* helper_exec of a file that lies beside vitrine, with a pair of its own that never waits. *ret_sock is the
 * caller's. */
bool helper_open(const char *path, char *const *environment, pid_t *ret_pid, int *ret_sock,
                 struct fault *fault);

/* The last part of a path. */
const char *helper_name(const char *path);
