/* SPDX-License-Identifier: MIT */
/* The least of a shell with job control, for the tests: runs one job in the foreground of its terminal, says
 * when it has stopped, and continues it when a line is typed. */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void run(char **argv)
{
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
        signal(SIGTTOU, SIG_DFL);
        signal(SIGTTIN, SIG_DFL);
        signal(SIGTSTP, SIG_DFL);
        execv(argv[0], argv);
        _exit(126);
}

static void say_stopped(pid_t pid, int status, int count)
{
        struct termios modes;

        if (tcgetattr(STDIN_FILENO, &modes) < 0)
                _exit(125);
        printf("stopped %d by %d, %s, %d\n", (int)pid, WSTOPSIG(status),
               modes.c_lflag & ECHO && modes.c_lflag & ICANON && modes.c_lflag & ISIG ? "cooked" : "raw",
               count);
        fflush(stdout);
}

int main(int argc, char **argv)
{
        char line[64];
        int status, count = 0;
        pid_t pid;

        signal(SIGTTOU, SIG_IGN);
        signal(SIGTTIN, SIG_IGN);
        signal(SIGTSTP, SIG_IGN);
        pid = argc > 1 ? fork() : -1;
        if (pid == 0)
                run(argv + 1);
        if (pid < 0)
                return 125;
        setpgid(pid, pid);
        for (;;) {
                tcsetpgrp(STDIN_FILENO, pid);
                if (waitpid(pid, &status, WUNTRACED) != pid)
                        return 125;
                tcsetpgrp(STDIN_FILENO, getpgrp());
                if (!WIFSTOPPED(status))
                        break;
                say_stopped(pid, status, ++count);
                if (!fgets(line, sizeof(line), stdin))
                        return 125;
                tcsetpgrp(STDIN_FILENO, pid);
                kill(-pid, SIGCONT);
        }
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
