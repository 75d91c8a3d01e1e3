/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/ahead.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "eye/eye.h"

static bool read_one(int proc_fd, pid_t pid, struct proc *ret)
{
        struct status status;
        char path[32];

        if (!eye_read_status(proc_fd, pid, &status, NULL))
                return false;
        snprintf(path, sizeof(path), "%d/cmdline", (int)pid);
        *ret = (struct proc){ .pid = pid,
                              .ppid = status.ppid,
                              .uid = status.uid[1],
                              .state = status.state,
                              .comm = xstrdup(status.comm),
                              .cmdline = io_read_arguments(proc_fd, path),
                              .status = xmalloc(sizeof(status)) };
        *ret->status = status;
        return true;
}

/* Copies the rows that are no last container's; there is room for two more. */
static void copy_others(const struct proc_table *old, struct proc_table *ret)
{
        size_t kept = 0;

        proc_table_copy(ret, old);
        for (size_t i = 0; i < ret->n; i++) {
                if (ret->v[i].status)
                        proc_table_drop(ret, &ret->v[i]);
                else
                        ret->v[kept++] = ret->v[i];
        }
        ret->n = kept;
        ret->v = xrealloc(ret->v, kept + 2, sizeof(*ret->v));
}

bool ahead_table(int proc_fd, const struct proc_table *old, pid_t keeper, pid_t init, struct proc_table *ret)
{
        struct proc_table made;

        copy_others(old, &made);
        if (read_one(proc_fd, keeper, &made.v[made.n]) && read_one(proc_fd, init, &made.v[++made.n])) {
                made.n++;
                proc_table_sort(&made);
                *ret = made;
                return true;
        }
        proc_table_finish(&made);
        return false;
}
