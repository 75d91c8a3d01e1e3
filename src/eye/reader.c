/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libproc2/pids.h>

#include "base/own.h"
#include "eye/status_file.h"

enum {
        ROWS_MAX = 65536,
        ROTATE = 512,    /* rows read again in a pass though nothing calls for it */
        BATCH = 255,     /* the most that libproc2 takes at a time */
        YOUNG_MS = 2000, /* an exec may follow a fork */
        CMDLINE_MAX = 4096,
        CMDLINE_MIN = 64,
        CMDLINES_MAX = 32 * 1024 * 1024, /* of a whole table */
        KERNEL_THREAD = 0x00200000       /* PF_KTHREAD of the kernel's sched.h */
};

/* ID_EUID is the owner of /proc/PID: the kernel keeps it right for that folder also where a process is not
 * dumpable, and all below it root's. */
enum { V_PID, V_PPID, V_EUID, V_STATE, V_CMD, V_FLAGS, V_N };
static const enum pids_item items[V_N] = {
        [V_PID] = PIDS_ID_PID,  [V_PPID] = PIDS_ID_PPID, [V_EUID] = PIDS_ID_EUID,
        [V_STATE] = PIDS_STATE, [V_CMD] = PIDS_CMD,      [V_FLAGS] = PIDS_FLAGS,
};

bool reader_init(struct reader *reader, struct fault *fault)
{
        enum pids_item copy[V_N];
        int err;

        memcpy(copy, items, sizeof(copy));
        err = procps_pids_new(&reader->pids, copy, V_N);
        if (err < 0) {
                errno = -err;
                return fault_errno(fault, "", "open libproc2's reader of processes");
        }
        return true;
}

static void forget_row(struct seen *row)
{
        free(row->proc.comm);
        free(row->proc.cmdline);
        free(row->proc.status);
}

void reader_finish(struct reader *reader)
{
        for (size_t i = 0; i < reader->n; i++)
                forget_row(&reader->v[i]);
        free(reader->v);
        free(reader->hidden);
        if (reader->pids)
                procps_pids_unref(&reader->pids);
        fd_close(&reader->proc_fd);
        *reader = (struct reader){ .proc_fd = -1 };
}

static pid_t pid_of_name(const char *name)
{
        long pid = 0;

        for (; *name >= '0' && *name <= '9'; name++) {
                pid = pid * 10 + (*name - '0');
                if (pid > INT_MAX)
                        return 0;
        }
        return *name == '\0' ? (pid_t)pid : 0;
}

static int by_pid(const void *a, const void *b)
{
        const struct seen *x = a, *y = b;

        return (x->proc.pid > y->proc.pid) - (x->proc.pid < y->proc.pid);
}

