/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "eye/reader.h"

/* At most max bytes of a file below proc_fd; -1 when it cannot be read. */
static ssize_t read_some(int proc_fd, pid_t pid, const char *name, char *buf, size_t max)
{
        char path[48];
        own_fd int fd = -1;
        size_t len = 0;

        snprintf(path, sizeof(path), "%d/%s", (int)pid, name);
        fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return -1;
        while (len < max) {
                ssize_t n = read(fd, buf + len, max - len);

                if (n < 0 && len == 0)
                        return -1;
                if (n <= 0)
                        break;
                len += (size_t)n;
        }
        return (ssize_t)len;
}

char *reader_comm(int proc_fd, pid_t pid)
{
        char buf[128];
        ssize_t n = read_some(proc_fd, pid, "comm", buf, sizeof(buf));

        if (n <= 0)
                return NULL;
        return xstrndup(buf, (size_t)(buf[n - 1] == '\n' ? n - 1 : n));
}

char *reader_cmdline(int proc_fd, pid_t pid, size_t max)
{
        own_free char *buf = xmalloc(max + 1);
        ssize_t n = read_some(proc_fd, pid, "cmdline", buf, max);
        char *text;

        if (n < 0)
                return NULL;
        while (n > 0 && buf[n - 1] == '\0')
                n--;
        for (char *at = buf; (at = memchr(at, '\0', (size_t)(buf + n - at))) != NULL;)
                *at++ = ' ';
        buf[n] = '\0';
        text = xstrdup(buf); /* of its own size: a table holds thousands */
        return text;
}
