/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/eye_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/own.h"
#include "eye/proto.h"

enum { END_MS = 200 };

static int spawn_program(const char *helper, int sock, pid_t *ret_pid)
{
        char *const argv[] = { (char *)"vitrine-eye", NULL };
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attr;
        sigset_t none, all;
        int err;

        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attr);
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attr, &none);
        posix_spawnattr_setsigdefault(&attr, &all);
        posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawn_file_actions_adddup2(&actions, sock, EYE_CONTROL);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
        posix_spawn_file_actions_adddup2(&actions, 0, 1);
#if !defined(__SANITIZE_ADDRESS__)
        posix_spawn_file_actions_adddup2(&actions, 0, 2);
#endif
        err = posix_spawn(ret_pid, helper, &actions, &attr, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attr);
        return err;
}

bool eye_spawn(const char *helper, pid_t *ret_pid, int *ret_pidfd, int *ret_sock, struct fault *fault)
{
        own_fd int ours = -1, theirs = -1;
        int pair[2], err;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                return fault_errno(fault, "", "make a socket");
        ours = pair[0];
        /* dup2 onto itself would leave it close-on-exec; above 3 it never is itself. */
        theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, EYE_CONTROL + 1);
        close(pair[1]);
        /* An eye that hangs reads nothing: what is said to it must not wait either. */
        if (theirs < 0 || fcntl(ours, F_SETFL, O_NONBLOCK) < 0)
                return fault_errno(fault, "", "make a socket");
        err = spawn_program(helper, theirs, ret_pid);
        if (err) {
                errno = err;
                fault_errno(fault, helper, "start the helper program");
                if (err == ENOENT)
                        fault_hint(fault,
                                   "vitrine-eye belongs beside vitrine, or where `make install` puts it");
                return false;
        }
        *ret_pidfd = (int)syscall(SYS_pidfd_open, *ret_pid, 0u);
        *ret_sock = take_fd(&ours);
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
