/* SPDX-License-Identifier: MIT */
/* The keeper: a small process outside the cage that created it and ends it when vitrine is gone. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/cage.h"
#include "cage/crowd.h"
#include "cage/keeper.h"
#include "cage/planfd.h"

/* Who enters is a copy of this process until his exec, and whoever holds CAP_SYS_PTRACE inside reads him:
 * nothing of the user's own environment is in there. */
static void forget_environment(void)
{
        for (char **entry = environ; entry && *entry; entry++)
                explicit_bzero(*entry, strlen(*entry));
        clearenv();
}

static bool become_keeper(int *ret_signals)
{
        forget_environment();
        /* A memfd's comm would be "memfd:…"; this is what the screen shows. */
        prctl(PR_SET_NAME, CAGE_KEEPER_NAME);
        /* vitrine's death wakes a keeper that the cage has stopped (with --pid host it can): it still has an
         * end to make. */
        prctl(PR_SET_PDEATHSIG, SIGCONT);
        if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
                return false;
        if (syscall(SYS_close_range, 4u, ~0u, 0u) < 0 && errno != ENOSYS)
                return false;
        *ret_signals = io_hear_children();
        return *ret_signals >= 0 && fcntl(KEEPER_CONTROL, F_SETFD, FD_CLOEXEC) == 0;
}

/* In place of a door that nobody wants there is /dev/null. */
static bool is_listening(int fd)
{
        int listening = 0;
        socklen_t n = sizeof(listening);

        return fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 && listening;
}

static bool receive_plan(struct keeper *keeper, struct fault *fault)
{
        char go;

        if (io_recv(KEEPER_CONTROL, &go, 1, keeper->fds, PLAN_FD_N) != 1)
                _exit(0); /* vitrine has gone already */
        for (int i = 0; i < PLAN_FD_N; i++) {
                int high = keeper->fds[i] < 0 ? -1 : fcntl(keeper->fds[i], F_DUPFD_CLOEXEC, KEEPER_LOWEST_FD);

                if (high < 0 && keeper->fds[i] >= 0)
                        return fault_errno(fault, "", "take the plan's descriptors");
                fd_close(&keeper->fds[i]);
                keeper->fds[i] = high;
        }
        if (!plan_read(keeper->fds[PLAN_FD_PLAN], &keeper->plan, fault))
                return false;
        if (is_listening(keeper->fds[PLAN_FD_DOOR]))
                keeper->door = take_fd(&keeper->fds[PLAN_FD_DOOR]);
        return true;
}

static bool tell(struct keeper *keeper, enum report_kind kind, const struct fault *fault)
{
        struct report report = { .kind = kind,
                                 .pid = keeper->init,
                                 .status = keeper->status,
                                 .has_userns = keeper->userns_fd >= 0,
                                 .has_pty = keeper->pty_fd >= 0 };
        int fds[4];
        size_t n = 0;

        memcpy(report.note, keeper->note, sizeof(report.note));
        if (fault)
                report.fault = *fault;
        if (kind == REPORT_STARTED) {
                fds[n++] = keeper->pidfd;
                fds[n++] = keeper->proc_fd;
                if (report.has_userns)
                        fds[n++] = keeper->userns_fd;
                if (report.has_pty)
                        fds[n++] = keeper->pty_fd;
        }
        return io_send(KEEPER_CONTROL, &report, sizeof(report), fds, n);
}

/* Until init has ended, or vitrine is gone or wants no more of it (cage_leave). False: it cannot be watched
 * over any longer. */
static bool watch(struct keeper *keeper, int signals, struct fault *fault)
{
        while (!keeper->reaped) {
                struct pollfd wait[2 + KEEPER_DOOR_POLLS] = { { .fd = KEEPER_CONTROL, .events = POLLRDHUP },
                                                              { .fd = signals, .events = POLLIN } };
                struct signalfd_siginfo info;

                keeper_door_poll(keeper, wait + 2);
                if (poll(wait, 2 + KEEPER_DOOR_POLLS, keeper_door_patience(keeper)) < 0) {
                        if (errno != EINTR)
                                return fault_errno(fault, "", "watch over the container");
                        continue;
                }
                if (wait[0].revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL))
                        return true;
                keeper_door_handle(keeper, wait + 2);
                while (read(signals, &info, sizeof(info)) > 0)
                        ;
                keeper_reap(keeper);
        }
        return true;
}

int main(void)
{
        struct keeper keeper = { .fds = { -1, -1, -1, -1, -1, -1 },
                                 .pidfd = -1,
                                 .proc_fd = -1,
                                 .userns_fd = -1,
                                 .pty_fd = -1,
                                 .door = -1,
                                 .devgroup = DEVGROUP_EMPTY };
        struct fault fault = { 0 };
        bool watched = true;
        int signals = -1;

        keeper_door_init(&keeper);
        if (!become_keeper(&signals))
                _exit(EXIT_VITRINE);
        if (!receive_plan(&keeper, &fault) || !keeper_launch(&keeper, &fault)) {
                devgroup_remove(&keeper.devgroup);
                tell(&keeper, REPORT_FAULT, &fault);
                _exit(EXIT_VITRINE);
        }
        for (int i = 0; i < PLAN_FD_N; i++)
                fd_close(&keeper.fds[i]);
        if (tell(&keeper, REPORT_STARTED, NULL)) {
                fd_close(&keeper.userns_fd);
                fd_close(&keeper.pty_fd);
                watched = watch(&keeper, signals, &fault);
        } else {
                watched = fault_errno(&fault, "", "tell of the container's start");
        }
        /* In a namespace of its own: the procfs of the machine's shows everybody. */
        if (keeper.plan.fixed.ns_flags & (uint32_t)CLONE_NEWPID)
                crowd_thin(keeper.proc_fd, KEEPER_CONTROL);
        fd_close(&keeper.proc_fd);
        keeper_end(&keeper);
        devgroup_remove(&keeper.devgroup);
        if (watched)
                tell(&keeper, REPORT_EXITED, NULL);
        else
                tell(&keeper, REPORT_FAULT, &fault);
        _exit(0);
}