/* The PIDs that are there, in order, as empty rows owned by the caller. */
static bool list_pids(const struct reader *reader, struct seen **ret, size_t *ret_n)
{
        own_fd int fd = openat(reader->proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct seen *rows = NULL;
        size_t n = 0, room = 0;
        struct dirent *entry;

        if (!dir)
                return false;
        take_fd(&fd);
        while (n < ROWS_MAX && (entry = readdir(dir)) != NULL) {
                pid_t pid = pid_of_name(entry->d_name);

                if (pid <= 0)
                        continue;
                if (n == room) {
                        room = room ? room * 2 : 256;
                        rows = xrealloc(rows, room, sizeof(*rows));
                }
                rows[n++] = (struct seen){ .proc.pid = pid, .inode = entry->d_ino };
        }
        closedir(dir);
        if (n > 1)
                qsort(rows, n, sizeof(*rows), by_pid);
        *ret = rows;
        *ret_n = n;
        return true;
}

/* Carries over what is known of the processes that are still the same. The kernel gives 1 as the inode of an
 * entry that it could not look up: that one is never the same. */
static void merge(struct reader *reader, struct seen *rows, size_t n, uint64_t now_ms)
{
        size_t old = 0;

        for (size_t i = 0; i < n; i++) {
                while (old < reader->n && reader->v[old].proc.pid < rows[i].proc.pid)
                        forget_row(&reader->v[old++]);
                if (old < reader->n && reader->v[old].proc.pid == rows[i].proc.pid &&
                    reader->v[old].inode == rows[i].inode && rows[i].inode > 1) {
                        rows[i] = reader->v[old++];
                        rows[i].read = READ_OLD;
                        continue;
                }
                rows[i].first_ms = now_ms;
                rows[i].read = READ_DUE;
        }
        while (old < reader->n)
                forget_row(&reader->v[old++]);
        free(reader->v);
        reader->v = rows;
        reader->n = n;
}

/* What is new, young or tied is read in every pass, of the rest ROTATE rows. */
static void choose(struct reader *reader, uint64_t now_ms)
{
        struct seen *next = reader->v, *end = reader->v + reader->n;
        size_t rotate = reader->n < ROTATE ? reader->n : ROTATE;

        for (struct seen *row = reader->v; row < end; row++) {
                if (row->tie == TIE_YES || now_ms - row->first_ms < YOUNG_MS)
                        row->read = READ_DUE;
                if (row->proc.pid <= reader->cursor)
                        next = row + 1;
        }
        for (; rotate > 0; rotate--, next++) {
                if (next >= end)
                        next = reader->v;
                next->read = READ_DUE;
                reader->cursor = next->proc.pid;
        }
}

/* libproc2 shows what cannot be printed as '.' or '?': where one of those stands, the name is read raw. */
static char *raw_comm(const struct reader *reader, pid_t pid, const char *shown)
{
        char *comm = strpbrk(shown, ".?") ? reader_comm(reader->proc_fd, pid) : NULL;

        return comm ? comm : xstrdup(shown);
}

/* libproc2 would read a command line whole (megabytes, if its owner wants it so), take newlines for ends of
 * arguments and show "-" for none: so it is read by hand. */
static void fill_row(const struct reader *reader, struct seen *row, const struct pids_result *head)
{
        struct proc *proc = &row->proc;
        size_t max = CMDLINES_MAX / reader->n;
        char *cmdline = NULL;

        max = max > CMDLINE_MAX ? CMDLINE_MAX : max < CMDLINE_MIN ? CMDLINE_MIN : max;
        proc->ppid = head[V_PPID].result.s_int;
        proc->uid = head[V_EUID].result.u_int;
        proc->state = head[V_STATE].result.s_ch;
        free(proc->comm);
        proc->comm = raw_comm(reader, proc->pid, head[V_CMD].result.str ? head[V_CMD].result.str : "");
        if (proc->state != 'Z' && proc->state != 'X' && !(head[V_FLAGS].result.ul_int & KERNEL_THREAD))
                cmdline = reader_cmdline(reader->proc_fd, proc->pid, max);
        free(proc->cmdline);
        proc->cmdline = cmdline ? cmdline : xstrdup("");
        row->read = READ_DONE;
}

static bool take_fetch(struct reader *reader, const struct pids_fetch *fetch)
{
        if (!fetch)
                return false;
        for (int i = 0; i < fetch->counts->total; i++) {
                const struct pids_result *head = fetch->stacks[i]->head;
                struct seen *row = reader_find(reader, head[V_PID].result.s_int);

                if (row)
                        fill_row(reader, row, head);
        }
        return true;
}

static bool read_chosen(struct reader *reader)
{
        unsigned pids[BATCH];
        int n = 0;

        for (size_t i = 0; i < reader->n; i++) {
                if (reader->v[i].read == READ_DUE)
                        pids[n++] = (unsigned)reader->v[i].proc.pid;
                if (n == BATCH || (n > 0 && i + 1 == reader->n)) {
                        if (!take_fetch(reader, procps_pids_select(reader->pids, pids, n, PIDS_SELECT_PID)))
                                return false;
                        n = 0;
                }
        }
        return true;
}

/* Reads what is due. To select a process costs libproc2 one file more than to meet it on the way. */
static bool read_due(struct reader *reader)
{
        size_t due = 0, kept = 0;

        for (size_t i = 0; i < reader->n; i++)
                due += reader->v[i].read == READ_DUE;
        if (due > reader->n / 2 ? !take_fetch(reader, procps_pids_reap(reader->pids, PIDS_FETCH_TASKS_ONLY))
                                : !read_chosen(reader))
                return false;
        for (size_t i = 0; i < reader->n; i++) {
                if (reader->v[i].read == READ_DUE)
                        forget_row(&reader->v[i]); /* it went, or it is hidden */
                else
                        reader->v[kept++] = reader->v[i];
        }
        reader->n = kept;
        return true;
}

static void read_details(struct reader *reader)
{
        for (size_t i = 0; i < reader->n; i++) {
                struct proc *proc = &reader->v[i].proc;
                struct status status;

                free(take_ptr(proc->status));
                if (reader->v[i].tie != TIE_YES ||
                    !status_file_read(reader->proc_fd, proc->pid, &status, NULL))
                        continue;
                proc->status = xmalloc(sizeof(status));
                *proc->status = status;
                proc->uid = status.uid[1];
                proc->state = status.state;
        }
}

static void pack(const struct reader *reader, const char *trouble, struct str *out)
{
        struct proc_table table = { .v = reader->n ? xmalloc(reader->n * sizeof(struct proc)) : NULL,
                                    .n = reader->n,
                                    .trouble = (char *)trouble };

        for (size_t i = 0; i < reader->n; i++)
                table.v[i] = reader->v[i].proc;
        proc_table_pack(&table, out);
        free(table.v);
}

static bool look(struct reader *reader, uint64_t now_ms)
{
        struct seen *rows;
        size_t n;

        if (!list_pids(reader, &rows, &n))
                return false;
        merge(reader, rows, n, now_ms);
        choose(reader, now_ms);
        if (!read_due(reader))
                return false;
        reader_tie(reader);
        read_details(reader);
        return true;
}

bool reader_pass(struct reader *reader, uint64_t now_ms, struct str *out)
{
        own_free char *trouble = NULL;

        if (look(reader, now_ms)) {
                pack(reader, reader->hidden, out);
                return true;
        }
        trouble = xasprintf("/proc cannot be read: %s", strerror(errno));
        for (size_t i = 0; i < reader->n; i++)
                forget_row(&reader->v[i]);
        reader->n = 0;
        pack(reader, trouble, out);
        return false;
}
