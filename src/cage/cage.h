/* SPDX-License-Identifier: MIT */
/* The running container. Opaque: it owns descriptors and has an order of operations. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "spec/resolve.h"
#include "spec/spec.h"

/* What the keeper calls itself, and the first process before its exec. */
#define CAGE_KEEPER_NAME "vitrine keeper"

struct cage;
struct image; /* image/image.h, which brings jq: the keeper reads this header too, and is linked without */

/* How the command's standard descriptors are laid. -1 is /dev/null. They stay the caller's. tty: they are a
 * terminal of the cage's own instead, whose other end is cage_take_pty. */
struct cage_stdio {
        int in, out, err;
        bool tty;
};

/* Launches: returns when the command's exec has succeeded, or with the fault of the step that failed. helper:
 * path of the vitrine-keeper program. id: 12 hexadecimal digits. door: the socket of door_open on which the
 * keeper answers exec, or -1; it stays the caller's. */
bool cage_launch(const char *helper, const struct spec *spec, const struct resolved *resolved,
                 const struct image *image, const struct machine *machine, const char *id,
                 const struct cage_stdio *stdio, int door, struct cage **ret, struct fault *fault);

/* Joins the container that pid, or any process in it, belongs to, for a look (join.h): nothing of it is
 * changed. There is no keeper (0); it is not ended by cage_destroy and gets no signal. */
bool cage_join(pid_t pid, struct cage **ret, struct fault *fault);

pid_t cage_init_pid(const struct cage *cage);
pid_t cage_keeper_pid(const struct cage *cage);
int cage_pidfd(const struct cage *cage);     /* of init; owned by the cage */
int cage_proc_fd(const struct cage *cage);   /* detached procfs mount for the inside eye; owned by the cage */
int cage_userns_fd(const struct cage *cage); /* -1 without a user namespace; owned by the cage */
int cage_plan_fd(const struct cage *cage);   /* what it was made from (plan_read); owned by the cage */
int cage_take_pty(
        struct cage *cage); /* master of the command's terminal, the caller's from now on; -1: none */
int cage_socket(const struct cage *cage); /* poll for POLLIN, then cage_read; owned by the cage */
const char *
cage_note(const struct cage *cage); /* what could not be given as asked ("" when all was), for the screen */

/* The inode of the PID namespace of a cage that was joined, 0 for one that was launched. */
uint64_t cage_pidns(const struct cage *cage);

/* What the keeper says without blocking: 1 when init has ended (*ret_status as the shell has it: its own, or
 * 128+n; -1: it was joined, and only its parent is told), 0 when nothing new, -1 with a fault when the keeper
 * is gone. */
int cage_read(struct cage *cage, int *ret_status, struct fault *fault);

/* The inside eye, which lives in a mount namespace of its own: it is not taken for a process of the cage when
 * a keeper was killed and what it leaves is looked for. */
void cage_spare(struct cage *cage, pid_t pid);

/* Sends a signal to init. */
bool cage_signal(struct cage *cage, int sig);

/* Begins the end of the cage without a wait; nothing but cage_destroy may follow, which waits for nothing
 * once the descriptor that comes back (the cage's; -1: there is none) can be read. */
int cage_leave(struct cage *cage);
/* Kills what runs in the cage, waits until keeper and cage are gone, frees. NULL is fine. */
void cage_destroy(struct cage *cage);

/* What this process may do here: mode, capabilities known and grantable, ids. Nothing is tried. */
bool cage_machine(const struct spec *spec, struct machine *ret, struct fault *fault);
/* Tries whether a range can be mapped: where that is refused it becomes one id, as a launch would make it. */
void cage_try_machine(struct machine *machine);
/* One id in place of the range, and why. */
void cage_forgo_range(struct machine *machine, const char *why);
/* Whether a launch has failed because the range was refused: it can be had with one id. */
bool cage_range_refused(const struct machine *machine, const struct fault *fault);
