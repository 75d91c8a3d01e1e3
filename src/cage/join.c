/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/join.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"
#include "cage/others.h"

/* The attempt, for a fault. */
static bool refuse(struct fault *fault, pid_t pid, const char *why)
{
        own_free char *step = xasprintf("attach to PID %d", (int)pid);

        return fault_why(fault, step, "%s", why);
}

static bool refuse_errno(struct fault *fault, pid_t pid)
{
        if (errno == ENOENT || errno == ESRCH || errno == EINVAL)
                return refuse(fault, pid, "there is no such process");
        if (errno != EACCES && errno != EPERM) {
                own_free char *step = xasprintf("attach to PID %d", (int)pid);

                return fault_errno(fault, "", "%s", step);
        }
        if (geteuid() == 0)
                return refuse(fault, pid, "its namespaces may not be read, by this root either");
        refuse(fault, pid, "the namespaces of another user's process may not be read");
        return fault_hint(fault, "sudo vitrine attach %d", (int)pid);
}

static bool is_alive(int pidfd)
{
        struct pollfd ended = { .fd = pidfd, .events = POLLIN };

        return poll(&ended, 1, 0) == 0;
}

/* A descriptor on one of a process's namespaces. */
static int open_ns(pid_t pid, const char *type, struct stat *ret)
{
        char path[48];
        own_fd int fd = -1;

        snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, type);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        return fd >= 0 && fstat(fd, ret) == 0 ? take_fd(&fd) : -1;
}

/* The PID namespace of a process, which must be another than this one's. */
static int open_pidns(pid_t pid, uint64_t *ret, struct fault *fault)
{
        struct stat his, ours;
        own_fd int pidfd = (int)syscall(SYS_pidfd_open, pid, 0u);
        own_fd int fd = pidfd < 0 ? -1 : open_ns(pid, "pid", &his);

        if (fd < 0 || stat("/proc/self/ns/pid", &ours) < 0) {
                refuse_errno(fault, pid);
                return -1;
        }
        if (!is_alive(pidfd)) {
                refuse(fault, pid, "it has ended");
                return -1;
        }
        if (his.st_ino == ours.st_ino) {
                refuse(fault, pid,
                       "it has no PID namespace of its own: it sees the machine's processes as vitrine does");
                fault_hint(fault, "vitrine attach lists what has one");
                return -1;
        }
        *ret = his.st_ino;
        return take_fd(&fd);
}

/* Init's pidfd, opened before its namespace is read once more: so the number was not given anew between the
 * two. */
static bool hold_init(struct joined *joined, struct fault *fault)
{
        struct stat his;
        own_fd int again = -1;

        joined->init = others_find_init(joined->pidns);
        if (joined->init <= 0)
                return fault_why(fault, "attach", "the first process of that PID namespace cannot be seen");
        joined->pidfd = (int)syscall(SYS_pidfd_open, joined->init, 0u);
        again = joined->pidfd < 0 ? -1 : open_ns(joined->init, "pid", &his);
        if (again < 0)
                return refuse_errno(fault, joined->init);
        if (his.st_ino != joined->pidns || !is_alive(joined->pidfd))
                return refuse(fault, joined->init, "it has ended");
        return true;
}

static bool open_userns(struct joined *joined, struct fault *fault)
{
        struct stat his, ours;
        own_fd int fd = open_ns(joined->init, "user", &his);

        if (fd < 0 || stat("/proc/self/ns/user", &ours) < 0)
                return refuse_errno(fault, joined->init);
        if (his.st_ino != ours.st_ino)
                joined->userns_fd = take_fd(&fd);
        return true;
}

static bool open_procfs(struct joined *joined, struct fault *fault)
{
        struct fault why = { 0 };

        joined->proc_fd = join_procfs(joined->ns_fd, JOIN_ANY, &why);
        if (joined->proc_fd >= 0)
                return true;
        *fault = why;
        if (why.err != EPERM && why.err != EACCES)
                return false;
        if (geteuid() == 0)
                return fault_hint(
                        fault,
                        "this root lacks CAP_SYS_ADMIN over the container: be root of the machine itself");
        return fault_hint(fault, "its PID namespace is not this user's own: sudo vitrine attach %d",
                          (int)joined->init);
}

bool join_open(pid_t pid, struct joined *ret, struct fault *fault)
{
        struct joined joined = { .pidfd = -1, .ns_fd = -1, .userns_fd = -1, .proc_fd = -1 };
        bool ok;

        joined.ns_fd = open_pidns(pid, &joined.pidns, fault);
        ok = joined.ns_fd >= 0 && hold_init(&joined, fault) && open_userns(&joined, fault) &&
             open_procfs(&joined, fault);
        if (ok && !is_alive(joined.pidfd))
                ok = refuse(fault, pid, "it has ended");
        if (!ok) {
                join_close(&joined);
                return false;
        }
        *ret = joined;
        return true;
}

bool join_lives(const struct joined *joined)
{
        return is_alive(joined->pidfd);
}

void join_close(struct joined *joined)
{
        fd_close(&joined->pidfd);
        fd_close(&joined->ns_fd);
        fd_close(&joined->userns_fd);
        fd_close(&joined->proc_fd);
}
