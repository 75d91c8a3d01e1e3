/* SPDX-License-Identifier: MIT */
/* A container's device cgroup, which says what devices may be opened in it: the second fence behind mounts
 * that are nodev. As real root alone; below the cgroup that vitrine itself is in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

enum devgroup_kind { DEVGROUP_NONE, DEVGROUP_V1, DEVGROUP_V2 };

/* Owns its descriptors; with kind DEVGROUP_NONE there are none. */
struct devgroup {
        enum devgroup_kind kind;
        int parent_fd;
        int dir_fd;   /* has the rules; locked (flock(2)) for as long as its keeper lives */
        int inner_fd; /* below it, and entered: what is the root inside, where no rules can be changed */
        int enter_fd; /* who writes "0" there is in it */
        char name[40];
};

#define DEVGROUP_EMPTY                                                                               \
        (struct devgroup)                                                                            \
        {                                                                                            \
                .kind = DEVGROUP_NONE, .parent_fd = -1, .dir_fd = -1, .inner_fd = -1, .enter_fd = -1 \
        }

/* Makes one, with Docker's rules or (all) without any. Takes what keepers that were killed have left behind
 * away first. id: 12 hexadecimal digits. Fails where this machine has none to make, with the reason. */
bool devgroup_make(const char *id, bool all, struct devgroup *ret, struct fault *fault);
/* Puts the calling process, which has one thread, into it. errno is set. */
bool devgroup_enter(int enter_fd);
/* Ends every process in it at once, so that none forks itself out of reach, where the kernel can: v2, Linux
 * 5.14. */
void devgroup_kill(const struct devgroup *group);
/* Removes it when the last process in it has ended, for which it waits a second at most, and closes. */
void devgroup_remove(struct devgroup *group);
/* Removes all whose keepers have died. */
void devgroup_sweep(void);

/* devgroup_find.c, pure: where a new one is made. cgroups and mountinfo are the texts of /proc/self/cgroup
 * and /proc/self/mountinfo. The controller of v1 where it is mounted (then it rules), else cgroup2.
 * DEVGROUP_NONE: neither is in sight; ret is untouched then. */
enum devgroup_kind devgroup_find(const char *cgroups, const char *mountinfo, char *ret, size_t size);

/* devgroup_rules.c: lets the processes of the cgroup dir_fd open what Docker lets them. errno is set. */
bool devgroup_restrict(enum devgroup_kind kind, int dir_fd);
