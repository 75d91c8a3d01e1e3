/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"

bool file_fault(struct fault *fault, const char *path)
{
        bool limited = errno == EFBIG;

        fault_errno(fault, path, "write the recording");
        if (limited)
                fault_hint(fault, "the shell's limit for a file's size is reached: ulimit -f tells it");
        return false;
}

static bool refuse(const char *path, const char *why, struct fault *fault)
{
        fault_why(fault, "write the recording", "%.200s is %s", path, why);
        return fault_hint(fault, "give another name, or remove it first");
}

static const char *kind_of(mode_t mode)
{
        switch (mode & S_IFMT) {
        case S_IFDIR:
                return "a folder";
        case S_IFLNK:
                return "a symbolic link";
        case S_IFIFO:
                return "a FIFO";
        case S_IFSOCK:
                return "a socket";
        default:
                return "a device";
        }
}

/* Opens what is there, if it is of the kind that may be written over. */
static bool open_there(const char *path, const char *begins, int *ret_fd, struct fault *fault)
{
        own_fd int fd = -1;
        size_t n = strlen(begins);
        char first[64];
        struct stat st;
        ssize_t got;

        /* Looked at before it is opened: a device may act on that. */
        if (lstat(path, &st) < 0)
                return fault_errno(fault, path, "write the recording");
        if (!S_ISREG(st.st_mode))
                return refuse(path, kind_of(st.st_mode), fault);
        fd = open(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &st) < 0)
                return fault_errno(fault, path, "write the recording");
        if (!S_ISREG(st.st_mode))
                return refuse(path, kind_of(st.st_mode), fault);
        got = pread(fd, first, n < sizeof(first) ? n : sizeof(first), 0);
        if (got < 0)
                return fault_errno(fault, path, "write the recording");
        if (got > 0 && ((size_t)got < n || memcmp(first, begins, (size_t)got) != 0))
                return refuse(path, "there, and none of vitrine's recordings", fault);
        *ret_fd = take_fd(&fd);
        return true;
}

bool file_open(const char *path, const char *begins, int *ret_fd, bool *ret_new, struct fault *fault)
{
        own_fd int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        bool is_new = fd >= 0;

        if (!is_new && (errno != EEXIST || !begins))
                return fault_errno(fault, path, "write the recording");
        if (!is_new && !open_there(path, begins, &fd, fault))
                return false;
        if (ftruncate(fd, 0) < 0)
                return fault_errno(fault, path, "write the recording");
        *ret_fd = take_fd(&fd);
        *ret_new = is_new;
        return true;
}

bool file_check(const char *path, const char *begins, struct fault *fault)
{
        own_fd int there = -1;
        struct stat st;

        return lstat(path, &st) < 0 || open_there(path, begins, &there, fault);
}

static bool write_new(const char *path, const char *text, size_t n)
{
        own_fd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        int to_close;

        if (fd < 0 || !io_write_all(fd, text, n))
                return false;
        /* Some file systems say only now that there is no room. */
        to_close = take_fd(&fd);
        return close(to_close) == 0;
}

bool file_replace(const char *path, const char *begins, const char *text, size_t n, struct fault *fault)
{
        own_free char *new_path = xasprintf("%s.%ld.new", path, (long)getpid());
        int err;

        if (!file_check(path, begins, fault))
                return false;
        if (write_new(new_path, text, n) && rename(new_path, path) == 0)
                return true;
        err = errno;
        if (err != EEXIST)
                unlink(new_path);
        errno = err;
        return file_fault(fault, path);
}
