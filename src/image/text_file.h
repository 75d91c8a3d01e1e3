/* SPDX-License-Identifier: MIT */
/* Texts that anybody may have written: read whole, or refused with the file and the line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/fault.h"

enum { TEXT_FILE_MAX = 1024 * 1024 };

/* Reads a text of at most 1 MiB from what an O_PATH descriptor, which stays the caller's, stands for. name is
 * how faults call it. Refused (125): what is no regular file (it is not even opened), what changed while it
 * was read, a NUL byte, what is not UTF-8. The result is owned by the caller. */
bool text_file_read(int place_fd, const char *name, char **ret, struct fault *fault);

/* The same, but what is not UTF-8 is taken as it is: who shows a part of it escapes it. */
bool text_file_read_bytes(int place_fd, const char *name, char **ret, struct fault *fault);

/* Opens a file below dir_fd and reads it so. flags go to openat: O_NOFOLLOW, or 0. */
bool text_file_open(int dir_fd, const char *path, int flags, const char *name, char **ret,
                    struct fault *fault);

/* Whether len bytes are a file's whole text, by its state before and after they were read. */
bool text_file_stable(const struct stat *before, const struct stat *after, size_t len);

/* Fills fault with "NAME:LINE: why"; returns false. A long name loses its front. */
bool text_file_fault(struct fault *fault, const char *name, unsigned line, const char *why, ...)
        __attribute__((format(printf, 4, 5)));
