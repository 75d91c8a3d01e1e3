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
#include "base/text.h"
#include "cage/door.h"
#include "cmd/once.h"
#include "cmd/streams.h"
#include "cmd/trace_caps.h"
#include "stage/launch.h"

enum { IMPATIENT_MS = 2000 };

struct foreground {
        struct loop loop;
        struct launch launch;
        struct door door;
        struct streams streams;
        bool trace;
        struct trace_caps trace_caps;
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
        if (sig == SIGWINCH)
                streams_resize(&run->streams);
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

/* `ubuntu` is not told: the lines that people paste have it, and their output is to be docker's. */
static void say_stand_in(const struct image *image)
{
        own_free char *missing = NULL;

        if (!image->stands_in || strcmp(image->missing, "ubuntu") == 0)
                return;
        missing = text_escape(image->missing, strlen(image->missing), false);
        fprintf(stderr, "vitrine: image %s is not on this machine: the demo root stands in\n", missing);
}

static bool start(struct foreground *run, const char *id)
{
        const struct spec *spec = &run->launch.spec;
        struct cage_stdio stdio;

        say_stand_in(&run->launch.image);
        if (run->trace && !trace_caps_open(&run->trace_caps, &run->loop, &run->fault))
                return false;
        if (!streams_open(&run->streams, spec->interactive, spec->tty, &stdio, &run->fault) ||
            !door_open(id, spec->name, &run->door, &run->fault) ||
            !command_start(&run->launch, id, &stdio, run->door.sock, &run->fault))
                return false;
        return streams_start(&run->streams, &run->loop, cage_take_pty(run->launch.cage), &run->fault);
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
        return streams_drain(&run->streams, &set, &run->fault);
}

int cmd_run(int argc, char **argv)
{
        struct foreground run = { .door = { -1, -1 }, .streams = STREAMS_NONE };
        char id[LAUNCH_ID_SIZE];
        struct spec spec;
        int exit_code = 0;

        signal(SIGPIPE, SIG_IGN);
        loop_init(&run.loop);
        if (!command_parse_run(argc, argv, &spec, &run.trace, &exit_code))
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
                if (run.trace)
                        trace_caps_print(&run.trace_caps);
        }
        streams_close(&run.streams);
        door_close(&run.door);
        launch_finish(&run.launch);
        trace_caps_close(&run.trace_caps);
        spec_finish(&spec);
        return exit_code;
}
