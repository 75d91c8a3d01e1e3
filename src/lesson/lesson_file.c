/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/lesson_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/own.h"

static bool refuse(const char *path, const char *step, struct fault *fault, const char *why)
{
        fault_why(fault, step, "%s", why);
        if (fault)
                snprintf(fault->path, sizeof(fault->path), "%s", path);
        return false;
}

bool lesson_read_text(const char *path, size_t max, const char *step, char **ret, size_t *ret_len,
                      struct fault *fault)
{
        own_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        char why[64];
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return fault_errno(fault, path, "%s", step);
        if (!S_ISREG(st.st_mode))
                return refuse(path, step, fault,
                              S_ISDIR(st.st_mode) ? "it is a folder" : "it is no regular file");
        if (io_read_all(fd, max, ret, ret_len))
                return true;
        if (errno != EFBIG)
                return fault_errno(fault, path, "%s", step);
        snprintf(why, sizeof(why), "it is larger than %zu KiB", max / 1024);
        return refuse(path, step, fault, why);
}
