/* SPDX-License-Identifier: MIT */
/* The files that a recording goes to. One that is there is written over only when it is a regular file that
 * is empty or begins as one of the same kind: to record the same lesson again needs no question, and a slip
 * of the hand costs no other file. A symbolic link, a FIFO and a device are refused. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/* errno as the fault of one that cannot be written; returns false. */
bool file_fault(struct fault *fault, const char *path);
/* Opens an empty file to append to, close-on-exec, owned by the caller. begins: how one of its kind begins;
 * NULL: there is to be none yet, else EEXIST. *ret_new: whether there was none. */
bool file_open(const char *path, const char *begins, int *ret_fd, bool *ret_new, struct fault *fault);
/* Whether what is there may be written over, or nothing is; writes nothing. */
bool file_check(const char *path, const char *begins, struct fault *fault);
/* Writes the file whole, or leaves what was there. */
bool file_replace(const char *path, const char *begins, const char *text, size_t n, struct fault *fault);
