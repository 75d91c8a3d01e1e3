/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/peer.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/own.h"

#ifndef SO_PEERPIDFD /* Linux 6.5 */
#define SO_PEERPIDFD 77
#endif

static bool same_mounts(pid_t pid)
{
        struct stat his, ours;
        char path[64];

        snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
        return stat(path, &his) == 0 && stat("/proc/self/ns/mnt", &ours) == 0 && his.st_dev == ours.st_dev &&
               his.st_ino == ours.st_ino;
}

/* While he lives his number is nobody else's. Where the kernel gives no descriptor for him, that is not told.
 */
static bool has_gone(int sock)
{
        own_fd int pidfd = -1;
        socklen_t n = sizeof(pidfd);
        int fd = -1;

        if (getsockopt(sock, SOL_SOCKET, SO_PEERPIDFD, &fd, &n) < 0)
                return errno != ENOPROTOOPT;
        pidfd = fd;
        return syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) < 0;
}

bool peer_is_outside(int sock)
{
        struct ucred who;
        socklen_t n = sizeof(who);

        return getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && n == sizeof(who) &&
               who.uid == geteuid() && who.pid > 0 && same_mounts(who.pid) && !has_gone(sock);
}
