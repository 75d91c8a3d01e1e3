/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/kin.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"

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

/* Through a descriptor, and only while it is still that parent's: a number may be given anew meanwhile. */
static void kill_one(const struct kin *kin)
{
        char pid[16];
        own_fd int fd = (int)syscall(SYS_pidfd_open, kin->pid, 0);

        snprintf(pid, sizeof(pid), "%d", (int)kin->pid);
        if (fd >= 0 && read_parent(pid) == kin->parent)
                syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0);
}

size_t kin_kill_descendants(kin_choice *choice, void *data)
{
        own_free struct kin *kin = NULL;
        own_free pid_t *ours = NULL;
        size_t n = read_kin(&kin), n_ours = 1, before = 0, killed = 0;

        ours = xmalloc((n + 1) * sizeof(*ours));
        ours[0] = getpid();
        while (before != n_ours) {
                before = n_ours;
                for (size_t i = 0; i < n; i++) {
                        if (!is_among(ours, n_ours, kin[i].parent) || is_among(ours, n_ours, kin[i].pid))
                                continue;
                        if (choice && !choice(data, kin[i].pid))
                                continue;
                        ours[n_ours++] = kin[i].pid;
                        kill_one(&kin[i]);
                        killed++;
                }
        }
        return killed;
}
