/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/crowd.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

enum { AT_ONCE = 16, REST_MS = 5, MOST_MS = 5000 };

static bool is_ours(int proc_fd)
{
        char self[16];

        return readlinkat(proc_fd, "self", self, sizeof(self)) >= 0;
}

/* A process's folder in procfs stands for it as a pidfd does, and this procfs has nobody from outside. */
static void kill_one(int proc_fd, const char *pid)
{
        own_fd int fd = openat(proc_fd, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (fd >= 0)
                syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0);
}

/* False: nobody is there any more to rest for. */
static bool rest(int control)
{
        struct pollfd end = { .fd = control };

        poll(&end, 1, REST_MS);
        return end.revents == 0;
}

void crowd_thin(int proc_fd, int control)
{
        const uint64_t end = time_now_ms() + MOST_MS;
        int fd = is_ours(proc_fd) ? -1 : openat(proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct dirent *entry;
        int n = 0;

        while (dir && (entry = readdir(dir)) != NULL) {
                if (!isdigit((unsigned char)entry->d_name[0]) || strcmp(entry->d_name, "1") == 0)
                        continue;
                kill_one(proc_fd, entry->d_name);
                if (++n % AT_ONCE == 0 && (!rest(control) || time_now_ms() >= end))
                        break;
        }
        if (dir)
                closedir(dir);
        else
                fd_close(&fd);
}
