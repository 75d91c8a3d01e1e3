/* SPDX-License-Identifier: MIT */
/* What is written to the terminal, without ever waiting for it. curses writes into a file in memory; from
 * there its bytes go to the terminal as it takes them. What was handed over is always sent whole and in
 * order: a frame that is not wanted is not drawn in the first place. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/fault.h"

struct output {
        FILE *file;  /* for curses; owned */
        int tty;     /* owned; does not block where it could be opened anew */
        bool blocks; /* it could not: short pieces, and only while the terminal takes some */
        char *bytes; /* what waits: from … len of size; owned */
        size_t from, len, size;
        int err; /* errno of what failed though the terminal is there; else 0 */
};

/* Standard output is a terminal. On failure nothing is left open. */
bool output_open(struct output *output, struct fault *fault);
void output_close(struct output *output);
/* A call on the terminal has failed: notes errno. What is hung up fails as well, and is no failure. */
void output_note(struct output *output);
/* What curses says of nothing: a write that fails leaves errno alone. So before it writes, output_begin. */
void output_begin(void);
/* Takes what curses has written since then. */
void output_collect(struct output *output);
/* Adds bytes of our own, after what waits. */
void output_add(struct output *output, const char *bytes, size_t n);
size_t output_waiting(const struct output *output);
/* Writes what the terminal takes now; true when nothing waits any more (also when the terminal is gone). */
bool output_flush(struct output *output);
/* The same, and waits for it, at most timeout_ms. */
bool output_drain(struct output *output, int timeout_ms);
/* Throws away what waits, and what the kernel keeps for a terminal that does not read: what comes next ends
 * whatever sequence it has begun. */
void output_drop(struct output *output);
