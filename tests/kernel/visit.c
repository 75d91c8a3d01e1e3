/* SPDX-License-Identifier: MIT */
/* visit NAME COMMAND…: starts it in the container, says "started PID" (the machine's number) or the fault,
 * and then ends it by SIGTERM, as the screen's Ctrl-C would. visit --procfs PID: opens the procfs of that
 * process's PID namespace as on a kernel before 6.18, and says "opened" or the fault. visit --squat N: takes
 * N names of containers, and answers none who comes. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/own.h"
#include "cage/enter.h"
#include "cage/join.h"
#include "cage/plan.h"

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

static int squat(int n)
{
        struct sockaddr_un addr = { .sun_family = AF_UNIX };

        for (int i = 0; i < n; i++) {
                int sock = socket(AF_UNIX, SOCK_SEQPACKET, 0);
                int len = snprintf(addr.sun_path + 1, sizeof(addr.sun_path) - 1, DOOR_PREFIX "%u/%012x",
                                   (unsigned)geteuid(), (unsigned)i);
                socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);

                if (bind(sock, (struct sockaddr *)&addr, size) < 0 || listen(sock, 0) < 0)
                        return 1;
                for (int k = 0; k < 2; k++)
                        (void)!connect(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0),
                                       (struct sockaddr *)&addr, size);
        }
        puts("squats");
        fflush(stdout);
        pause();
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
        if (strcmp(argv[1], "--squat") == 0)
                return squat((int)strtol(argv[2], NULL, 10));
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
