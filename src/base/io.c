/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"

enum { ARGUMENTS_MAX = 4096 };

void fd_close(int *fd)
{
        int err = errno;

        if (*fd >= 0)
                close(*fd);
        *fd = -1;
        errno = err;
}

uint64_t time_now_ms(void)
{
        struct timespec ts;

        clock_gettime(CLOCK_MONOTONIC, &ts);
        return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

bool io_write_all(int fd, const void *data, size_t n)
{
        const char *p = data;

        while (n > 0) {
                ssize_t done = write(fd, p, n);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done < 0)
                        return false;
                p += done;
                n -= (size_t)done;
        }
        return true;
}

bool io_read_all(int fd, size_t max, char **ret, size_t *ret_len)
{
        own_free char *buf = NULL;
        size_t len = 0, size = 0;

        for (;;) {
                ssize_t got;

                if (size - len < 2) {
                        size = size ? size * 2 : 4096;
                        buf = xrealloc(buf, size, 1);
                }
                got = read(fd, buf + len, size - len - 1);
                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return false;
                if (got == 0)
                        break;
                len += (size_t)got;
                if (len > max) {
                        errno = EFBIG;
                        return false;
                }
        }
        buf[len] = '\0';
        *ret = take_ptr(buf);
        if (ret_len)
                *ret_len = len;
        return true;
}

bool io_read_file(int dir_fd, const char *path, size_t max, char **ret, size_t *ret_len)
{
        /* O_NONBLOCK: a FIFO must not hold us up before fstat has told what it is. */
        own_fd int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return false;
        if (!S_ISREG(st.st_mode)) {
                errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
                return false;
        }
        return io_read_all(fd, max, ret, ret_len);
}

bool io_send(int sock, const void *data, size_t n, const int *fds, size_t n_fds)
{
        struct iovec iov = { .iov_base = (void *)data, .iov_len = n };
        _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * IO_MAX_FDS)] = { 0 };
        struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
        ssize_t sent;

        if (n_fds > IO_MAX_FDS) {
                errno = EINVAL;
                return false;
        }
        if (n_fds > 0) {
                struct cmsghdr *cmsg;

                msg.msg_control = control;
                msg.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
                cmsg = CMSG_FIRSTHDR(&msg);
                cmsg->cmsg_level = SOL_SOCKET;
                cmsg->cmsg_type = SCM_RIGHTS;
                cmsg->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
                memcpy(CMSG_DATA(cmsg), fds, sizeof(int) * n_fds);
        }
        do
                sent = sendmsg(sock, &msg, MSG_NOSIGNAL);
        while (sent < 0 && errno == EINTR);
        return sent == (ssize_t)n;
}

/* Moves the descriptors of a received message into fds; closes those that there is no room for. */
static size_t take_descriptors(struct msghdr *msg, int *fds, size_t n_fds, pid_t *ret_sender)
{
        size_t got = 0;

        for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
                size_t n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
                struct ucred who;

                if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_CREDENTIALS &&
                    cmsg->cmsg_len == CMSG_LEN(sizeof(who))) {
                        memcpy(&who, CMSG_DATA(cmsg), sizeof(who));
                        *ret_sender = who.pid;
                }
                if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
                        continue;
                for (size_t i = 0; i < n; i++) {
                        int fd;

                        memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(int));
                        if (got < n_fds)
                                fds[got++] = fd;
                        else
                                close(fd);
                }
        }
        return got;
}

int io_hear_children(void)
{
        sigset_t set;

        sigfillset(&set);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
                return -1;
        sigemptyset(&set);
        sigaddset(&set, SIGCHLD);
        return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool io_name_senders(int sock)
{
        const int on = 1;

        return setsockopt(sock, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0;
}

ssize_t io_recv_from(int sock, void *data, size_t n, int *fds, size_t n_fds, pid_t *ret_sender)
{
        struct iovec iov = { .iov_base = data, .iov_len = n };
        _Alignas(struct cmsghdr) char
                control[CMSG_SPACE(sizeof(int) * IO_MAX_FDS) + CMSG_SPACE(sizeof(struct ucred))] = { 0 };
        struct msghdr msg = {
                .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
        };
        size_t got_fds;
        ssize_t got;

        *ret_sender = 0;
        for (size_t i = 0; i < n_fds; i++)
                fds[i] = -1;
        do
                got = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
        while (got < 0 && errno == EINTR);
        if (got < 0)
                return errno == ECONNRESET ? 0 : -1;
        got_fds = take_descriptors(&msg, fds, n_fds, ret_sender);
        if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
                for (size_t i = 0; i < got_fds; i++)
                        fd_close(&fds[i]);
                errno = EMSGSIZE;
                return -1;
        }
        return got;
}

ssize_t io_recv(int sock, void *data, size_t n, int *fds, size_t n_fds)
{
        pid_t sender;

        return io_recv_from(sock, data, n, fds, n_fds, &sender);
}

char *io_read_arguments(int dir_fd, const char *path)
{
        own_fd int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
        char text[ARGUMENTS_MAX];
        ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text));

        while (n > 0 && text[n - 1] == '\0')
                n--;
        for (ssize_t i = 0; i < n; i++)
                if (text[i] == '\0')
                        text[i] = ' ';
        return xstrndup(text, n > 0 ? (size_t)n : 0);
}

char *io_beside(const char *name, int mode, const char *installed)
{
        char self[PATH_MAX];
        ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

        if (n > 0) {
                own_free char *path = NULL;

                self[n] = '\0';
                path = xasprintf("%.*s/%s", (int)(strrchr(self, '/') - self), self, name);
                if (access(path, mode) == 0)
                        return take_ptr(path);
        }
        return xasprintf("%s/%s", installed, name);
}
