/* SPDX-License-Identifier: MIT */
/* The least of a shell with job control, for the tests: runs one job in the foreground of its terminal, or
 * after
 * "&" in the background, and says when it has stopped. The line "fg" continues it, "bg" too but in the
 * background; "kill" ends a job that is stopped as a shell does, which continues it for that. */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void run(char **argv, bool in_front)
{
        setpgid(0, 0);
        if (in_front)
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

static void go_on(pid_t pid, const char *line)
{
        if (strncmp(line, "fg", 2) == 0)
                tcsetpgrp(STDIN_FILENO, pid);
        if (strncmp(line, "kill", 4) == 0)
                kill(-pid, SIGTERM);
        kill(-pid, SIGCONT);
}

int main(int argc, char **argv)
{
        bool in_front = argc > 1 && strcmp(argv[1], "&") != 0;
        struct termios own;
        char line[64];
        int status, count = 0;
        pid_t pid;

        signal(SIGTTOU, SIG_IGN);
        signal(SIGTTIN, SIG_IGN);
        signal(SIGTSTP, SIG_IGN);
        if (tcgetattr(STDIN_FILENO, &own) < 0)
                return 125;
        pid = argc > 1 ? fork() : -1;
        if (pid == 0)
                run(argv + (in_front ? 1 : 2), in_front);
        if (pid < 0)
                return 125;
        setpgid(pid, pid);
        if (in_front)
                tcsetpgrp(STDIN_FILENO, pid);
        for (;;) {
                if (waitpid(pid, &status, WUNTRACED) != pid)
                        return 125;
                tcsetpgrp(STDIN_FILENO, getpgrp());
                if (!WIFSTOPPED(status))
                        break;
                say_stopped(pid, status, ++count);
                tcsetattr(STDIN_FILENO, TCSANOW, &own);
                if (!fgets(line, sizeof(line), stdin))
                        return 125;
                go_on(pid, line);
        }
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
