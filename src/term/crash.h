/* SPDX-License-Identifier: MIT */
/* Gives the terminal back when the program dies of a fault of its own. */
#pragma once

#include <stddef.h>
#include <termios.h>

/* From now on SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS and SIGTRAP write restore to fd, set it to
 * saved, and then do what they did before. A restore that is too long is not written at all. */
void crash_guard(int fd, const char *restore, const struct termios *saved);
void crash_unguard(void);
