/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/eye_spawn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/helper.h"

enum { END_MS = 200 };

bool eye_spawn(const char *helper, pid_t *ret_pid, int *ret_pidfd, int *ret_sock, struct fault *fault)
{
        if (!helper_open(helper, environ, ret_pid, ret_sock, fault))
                return false;
        *ret_pidfd = (int)syscall(SYS_pidfd_open, *ret_pid, 0u);
        return true;
}

void eye_end(pid_t pid, int pidfd)
{
        struct pollfd wait = { .fd = pidfd, .events = POLLIN };

        if (pidfd < 0) {
                kill(pid, SIGKILL);
                waitpid(pid, NULL, 0);
                return;
        }
        syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0u);
        while (poll(&wait, 1, END_MS) < 0 && errno == EINTR)
                ;
        waitpid(pid, NULL, WNOHANG);
}
