/* SPDX-License-Identifier: MIT */
/* Commands that are run inside, one after another, and what came of them (key !, a lesson's exec). */
#pragma once

#include <jv.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/loop.h"
#include "base/str.h"

enum { RUN_OUTPUT_BYTES = 64 * 1024, RUNS_MOST = 100 };

struct run_entry {
        struct strv argv;
        char *user;        /* what -u said, else "" */
        struct str output; /* stdout and stderr together, the last RUN_OUTPUT_BYTES as they came; from the
                              beginning of a line */
        size_t dropped;    /* lines before those */
        bool cut;          /* one alone is longer, and has lost its beginning */
        bool ended;
        int exit; /* when ended: as the shell has it; 125 to 127 with the reason as output where it did not
                     start */
};

struct enter;

/* {0, .out_fd = -1} is none. Opaque in the middle: only v and n are read by others. */
struct runs {
        struct run_entry *v; /* in the order in which they were begun; the oldest go beyond RUNS_MOST */
        size_t n;
        struct loop *loop;
        struct enter *enter; /* of the last one while it runs */
        int out_fd;
        uint64_t ended_ms;           /* when the last one ended (CLOCK_MONOTONIC); 0: none has */
        void (*changed)(void *data); /* something came of the one that runs */
        void *data;
};

/* Begins a command in the container of that id. user: USER[:GROUP] or "". One that does not start is an entry
 * that ends, soon or at once. Returns false while another one runs. */
bool runs_start(struct runs *runs, const char *id, const char *user, const struct strv *argv);
bool runs_busy(const struct runs *runs);
/* Adds what a command has written to its entry, and drops from the front what is too much. Pure. */
void runs_keep(struct run_entry *entry, const char *bytes, size_t n);
/* Sends a signal to the one that runs. */
void runs_signal(struct runs *runs, int sig);
/* Forgets all; one that runs goes on unseen. */
void runs_clear(struct runs *runs);
/* The container is another: one that ran has ended with it (137). */
void runs_lost(struct runs *runs);
/* The last one, NULL: none. */
const struct run_entry *runs_last(const struct runs *runs);
/* What `exec` holds in a snapshot's JSON: those that have ended. */
jv runs_json(const struct runs *runs);
