/* SPDX-License-Identifier: MIT */
/* visit NAME COMMAND…: starts it in the container, says "started PID" (the machine's number) or the fault,
 * and then ends it by SIGTERM, as the screen's Ctrl-C would. visit --procfs PID: opens the procfs of that
 * process's PID namespace as on a kernel before 6.18, and says "opened" or the fault. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "cage/enter.h"
#include "cage/join.h"

static int open_procfs(const char *pid)
{
        struct fault fault = { 0 };
        own_fd int ns = -1, procfs = -1;
        char text[700];

        snprintf(text, sizeof(text), "/proc/%s/ns/pid", pid);
        ns = open(text, O_RDONLY | O_CLOEXEC);
        procfs = ns < 0 ? -1 : join_procfs(ns, JOIN_BY_CHILD, &fault);
        fault_line(&fault, text, sizeof(text));
        puts(procfs >= 0 ? "opened" : text);
        return 0;
}

int main(int argc, char **argv)
{
        struct strv words = { 0 }, env = { 0 };
        struct enter_request request = { .user = "", .workdir = "", .env = &env, .argv = &words };
        struct fault fault = { 0 };
        struct enter *enter = NULL;
        char line[700];
        int pty = -1, status;

        if (argc < 3)
                return 2;
        if (strcmp(argv[1], "--procfs") == 0)
                return open_procfs(argv[2]);
        for (int i = 2; i < argc; i++)
                strv_add(&words, argv[i]);
        if (enter_open(argv[1], &enter, &fault) &&
            enter_start(enter, &request, &(struct cage_stdio){ -1, -1, -1, false }, &pty, &fault)) {
                struct pollfd ended = { .fd = enter_fd(enter), .events = POLLIN };

                printf("started %d\n", (int)enter_pid(enter));
                enter_signal(enter, SIGTERM);
                poll(&ended, 1, 2000);
                enter_read(enter, &status, &fault);
        } else {
                fault_line(&fault, line, sizeof(line));
                puts(line);
        }
        enter_close(enter);
        strv_finish(&words);
        return 0;
}
