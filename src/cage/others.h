/* SPDX-License-Identifier: MIT */
/* What has a PID namespace of its own on this machine, whoever made it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "cage/enter_find.h"
#include "snapshot/cgroup.h"

/* One PID namespace, by its PID 1. Texts are raw bytes that others chose, owned, never NULL. */
struct other {
        pid_t init;         /* by the machine's number */
        uint32_t uid;       /* init's, effective, on the machine */
        uint64_t pidns;     /* its inode; 0: this user may not read it */
        unsigned processes; /* with those of the namespaces below it, as ps inside counts them; pidns 0:
                               unknown */
        char *comm, *cmdline;
        char *cgroup; /* the text of /proc/PID/cgroup */
        struct cgroup_guess guess;
        char *name, *id; /* of a cage of vitrine's that is this user's; "" */
};

struct others {
        struct other *v; /* by init */
        size_t n;
        size_t unreadable;        /* of them, those that this user may not look into */
        bool hidden;              /* /proc hides other users' processes: there may be more */
        struct enter_cages cages; /* this user's own, also those that share the machine's PIDs */
};

/* Fails only when /proc itself cannot be read. ret is the caller's. */
bool others_list(struct others *ret, struct fault *fault);
void others_finish(struct others *others);

/* The PID 1 of a PID namespace, 0 where none is seen. */
pid_t others_find_init(uint64_t pidns);

/* Which container a word means: a PID, the name or the id (or its beginning, four digits or more) of one of
 * this user's cages, or the id that a control group tells. Fails with 125 when there is none. *ret is a
 * PID. */
bool others_find(const char *who, pid_t *ret, struct fault *fault);
