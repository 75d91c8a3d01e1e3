/* SPDX-License-Identifier: MIT */
/* One more process inside a running cage, as docker exec starts it. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/str.h"
#include "cage/cage.h"

struct enter; /* a connection to a cage's keeper */

/* What is asked for. Strings are "" when nothing was said. */
struct enter_request {
        const char *user; /* USER[:GROUP] by the image's passwd and group; "": the container's own */
        const char *workdir;
        /* NAME=VALUE over the container's. NAME: the value in this process's environment; where it has none
         * the container's is taken away. */
        const struct strv *env;
        const struct strv *argv; /* at least one word */
};

/* Finds a cage of this user by its name, its id or the beginning of it, or the PID (on the machine) of its
 * init. Fails with 125 when there is none, and names those that there are. */
bool enter_open(const char *who, struct enter **ret, struct fault *fault);
/* NULL is fine. What was started goes on. */
void enter_close(struct enter *enter);

/* Starts the process; returns when its exec has succeeded, or with the fault: 125 for an unknown user, 126
 * and 127 as for a container's command. stdio as for cage_launch; with tty *ret_pty is the master, the
 * caller's; else -1. */
bool enter_start(struct enter *enter, const struct enter_request *request, const struct cage_stdio *stdio,
                 int *ret_pty, struct fault *fault);

/* Asks for it and does not wait: whoever is inside can hold a newcomer up. enter_read tells what came of it.
 */
bool enter_ask(struct enter *enter, const struct enter_request *request, const struct cage_stdio *stdio,
               struct fault *fault);
/* The terminal's master after ENTER_STARTED, the caller's; -1: none was asked for, or it was taken. */
int enter_take_pty(struct enter *enter);

enum { ENTER_NOTHING, ENTER_ENDED, ENTER_STARTED };
/* To poll for POLLIN, then enter_read: ENTER_STARTED after enter_ask, when its exec has succeeded;
 * ENTER_ENDED when the process has ended (*ret_status as the shell has it); ENTER_NOTHING when nothing is
 * new; -1 with a fault when it did not start (as enter_start's) or the cage has gone. */
int enter_fd(const struct enter *enter);
int enter_read(struct enter *enter, int *ret_status, struct fault *fault);
bool enter_signal(struct enter *enter, int sig);
/* Its PID on the machine, 0 before it was started. */
pid_t enter_pid(const struct enter *enter);
