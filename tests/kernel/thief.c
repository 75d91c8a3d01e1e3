/* SPDX-License-Identifier: MIT */
/* Inside a container: stops whoever enters it before his exec. `thief stop` leaves him so, `thief hold` stops
 * him again and again. `thief forge PID` (with CAP_SYS_PTRACE) takes his socket to the keeper, says there in
 * its records that the process with that number of the machine's is the one that runs here, and ends him.
 * `thief context 0` (with CAP_SYS_ADMIN) sends a file system of his own choice to whom attach sends in for a
 * procfs, and says "made" or "unmade": whether it has come into being. Says "NAME N" of each that it has
 * caught; goes on for 60 seconds. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "cage/plan.h"

enum { PATIENCE_MS = 60000, AHEAD = 3, FORGED_FD = 3, ROUNDS = 20000 };

/* The next numbers are the newcomer's; which those are is looked up again, for one may have been missed. */
static pid_t catch_one(uint64_t end)
{
        while (time_now_ms() < end) {
                pid_t last = fork();

                if (last == 0)
                        _exit(0);
                waitpid(last, NULL, 0);
                for (int round = 0; round < ROUNDS; round++)
                        for (pid_t pid = last + 1; pid <= last + AHEAD; pid++)
                                if (kill(pid, SIGSTOP) == 0)
                                        return pid;
        }
        return 0;
}

/* A context makes one file system, once. */
static int send_context(int sock)
{
        int words[2] = { 2, 0 }, context = fsopen("tmpfs", FSOPEN_CLOEXEC);

        if (context < 0 || !io_send(sock, words, sizeof(words), &context, 1))
                return -1;
        usleep(500000);
        puts(fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0 ? "unmade" : "made");
        close(context);
        return 0;
}

/* What the keeper's newcomers say, or what a child that opens a procfs does (a number and nothing else). */
static int lie(int sock, const char *how, pid_t victim)
{
        struct report report = { .kind = REPORT_ENTERED, .pid = victim };
        int words[2][2] = { { 1, victim }, { 2, EIO } };

        if (strcmp(how, "context") == 0)
                return send_context(sock);
        if (strcmp(how, "word") == 0)
                return send(sock, words[0], sizeof(words[0]), 0) < 0 ||
                       send(sock, words[1], sizeof(words[1]), 0) < 0;
        if (send(sock, &report, sizeof(report), 0) < 0)
                return -1;
        report.kind = REPORT_EXEC;
        return send(sock, &report, sizeof(report), 0) < 0;
}

static int forge(pid_t pid, const char *how, pid_t victim)
{
        int pidfd = (int)syscall(SYS_pidfd_open, pid, 0u);
        int sock = (int)syscall(SYS_pidfd_getfd, pidfd, FORGED_FD, 0u);
        int bad = sock < 0;

        close(pidfd);
        if (!bad) {
                usleep(100000); /* what is true has been said by now */
                bad = lie(sock, how, victim);
                close(sock);
        }
        kill(pid, bad ? SIGCONT : SIGKILL);
        return bad;
}

int main(int argc, char **argv)
{
        uint64_t end = time_now_ms() + PATIENCE_MS;
        pid_t pid;

        if (argc < 2)
                return 2;
        setvbuf(stdout, NULL, _IONBF, 0);
        puts("waits");
        while ((pid = catch_one(end)) > 0) {
                if (strcmp(argv[1], "hold") == 0)
                        while (kill(pid, SIGSTOP) == 0 && time_now_ms() < end)
                                ;
                if (argc < 3 || forge(pid, argv[1], (pid_t)strtol(argv[2], NULL, 10)) == 0)
                        printf("%s %d\n", argv[1], (int)pid);
                while (kill(pid, 0) == 0 && time_now_ms() < end)
                        usleep(1000);
        }
        return 0;
}
