/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spawn.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"

/* Its own environment alone; the sanitizers' options come along. */
static void fill_environment(const char *const *own, struct strv *ret)
{
        static const char *const usual[] = {
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/",
                "LC_ALL=C.UTF-8", "TERM=xterm-256color", NULL
        };
        static const char *const through[] = { "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", NULL };

        for (const char *const *at = own; at && *at; at++)
                strv_add(ret, *at);
        for (const char *const *at = usual; *at; at++) {
                size_t name = strcspn(*at, "=") + 1;
                bool replaced = false;

                for (const char *const *mine = own; mine && *mine; mine++)
                        replaced = replaced || strncmp(*mine, *at, name) == 0;
                if (!replaced)
                        strv_add(ret, *at);
        }
        for (const char *const *at = through; *at; at++)
                if (getenv(*at))
                        strv_add_take(ret, xasprintf("%s=%s", *at, getenv(*at)));
}

static void fill_arguments(const struct screen_options *options, struct strv *ret)
{
        const char *slash = strrchr(options->program, '/');

        strv_add(ret, slash ? slash + 1 : options->program);
        for (const char *const *at = options->args; at && *at; at++)
                strv_add(ret, *at);
}

static void become(const struct screen_options *options, int tty, char **argv, char **envp)
{
        uid_t uid = options->uid;
        sigset_t none;

        sigemptyset(&none);
        if (setsid() < 0 || ioctl(tty, TIOCSCTTY, 0) < 0)
                _exit(124);
        for (int fd = 0; fd < 3; fd++)
                if (dup2(tty, fd) < 0)
                        _exit(124);
        if (uid != (uid_t)-1 &&
            (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0))
                _exit(124);
        if (chdir(options->dir ? options->dir : "/") < 0 || close_range(3, ~0U, 0) < 0)
                _exit(124);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGPIPE, SIG_DFL);
        execve(options->program, argv, envp);
        _exit(124);
}

pid_t spawn_on_pty(const struct screen_options *options, int cols, int rows, int *ret_master, int *ret_tty,
                   struct termios *ret_before)
{
        struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };
        own_fd int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        own_fd int tty = -1;
        struct strv argv = { 0 }, envp = { 0 };
        char name[64];
        pid_t pid;

        if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0 ||
            ptsname_r(master, name, sizeof(name)) != 0)
                return -1;
        tty = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (tty < 0 || ioctl(tty, TIOCSWINSZ, &size) < 0 || tcgetattr(tty, ret_before) < 0)
                return -1;
        if (options->uid != (uid_t)-1 && !options->foreign && fchown(tty, options->uid, (gid_t)-1) < 0)
                return -1;
        fill_arguments(options, &argv);
        fill_environment(options->env, &envp);
        pid = fork();
        if (pid == 0)
                become(options, tty, argv.v, envp.v);
        strv_finish(&argv);
        strv_finish(&envp);
        if (pid < 0)
                return -1;
        *ret_master = take_fd(&master);
        *ret_tty = take_fd(&tty);
        return pid;
}
