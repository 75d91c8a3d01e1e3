/* SPDX-License-Identifier: MIT */
/* Which engine made a container, guessed from where its first process stands among the control groups. Pure.
 */
#pragma once

#include <stdbool.h>

enum { CGROUP_ID_SIZE = 129 };

/* A guess and no more: whoever may make control groups can give them these names. */
struct cgroup_guess {
        const char *engine;      /* "docker"; NULL: nothing known stands there */
        char id[CGROUP_ID_SIZE]; /* 64 hexadecimal digits, or a name as it stands there (raw bytes); "" */
};

/* Reads the text of /proc/PID/cgroup (cgroups(7)). The innermost container counts. */
void cgroup_guess(const char *text, struct cgroup_guess *ret);
