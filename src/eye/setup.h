/* SPDX-License-Identifier: MIT */
/* How an eye comes to its procfs and puts down what it does not need. Only in the eye's own program. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"

/* First of all: closes what was inherited, ends with vitrine, is not dumpable, gains nothing by an exec, and
 * keeps of the capabilities what some eye needs. */
bool setup_begin(struct fault *fault);

/* Moves the cage's procfs onto this process's own /proc: in the cage's user namespace (userns_fd, or -1),
 * where ids are translated for the reader, and a mount namespace of its own. Neither the cage's file system
 * nor its PID namespace is entered. */
bool setup_enter(int proc_fd, int userns_fd, struct fault *fault);

/* Before setup_enter: root becomes nobody and keeps its capabilities. For a user namespace that may map no
 * other user, in which this process would else stay the machine's user 0. */
bool setup_leave_root(struct fault *fault);

/* Gives up every capability, and root where this process began as root (asked before setup_enter: inside,
 * root may have another number). CAP_SYS_PTRACE stays where it is held and keep_ptrace says so (a procfs with
 * hidepid, the namespaces of others). */
bool setup_drop(bool was_root, bool keep_ptrace, struct fault *fault);

/* Whether /proc is mounted so that it hides other users' processes: its option as it stands, "" when not. */
void setup_hidepid(char *ret, unsigned long size);
/* Why the host's processes cannot all be seen (after setup_drop), owned by the caller; NULL: they can. */
char *setup_trouble(const char *hidepid);
