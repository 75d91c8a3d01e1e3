/* SPDX-License-Identifier: MIT */
/* One side's processes, as read from one procfs. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"
#include "caps/caps.h"

enum { STATUS_MAX_GROUPS = 64, STATUS_MAX_LEVELS = 34 };

/* /proc/PID/status, as far as the view shows it (proc_pid_status(5)). Ids as the reader's user namespace has
 * them. */
struct status {
        pid_t pid, ppid;
        uint32_t uid[4], gid[4]; /* real, effective, saved, file system */
        uint32_t groups[STATUS_MAX_GROUPS];
        unsigned n_groups;
        pid_t nspid[STATUS_MAX_LEVELS]; /* from the reader's PID namespace inwards */
        unsigned n_nspid;
        struct cap_sets caps;
        bool no_new_privs;
        int seccomp; /* 0 none, 1 strict, 2 filter; -1 not told */
        char state;
        char comm[64]; /* unescaped by the kernel's rules: \n and \\ only */
};

/* Parses the text of a status file. Returns false when it is not one (the process ended while it was read).
 */
bool status_parse(const char *text, struct status *ret);
bool status_is_same(const struct status *a, const struct status *b);

/* The bound of a reader: of how many of the container's processes it reads the status, without which a
 * process cannot be tied to its other number. */
enum { TIES_MOST = 2000 };

struct proc {
        pid_t pid, ppid;
        uint32_t uid;  /* effective, as the reader's user namespace has it */
        char state;    /* R S D Z T t I X */
        char *comm;    /* raw bytes, NUL-terminated, owned */
        char *cmdline; /* arguments joined with spaces, raw, "" for a kernel thread or a zombie; owned */
        struct status *status; /* details; NULL where they were not asked for; owned */
};

/* The names and arguments of an unpacked table, which its copies share: one block, freed with the last of
 * them. */
struct proc_texts {
        unsigned holders;
        size_t size;
        char text[];
};

/* Sorted by pid. */
struct proc_table {
        struct proc *v;
        size_t n;
        size_t unread;            /* processes that are there, of which nothing has been read yet */
        uint64_t read_ms;         /* when the pass ended, CLOCK_MONOTONIC */
        char *trouble;            /* why there is nothing to show, or NULL; owned */
        struct proc_texts *texts; /* what lies in it is no row's own; NULL: every text is */
        unsigned *sharers; /* of v and texts, which nobody changes then; NULL: they are this table's own */
};

void proc_table_finish(struct proc_table *table);
/* How many processes there are: the rows, and what is not read yet. */
size_t proc_table_count(const struct proc_table *table);
/* Frees what a row owns by itself. */
void proc_table_drop(const struct proc_table *table, struct proc *proc);
/* The rows are copies, texts are shared where they can be. */
void proc_table_copy(struct proc_table *to, const struct proc_table *from);
/* The same table once more, to be read alone: its rows too are shared where they can be. */
void proc_table_share(struct proc_table *to, const struct proc_table *from);
/* By pid; of rows with the same pid the first stays. */
void proc_table_sort(struct proc_table *table);
/* NULL when there is none. */
const struct proc *proc_table_find(const struct proc_table *table, pid_t pid);

/* One table as bytes for a socket, and back. The reader trusts nothing: lengths are checked, counts bounded,
 * text made to end; returns false for what is not a table and leaves ret alone then. What comes out is
 * sorted. pack appends to out. */
void proc_table_pack(const struct proc_table *table, struct str *out);
bool proc_table_unpack(const char *data, size_t n, struct proc_table *ret);
