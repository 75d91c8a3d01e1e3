/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/devgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
/* The rules are those of the folder above: inside its own cgroup namespace a container with SYS_ADMIN could
 * give itself all devices, were they its own root's. */
#define INNER "container"
static const char step[] = "make a device cgroup";

enum {
        TEXT_MAX = 16 << 20,
        V1_MAGIC = 0x27e0eb,
        V2_MAGIC = 0x63677270,
        TRIES = 10,
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

/* Whether the folder has another one in it; the name of one. Files are the kernel's, and go with it. */
static bool find_folder(int dir_fd, char *ret, size_t size)
{
        int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct dirent *entry;
        bool found = false;

        while (dir && !found && (entry = readdir(dir)) != NULL)
                if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
                    strcmp(entry->d_name, "..") != 0) {
                        snprintf(ret, size, "%s", entry->d_name);
                        found = true;
                }
        if (dir)
                closedir(dir);
        else
                fd_close(&fd);
        return found;
}

/* What a privileged container has made for itself below its own goes as well, however deep: one descriptor is
 * open at a time. */
static bool remove_tree(int parent_fd, const char *name)
{
        own_fd int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        char inner[NAME_MAX + 1];
        size_t depth = 0;
        bool was_empty = false;

        while (fd >= 0) {
                bool has = find_folder(fd, inner, sizeof(inner));
                int next = -1;

                if (has && unlinkat(fd, inner, AT_REMOVEDIR) == 0) {
                        was_empty = false;
                        continue;
                }
                /* Nothing is in it but a process. */
                if (has && was_empty)
                        return false;
                if (!has && depth == 0)
                        break;
                next = openat(fd, has ? inner : "..", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
                was_empty = !has;
                depth += has ? 1 : (size_t)-1;
                fd_close(&fd);
                fd = next;
        }
        return unlinkat(parent_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

/* A process that has just been waited for may still be in it for a moment, and no event tells. */
static void remove_soon(int parent_fd, const char *name)
{
        for (int i = 0; i < ROUNDS && !remove_tree(parent_fd, name); i++) {
                if (errno != EBUSY && errno != EAGAIN)
                        return;
                poll(NULL, 0, ROUND_MS);
        }
}

/* As devgroup_make names them; another program's folder is let be. */
static bool is_named_so(const char *name)
{
        size_t n = strlen(PREFIX), digits;

        if (strncmp(name, PREFIX, n) != 0)
                return false;
        n += strcspn(name + n, "-");
        digits = name[n] ? strspn(name + n + 1, "0123456789") : 0;
        return digits > 0 && !name[n + 1 + digits];
}

/* The lock of a keeper that has died, by whatever signal, is free. It is held until the folder has gone, so
 * that nobody makes one of the same name his own meanwhile. */
static void remove_left(int parent_fd, const char *name, bool wait)
{
        own_fd int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
                return;
        if (wait)
                remove_soon(parent_fd, name);
        else
                remove_tree(parent_fd, name);
}

static void sweep(int parent_fd, bool wait)
{
        int fd = openat(parent_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct dirent *entry;

        while (dir && (entry = readdir(dir)) != NULL)
                if (is_named_so(entry->d_name))
                        remove_left(parent_fd, entry->d_name, wait);
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

/* With its rules, and the folder that is entered below. */
static bool furnish(struct devgroup *group, bool all)
{
        /* v1's tasks takes one thread, and need not stop all threads of the machine for it. */
        const char *file = group->kind == DEVGROUP_V1 ? "tasks" : "cgroup.procs";

        if (!is_usable(group) || (!all && !devgroup_restrict(group->kind, group->dir_fd)) ||
            mkdirat(group->dir_fd, INNER, 0755) < 0)
                return false;
        group->inner_fd = openat(group->dir_fd, INNER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (group->inner_fd < 0)
                return false;
        group->enter_fd = openat(group->inner_fd, file, O_WRONLY | O_CLOEXEC);
        return group->enter_fd >= 0;
}

bool devgroup_make(const char *id, bool all, struct devgroup *ret, struct fault *fault)
{
        struct devgroup group = DEVGROUP_EMPTY;

        group.parent_fd = open_own(&group.kind, fault);
        if (group.parent_fd < 0)
                return false;
        sweep(group.parent_fd, false);
        snprintf(group.name, sizeof(group.name), PREFIX "%.12s-%d", id, (int)getpid());
        group.dir_fd = make_locked(group.parent_fd, group.name);
        if (group.dir_fd < 0 || !furnish(&group, all)) {
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

void devgroup_kill(const struct devgroup *group)
{
        own_fd int fd =
                group->kind == DEVGROUP_V2 ? openat(group->dir_fd, "cgroup.kill", O_WRONLY | O_CLOEXEC) : -1;

        if (fd >= 0)
                io_write_all(fd, "1", 1);
}

void devgroup_remove(struct devgroup *group)
{
        if (group->kind != DEVGROUP_NONE && group->dir_fd >= 0)
                remove_soon(group->parent_fd, group->name);
        fd_close(&group->enter_fd);
        fd_close(&group->inner_fd);
        fd_close(&group->dir_fd);
        fd_close(&group->parent_fd);
        *group = DEVGROUP_EMPTY;
}
