/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/ahead.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/own.h"
#include "eye/eye.h"

enum { CMDLINE_MAX_BYTES = 4096 };

/* The arguments joined with spaces, as the eyes give them. */
static char *read_cmdline(int proc_fd, pid_t pid)
{
        char path[32], text[CMDLINE_MAX_BYTES];
        own_fd int fd = -1;
        ssize_t n;

        snprintf(path, sizeof(path), "%d/cmdline", (int)pid);
        fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
        n = fd < 0 ? 0 : read(fd, text, sizeof(text));
        while (n > 0 && text[n - 1] == '\0')
                n--;
        for (ssize_t i = 0; i < n; i++)
                if (text[i] == '\0')
                        text[i] = ' ';
        return xstrndup(text, n > 0 ? (size_t)n : 0);
}

static bool read_one(int proc_fd, pid_t pid, struct proc *ret)
{
        struct status status;

        if (!eye_read_status(proc_fd, pid, &status, NULL))
                return false;
        *ret = (struct proc){ .pid = pid,
                              .ppid = status.ppid,
                              .uid = status.uid[1],
                              .state = status.state,
                              .comm = xstrdup(status.comm),
                              .cmdline = read_cmdline(proc_fd, pid),
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
