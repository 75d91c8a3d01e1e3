/* SPDX-License-Identifier: MIT */
/* The error value: what failed and why. It travels up and is printed once, in cmd/. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Docker's exit codes: https://docs.docker.com/engine/reference/run/#exit-status */
enum {
        EXIT_VITRINE = 125,   /* vitrine itself failed, or was used badly */
        EXIT_NOT_EXEC = 126,  /* the command was found and cannot be executed */
        EXIT_NOT_FOUND = 127, /* the command was not found */
};

/* Of fixed size, so that a child can send one as a single record. All strings are NUL-terminated.
 * step: what failed ("mount /proc in the container"); path: the file it was about, or "";
 * why: the reason in words, or "" when strerror(err) says it; hint: a remedy that only the failing code
 * can know (a near miss), or "" (then cage/remedy.h is asked when it is shown).
 * err: an errno value, or 0. exit_code: what the process is to exit with. */
struct fault {
        int err;
        int exit_code;
        char step[128];
        char path[256];
        char why[256];
        char hint[256];
};

/* Fills fault with errno as the error and exit_code 125. Always returns false, so that a failing function
 * can end with `return fault_errno(...)`. step is a printf format. fault may be NULL. */
bool fault_errno(struct fault *fault, const char *path, const char *step, ...)
        __attribute__((format(printf, 3, 4)));

/* Fills fault with a reason in words (err 0, exit_code 125). Always returns false. */
bool fault_why(struct fault *fault, const char *step, const char *why, ...)
        __attribute__((format(printf, 3, 4)));

/* Puts a remedy into fault; returns false. */
bool fault_hint(struct fault *fault, const char *hint, ...) __attribute__((format(printf, 2, 3)));

/* Sets the exit code; returns false. */
bool fault_exit(struct fault *fault, int exit_code);

/* Makes every string of a fault that came from another process end inside its array. */
void fault_seal(struct fault *fault);

/* Writes "STEP[ PATH]: WHY" into buf: PATH only where STEP does not name it already; WHY
 * alone where STEP is the flag that it ends with. Pure. */
void fault_line(const struct fault *fault, char *buf, size_t size);
