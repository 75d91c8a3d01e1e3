/* SPDX-License-Identifier: MIT */
/* What the tests of an eye that is told what happens have in common. Nothing here asks an eye to look, once
 * it is open. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "eye/eye.h"

/* Where much is to be read an eye rests for long, to stay within 2 % of one CPU. */
enum { SOON_MS = 30000 };

/* cmocka's skip() is "not ok" in TAP. */
void say_skipped(const char *reason);

/* The host's eye, which watches this process's descendants and has looked once. */
struct eye *open_host(const struct eye_options *options);
/* NULL, and why, where the kernel tells nothing. As root, and in the kernel's own namespaces, it does. */
struct eye *open_told(uint32_t room);

/* Waits until the row of pid is as wanted (NULL: there is none); false when it never was. */
typedef bool row_test(const struct proc *row, const void *what);
bool await_row(struct eye *eye, pid_t pid, row_test *test, const void *what, int timeout_ms);
bool is_named(const struct proc *row, const void *what);
bool has_parent(const struct proc *row, const void *what);
bool is_gone(const struct proc *row, const void *what);
/* In the last table; 0: there is none of that name. */
pid_t find_child(const struct eye *eye, pid_t parent, const char *name);

/* A child that runs act when it is told to (release), then waits for its end. */
pid_t fork_held(void (*act)(void), int *ret_release);
void release(int *fd);
void end_child(pid_t pid);
void become_sleep(void);
