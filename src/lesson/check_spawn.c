/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/check_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "lesson/check_proto.h"

static int spawn_program(const char *helper, int sock, pid_t *ret_pid)
{
        char *const argv[] = { (char *)"vitrine-check", NULL };
        char *const environment[] = { NULL };
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
        posix_spawn_file_actions_adddup2(&actions, sock, CHECK_CONTROL);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
        posix_spawn_file_actions_adddup2(&actions, 0, 1);
#if !defined(__SANITIZE_ADDRESS__)
        posix_spawn_file_actions_adddup2(&actions, 0, 2);
#endif
        err = posix_spawn(ret_pid, helper, &actions, &attr, argv, environment);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attr);
        return err;
}

bool check_spawn(const char *helper, pid_t *ret_pid, int *ret_sock, struct fault *fault)
{
        own_fd int ours = -1, theirs = -1;
        int pair[2], err;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                return fault_errno(fault, "", "make a socket");
        ours = pair[0];
        /* dup2 onto itself would leave it close-on-exec; above 3 it never is itself. */
        theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, CHECK_CONTROL + 1);
        close(pair[1]);
        /* A check that hangs reads nothing: what is said to it must not wait either. */
        if (theirs < 0 || fcntl(ours, F_SETFL, O_NONBLOCK) < 0)
                return fault_errno(fault, "", "make a socket");
        err = spawn_program(helper, theirs, ret_pid);
        if (err) {
                errno = err;
                fault_errno(fault, helper, "start the helper program");
                if (err == ENOENT)
                        fault_hint(fault,
                                   "vitrine-check belongs beside vitrine, or where `make install` puts it");
                return false;
        }
        *ret_sock = take_fd(&ours);
        return true;
}

void check_kill(pid_t pid)
{
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
                ;
}

int check_text_fd(const char *text, size_t n)
{
        own_fd int fd = memfd_create("vitrine-check", MFD_CLOEXEC);

        if (fd < 0 || !io_write_all(fd, text, n) || lseek(fd, 0, SEEK_SET) < 0)
                return -1;
        return take_fd(&fd);
}
