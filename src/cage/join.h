/* SPDX-License-Identifier: MIT */
/* A container that somebody else started, joined for a look: nothing of it is changed, and no process of
 * vitrine's stays inside. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"

struct joined {
        pid_t init;     /* PID 1 of its PID namespace, by the machine's number */
        uint64_t pidns; /* that namespace's inode */
        int pidfd;      /* init's */
        int ns_fd;      /* the PID namespace: while it is held its inode's number is given to no other */
        int userns_fd;  /* init's user namespace; -1: this process's own */
        int proc_fd;    /* a detached procfs mount of the PID namespace */
};

/* Finds the container that pid, or any process in it, belongs to. Fails with 125, and says why, for what is
 * no process, what has no PID namespace of its own, and what this user may not look into. The descriptors
 * are the caller's. */
bool join_open(pid_t pid, struct joined *ret, struct fault *fault);
/* Whether init still is the process that was joined. */
bool join_lives(const struct joined *joined);
void join_close(struct joined *joined);

/* A detached procfs mount of the PID namespace at ns_fd (which stays the caller's), or -1 with a fault.
 * JOIN_BY_OPTION: procfs's pidns option, with which nobody enters the namespace (Linux 6.18); JOIN_BY_CHILD:
 * a child that is in it for one system call. JOIN_ANY: the first, else the second. */
enum join_way { JOIN_ANY, JOIN_BY_OPTION, JOIN_BY_CHILD };
int join_procfs(int ns_fd, enum join_way way, struct fault *fault);
