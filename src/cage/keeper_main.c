/* SPDX-License-Identifier: MIT */
/* The keeper: a small process outside the cage that created it and ends it when vitrine is gone. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/keeper.h"

/* Above the standard descriptors and the control socket, so that laying the command's does not overwrite one.
 */
enum { LOWEST_FD = 10, PLAN_MAX_BYTES = 16 * 1024 * 1024 };

static bool become_keeper(int *ret_signals)
{
        sigset_t set;

        /* A memfd's comm would be "memfd:…"; this is what the screen shows. */
        prctl(PR_SET_NAME, "vitrine keeper");
        if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
                return false;
        if (syscall(SYS_close_range, 4u, ~0u, 0u) < 0 && errno != ENOSYS)
                return false;
        sigfillset(&set);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
                return false;
        sigemptyset(&set);
        sigaddset(&set, SIGCHLD);
        *ret_signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        return *ret_signals >= 0 && fcntl(KEEPER_CONTROL, F_SETFD, FD_CLOEXEC) == 0;
}

static bool receive_plan(struct keeper *keeper, struct fault *fault)
{
        own_free char *text = NULL;
        size_t n;
        char go;

        if (io_recv(KEEPER_CONTROL, &go, 1, keeper->fds, PLAN_FD_N) != 1)
                _exit(0); /* vitrine has gone already */
        for (int i = 0; i < PLAN_FD_N; i++) {
                int high = keeper->fds[i] < 0 ? -1 : fcntl(keeper->fds[i], F_DUPFD_CLOEXEC, LOWEST_FD);

                fd_close(&keeper->fds[i]);
                keeper->fds[i] = high;
        }
        if (lseek(keeper->fds[PLAN_FD_PLAN], 0, SEEK_SET) < 0 ||
            !io_read_all(keeper->fds[PLAN_FD_PLAN], PLAN_MAX_BYTES, &text, &n))
                return fault_errno(fault, "", "read the keeper's plan");
        if (!plan_decode(text, n, &keeper->plan))
                return fault_why(fault, "read the keeper's plan", "it is not one of this version");
        return true;
}

static bool tell(struct keeper *keeper, enum report_kind kind, const struct fault *fault)
{
        struct report report = { .kind = kind,
                                 .pid = keeper->init,
                                 .status = keeper->status,
                                 .has_userns = keeper->userns_fd >= 0 };
        int fds[3] = { keeper->pidfd, keeper->proc_fd, keeper->userns_fd };

        memcpy(report.note, keeper->note, sizeof(report.note));
        if (fault)
                report.fault = *fault;
        return io_send(KEEPER_CONTROL, &report, sizeof(report), fds,
                       kind != REPORT_STARTED ? 0 : (size_t)(keeper->userns_fd >= 0 ? 3 : 2));
}

/* Until init has ended or vitrine is gone. */
static void watch(struct keeper *keeper, int signals)
{
        while (!keeper->reaped) {
                struct pollfd wait[2] = { { .fd = KEEPER_CONTROL, .events = POLLRDHUP },
                                          { .fd = signals, .events = POLLIN } };
                struct signalfd_siginfo info;

                if (poll(wait, 2, -1) < 0 && errno != EINTR)
                        return;
                if (wait[0].revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL))
                        return;
                while (read(signals, &info, sizeof(info)) > 0)
                        ;
                keeper_reap(keeper);
        }
}

int main(void)
{
        struct keeper keeper = { .fds = { -1, -1, -1, -1, -1 }, .pidfd = -1, .proc_fd = -1, .userns_fd = -1 };
        struct fault fault = { 0 };
        int signals = -1;

        if (!become_keeper(&signals))
                _exit(EXIT_VITRINE);
        if (!receive_plan(&keeper, &fault) || !keeper_launch(&keeper, &fault)) {
                tell(&keeper, REPORT_FAULT, &fault);
                _exit(EXIT_VITRINE);
        }
        for (int i = 0; i < PLAN_FD_N; i++)
                fd_close(&keeper.fds[i]);
        if (tell(&keeper, REPORT_STARTED, NULL)) {
                fd_close(&keeper.proc_fd);
                fd_close(&keeper.userns_fd);
                watch(&keeper, signals);
        }
        keeper_end(&keeper);
        tell(&keeper, REPORT_EXITED, NULL);
        _exit(0);
}
