/* SPDX-License-Identifier: MIT */
/* The standard streams of a command in the foreground. They are pipes, or a terminal of the cage's own, as an
 * engine's are: a file or terminal of the machine never comes into the cage, where it could be opened again
 * for more than was given. */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "base/fault.h"
#include "base/loop.h"
#include "cage/cage.h"
#include "cmd/pump.h"
#include "cmd/tty.h"

struct streams {
        struct pump in, out, err;
        int in_write, out_read, err_read; /* vitrine's ends until they are pumped */
        int in_read, out_write, err_write;
        int pty;
        struct tty tty;
        bool interactive;
};

/* Nothing is open. */
#define STREAMS_NONE                                                                             \
        {                                                                                        \
                .in = { .from = -1, .to = -1 }, .out = { .from = -1, .to = -1 },                 \
                .err = { .from = -1, .to = -1 }, .in_write = -1, .out_read = -1, .err_read = -1, \
                .in_read = -1, .out_write = -1, .err_write = -1, .pty = -1                       \
        }

/* Opens what is needed; with interactive and terminal refuses (125) a standard input that is no terminal.
 * *ret is what the cage is given. */
bool streams_open(struct streams *streams, bool interactive, bool terminal, struct cage_stdio *ret,
                  struct fault *fault);
/* Begins to copy; pty: the master of the command's terminal, taken over, or -1. */
bool streams_start(struct streams *streams, struct loop *loop, int pty, struct fault *fault);
/* The window has another size. */
void streams_resize(struct streams *streams);
/* The command has ended: gives the terminal back, then copies what is still there. Whoever reads it may have
 * stalled, so the signals that were held back (the set) end vitrine from here on: there is nobody left to
 * hand them on to. Fails when a part of what was to be copied could not be; a reader that has gone is no
 * failure. */
bool streams_drain(struct streams *streams, const sigset_t *signals, struct fault *fault);
/* Gives the terminal back and closes. Accepts what streams_open has begun. */
void streams_close(struct streams *streams);
