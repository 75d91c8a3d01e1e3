/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <errno.h>
#include <fcntl.h>

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/own.h"

enum { CGROUP2_MAGIC = 0x63677270 };

static const struct {
        const char *name;
        unsigned major, minor;
} devices[CHILD_DEVICES] = {
        { "null", 1, 3 },   { "zero", 1, 5 },    { "full", 1, 7 },
        { "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

/* What is opened for the cage's /dev: a device is written through a read-only mount as well, its node is not.
 */
enum { NODE_ATTRS = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC };

static bool has_ns(const struct child *child, unsigned flag)
{
        return child->plan->fixed.ns_flags & flag;
}

/* Without root a fresh proc of the machine's PID namespace is refused; the machine's own, bound, *is* the
 * view that was asked for. */
static int open_proc(const struct child *child)
{
        if (has_ns(child, CLONE_NEWUSER) && !has_ns(child, CLONE_NEWPID))
                return mountfd_copy(AT_FDCWD, "/proc", true);
        return mountfd_new("proc", NULL, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

static bool open_sys(struct child *child)
{
        const unsigned attrs = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |
                               (child->plan->fixed.privileged ? 0u : MOUNT_ATTR_RDONLY);

        if (has_ns(child, CLONE_NEWUSER) && !has_ns(child, CLONE_NEWNET)) {
                child->sys_fd = mountfd_copy(AT_FDCWD, "/sys", true);
                if (child->sys_fd >= 0 && !mountfd_set(child->sys_fd, attrs | MOUNT_ATTR_RDONLY, true)) {
                        if (errno != ENOSYS)
                                return fault_errno(&child->fault, "/sys",
                                                   "make /sys read-only in the container");
                        snprintf(child->late[child->n_late++], sizeof(child->late[0]), "/sys");
                }
        } else {
                child->sys_fd = mountfd_new("sysfs", NULL, attrs);
                /* In a user namespace a new /sys may not show more than the machine's own, which is read-only
                 * in a container. */
                if (child->sys_fd < 0 && errno == EPERM && has_ns(child, CLONE_NEWUSER) &&
                    !(attrs & MOUNT_ATTR_RDONLY)) {
                        child->sys_fd = mountfd_new("sysfs", NULL, attrs | MOUNT_ATTR_RDONLY);
                        child_note(child, "/sys is read-only in here, as this machine's own is");
                }
        }
        return child->sys_fd >= 0 || fault_errno(&child->fault, "/sys", "mount /sys in the container");
}

/* The nodes are opened while the machine's /dev is in sight, placed when the cage's own is there. */
static bool open_devices(struct child *child)
{
        for (int i = 0; i < CHILD_DEVICES; i++) {
                char path[32];

                snprintf(path, sizeof(path), "/dev/%s", devices[i].name);
                child->devices[i] = mountfd_copy(AT_FDCWD, path, false);
                if (child->devices[i] < 0)
                        return fault_errno(&child->fault, path, "bind %s into the container", path);
                /* The node is the machine's: real root would change its mode and owner for everybody. */
                if (mountfd_set(child->devices[i], NODE_ATTRS, false))
                        continue;
                if (errno != ENOSYS)
                        return fault_errno(&child->fault, path, "make the node %s read-only", path);
                snprintf(child->late[child->n_late], sizeof(child->late[0]), "%s", path);
                child->n_late++;
        }
        return true;
}

/* The machine's own hierarchy, seen from the first cgroup namespace, has the options of whoever mounted it
 * last (kernel/cgroup/cgroup.c, apply_cgroup_root_flags): a new mount would take nsdelegate and the like away
 * from the whole machine. So there it is bound; in a namespace of its own a mount has no say. -1: it is not
 * to be had. */
static int open_cgroup(struct child *child)
{
        static const char path[] = "/sys/fs/cgroup";
        const unsigned attrs = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_RDONLY;
        own_fd int fd = -1;

        if (has_ns(child, CLONE_NEWCGROUP))
                return mountfd_new("cgroup2", NULL, attrs);
        if (has_ns(child, CLONE_NEWUSER))
                return -1;
        fd = mountfd_copy(AT_FDCWD, path, false);
        if (fd >= 0 && !mountfd_set(fd, attrs, false)) {
                if (errno != ENOSYS)
                        return -1;
                snprintf(child->late[child->n_late++], sizeof(child->late[0]), "%s", path);
        }
        return take_fd(&fd);
}

bool child_open_kernel_mounts(struct child *child)
{
        struct statfs fs;

        /* First of all: a copy of a shared mount is shared as well, and what the container laid over it would
         * lie over the machine's. */
        if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
                return fault_errno(&child->fault, "", "make the mounts private");
        child->proc_fd = open_proc(child);
        child->eye_proc_fd = child->proc_fd < 0 ? -1 : open_proc(child);
        if (child->eye_proc_fd < 0)
                return fault_errno(&child->fault, "/proc", "mount /proc in the container");
        if (has_ns(child, CLONE_NEWUSER)) {
                child->userns_fd = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
                if (child->userns_fd < 0)
                        return fault_errno(&child->fault, "", "open the container's user namespace");
        }
        /* cgroup2 where the machine is unified; on v1 the folder stays empty. */
        if (statfs("/sys/fs/cgroup", &fs) == 0 && fs.f_type == CGROUP2_MAGIC)
                child->cgroup_fd = open_cgroup(child);
        return open_sys(child) && open_devices(child);
}

static bool attach_at(struct child *child, int *fd, const char *path)
{
        own_fd int target = open_mount_point(path);

        if (target < 0 || !mountfd_attach(*fd, target))
                return fault_errno(&child->fault, path, "mount %s in the container", path);
        fd_close(fd);
        return true;
}

static bool mount_tmpfs(struct child *child, const char *path, const char *const (*options)[2],
                        unsigned attrs)
{
        own_fd int fd = mountfd_new("tmpfs", options, attrs);

        if (fd < 0)
                return fault_errno(&child->fault, path, "mount %s in the container", path);
        return attach_at(child, &fd, path);
}

/* On a file system that holds nothing else, and of which nothing but the nodes is seen afterwards: it is not
 * nodev. Root that may make none (without MKNOD) keeps the machine's. */
static bool make_nodes(struct child *child, int tmpfs)
{
        for (int i = 0; i < CHILD_DEVICES; i++) {
                const dev_t number = makedev(devices[i].major, devices[i].minor);
                int node = -1;

                if (mknodat(tmpfs, devices[i].name, S_IFCHR | 0666, number) < 0 && errno == EPERM)
                        return true;
                node = mountfd_copy(tmpfs, devices[i].name, false);
                if (node < 0 || (!mountfd_set(node, NODE_ATTRS, false) && errno != ENOSYS)) {
                        fd_close(&node);
                        return false;
                }
                fd_close(&child->devices[i]);
                child->devices[i] = node;
        }
        return true;
}

/* Where a remount would be enough to change the machine's own nodes, these are the cage's. */
static bool own_nodes(struct child *child)
{
        static const char *const options[][2] = {
                { "mode", "755" }, { "size", "4k" }, { "nr_inodes", "16" }, { NULL, NULL }
        };
        static const char stage[] = "/dev/shm"; /* nothing can be copied off a mount that lies nowhere */
        own_fd int tmpfs = mountfd_new("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
        own_fd int target = open_mount_point(stage);

        return (tmpfs >= 0 && target >= 0 && mountfd_attach(tmpfs, target) && make_nodes(child, tmpfs) &&
                umount2(stage, MNT_DETACH) == 0) ||
               fault_errno(&child->fault, "/dev", "make the nodes of /dev in the container");
}

/* A node is the machine's, bound: made ones would not open on a nodev mount, nor could they be made without
 * root. */
static bool place_devices(struct child *child)
{
        /* In a user namespace their owner has no id. */
        if (child_must_shield(child) && !has_ns(child, CLONE_NEWUSER) && !own_nodes(child))
                return false;
        for (int i = 0; i < CHILD_DEVICES; i++) {
                char path[32];
                own_fd int target = -1;

                snprintf(path, sizeof(path), "/dev/%s", devices[i].name);
                target = open(path, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
                if (target < 0 || !mountfd_attach(child->devices[i], target))
                        return fault_errno(&child->fault, path, "bind %s into the container", path);
        }
        return true;
}

static bool place_links(struct child *child)
{
        static const char *const links[][2] = {
                { "/proc/self/fd", "/dev/fd" },       { "/proc/self/fd/0", "/dev/stdin" },
                { "/proc/self/fd/1", "/dev/stdout" }, { "/proc/self/fd/2", "/dev/stderr" },
                { "/proc/kcore", "/dev/core" },       { "pts/ptmx", "/dev/ptmx" },
        };

        for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
                if (symlink(links[i][0], links[i][1]) < 0)
                        return fault_errno(&child->fault, links[i][1], "make %s in the container",
                                           links[i][1]);
        return true;
}

/* devpts is the one that must not be nodev: a terminal is a device. Its nodes are the kernel's own. Where
 * group 5 (tty) is not mapped, with one id or as root of a user namespace around vitrine, terminals go
 * without it. */
static bool place_terminals(struct child *child)
{
        static const char *const options[][2] = { { "gid", "5" },
                                                  { "newinstance", NULL },
                                                  { "ptmxmode", "0666" },
                                                  { "mode", "0620" },
                                                  { NULL, NULL } };
        const unsigned attrs = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
        own_fd int fd = mountfd_new("devpts", options, attrs);

        if (fd < 0 && errno == EINVAL)
                fd = mountfd_new("devpts", options + 1, attrs);
        if (fd < 0)
                return fault_errno(&child->fault, "/dev/pts", "mount /dev/pts in the container");
        return attach_at(child, &fd, "/dev/pts");
}

/* A kernel may be without them. The machine's are not ours to mount without root, nor as root of a user
 * namespace around vitrine. */
static bool place_queues(struct child *child)
{
        const unsigned safe = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
        const bool own = has_ns(child, CLONE_NEWIPC);
        own_fd int fd = -1;

        if (!own && has_ns(child, CLONE_NEWUSER))
                return true;
        fd = mountfd_new("mqueue", NULL, safe);
        if (fd < 0 && (errno == ENODEV || (errno == EPERM && !own)))
                return true;
        if (fd < 0)
                return fault_errno(&child->fault, "/dev/mqueue", "mount /dev/mqueue in the container");
        return attach_at(child, &fd, "/dev/mqueue");
}

static bool place_dev(struct child *child)
{
        static const char *const dev[][2] = {
                { "mode", "755" }, { "size", "64k" }, { "nr_inodes", "256" }, { NULL, NULL }
        };
        static const char *const shm[][2] = { { "mode", "1777" }, { "size", "64m" }, { NULL, NULL } };

        return mount_tmpfs(child, "/dev", dev, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV) &&
               place_devices(child) && place_links(child) && place_terminals(child) &&
               mount_tmpfs(child, "/dev/shm", shm,
                           MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC) &&
               place_queues(child);
}

static bool place_cgroup(struct child *child)
{
        static const char *const empty[][2] = { { "mode", "755" }, { "size", "4k" }, { NULL, NULL } };
        own_fd int target = open("/sys/fs/cgroup", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (target < 0 && errno == ENOENT)
                return true;
        if (target < 0)
                return fault_errno(&child->fault, "/sys/fs/cgroup", "mount /sys/fs/cgroup in the container");
        if (child->cgroup_fd < 0)
                child->cgroup_fd = mountfd_new("tmpfs", empty,
                                               MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |
                                                       MOUNT_ATTR_RDONLY);
        if (child->cgroup_fd < 0 || !mountfd_attach(child->cgroup_fd, target))
                return fault_errno(&child->fault, "/sys/fs/cgroup", "mount /sys/fs/cgroup in the container");
        fd_close(&child->cgroup_fd);
        return true;
}

/* On a kernel without mount_setattr the binds get their flags only now that /proc can name them. */
static bool protect_late(struct child *child)
{
        for (size_t i = 0; i < child->n_late; i++) {
                bool device = strncmp(child->late[i], "/dev/", 5) == 0;

                if (!mountfd_protect(child->late[i], MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                                                             (device ? 0u : (unsigned)MOUNT_ATTR_NODEV)))
                        return fault_errno(&child->fault, child->late[i],
                                           "make %s read-only in the container", child->late[i]);
        }
        return true;
}

bool child_place_kernel_mounts(struct child *child)
{
        bool bound_sys = has_ns(child, CLONE_NEWUSER) && !has_ns(child, CLONE_NEWNET);

        if (!attach_at(child, &child->proc_fd, "/proc") || !attach_at(child, &child->sys_fd, "/sys"))
                return false;
        return place_dev(child) && (bound_sys || place_cgroup(child)) && protect_late(child);
}
