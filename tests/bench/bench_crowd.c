/* SPDX-License-Identifier: MIT */
/* Fills the machine with idle processes while a command runs, and ends them by their PIDs afterwards:
 *
 *     bench_crowd N COMMAND ARG... */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CROWD_MAX = 100000 };

static void stand(pid_t parent)
{
        /* However the forker ends, nobody is left standing. */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
                _exit(1);
        for (;;)
                pause();
}

static size_t gather(pid_t *crowd, size_t wanted)
{
        pid_t self = getpid();
        size_t n = 0;

        while (n < wanted) {
                pid_t pid = fork();

                if (pid == 0)
                        stand(self);
                if (pid < 0)
                        break;
                crowd[n++] = pid;
        }
        if (n < wanted)
                printf("  only %zu of %zu processes: %s\n", n, wanted, strerror(errno));
        fflush(stdout);
        return n;
}

static void disperse(const pid_t *crowd, size_t n)
{
        for (size_t i = 0; i < n; i++)
                kill(crowd[i], SIGKILL);
        for (size_t i = 0; i < n; i++)
                waitpid(crowd[i], NULL, 0);
}

int main(int argc, char **argv)
{
        size_t wanted = argc > 2 ? strtoul(argv[1], NULL, 10) : 0, n;
        pid_t *crowd, pid;
        int status, err;

        if (wanted == 0 || wanted > CROWD_MAX) {
                fprintf(stderr, "usage: bench_crowd N COMMAND ARG...\n");
                return 2;
        }
        crowd = calloc(wanted, sizeof(*crowd));
        if (!crowd)
                return 1;
        n = gather(crowd, wanted);
        err = posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ);
        if (err)
                fprintf(stderr, "%s: %s\n", argv[2], strerror(err));
        else
                waitpid(pid, &status, 0);
        disperse(crowd, n);
        free(crowd);
        return err ? 127 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
