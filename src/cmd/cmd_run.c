/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/io.h"
#include "base/loop.h"
#include "base/own.h"
#include "cmd/pump.h"
#include "stage/launch.h"

enum { IMPATIENT_MS = 2000 };

/* A command in the foreground. Its descriptors are pipes, as an engine's are: a file or terminal of the
 * machine never comes into the cage, where it could be opened again for more than was given. */
struct foreground {
        struct loop loop;
        struct launch launch;
        struct pump in, out, err;
        uint64_t interrupted_ms;
        int exit_code;
        struct fault fault;
};

/* The signals that docker forwards (--sig-proxy): all but those that speak of vitrine's own terminal and
 * children. */
static void forwarded_signals(sigset_t *set)
{
        static const int kept[] = { SIGCHLD, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGSEGV, SIGBUS, SIGFPE,
                                    SIGILL,  SIGABRT, SIGURG,  SIGSTOP, SIGKILL, SIGTRAP, SIGSYS };

        sigfillset(set);
        for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
                sigdelset(set, kept[i]);
}

static void on_signal(void *data, int fd, short events)
{
        struct foreground *run = data;
        struct signalfd_siginfo info;
        uint64_t now = time_now_ms();
        int sig;

        (void)events;
        if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
                return;
        sig = (int)info.ssi_signo;
        if (sig == SIGINT) {
                /* PID 1 without a handler does not get an INT: who asks twice means it. */
                if (run->interrupted_ms && now - run->interrupted_ms < IMPATIENT_MS)
                        sig = SIGKILL;
                run->interrupted_ms = now;
        }
        cage_signal(run->launch.cage, sig);
}

static void on_cage(void *data, int fd, short events)
{
        struct foreground *run = data;
        int got = cage_read(run->launch.cage, &run->exit_code, &run->fault);

        (void)fd, (void)events;
        if (got != 0)
                run->loop.quit = true;
        if (got < 0)
                run->exit_code = -1;
}

static bool make_pipe(int *ret_read, int *ret_write, struct fault *fault)
{
        int fds[2];

        if (pipe2(fds, O_CLOEXEC) < 0)
                return fault_errno(fault, "", "make a pipe");
        *ret_read = fds[0];
        *ret_write = fds[1];
        return true;
}

static bool start(struct foreground *run, const char *id)
{
        own_fd int in_read = -1, in_write = -1, out_read = -1, out_write = -1, err_read = -1, err_write = -1;
        struct cage_stdio stdio;

        if (run->launch.spec.interactive && !make_pipe(&in_read, &in_write, &run->fault))
                return false;
        if (!make_pipe(&out_read, &out_write, &run->fault) || !make_pipe(&err_read, &err_write, &run->fault))
                return false;
        stdio = (struct cage_stdio){ in_read, out_write, err_write };
        if (!launch_start(&run->launch, id, &stdio, &run->fault))
                return false;
        if (in_write >= 0)
                pump_start(&run->in, &run->loop, fcntl(0, F_DUPFD_CLOEXEC, 3), take_fd(&in_write), true);
        pump_start(&run->out, &run->loop, take_fd(&out_read), 1, false);
        pump_start(&run->err, &run->loop, take_fd(&err_read), 2, false);
        return true;
}

static bool wait_for_end(struct foreground *run)
{
        own_fd int signals = -1;
        sigset_t set;

        forwarded_signals(&set);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (signals < 0)
                return fault_errno(&run->fault, "", "watch for signals");
        loop_watch(&run->loop, signals, POLLIN, on_signal, run);
        loop_watch(&run->loop, cage_socket(run->launch.cage), POLLIN, on_cage, run);
        while (!run->loop.quit)
                if (!loop_step(&run->loop))
                        return fault_errno(&run->fault, "", "wait for the container");
        if (run->exit_code < 0)
                return false;
        pump_drain(&run->out);
        pump_drain(&run->err);
        return true;
}

int cmd_run(int argc, char **argv)
{
        struct foreground run = { .in = { .from = -1, .to = -1 },
                                  .out = { .from = -1, .to = -1 },
                                  .err = { .from = -1, .to = -1 } };
        char id[LAUNCH_ID_SIZE];
        struct spec spec;
        int exit_code = 0;

        signal(SIGPIPE, SIG_IGN);
        loop_init(&run.loop);
        if (!command_parse(command_find("run"), argc, argv, &spec, NULL, &exit_code))
                return exit_code;
        launch_new_id(id);
        if (!*spec.image) {
                fault_why(&run.fault, "run", "the line names no image");
                fault_hint(&run.fault, "vitrine run ubuntu COMMAND, or: vitrine run --help");
                exit_code = fault_print(&run.fault, false);
        } else if (!launch_prepare(&spec, id, false, &run.launch, &run.fault) || !start(&run, id) ||
                   !wait_for_end(&run)) {
                exit_code = fault_print(&run.fault, false);
        } else {
                exit_code = run.exit_code;
        }
        fd_close(&run.in.from);
        fd_close(&run.in.to);
        fd_close(&run.out.from);
        fd_close(&run.err.from);
        launch_finish(&run.launch);
        spec_finish(&spec);
        return exit_code;
}
