/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/child.h"
#include "cage/idtool.h"

/* clone3(2); clone(2) where a kernel or a filter around vitrine does not know it. The child goes on in its
 * own copy of the keeper's memory: that is sound because the keeper has one thread. */
static pid_t clone_first(uint32_t ns_flags, int *ret_pidfd)
{
        struct clone_args args = {
                .flags = ns_flags | CLONE_PIDFD,
                .pidfd = (uint64_t)(uintptr_t)ret_pidfd,
                .exit_signal = SIGCHLD,
        };
        pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

        if (pid < 0 && errno == ENOSYS)
                pid = (pid_t)syscall(SYS_clone, (unsigned long)(ns_flags | CLONE_PIDFD | SIGCHLD), NULL,
                                     ret_pidfd, NULL, 0L);
        return pid;
}

/* Born in its cgroup of v2: to go there later waits until all threads of the machine may be stopped, 10 ms
 * and more. Where that cannot be it goes there itself, or says why not. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the kernel writes there */
static pid_t clone_inside(uint32_t ns_flags, const struct devgroup *group, int *ret_pidfd)
{
        struct clone_args args = {
                .flags = ns_flags | CLONE_PIDFD | CLONE_INTO_CGROUP,
                .pidfd = (uint64_t)(uintptr_t)ret_pidfd,
                .exit_signal = SIGCHLD,
                .cgroup = (uint64_t)group->inner_fd,
        };

        return group->kind == DEVGROUP_V2 ? (pid_t)syscall(SYS_clone3, &args, sizeof(args)) : -1;
}

