/* SPDX-License-Identifier: MIT */
/* The program that asks: it enters a room beside the cage (cage/chamber.h), asks about every capability
 * there, and sends the kernel's answers home as one record. It uses nothing of the image. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/chamber.h"
#include "cage/planfd.h"
#include "probe/proto.h"
#include "probe/runner.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

static _Noreturn void give_up(const struct fault *fault)
{
        struct probe_record record = { .kind = PROBE_FAULT, .fault = *fault };

        io_send(PROBE_CONTROL, &record, sizeof(record), NULL, 0);
        _exit(EXIT_VITRINE);
}

/* Executable and not readable, for fixtures_bystander. What vitrine starts is a copy without a name. */
static bool hide_program(int exe)
{
        struct stat st;

        return exe >= 0 && fstat(exe, &st) == 0 && st.st_nlink == 0 && fchmod(exe, 0111) == 0;
}

/* A program that cannot be read, and whose owner has no id in a user namespace, takes the memory of whoever
 * runs it out of that namespace: there a copy of the container's root's own takes its place. Where memfds
 * cannot be executed the first one serves, and SYS_PTRACE is seen as refused. */
static void own_program(int *exe)
{
        own_fd int copy = (int)syscall(SYS_memfd_create, "vitrine-probe", MFD_CLOEXEC | MFD_EXEC);
        own_fd int again = -1;
        char path[40];
        struct stat st;
        off_t done = 0;

        if (copy < 0 && errno == EINVAL)
                copy = (int)syscall(SYS_memfd_create, "vitrine-probe", MFD_CLOEXEC);
        if (copy < 0 || fstat(*exe, &st) < 0)
                return;
        while (done < st.st_size)
                if (sendfile(copy, *exe, &done, (size_t)(st.st_size - done)) <= 0)
                        return;
        /* A file that is open for writing is not executed: this descriptor is a path to it, the other one
         * closes. */
        snprintf(path, sizeof(path), "/proc/self/fd/%d", copy);
        again = open(path, O_PATH | O_CLOEXEC);
        if (again < 0 || fchmod(copy, 0111) < 0)
                return;
        close(*exe);
        *exe = take_fd(&again);
}

/* A change of ids or of the user namespace takes both away again. */
static void stay_guarded(void)
{
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_DUMPABLE, 0);
}

static bool begin(int *ret_exe, struct fault *fault)
{
        prctl(PR_SET_NAME, "vitrine probe");
        signal(SIGPIPE, SIG_IGN);
        signal(SIGXFSZ, SIG_IGN);
        /* What runs is the sealed copy: so the cage's own copy of it is, too. */
        *ret_exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        stay_guarded();
        if (!hide_program(*ret_exe) || fcntl(PROBE_CONTROL, F_SETFD, FD_CLOEXEC) < 0)
                return fault_errno(fault, "", "begin to probe");
        return true;
}

static bool hear(struct plan *ret_plan, int *ret_init, struct fault *fault)
{
        struct probe_hello hello;
        own_fd int plan = -1;
        int fds[PROBE_FD_N];
        ssize_t n = io_recv(PROBE_CONTROL, &hello, sizeof(hello), fds, PROBE_FD_N);

        if (n == 0)
                _exit(0); /* vitrine has gone already */
        if (n < 0)
                return fault_errno(fault, "", "begin to probe");
        plan = fds[PROBE_FD_PLAN];
        if (n != (ssize_t)sizeof(hello) || fds[PROBE_FD_INIT] < 0)
                return fault_why(fault, "begin to probe", "vitrine said what was not understood");
        if (!plan_read(plan, ret_plan, fault))
                return false;
        ret_plan->fixed.caps = hello.caps;
        *ret_init = fds[PROBE_FD_INIT];
        return true;
}

/* The first process of the room's PID namespace: with it ends everything that was started in there. */
static _Noreturn void ask_all(const struct plan *plan, int exe)
{
        struct probe_record record = {
                .kind = PROBE_ANSWERS,
                .userns = (plan->fixed.ns_flags & CLONE_NEWUSER) != 0,
                .one_id = plan->fixed.one_id,
        };
        struct fault fault = { 0 };
        struct runner runner;
        pid_t bystander;

        stay_guarded();
        bystander = fixtures_bystander(&plan->fixed, exe, &fault);
        close(exe);
        /* The machine's /dev/null: who may look into what asks must not reach its node. */
        for (int fd = 0; fd < PROBE_CONTROL; fd++)
                close(fd);
        if (bystander < 0 || !chamber_settle(&fault) || !runner_init(&runner, plan, bystander, &fault))
                give_up(&fault);
        if (!runner_ask_all(&runner, record.rows))
                _exit(0);
        io_send(PROBE_CONTROL, &record, sizeof(record), NULL, 0);
        _exit(0);
}

int main(int argc, char **argv)
{
        struct fault fault = { 0 };
        struct plan plan = { 0 };
        int exe = -1, init = -1, status = 0;
        pid_t pid;

        if (argc == 2 && strcmp(argv[1], FIXTURE_BYSTANDER) == 0)
                fixtures_be_bystander();
        if (!begin(&exe, &fault) || !hear(&plan, &init, &fault) ||
            !chamber_join(init, plan.fixed.ns_flags, plan.fixed.one_id, &fault))
                give_up(&fault);
        close(init);
        if ((plan.fixed.ns_flags & CLONE_NEWUSER) && !plan.fixed.one_id)
                own_program(&exe);
        stay_guarded();
        pid = fork();
        if (pid == 0)
                ask_all(&plan, exe);
        if (pid < 0) {
                fault_errno(&fault, "", "begin to probe");
                give_up(&fault);
        }
        close(PROBE_CONTROL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_VITRINE);
}
