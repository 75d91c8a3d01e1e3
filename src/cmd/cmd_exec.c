/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/cmd.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/io.h"
#include "base/loop.h"
#include "base/own.h"
#include "cage/enter.h"
#include "cmd/streams.h"

/* A command inside a container that runs. */
struct visit_run {
        struct loop loop;
        struct enter *enter;
        struct streams streams;
        int exit_code;
        struct fault fault;
};

static void on_signal(void *data, int fd, short events)
{
        struct visit_run *run = data;
        struct signalfd_siginfo info;

        (void)events;
        if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
                return;
        if (info.ssi_signo == SIGWINCH) {
                streams_resize(&run->streams);
                return;
        }
        /* docker exec forwards none: its end leaves the process alone. */
        run->exit_code = 128 + (int)info.ssi_signo;
        run->loop.quit = true;
}

static void on_enter(void *data, int fd, short events)
{
        struct visit_run *run = data;
        int got = enter_read(run->enter, &run->exit_code, &run->fault);

        (void)fd, (void)events;
        if (got != 0)
                run->loop.quit = true;
        if (got < 0)
                run->exit_code = -1;
}

static bool wait_for_end(struct visit_run *run)
{
        own_fd int signals = -1;
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGQUIT);
        sigaddset(&set, SIGWINCH);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (signals < 0)
                return fault_errno(&run->fault, "", "watch for signals");
        loop_watch(&run->loop, signals, POLLIN, on_signal, run);
        loop_watch(&run->loop, enter_fd(run->enter), POLLIN, on_enter, run);
        while (!run->loop.quit)
                if (!loop_step(&run->loop))
                        return fault_errno(&run->fault, "", "wait for the process");
        if (run->exit_code < 0)
                return false;
        return streams_drain(&run->streams, &set, &run->fault);
}

/* docker run's grammar serves; what exec has not is refused by what is left when its own is taken away. */
static bool check_flags(const struct spec *spec, struct fault *fault)
{
        struct spec rest, none;
        bool ok;

        spec_copy(&rest, spec);
        spec_init(&none);
        *rest.user = *rest.workdir = *rest.image = '\0';
        strv_finish(&rest.env);
        strv_finish(&rest.args);
        rest.interactive = rest.tty = false;
        ok = spec_equal(&rest, &none);
        spec_finish(&rest);
        spec_finish(&none);
        if (ok)
                return true;
        fault_why(fault, "exec", "it takes -u, -e, -w, -i and -t alone: the rest is the container's");
        return fault_hint(fault, "give the other flags to vitrine run or to the screen's keys");
}

static bool start(struct visit_run *run, const struct spec *spec)
{
        struct enter_request request = {
                .user = spec->user, .workdir = spec->workdir, .env = &spec->env, .argv = &spec->args
        };
        struct cage_stdio stdio;
        int pty = -1;

        if (!check_flags(spec, &run->fault))
                return false;
        if (!*spec->image || spec->args.n == 0) {
                fault_why(&run->fault, "exec",
                          *spec->image ? "the line names no command" : "the line names no container");
                return fault_hint(&run->fault, "vitrine exec NAME COMMAND, or: vitrine exec --help");
        }
        if (!streams_open(&run->streams, spec->interactive, spec->tty, &stdio, &run->fault) ||
            !enter_open(spec->image, &run->enter, &run->fault) ||
            !enter_start(run->enter, &request, &stdio, &pty, &run->fault))
                return false;
        return streams_start(&run->streams, &run->loop, pty, &run->fault);
}

int cmd_exec(int argc, char **argv)
{
        struct visit_run run = { .streams = STREAMS_NONE };
        struct spec spec;
        int exit_code = 0;

        signal(SIGPIPE, SIG_IGN);
        loop_init(&run.loop);
        if (!command_parse(command_find("exec"), argc, argv, &spec, NULL, &exit_code))
                return exit_code;
        if (start(&run, &spec) && wait_for_end(&run)) {
                exit_code = run.exit_code;
        } else {
                tty_restore(&run.streams.tty);
                exit_code = fault_print(&run.fault, false);
        }
        streams_close(&run.streams);
        enter_close(run.enter);
        spec_finish(&spec);
        return exit_code;
}
