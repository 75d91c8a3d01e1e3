/* SPDX-License-Identifier: MIT */
/* Reads the processes of one procfs, pass by pass. Only in the eye's own program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/str.h"
#include "snapshot/table.h"

struct pids_info;

/* A process that has been seen, with what was read of it. */
struct seen {
        struct proc proc;
        uint64_t inode; /* of /proc/PID: with the PID it tells one process from the next of that number */
        uint64_t first_ms;
        enum { READ_OLD, READ_DUE, READ_DONE } read;
        enum { TIE_UNKNOWN, TIE_ON_PATH, TIE_NO, TIE_YES } tie;
};

struct reader {
        struct pids_info *pids; /* libproc2's context */
        int proc_fd;
        bool inside;  /* the cage's side: every process is of interest */
        pid_t keeper; /* the host's side: its descendants are (0: nobody's) */
        char *hidden; /* why not all processes can be seen; NULL: they can */
        struct seen *v;
        size_t n;
        pid_t cursor; /* the rotation goes on after this PID */
};

/* Opens libproc2's context, for numeric ids alone. */
bool reader_init(struct reader *reader, struct fault *fault);
/* Reads and appends the table to out, packed with read_ms 0. Returns false when the pass failed: then the
 * table has no rows and says why. */
bool reader_pass(struct reader *reader, uint64_t now_ms, struct str *out);
void reader_finish(struct reader *reader);

/* reader_tie.c: finds the descendants of the keeper among the rows (sorted by PID). Their number is bounded
 * by EYE_DETAILS; with inside the first rows are tied. */
enum { EYE_DETAILS = 2000 };
void reader_tie(struct reader *reader);
/* The row of pid, or NULL. */
struct seen *reader_find(const struct reader *reader, pid_t pid);

/* reader_proc.c: what libproc2 does not give as it is, read by hand below proc_fd. comm and cmdline are raw
 * bytes and the caller's, NULL when the process has gone. */
char *reader_comm(int proc_fd, pid_t pid);
char *reader_cmdline(int proc_fd, pid_t pid, size_t max);
