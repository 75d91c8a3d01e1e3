/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/keeper.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cage/kin.h"

bool keeper_reap(struct keeper *keeper)
{
        siginfo_t info = { 0 };
        int status, got;

        while ((got = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT)) == 0 ? info.si_pid > 0
                                                                                 : errno == EINTR) {
                const pid_t pid = info.si_pid;

                if (got < 0)
                        continue;
                keeper_door_ending(keeper, pid);
                info.si_pid = 0;
                if (waitpid(pid, &status, WNOHANG) != pid)
                        continue;
                status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                if (pid != keeper->init) {
                        keeper_door_reaped(keeper, pid, status);
                        continue;
                }
                keeper->reaped = true;
                keeper->status = status;
        }
        return got == 0;
}

/* Its number is its own for as long as it was not waited for. */
static void kill_init(const struct keeper *keeper)
{
        if (keeper->pidfd < 0 || keeper->reaped)
                return;
        if (syscall(SYS_pidfd_send_signal, keeper->pidfd, SIGKILL, NULL, 0) < 0)
                kill(keeper->init, SIGKILL);
}

void keeper_end(struct keeper *keeper)
{
        bool shared = !(keeper->plan.fixed.ns_flags & (uint32_t)CLONE_NEWPID);

        while (keeper_reap(keeper)) {
                struct pollfd none = { .fd = -1 };

                kill_init(keeper);
                if (shared)
                        devgroup_kill(&keeper->devgroup);
                /* With the machine's PID namespace nothing dies with init, with an own one not who was still
                 * on his way into it. */
                if (shared || keeper->reaped)
                        kin_kill_descendants(NULL, NULL);
                /* Init's end is an event; that of adopted descendants is none, so they are asked after. */
                if (!keeper->reaped && keeper->pidfd >= 0)
                        none = (struct pollfd){ .fd = keeper->pidfd, .events = POLLIN };
                poll(&none, 1, 10);
        }
}