static bool write_proc(pid_t pid, const char *name, const char *text)
{
        char path[64];
        own_fd int fd = -1;

        snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
        fd = open(path, O_WRONLY | O_CLOEXEC);
        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

/* The kernel takes a map as one write. */
static bool write_map(pid_t pid, const char *name, const struct id_runs *runs)
{
        struct str text = { 0 };
        bool ok;

        for (uint32_t i = 0; i < runs->n; i++)
                str_add_f(&text, "%u %u %u\n", runs->v[i].inside, runs->v[i].outside, runs->v[i].count);
        ok = write_proc(pid, name, str_text(&text));
        str_finish(&text);
        return ok;
}

/* The machine is out of something, or it fails: not that it refuses. */
static bool is_want(int err)
{
        return err == EMFILE || err == ENFILE || err == ENOMEM || err == ENOSPC || err == EIO;
}

static bool write_maps(const struct keeper *keeper, struct fault *fault)
{
        const struct plan_fixed *fixed = &keeper->plan.fixed;
        char why[IDTOOL_WHY];

        if (!(fixed->ns_flags & CLONE_NEWUSER))
                return true;
        if (fixed->by_tools && idtool_map(keeper->init, &fixed->uids, &fixed->gids, KEEPER_CONTROL, why))
                return true;
        /* Only a range that is refused is done without. */
        if (fixed->by_tools && (is_want(errno) || errno == EAGAIN || errno == EBUSY))
                return fault_why(fault, "start the program that maps ids", "%s", why);
        if (fixed->by_tools)
                return fault_why(fault, PLAN_MAP_STEP, "%s", why);
        if (fixed->one_id && !write_proc(keeper->init, "setgroups", "deny"))
                return fault_errno(fault, "", "write the user namespace's setgroups");
        if (!write_map(keeper->init, "uid_map", &fixed->uids))
                return fault_errno(fault, "", "write the user namespace's uid map");
        if (!write_map(keeper->init, "gid_map", &fixed->gids))
                return fault_errno(fault, "", "write the user namespace's gid map");
        return true;
}

/* With --userns remap the image is the machine's root's, who has no id inside, and its folder may be closed
 * to the container's root. So this process, which still is root, copies the mount and lets the copy show the
 * owners as the container has them (mount_setattr(2), MOUNT_ATTR_IDMAP), where the file system can. */
static int copy_image(const struct keeper *keeper, int32_t *ret_errno)
{
        own_fd int copy = mountfd_copy(keeper->fds[PLAN_FD_IMAGE], "", false);
        own_fd int userns = -1;
        char path[64];

        snprintf(path, sizeof(path), "/proc/%d/ns/user", keeper->init);
        userns = open(path, O_RDONLY | O_CLOEXEC);
        if (copy < 0 || userns < 0)
                return -1;
        *ret_errno = mountfd_map_ids(copy, userns) ? 0 : errno;
        if (!mountfd_set(copy, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV, false) && errno != ENOSYS)
                return -1;
        return take_fd(&copy);
}

static bool let_go(const struct keeper *keeper, int sock, struct fault *fault)
{
        struct plan_go go = { .has_image = keeper->plan.fixed.remap && !keeper->plan.fixed.demo };
        own_fd int image = go.has_image ? copy_image(keeper, &go.idmap_errno) : -1;

        if (go.has_image && image < 0)
                return fault_errno(fault, "", "bind the image");
        return io_send(sock, &go, sizeof(go), &image, go.has_image ? 1 : 0) ||
               fault_errno(fault, "", "start the first process");
}

void keeper_give_pipes(const struct plan *plan, const int fds[static PLAN_FD_VISITOR_N])
{
        const struct plan_fixed *fixed = &plan->fixed;
        uint32_t uid, gid;

        if (!fixed->remap || !id_runs_outside(&fixed->uids, fixed->uid, &uid) ||
            !id_runs_outside(&fixed->gids, fixed->gid, &gid))
                return;
        for (int i = PLAN_FD_IN; i <= PLAN_FD_ERR; i++) {
                struct stat st;

                if (fstat(fds[i], &st) == 0 && S_ISFIFO(st.st_mode))
                        (void)!fchown(fds[i], uid, gid);
        }
}

static void close_all(int fds[static 3])
{
        for (int i = 0; i < 3; i++)
                fd_close(&fds[i]);
}

/* All containers with --userns remap have the same ids outside: until its exec the root of another one that
 * sees the machine's PIDs can stop it. Wakes it; false when it has been so for too long. since: when it was
 * first found stopped, 0 before that. */
static bool wake(const struct keeper *keeper, uint64_t *since)
{
        siginfo_t info = { 0 };

        if (waitid(P_PID, (id_t)keeper->init, &info, WSTOPPED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0)
                return true;
        if (*since == 0)
                *since = time_now_ms();
        syscall(SYS_pidfd_send_signal, keeper->pidfd, SIGCONT, NULL, 0u);
        return time_now_ms() - *since < KEEPER_GIVE_UP_MS;
}

/* Waits for the first process's next record, and hears nobody else: what it says names descriptors. vitrine's
 * end ends the wait too. Returns the record's length, 0 at end of file. */
static ssize_t next_report(const struct keeper *keeper, int sock, uint64_t *stopped_since,
                           struct report *report, int fds[static 3])
{
        for (;;) {
                pid_t sender;
                ssize_t n;
                struct pollfd wait[2] = { { .fd = sock, .events = POLLIN },
                                          { .fd = KEEPER_CONTROL, .events = POLLRDHUP } };
                int ready = poll(wait, 2, KEEPER_NUDGE_MS);

                if (ready < 0 && errno != EINTR)
                        return -1;
                if (ready == 0 && !wake(keeper, stopped_since)) {
                        errno = ETIMEDOUT;
                        return -1;
                }
                if (wait[1].revents & (POLLRDHUP | POLLHUP | POLLERR)) {
                        errno = ECANCELED;
                        return -1;
                }
                if (!wait[0].revents)
                        continue;
                n = io_recv_from(sock, report, sizeof(*report), fds, 3, &sender);
                if (n <= 0 || sender == keeper->init)
                        return n;
                close_all(fds);
        }
}

static bool take_report(struct keeper *keeper, const struct report *report, int *fds, bool *ret_exec,
                        int sock, struct fault *fault)
{
        switch ((enum report_kind)report->kind) {
        case REPORT_DUMPABLE:
                return write_maps(keeper, fault) && let_go(keeper, sock, fault);
        case REPORT_PROC:
                keeper->proc_fd = take_fd(&fds[0]);
                if (report->has_userns)
                        keeper->userns_fd = take_fd(&fds[1]);
                if (report->has_pty)
                        keeper->pty_fd = take_fd(&fds[report->has_userns ? 2 : 1]);
                memcpy(keeper->note, report->note, sizeof(keeper->note));
                return true;
        case REPORT_EXEC:
                *ret_exec = true;
                return true;
        case REPORT_FAULT:
                *fault = report->fault;
                fault_seal(fault);
                return false;
        case REPORT_STARTED:
        case REPORT_EXITED:
        case REPORT_ENTERED:
        case REPORT_CAGE:
                break;
        }
        return fault_why(fault, "launch the container", "its first process said something unknown");
}

/* What fails for the keeper may fail because the child has given up already: then its reason is the reason.
 */
static void ask_child(int sock, struct fault *fault)
{
        struct pollfd said = { .fd = sock, .events = POLLIN };
        struct report report;

        if (poll(&said, 1, 0) == 1 && io_recv(sock, &report, sizeof(report), NULL, 0) == sizeof(report) &&
            report.kind == REPORT_FAULT)
                *fault = report.fault;
}

/* The three endings apart: a fault came; "about to exec", then end of file; end of file alone, a death before
 * exec. */
static bool follow_child(struct keeper *keeper, int sock, struct fault *fault)
{
        uint64_t stopped_since = 0;
        bool exec = false;

        for (;;) {
                struct report report;
                int fds[3] = { -1, -1, -1 };
                ssize_t n = next_report(keeper, sock, &stopped_since, &report, fds);
                bool ok;

                if (n == 0 && exec)
                        return true;
                if (n == 0)
                        return fault_why(fault, "launch the container",
                                         "its first process died before it could run the command");
                if (n < 0 && errno == ETIMEDOUT)
                        return fault_why(fault, "launch the container",
                                         "for %d seconds it could not run the command: another process "
                                         "stops it",
                                         KEEPER_GIVE_UP_MS / 1000);
                if (n < 0)
                        return fault_errno(fault, "", "launch the container");
                ok = (size_t)n == sizeof(report)
                             ? take_report(keeper, &report, fds, &exec, sock, fault)
                             : fault_why(fault, "launch the container", "a record of the wrong length");
                close_all(fds);
                if (!ok) {
                        ask_child(sock, fault);
                        return false;
                }
        }
}

static _Noreturn void be_child(struct keeper *keeper, int sock, bool inside)
{
        struct child child = {
                .plan = &keeper->plan,
                .sock = sock,
                .stdio = { keeper->fds[PLAN_FD_IN], keeper->fds[PLAN_FD_OUT], keeper->fds[PLAN_FD_ERR] },
                .image_fd = keeper->fds[PLAN_FD_IMAGE],
                .lower_fd = -1,
                .proc_fd = -1,
                .eye_proc_fd = -1,
                .sys_fd = -1,
                .cgroup_fd = -1,
                .devgroup_fd = keeper->devgroup.enter_fd,
                .in_devgroup = inside,
                .userns_fd = -1,
                .pty_fd = -1,
        };

        child_main(&child);
}

/* Where this machine has none, mounts without devices stand alone; `vitrine doctor` says so. */
static bool make_devgroup(struct keeper *keeper, uint32_t *ns_flags, struct fault *fault)
{
        struct fault refused = { 0 };

        if (!keeper->plan.fixed.device_cgroup)
                return true;
        if (devgroup_make(keeper->plan.id, keeper->plan.fixed.privileged, &keeper->devgroup, &refused)) {
                *ns_flags &= ~(uint32_t)CLONE_NEWCGROUP; /* the child makes it, once it is inside */
                return true;
        }
        if (!is_want(refused.err))
                return true;
        *fault = refused;
        return false;
}

bool keeper_launch(struct keeper *keeper, struct fault *fault)
{
        uint32_t ns_flags = keeper->plan.fixed.ns_flags;
        int pair[2];
        own_fd int ours = -1;
        bool inside;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                return fault_errno(fault, "", "make a socket");
        ours = pair[0];
        if (!io_name_senders(ours)) {
                close(pair[1]);
                return fault_errno(fault, "", "make a socket");
        }
        keeper_give_pipes(&keeper->plan, keeper->fds);
        if (!make_devgroup(keeper, &ns_flags, fault)) {
                close(pair[1]);
                return false;
        }
        keeper->init = clone_inside(ns_flags, &keeper->devgroup, &keeper->pidfd);
        inside = keeper->init >= 0;
        if (!inside)
                keeper->init = clone_first(ns_flags, &keeper->pidfd);
        if (keeper->init == 0) {
                close(ours);
                be_child(keeper, pair[1], inside);
        }
        close(pair[1]);
        if (keeper->init < 0)
                return fault_errno(fault, "",
                                   keeper->plan.fixed.ns_flags & CLONE_NEWUSER
                                           ? "create the container's namespaces (with a user namespace)"
                                           : "create the container's namespaces");
        if (follow_child(keeper, ours, fault))
                return true;
        keeper_end(keeper);
        return false;
}
