/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/others.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/nsfs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "snapshot/table.h"

enum { FILE_MAX = 1024 * 1024, LEVELS_MAX = 33, LEAST_ID = 4 };

/* A PID namespace that was met, with those it lies in. */
struct space {
        uint64_t chain[LEVELS_MAX]; /* itself first; without this process's own */
        unsigned n;
        unsigned processes; /* in it itself */
};

struct spaces {
        uint64_t own;
        struct space *v;
        size_t n;
};

static pid_t pid_of(const char *name)
{
        char *end;
        long pid = *name >= '1' && *name <= '9' ? strtol(name, &end, 10) : 0;

        return pid > 0 && pid <= INT_MAX && *end == '\0' ? (pid_t)pid : 0;
}

static uint64_t inode_of(const char *path)
{
        struct stat st;

        return stat(path, &st) == 0 ? st.st_ino : 0;
}

static uint64_t pidns_of(pid_t pid)
{
        char path[48];

        snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
        return inode_of(path);
}

static bool read_status(pid_t pid, struct status *ret)
{
        own_free char *text = NULL;
        char path[48];

        snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
        return io_read_file(AT_FDCWD, path, FILE_MAX, &text, NULL) && status_parse(text, ret);
}

/* Whether it is PID 1 of a namespace below this process's. Everybody may read that. */
static bool is_init(const struct status *status)
{
        return status->n_nspid > 1 && status->nspid[status->n_nspid - 1] == 1;
}

/* The namespaces in which the one at fd lies; the kernel names none above the caller's own. */
static void walk_up(int fd, uint64_t own, struct space *space)
{
        own_fd int at = fcntl(fd, F_DUPFD_CLOEXEC, 0);

        while (at >= 0 && space->n < LEVELS_MAX) {
                int parent = ioctl(at, NS_GET_PARENT);
                struct stat st;

                fd_close(&at);
                at = parent;
                if (at < 0 || fstat(at, &st) < 0 || st.st_ino == own)
                        return;
                space->chain[space->n++] = st.st_ino;
        }
}

/* Counts a process in its namespace; one of this process's own is none. */
static void count(struct spaces *spaces, pid_t pid, uint64_t ino)
{
        struct space fresh = { .chain = { ino }, .n = 1, .processes = 1 };
        own_fd int fd = -1;
        char path[48];

        for (size_t i = 0; i < spaces->n; i++) {
                if (spaces->v[i].chain[0] == ino) {
                        spaces->v[i].processes++;
                        return;
                }
        }
        snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0)
                walk_up(fd, spaces->own, &fresh);
        spaces->v = xrealloc(spaces->v, spaces->n + 1, sizeof(*spaces->v));
        spaces->v[spaces->n++] = fresh;
}

static unsigned processes_in(const struct spaces *spaces, uint64_t ino)
{
        unsigned n = 0;

        for (size_t i = 0; i < spaces->n; i++)
                for (unsigned k = 0; k < spaces->v[i].n; k++)
                        if (spaces->v[i].chain[k] == ino)
                                n += spaces->v[i].processes;
        return n;
}

static char *read_text(pid_t pid, const char *name)
{
        char *text = NULL;
        char path[48];

        snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
        return io_read_file(AT_FDCWD, path, FILE_MAX, &text, NULL) ? text : xstrdup("");
}

static void add_other(struct others *list, pid_t pid, const struct status *status, uint64_t pidns)
{
        struct other other = { .init = pid, .uid = status->uid[1], .pidns = pidns };
        char path[48];

        other.comm = xstrdup(status->comm);
        snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
        other.cmdline = io_read_arguments(AT_FDCWD, path);
        other.cgroup = read_text(pid, "cgroup");
        other.name = xstrdup("");
        other.id = xstrdup("");
        cgroup_guess(other.cgroup, &other.guess);
        list->v = xrealloc(list->v, list->n + 1, sizeof(*list->v));
        list->v[list->n++] = other;
        list->unreadable += pidns == 0;
}

static void look_at(struct others *list, struct spaces *spaces, pid_t pid)
{
        uint64_t ino = pidns_of(pid);
        struct status status;

        if (ino != 0 && ino != spaces->own)
                count(spaces, pid, ino);
        if (ino == spaces->own || !read_status(pid, &status) || !is_init(&status))
                return;
        add_other(list, pid, &status, ino);
}

static int by_init(const void *a, const void *b)
{
        const struct other *x = a, *y = b;

        return (x->init > y->init) - (x->init < y->init);
}

