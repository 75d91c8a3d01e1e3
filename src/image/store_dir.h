/* SPDX-License-Identifier: MIT */
/* The folder in which images are kept. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "base/str.h"

enum store_dir { STORE_DIR_NONE, STORE_DIR_OPEN, STORE_DIR_FAULT };

/* Opens it. A fault: it is a link or no folder, it may not be entered, or others than its owner may write
 * there. */
enum store_dir store_dir_open(const char *folder, int *ret_fd, struct fault *fault);

/* Makes what of the path is not there, each 0700, and opens it. */
bool store_dir_make(const char *folder, int *ret_fd, struct fault *fault);

/* Removes what a write that was killed has left, when it is older than a day. */
void store_dir_tidy(int fd);

/* The names in it that do not begin with a dot, sorted. Returns false with errno set. */
bool store_dir_files(int fd, struct strv *ret);
