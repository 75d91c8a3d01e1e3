/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/idtool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/helper.h"
#include "base/own.h"

enum { ARGS_MAX = 2 + 3 * ID_RUNS_MAX + 1, NUMBER_MAX = 12 };

/* Never by PATH: what it leads to would be asked to say which ids are whose. */
static const char *const folders[] = { "/usr/bin", "/bin", "/usr/sbin", "/usr/local/bin",
                                       "/run/wrappers/bin" /* NixOS */ };

/* Whether executing it gives what mapping takes. */
static bool gives_privilege(const char *path, const struct stat *st, char why[static IDTOOL_WHY])
{
        struct statvfs fs;

        if (!S_ISREG(st->st_mode) || st->st_uid != 0 || (st->st_mode & (S_IWGRP | S_IWOTH)))
                snprintf(why, IDTOOL_WHY, "%s is not a file that root alone can change", path);
        else if (!(st->st_mode & S_ISUID) && getxattr(path, "security.capability", NULL, 0) < 0)
                snprintf(why, IDTOOL_WHY, "%s is not set-user-ID root", path);
        else if (statvfs(path, &fs) == 0 && (fs.f_flag & ST_NOSUID))
                snprintf(why, IDTOOL_WHY, "%s lies on a mount without set-user-ID (nosuid)", path);
        else if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
                snprintf(why, IDTOOL_WHY, "no-new-privileges is set around vitrine, and %s needs some", path);
        else if (cap_get_bound(CAP_SETUID) != 1 || cap_get_bound(CAP_SETGID) != 1)
                snprintf(why, IDTOOL_WHY, "the bounding set around vitrine lacks what %s needs", path);
        else
                return true;
        return false;
}

bool idtool_find(const char *name, char *path, size_t size, char why[static IDTOOL_WHY])
{
        for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
                struct stat st;

                snprintf(path, size, "%s/%s", folders[i], name);
                if (stat(path, &st) == 0)
                        return gives_privilege(path, &st, why);
        }
        snprintf(why, IDTOOL_WHY, "%s is missing", name);
        return false;
}

/* NAME PID INSIDE OUTSIDE COUNT… */
static void make_args(const char *name, pid_t pid, const struct id_runs *runs,
                      char numbers[static ARGS_MAX][NUMBER_MAX], char *args[static ARGS_MAX])
{
        size_t n = 0;

        snprintf(numbers[n], NUMBER_MAX, "%s", name);
        args[n] = numbers[n];
        n++;
        snprintf(numbers[n], NUMBER_MAX, "%d", (int)pid);
        args[n] = numbers[n];
        n++;
        for (uint32_t i = 0; i < runs->n && n + 4 <= ARGS_MAX; i++) {
                const uint32_t run[] = { runs->v[i].inside, runs->v[i].outside, runs->v[i].count };

                for (size_t k = 0; k < 3; k++) {
                        snprintf(numbers[n], NUMBER_MAX, "%u", run[k]);
                        args[n] = numbers[n];
                        n++;
                }
        }
        args[n] = NULL;
}

static bool spawn(const char *path, char *const *args, int errors, pid_t *ret)
{
        static const char *const environment[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attr;
        int err;

        posix_spawn_file_actions_init(&actions);
        helper_attributes(&attr, 0);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
        posix_spawn_file_actions_adddup2(&actions, 0, 1);
        posix_spawn_file_actions_adddup2(&actions, errors, 2);
        err = posix_spawn(ret, path, &actions, &attr, args, (char *const *)(const void *)environment);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attr);
        errno = err;
        return err == 0;
}

static bool say_errno(char why[static IDTOOL_WHY])
{
        snprintf(why, IDTOOL_WHY, "%s", strerror(errno));
        return false;
}

/* What the program says, until it has closed its errors: it has ended then. False when it is to be given up.
 */
static bool hear(int errors, int abort_fd, char why[static IDTOOL_WHY])
{
        size_t used = 0;

        why[0] = '\0';
        for (;;) {
                struct pollfd wait[2] = { { .fd = errors, .events = POLLIN },
                                          { .fd = abort_fd, .events = POLLRDHUP } };
                char more[256];
                ssize_t n;

                if (poll(wait, 2, -1) < 0) {
                        if (errno == EINTR)
                                continue;
                        return say_errno(why);
                }
                if (wait[1].revents & (POLLRDHUP | POLLHUP | POLLERR))
                        return false;
                if (!wait[0].revents)
                        continue;
                n = read(errors, more, sizeof(more));
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return say_errno(why);
                if (n == 0)
                        return true;
                for (ssize_t i = 0; i < n && used + 1 < IDTOOL_WHY && more[i]; i++)
                        why[used++] = more[i];
                why[used] = '\0';
        }
}

/* The first line, without the program's own name in front. */
static void trim(const char *name, char why[static IDTOOL_WHY])
{
        size_t n = strlen(name);

        why[strcspn(why, "\n")] = '\0';
        if (strncmp(why, name, n) == 0 && strncmp(why + n, ": ", 2) == 0)
                memmove(why, why + n + 2, strlen(why + n + 2) + 1);
}

static bool map(const char *name, pid_t pid, const struct id_runs *runs, int abort_fd,
                char why[static IDTOOL_WHY], int *ret_errno)
{
        char numbers[ARGS_MAX][NUMBER_MAX], *args[ARGS_MAX], path[64], said[IDTOOL_WHY];
        own_fd int errors = -1, theirs = -1;
        int pair[2], status = 0;
        pid_t tool;
        bool heard;

        if (!idtool_find(name, path, sizeof(path), why))
                return false;
        make_args(name, pid, runs, numbers, args);
        if (pipe2(pair, O_CLOEXEC) == 0) {
                errors = pair[0];
                theirs = pair[1];
        }
        if (theirs < 0 || !spawn(path, args, theirs, &tool)) {
                snprintf(why, IDTOOL_WHY, "%s: %s", path, strerror(errno));
                *ret_errno = errno;
                return false;
        }
        fd_close(&theirs);
        heard = hear(errors, abort_fd, said);
        if (!heard)
                kill(tool, SIGKILL); /* its real user is this one */
        while (waitpid(tool, &status, 0) < 0)
                if (errno != EINTR)
                        break;
        if (heard && WIFEXITED(status) && WEXITSTATUS(status) == 0)
                return true;
        trim(name, said);
        snprintf(why, IDTOOL_WHY, "%s: %.150s", name, *said ? said : "it failed without a word");
        return false;
}

bool idtool_map(pid_t pid, const struct id_runs *uids, const struct id_runs *gids, int abort_fd,
                char why[static IDTOOL_WHY])
{
        int err = 0;

        if (map("newuidmap", pid, uids, abort_fd, why, &err) &&
            map("newgidmap", pid, gids, abort_fd, why, &err))
                return true;
        errno = err;
        return false;
}