/* This user's own cages are asked for their names. */
static void name_cages(struct others *list)
{
        const struct enter_cages *cages = &list->cages;

        enter_list(&list->cages);
        for (size_t i = 0; i < list->n; i++) {
                struct other *other = &list->v[i];

                for (size_t k = 0; k < cages->n; k++) {
                        if (cages->v[k].init != other->init)
                                continue;
                        free(other->name);
                        free(other->id);
                        other->name = xstrdup(cages->v[k].name);
                        other->id = xstrdup(cages->v[k].id);
                }
        }
}

bool others_list(struct others *ret, struct fault *fault)
{
        struct spaces spaces = { .own = inode_of("/proc/self/ns/pid") };
        DIR *dir = opendir("/proc");
        struct others list = { 0 };
        struct dirent *entry;

        if (!dir || spaces.own == 0) {
                if (dir)
                        closedir(dir);
                return fault_errno(fault, "/proc", "list the containers of this machine");
        }
        for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
                pid_t pid = pid_of(entry->d_name);

                if (pid > 0)
                        look_at(&list, &spaces, pid);
        }
        if (errno) {
                fault_errno(fault, "/proc", "list the containers of this machine");
                closedir(dir);
                free(spaces.v);
                others_finish(&list);
                return false;
        }
        closedir(dir);
        for (size_t i = 0; i < list.n; i++)
                list.v[i].processes = list.v[i].pidns ? processes_in(&spaces, list.v[i].pidns) : 0;
        free(spaces.v);
        if (list.n > 1)
                qsort(list.v, list.n, sizeof(*list.v), by_init);
        name_cages(&list);
        list.hidden = access("/proc/1/stat", R_OK) < 0;
        *ret = list;
        return true;
}

void others_finish(struct others *others)
{
        for (size_t i = 0; i < others->n; i++) {
                free(others->v[i].comm);
                free(others->v[i].cmdline);
                free(others->v[i].cgroup);
                free(others->v[i].name);
                free(others->v[i].id);
        }
        free(others->v);
        enter_cages_finish(&others->cages);
        *others = (struct others){ 0 };
}

pid_t others_find_init(uint64_t pidns)
{
        DIR *dir = opendir("/proc");
        struct dirent *entry;
        pid_t found = 0;

        while (dir && found == 0 && (entry = readdir(dir)) != NULL) {
                pid_t pid = pid_of(entry->d_name);
                struct status status;

                if (pid > 0 && pidns_of(pid) == pidns && read_status(pid, &status) && is_init(&status))
                        found = pid;
        }
        if (dir)
                closedir(dir);
        return found;
}

static bool begins(const char *id, const char *who)
{
        return strlen(who) >= LEAST_ID && strncmp(id, who, strlen(who)) == 0;
}

static bool is_called(const char *name, const char *id, const char *who)
{
        return (*name && strcmp(name, who) == 0) || begins(id, who);
}

/* 0: none. One that shares the machine's PIDs is among the cages alone: cage_join says why it cannot be
 * looked at. */
static pid_t find_called(const struct others *list, const char *who)
{
        const struct enter_cages *cages = &list->cages;

        for (size_t i = 0; i < list->n; i++)
                if (is_called(list->v[i].name, list->v[i].id, who) || begins(list->v[i].guess.id, who))
                        return list->v[i].init;
        for (size_t i = 0; i < cages->n; i++)
                if (is_called(cages->v[i].name, cages->v[i].id, who))
                        return cages->v[i].init;
        return 0;
}

bool others_find(const char *who, pid_t *ret, struct fault *fault)
{
        struct others list = { 0 };
        own_free char *step = xasprintf("attach to %.80s", who);
        pid_t pid = pid_of(who), found;
        int unnamed;

        /* An id may be all digits; a process is meant where there is one. */
        if (pid > 0 && (strlen(who) < LEAST_ID || kill(pid, 0) == 0 || errno == EPERM)) {
                *ret = pid;
                return true;
        }
        if (!others_list(&list, fault))
                return false;
        found = find_called(&list, who);
        unnamed = list.cages.err;
        others_finish(&list);
        errno = unnamed;
        if (found == 0 && pid <= 0 && unnamed)
                return fault_errno(fault, "", "ask the containers' keepers");
        if (found == 0) {
                fault_why(fault, step,
                          pid > 0 ? "there is no such process"
                                  : "no container has this name or id, and it is no PID");
                return fault_hint(fault, "vitrine attach lists what there is");
        }
        *ret = found;
        return true;
}
