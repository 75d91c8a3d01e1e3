/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"

/* The user namespace first: the kernel sees to that when all are joined at once (5.8). The PID namespace is
 * that of the next child alone. */
static bool join(struct child *child, int init_pidfd, uint32_t ns_flags)
{
        prctl(PR_SET_NAME, "vitrine enters");
        if (setns(init_pidfd, (int)ns_flags) < 0)
                return fault_errno(&child->fault, "", "enter the container's namespaces");
        return child_become_root(child);
}

/* The command itself. From here on whoever is inside may stop it, and with CAP_SYS_PTRACE take its socket:
 * the keeper knows by the kernel's word who sent what, and believes no number and no descriptor from here. It
 * is the keeper's child, for whoever made it ends at once: nothing of vitrine's stays beside it. */
static _Noreturn void be_command(struct child *child)
{
        struct report report = { .kind = REPORT_FAULT };

        if (setsid() < 0)
                fault_errno(&child->fault, "", "begin a session");
        else if (child_control_terminal(child))
                child_run_command(child);
        report.fault = child->fault;
        io_send(child->sock, &report, sizeof(report), NULL, 0);
        _exit(1);
}

/* Everything is given up before the PID namespace is entered: whoever waits there with ptrace gets a process
 * that is no more than himself. */
static bool prepare(struct child *child, int init_pidfd, uint32_t ns_flags)
{
        umask(022); /* not whosever began the container */
        if (!child_enter_devgroup(child) || !join(child, init_pidfd, ns_flags) || !child_open_terminal(child))
                return false;
        if (child->pty_fd >= 0 && !child_say(child, REPORT_PROC, 0, &child->pty_fd, 1))
                return false;
        return child_lay_descriptors(child) && child_enter_workdir(child) && child_take_identity(child);
}

_Noreturn void child_enter(struct child *child, int init_pidfd, uint32_t ns_flags)
{
        struct report report = { .kind = REPORT_FAULT };
        int pid_fd = -1;
        pid_t pid;

        if (prepare(child, init_pidfd, ns_flags)) {
                pid = (pid_t)syscall(SYS_clone, (unsigned long)(CLONE_PARENT | CLONE_PIDFD | SIGCHLD), NULL,
                                     &pid_fd, NULL, 0L);
                if (pid == 0)
                        be_command(child);
                if (pid > 0 && child_say(child, REPORT_ENTERED, pid, &pid_fd, 1))
                        _exit(0);
                fault_errno(&child->fault, "", "start a process in the container");
        }
        report.fault = child->fault;
        io_send(child->sock, &report, sizeof(report), NULL, 0);
        _exit(1);
}
