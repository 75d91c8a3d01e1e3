/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/devgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

#define PREFIX "vitrine-"
static const char step[] = "make a device cgroup";

enum {
        TEXT_MAX = 16 << 20,
        V1_MAGIC = 0x27e0eb,
        V2_MAGIC = 0x63677270,
        TRIES = 10,
        DEPTH_MAX = 200,
        ROUNDS = 500,
        ROUND_MS = 2,
};

/* The folder of the cgroup that this process is in. */
static int open_own(enum devgroup_kind *ret_kind, struct fault *fault)
{
        own_free char *cgroups = NULL, *mountinfo = NULL;
        char path[4096];
        own_fd int fd = -1;
        struct statfs fs;

        if (!io_read_file(AT_FDCWD, "/proc/self/cgroup", TEXT_MAX, &cgroups, NULL) ||
            !io_read_file(AT_FDCWD, "/proc/self/mountinfo", TEXT_MAX, &mountinfo, NULL)) {
                fault_errno(fault, "/proc/self/cgroup", "%s", step);
                return -1;
        }
        *ret_kind = devgroup_find(cgroups, mountinfo, path, sizeof(path));
        if (*ret_kind == DEVGROUP_NONE) {
                fault_why(fault, step, "neither the devices controller nor cgroup2 is mounted here");
                return -1;
        }
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || fstatfs(fd, &fs) < 0) {
                fault_errno(fault, path, "%s", step);
                return -1;
        }
        if ((unsigned long)fs.f_type != (*ret_kind == DEVGROUP_V1 ? V1_MAGIC : V2_MAGIC)) {
                fault_why(fault, step, "something else covers %.100s", path);
                return -1;
        }
        return take_fd(&fd);
}

/* A cgroup that a privileged container has made for itself below its own goes as well. */
static bool remove_tree(int parent_fd, const char *name, int depth)
{
        int fd = depth < DEPTH_MAX ? openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                                   : -1;
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct dirent *entry;

        while (dir && (entry = readdir(dir)) != NULL)
                if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
                        remove_tree(dirfd(dir), entry->d_name, depth + 1);
        if (dir)
                closedir(dir);
        else
                fd_close(&fd);
        return unlinkat(parent_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

/* A process that has just been waited for may still be in it for a moment, and no event tells. */
static void remove_soon(int parent_fd, const char *name)
{
        for (int i = 0; i < ROUNDS && !remove_tree(parent_fd, name, 0); i++) {
                if (errno != EBUSY && errno != EAGAIN)
                        return;
                poll(NULL, 0, ROUND_MS);
        }
}

/* The lock of a keeper that has died, by whatever signal, is free. */
static bool is_left(int parent_fd, const char *name)
{
        own_fd int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static void sweep(int parent_fd, bool wait)
{
        int fd = openat(parent_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct dirent *entry;

        while (dir && (entry = readdir(dir)) != NULL) {
                if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 || !is_left(parent_fd, entry->d_name))
                        continue;
                if (wait)
                        remove_soon(parent_fd, entry->d_name);
                else
                        remove_tree(parent_fd, entry->d_name, 0);
        }
        if (dir)
                closedir(dir);
        else
                fd_close(&fd);
}

void devgroup_sweep(void)
{
        enum devgroup_kind kind;
        own_fd int parent_fd = open_own(&kind, NULL);

        if (parent_fd >= 0)
                sweep(parent_fd, true);
}

/* Closed to others, so that nobody else can hold its lock. A sweep that comes between the two calls takes it
 * away: then once more. */
static int make_locked(int parent_fd, const char *name)
{
        for (int i = 0; i < TRIES; i++) {
                own_fd int fd = -1;
                struct stat ours, there;

                if (mkdirat(parent_fd, name, 0700) < 0)
                        return -1;
                fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
                if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &ours) == 0 &&
                    fstatat(parent_fd, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && ours.st_ino == there.st_ino)
                        return take_fd(&fd);
                unlinkat(parent_fd, name, AT_REMOVEDIR);
        }
        errno = EBUSY;
        return -1;
}

/* Below threaded cgroups there can be none that takes whole processes (cgroup-v2.rst, Threads). */
static bool is_usable(const struct devgroup *group)
{
        own_free char *type = NULL;

        if (group->kind == DEVGROUP_V1 || !io_read_file(group->dir_fd, "cgroup.type", 64, &type, NULL) ||
            strncmp(type, "domain invalid", 14) != 0)
                return true;
        errno = EOPNOTSUPP;
        return false;
}

bool devgroup_make(const char *id, bool all, struct devgroup *ret, struct fault *fault)
{
        struct devgroup group = DEVGROUP_EMPTY;
        const char *file;

        group.parent_fd = open_own(&group.kind, fault);
        if (group.parent_fd < 0)
                return false;
        sweep(group.parent_fd, false);
        snprintf(group.name, sizeof(group.name), PREFIX "%.12s-%d", id, (int)getpid());
        group.dir_fd = make_locked(group.parent_fd, group.name);
        if (group.dir_fd < 0) {
                fault_errno(fault, "", "%s", step);
                fd_close(&group.parent_fd);
                return false;
        }
        /* v1's tasks takes one thread, and need not stop all threads of the machine for it. */
        file = group.kind == DEVGROUP_V1 ? "tasks" : "cgroup.procs";
        if (is_usable(&group) && (all || devgroup_restrict(group.kind, group.dir_fd)))
                group.enter_fd = openat(group.dir_fd, file, O_WRONLY | O_CLOEXEC);
        if (group.enter_fd < 0) {
                fault_errno(fault, "", "%s", step);
                devgroup_remove(&group);
                return false;
        }
        *ret = group;
        return true;
}

bool devgroup_enter(int enter_fd)
{
        return io_write_all(enter_fd, "0", 1);
}

void devgroup_remove(struct devgroup *group)
{
        if (group->kind != DEVGROUP_NONE && group->dir_fd >= 0)
                remove_soon(group->parent_fd, group->name);
        fd_close(&group->enter_fd);
        fd_close(&group->dir_fd);
        fd_close(&group->parent_fd);
        *group = DEVGROUP_EMPTY;
}
