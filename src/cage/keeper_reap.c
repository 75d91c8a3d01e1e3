/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/keeper.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"

bool keeper_reap(struct keeper *keeper)
{
        int status;
        pid_t pid;

        while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
                status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                if (pid != keeper->init) {
                        keeper_door_reaped(keeper, pid, status);
                        continue;
                }
                keeper->reaped = true;
                keeper->status = status;
        }
        return pid == 0;
}

/* One process and its parent, from /proc/PID/stat: the parent stands after the last closing parenthesis, for
 * the name before it may hold anything. */
struct kin {
        pid_t pid, parent;
};

static pid_t read_parent(const char *pid)
{
        char path[300], text[512];
        own_fd int fd = -1;
        const char *end;
        ssize_t n;
        int parent;

        snprintf(path, sizeof(path), "/proc/%s/stat", pid);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
        if (n <= 0)
                return -1;
        text[n] = '\0';
        end = strrchr(text, ')');
        return end && sscanf(end + 1, " %*c %d", &parent) == 1 ? (pid_t)parent : -1;
}

static size_t read_kin(struct kin **ret)
{
        DIR *dir = opendir("/proc");
        struct dirent *entry;
        size_t n = 0;

        while (dir && (entry = readdir(dir)) != NULL) {
                if (!isdigit((unsigned char)entry->d_name[0]))
                        continue;
                *ret = xrealloc(*ret, n + 1, sizeof(**ret));
                (*ret)[n++] = (struct kin){ .pid = (pid_t)strtol(entry->d_name, NULL, 10),
                                            .parent = read_parent(entry->d_name) };
        }
        if (dir)
                closedir(dir);
        return n;
}

static bool is_among(const pid_t *pids, size_t n, pid_t pid)
{
        for (size_t i = 0; i < n; i++)
                if (pids[i] == pid)
                        return true;
        return false;
}

/* With the machine's PID namespace nothing dies with init: everything that descends from the keeper, which
 * adopts what loses its parent, is killed. A process that forks meanwhile is met in the next round. */
static void kill_descendants(void)
{
        own_free struct kin *kin = NULL;
        own_free pid_t *ours = NULL;
        size_t n = read_kin(&kin), n_ours = 1, before = 0;

        ours = xmalloc((n + 1) * sizeof(*ours));
        ours[0] = getpid();
        while (before != n_ours) {
                before = n_ours;
                for (size_t i = 0; i < n; i++) {
                        if (!is_among(ours, n_ours, kin[i].parent) || is_among(ours, n_ours, kin[i].pid))
                                continue;
                        ours[n_ours++] = kin[i].pid;
                        kill(kin[i].pid, SIGKILL);
                }
        }
}

void keeper_end(struct keeper *keeper)
{
        bool shared = !(keeper->plan.fixed.ns_flags & (uint32_t)CLONE_NEWPID);

        if (keeper->pidfd >= 0 && !keeper->reaped)
                syscall(SYS_pidfd_send_signal, keeper->pidfd, SIGKILL, NULL, 0);
        while (keeper_reap(keeper)) {
                struct pollfd none = { .fd = -1 };

                if (shared)
                        kill_descendants();
                /* Init's end is an event; that of adopted descendants is none, so they are asked after. */
                if (!keeper->reaped && keeper->pidfd >= 0)
                        none = (struct pollfd){ .fd = keeper->pidfd, .events = POLLIN };
                poll(&none, 1, 10);
        }
}
