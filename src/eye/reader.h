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
        struct proc proc;  /* comm NULL: nothing was read of it yet; cmdline lies in the same piece */
        uint64_t inode;    /* of /proc/PID: with the PID it tells one process from the next of that number */
        uint64_t first_ms; /* 0: it was there before the first pass */
        enum { READ_OLD, READ_DUE, READ_DONE, READ_GONE } read : 4;
        enum { TIE_UNKNOWN, TIE_ON_PATH, TIE_NO, TIE_YES } tie : 4;
        /* Whether it is in the wanted PID namespace. */
        enum { NS_UNKNOWN, NS_DENIED, NS_OUTSIDE, NS_WITHIN } ns : 4;
        bool detailed : 1; /* its status was read with it */
        bool touched : 1;  /* something has happened to it since it was read */
        bool tied : 1;     /* it was in the last table */
};

struct reader {
        struct pids_info *pids; /* libproc2's context */
        int proc_fd;
        bool inside;    /* the cage's side: every process is of interest */
        pid_t keeper;   /* its descendants are, on the host's side those alone (0: nobody's) */
        pid_t init;     /* so is this one, though it were one more than TIES_MOST (0: nobody) */
        uint64_t pidns; /* the host's side: what is in that PID namespace is (its inode; 0: none) */
        char *hidden;   /* why not all processes can be seen; NULL: they can */
        struct seen *v;
        size_t n;
        size_t unlisted;  /* processes beyond the bound of rows */
        size_t arguments; /* bytes of all rows' command lines */
        size_t due;       /* rows that the pass has still to read */
        bool calm;        /* as its plan says */
        uint64_t now_ms;  /* when the pass began */
        int err;          /* errno of a pass that failed; 0: it did not */
        pid_t cursor;     /* the rotation goes on after this PID */
        size_t stale;     /* rows that the rotation has still to come to since something was missed */
        bool lacks;       /* a tied row's status, which could not be read this time */
        size_t zombies;   /* rows that only wait to be reaped */
        pid_t *ended;     /* whose children have another parent now; room for ENDED_MAX */
        size_t n_ended;
        uint32_t stirs; /* how often something has happened to a tied row, or one was tied or no more */
};

/* What a pass is to read beside what is new, what was touched and what waits to be reaped. */
struct reader_plan {
        bool list;     /* ask which processes there are */
        bool young;    /* those that have come within two seconds */
        bool tied;     /* those that are tied */
        bool asked;    /* somebody waits for it: of thousands nothing more */
        bool calm;     /* which of the others runs or sleeps just now is no news */
        size_t rotate; /* as many of the others, in turn */
};

/* Opens libproc2's context, for numeric ids alone. */
bool reader_init(struct reader *reader, struct fault *fault);
/* Begins a pass: lists the processes and decides what is read of them. A pass that was begun before is over;
 * what it has left unread stays due. */
void reader_begin(struct reader *reader, uint64_t now_ms, const struct reader_plan *plan);
/* Goes on with the pass until it is over (due is 0) or budget_us have gone by: what the screen shows first is
 * read first. */
void reader_go(struct reader *reader, uint64_t budget_us);
/* Appends the table as it is by now to out, packed with read_ms 0. When the pass failed it has no rows and
 * says why. */
void reader_table(struct reader *reader, struct str *out);
void reader_finish(struct reader *reader);

/* reader_event.c: what the kernel tells while no pass runs, or one does. Something has happened to a process;
 * it has ended, and so it will be reaped and its children have another parent; something was missed. */
void reader_touch(struct reader *reader, pid_t pid);
void reader_end(struct reader *reader, pid_t pid);
void reader_miss(struct reader *reader);
/* The children of what has ended are read in the pass that begins. */
enum { ENDED_MAX = 4096 };
void reader_touch_orphans(struct reader *reader);

/* reader_plan.c: marks the rows that the pass which begins is to read. Pure. */
void reader_choose(struct reader *reader, const struct reader_plan *plan);

/* reader_tie.c: finds the descendants of the keeper among the rows (sorted by PID). Their number is bounded
 * by TIES_MOST; with inside the first of the other rows are tied as well. */
void reader_tie(struct reader *reader);
/* Leaves the first TIES_MOST of those that are tied, and init. */
void reader_bound_ties(struct reader *reader);
/* reader_ns.c: the same by the PID namespace in which a process is. It stays there for life, so each is asked
 * once; one whose namespace may not be read is asked again when its row is read again. */
void reader_ns_want(struct reader *reader, uint64_t pidns);
void reader_tie_ns(struct reader *reader);
/* The row of pid, or NULL. */
struct seen *reader_find(const struct reader *reader, pid_t pid);

/* reader_proc.c: what libproc2 does not give as it is, read by hand below proc_fd. comm and cmdline are raw
 * bytes and the caller's, NULL when the process has gone. */
char *reader_comm(int proc_fd, pid_t pid);
char *reader_cmdline(int proc_fd, pid_t pid, size_t max);
