/* SPDX-License-Identifier: MIT */
/* Process tables for tests, row by row. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/snapshot.h"

static inline struct proc *add_proc(struct proc_table *table, pid_t pid, pid_t ppid, uint32_t uid,
                                    const char *comm)
{
        struct proc *proc;

        table->v = xrealloc(table->v, table->n + 1, sizeof(*table->v));
        proc = &table->v[table->n++];
        *proc = (struct proc){ .pid = pid,
                               .ppid = ppid,
                               .uid = uid,
                               .state = 'S',
                               .comm = xstrdup(comm),
                               .cmdline = xstrdup(comm) };
        return proc;
}

/* With a status; the PIDs inwards, 0 ends them. */
static inline struct proc *add_told(struct proc_table *table, pid_t pid, pid_t ppid, uint32_t uid,
                                    const char *comm, pid_t second, pid_t third)
{
        struct proc *proc = add_proc(table, pid, ppid, uid, comm);
        struct status *status = xcalloc(1, sizeof(*status));

        status->pid = pid;
        status->ppid = ppid;
        for (unsigned i = 0; i < 4; i++)
                status->uid[i] = status->gid[i] = uid;
        status->nspid[0] = pid;
        status->nspid[1] = second;
        status->nspid[2] = third;
        status->n_nspid = third ? 3 : second ? 2 : 1;
        status->state = 'S';
        snprintf(status->comm, sizeof(status->comm), "%s", comm);
        proc->status = status;
        return proc;
}

static inline const struct row *find_row(const struct row *rows, size_t n, pid_t pid)
{
        for (size_t i = 0; i < n; i++)
                if (rows[i].proc->pid == pid)
                        return &rows[i];
        return NULL;
}
