/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libproc2/pids.h>

#include "base/own.h"
#include "eye/status_file.h"

enum {
        ROWS_MAX = 262144,
        FEW = 256,  /* rows that are read without a look at the clock */
        BATCH = 32, /* rows read between two looks at it; libproc2 takes 255 */
        ANCESTORS = 64,
        CMDLINE_MAX = 4096,
        CMDLINE_MIN = 64,
        CMDLINES_MAX = 24 * 1024 * 1024, /* of a whole table; ROWS_MAX times the least comes on top */
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

static void forget_texts(struct reader *reader, struct proc *proc)
{
        reader->arguments -= proc->cmdline ? strlen(proc->cmdline) : 0;
        free(take_ptr(proc->comm));
        proc->cmdline = NULL;
}

/* In one piece, which begins with the name: of thousands of rows every piece counts. */
static void keep_texts(struct reader *reader, struct proc *proc, const char *comm, const char *cmdline)
{
        const size_t comm_size = strlen(comm) + 1, len = strlen(cmdline);

        proc->comm = xmalloc(comm_size + len + 1);
        memcpy(proc->comm, comm, comm_size);
        proc->cmdline = proc->comm + comm_size;
        memcpy(proc->cmdline, cmdline, len + 1);
        reader->arguments += len;
}

static void forget_row(struct reader *reader, struct seen *row)
{
        forget_texts(reader, &row->proc);
        free(row->proc.status);
}

void reader_finish(struct reader *reader)
{
        for (size_t i = 0; i < reader->n; i++)
                forget_row(reader, &reader->v[i]);
        free(reader->v);
        free(reader->ended);
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

/* Of more than the bound those that are watched. */
static bool is_listed(const struct reader *reader, pid_t pid, size_t n)
{
        return n < ROWS_MAX || pid == reader->init || pid == reader->keeper;
}

/* The PIDs that are there, in order, as empty rows owned by the caller. */
static bool list_pids(struct reader *reader, struct seen **ret, size_t *ret_n)
{
        own_fd int fd = openat(reader->proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct seen *rows = NULL;
        size_t n = 0, room = 0;
        struct dirent *entry;

        if (!dir)
                return false;
        take_fd(&fd);
        reader->unlisted = 0;
        for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
                pid_t pid = pid_of_name(entry->d_name);

                if (pid <= 0)
                        continue;
                if (!is_listed(reader, pid, n)) {
                        reader->unlisted++;
                        continue;
                }
                if (n == room) {
                        room = room ? room * 2 : 256;
                        rows = xrealloc(rows, room, sizeof(*rows));
                }
                rows[n++] = (struct seen){ .proc.pid = pid, .inode = entry->d_ino };
        }
        if (errno) { /* half a list would be a table without the other half */
                int err = errno;

                closedir(dir);
                free(rows);
                errno = err;
                return false;
        }
        closedir(dir);
        if (n > 1)
                qsort(rows, n, sizeof(*rows), by_pid);
        *ret = rows;
        *ret_n = n;
        return true;
}

/* It has gone, though nobody may have told so. */
static void lose_row(struct reader *reader, struct seen *row)
{
        reader_end(reader, row->proc.pid);
        forget_row(reader, row);
}

/* Carries over what is known of the processes that are still the same. The kernel gives 1 as the inode of an
 * entry that it could not look up: that one is never the same. */
static void merge(struct reader *reader, struct seen *rows, size_t n, uint64_t now_ms)
{
        const uint64_t first_ms = reader->n > 0 ? now_ms : 0;
        size_t old = 0;

        for (size_t i = 0; i < n; i++) {
                while (old < reader->n && reader->v[old].proc.pid < rows[i].proc.pid)
                        lose_row(reader, &reader->v[old++]);
                if (old < reader->n && reader->v[old].proc.pid == rows[i].proc.pid &&
                    reader->v[old].inode == rows[i].inode && rows[i].inode > 1) {
                        rows[i] = reader->v[old++];
                        continue;
                }
                rows[i].first_ms = first_ms;
                rows[i].read = READ_DUE;
        }
        while (old < reader->n)
                lose_row(reader, &reader->v[old++]);
        free(reader->v);
        reader->v = rows;
        reader->n = n;
}

/* libproc2 shows what cannot be printed as '.' or '?': where one of those stands, the name is read raw. */
static char *raw_comm(const struct reader *reader, pid_t pid, const char *shown)
{
        char *comm = strpbrk(shown, ".?") ? reader_comm(reader->proc_fd, pid) : NULL;

        return comm ? comm : xstrdup(shown);
}

static bool runs_or_sleeps(char state)
{
        return state == 'R' || state == 'S' || state == 'D' || state == 'I';
}

/* Which of the others runs or sleeps just now is no news, nor is the work that a thread of the kernel has put
 * behind its name. */
static bool is_news(const struct reader *reader, const struct seen *row, const struct pids_result *head)
{
        const struct proc *proc = &row->proc;
        char state = head[V_STATE].result.s_ch;

        return !reader->calm || !proc->comm || row->touched || row->tie == TIE_YES ||
               !runs_or_sleeps(proc->state) || !runs_or_sleeps(state);
}

/* libproc2 would read a command line whole (megabytes, if its owner wants it so), take newlines for ends of
 * arguments and show "-" for none: so it is read by hand. */
static char *read_arguments(const struct reader *reader, pid_t pid)
{
        const size_t share = CMDLINES_MAX / reader->n;
        const size_t left = reader->arguments < CMDLINES_MAX ? CMDLINES_MAX - reader->arguments : 0;
        size_t max = share < left ? share : left;

        return reader_cmdline(reader->proc_fd, pid,
                              max > CMDLINE_MAX   ? CMDLINE_MAX
                              : max < CMDLINE_MIN ? CMDLINE_MIN
                                                  : max);
}

static void fill_row(struct reader *reader, struct seen *row, const struct pids_result *head)
{
        const bool kernel = head[V_FLAGS].result.ul_int & KERNEL_THREAD, news = is_news(reader, row, head);
        struct proc *proc = &row->proc;
        own_free char *comm = NULL, *cmdline = NULL;

        row->read = READ_DONE;
        if (kernel && !news)
                return;
        row->detailed = row->touched = false;
        proc->ppid = head[V_PPID].result.s_int;
        proc->uid = head[V_EUID].result.u_int;
        if (news)
                proc->state = head[V_STATE].result.s_ch;
        comm = raw_comm(reader, proc->pid, head[V_CMD].result.str ? head[V_CMD].result.str : "");
        forget_texts(reader, proc);
        if (proc->state != 'Z' && proc->state != 'X' && !kernel)
                cmdline = read_arguments(reader, proc->pid);
        keep_texts(reader, proc, comm, cmdline ? cmdline : "");
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

/* Reads these rows by their PIDs. What does not come back has gone, or it is hidden. */
static bool read_pids(struct reader *reader, unsigned *pids, int n)
{
        if (n > 0 && !take_fetch(reader, procps_pids_select(reader->pids, pids, n, PIDS_SELECT_PID)))
                return false;
        for (int i = 0; i < n; i++) {
                struct seen *row = reader_find(reader, (pid_t)pids[i]);

                if (row->read != READ_DONE)
                        row->read = READ_GONE;
        }
        reader->due -= (size_t)n;
        return true;
}

/* The processes that vitrine descends from: its own rows of the tree. */
static bool read_ancestors(struct reader *reader)
{
        struct seen *row = reader->inside ? NULL : reader_find(reader, getpid());

        for (int i = 0; row && i < ANCESTORS; i++) {
                unsigned pid = (unsigned)row->proc.pid;

                if (row->read == READ_DUE && !read_pids(reader, &pid, 1))
                        return false;
                row = row->proc.comm ? reader_find(reader, row->proc.ppid) : NULL;
        }
        return true;
}

/* The container's, as far as known, what came with this pass (a new container's among them), and what is told
 * of. */
static bool is_urgent(const struct reader *reader, const struct seen *row)
{
        return row->tie == TIE_YES || row->first_ms == reader->now_ms || row->touched;
}

/* Reads some of the rows that are due, from *at downwards: the newest first. */
static bool read_some(struct reader *reader, size_t *at, bool urgent)
{
        unsigned pids[BATCH];
        int n = 0;

        while (n<BATCH && * at> 0) {
                const struct seen *row = &reader->v[--*at];

                if (row->read == READ_DUE && (!urgent || is_urgent(reader, row)))
                        pids[n++] = (unsigned)row->proc.pid;
        }
        return read_pids(reader, pids, n);
}

/* To select a process costs libproc2 one file more than to meet it on the way. */
static bool read_all(struct reader *reader)
{
        if (!take_fetch(reader, procps_pids_reap(reader->pids, PIDS_FETCH_TASKS_ONLY)))
                return false;
        for (size_t i = 0; i < reader->n; i++)
                if (reader->v[i].read == READ_DUE)
                        reader->v[i].read = READ_GONE;
        reader->due = 0;
        return true;
}

static uint64_t now_us(void)
{
        struct timespec ts;

        clock_gettime(CLOCK_MONOTONIC, &ts);
        return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static bool read_due(struct reader *reader, uint64_t budget_us)
{
        const uint64_t end = now_us() + budget_us;
        size_t at = reader->n;

        if (reader->n <= FEW && reader->due > reader->n / 2)
                return read_all(reader);
        if (reader->due == 0)
                return true;
        if (!read_ancestors(reader))
                return false;
        for (int urgent = 1; urgent >= 0; urgent--)
                for (at = reader->n; at > 0 && reader->due > 0 && now_us() < end;)
                        if (!read_some(reader, &at, urgent))
                                return false;
        return true;
}

static void forget_all(struct reader *reader, int err)
{
        for (size_t i = 0; i < reader->n; i++)
                forget_row(reader, &reader->v[i]);
        reader->n = reader->due = 0;
        reader->err = err;
}

static void forget_gone(struct reader *reader)
{
        size_t kept = 0;

        for (size_t i = 0; i < reader->n; i++) {
                if (reader->v[i].read == READ_GONE)
                        lose_row(reader, &reader->v[i]);
                else
                        reader->v[kept++] = reader->v[i];
        }
        reader->n = kept;
}

/* With every new reading of a row; of the others it is kept. */
static void read_details(struct reader *reader)
{
        reader->zombies = 0;
        reader->lacks = false;
        for (size_t i = 0; i < reader->n; i++) {
                struct seen *row = &reader->v[i];
                struct proc *proc = &row->proc;
                struct status status;

                reader->zombies += row->proc.state == 'Z';
                reader->stirs += row->tied != (row->tie == TIE_YES);
                row->tied = row->tie == TIE_YES;
                if (row->tied && row->detailed)
                        continue;
                free(take_ptr(proc->status));
                row->detailed = false;
                if (!row->tied || !proc->comm)
                        continue;
                if (!status_file_read(reader->proc_fd, proc->pid, &status, NULL)) {
                        reader->lacks =
                                reader->lacks || (errno != ESRCH && errno != EACCES && errno != EPERM);
                        continue;
                }
                proc->status = xmalloc(sizeof(status));
                *proc->status = status;
                proc->uid = status.uid[1];
                proc->state = status.state;
                row->detailed = true;
        }
}

static void pack(const struct reader *reader, const char *trouble, struct str *out)
{
        struct proc_table table = { .v = reader->n ? xmalloc(reader->n * sizeof(struct proc)) : NULL,
                                    .trouble = (char *)trouble };

        for (size_t i = 0; i < reader->n; i++)
                if (reader->v[i].proc.comm)
                        table.v[table.n++] = reader->v[i].proc;
        table.unread = reader->n - table.n;
        proc_table_pack(&table, out);
        free(table.v);
}

void reader_begin(struct reader *reader, uint64_t now_ms, const struct reader_plan *plan)
{
        struct seen *rows;
        size_t n;

        if (plan->list || reader->err) {
                reader->err = 0;
                if (!list_pids(reader, &rows, &n)) {
                        forget_all(reader, errno);
                        return;
                }
                merge(reader, rows, n, now_ms);
        }
        reader->now_ms = now_ms;
        reader->calm = plan->calm;
        reader_touch_orphans(reader);
        reader_choose(reader, plan);
}

void reader_go(struct reader *reader, uint64_t budget_us)
{
        if (reader->err)
                return;
        if (!read_due(reader, budget_us)) {
                forget_all(reader, errno);
                return;
        }
        forget_gone(reader);
}

void reader_table(struct reader *reader, struct str *out)
{
        own_free char *trouble = NULL;

        if (!reader->err) {
                if (reader->pidns)
                        reader_tie_ns(reader);
                else
                        reader_tie(reader);
                read_details(reader);
                if (reader->unlisted > 0)
                        trouble = xasprintf("of %zu processes the first %d are read",
                                            reader->n + reader->unlisted, ROWS_MAX);
                pack(reader, trouble ? trouble : reader->hidden, out);
                return;
        }
        trouble = xasprintf("/proc cannot be read: %s", strerror(reader->err));
        pack(reader, trouble, out);
}
