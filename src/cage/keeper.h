/* SPDX-License-Identifier: MIT */
/* The keeper's parts: launching the first process, letting visitors in, and leaving nothing behind. */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/helper.h"
#include "cage/devgroup.h"
#include "cage/plan.h"

/* The control socket to vitrine is always this descriptor; its end of file means that vitrine has gone. */
enum { KEEPER_CONTROL = HELPER_CONTROL };

/* Above the standard descriptors and the control socket, so that laying the command's does not overwrite one.
 */
enum { KEEPER_LOWEST_FD = 10 };

enum { KEEPER_VISITORS = 64, KEEPER_ENDED = 32 };

/* What is stopped before its exec, by whoever may do so, is woken every KEEPER_NUDGE_MS, and after
 * KEEPER_GIVE_UP_MS it is ended. */
enum { KEEPER_NUDGE_MS = 50, KEEPER_GIVE_UP_MS = 8000 };

/* Somebody who came through the door, and the process that was started for him. */
struct visitor {
        int sock;       /* -1: a free place, unless pid is there */
        int child_sock; /* to what enters, until its exec has succeeded; -1 */
        int pty;        /* master of its terminal on its way to the visitor; -1 */
        pid_t entering; /* who joins the namespaces, outside the PID namespace; 0: nobody, -1: waited for */
        int entering_fd;
        pid_t pid; /* the command, a child of the keeper; 0: none yet */
        int pid_fd;
        uint64_t since;     /* when who enters, then the command, began (CLOCK_MONOTONIC, ms) */
        unsigned n_ended;   /* the keeper's when it began: who had ended before is another of its number */
        pid_t said_by;      /* who, inside, said what follows: it counts if that is the command */
        bool said_exec;     /* its next call is exec */
        bool said_fault;    /* it could not be */
        struct fault fault; /* why */
        bool started;       /* exec has succeeded */
        bool failed;        /* a fault was told */
};

/* A child that was waited for, whose record may not have come yet. */
struct ended {
        pid_t pid;
        int status; /* as the shell has it */
};

struct keeper {
        struct plan plan;
        int fds[PLAN_FD_N]; /* what came with the plan */
        pid_t init;
        int pidfd;
        int proc_fd, userns_fd, pty_fd; /* from the child, for vitrine */
        int door;                       /* -1: none */
        struct devgroup devgroup;
        bool reaped; /* init has been waited for */
        int status;  /* as the shell has it */
        char note[128];
        struct visitor visitors[KEEPER_VISITORS];
        struct ended ended[KEEPER_ENDED]; /* a ring */
        unsigned n_ended;
};

/* keeper_launch.c: clones the first process, writes its id maps and waits until its exec has succeeded. On
 * failure nothing of it is left. Gives up (and kills it) when vitrine goes away meanwhile. */
bool keeper_launch(struct keeper *keeper, struct fault *fault);

/* keeper_launch.c: with --userns remap pipes of real root's become the command's own (a process inside has no
 * power over them; in the other modes it takes them itself). */
void keeper_give_pipes(const struct plan *plan, const int fds[static PLAN_FD_VISITOR_N]);

/* keeper_reap.c: waits for whoever has ended; notes init's status and tells visitors of theirs. Returns false
 * when no child is left. */
bool keeper_reap(struct keeper *keeper);
/* keeper_reap.c: kills init and every descendant, and waits until all have gone. */
void keeper_end(struct keeper *keeper);

/* keeper_door.c: one process more inside, for whoever of the same user asks. */
enum { KEEPER_DOOR_POLLS = 1 + 2 * KEEPER_VISITORS };
void keeper_door_init(struct keeper *keeper);
/* Fills polls; handle gets the same array back after poll. */
void keeper_door_poll(const struct keeper *keeper, struct pollfd polls[static KEEPER_DOOR_POLLS]);
void keeper_door_handle(struct keeper *keeper, const struct pollfd polls[static KEEPER_DOOR_POLLS]);
/* How long to poll, in milliseconds; -1: until something comes. */
int keeper_door_patience(const struct keeper *keeper);
/* A child of the keeper has ended and is about to be waited for: what it said is heard while its number is
 * still its own. */
void keeper_door_ending(struct keeper *keeper, pid_t pid);
/* It was waited for. */
void keeper_door_reaped(struct keeper *keeper, pid_t pid, int status);
