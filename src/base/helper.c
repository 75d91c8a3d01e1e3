/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "base/own.h"

const char *helper_name(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

bool helper_pair(bool patient, int *ret_ours, int *ret_theirs, struct fault *fault)
{
        own_fd int ours = -1, theirs = -1;
        int pair[2];

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                return fault_errno(fault, "", "make a socket");
        ours = pair[0];
        /* dup2 onto itself would leave it close-on-exec; above it never is itself. */
        theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, HELPER_CONTROL + 1);
        close(pair[1]);
        /* A program that hangs reads nothing: what is said to it must not wait either. */
        if (theirs < 0 || (!patient && fcntl(ours, F_SETFL, O_NONBLOCK) < 0))
                return fault_errno(fault, "", "make a socket");
        *ret_ours = take_fd(&ours);
        *ret_theirs = take_fd(&theirs);
        return true;
}

void helper_attributes(posix_spawnattr_t *ret, short flags)
{
        sigset_t none, all;

        posix_spawnattr_init(ret);
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(ret, &none);
        posix_spawnattr_setsigdefault(ret, &all);
        posix_spawnattr_setflags(ret, (short)(flags | POSIX_SPAWN_SETSIGMASK));
}

int helper_exec(const struct helper_start *start, pid_t *ret_pid)
{
        char *const argv[] = { (char *)start->name, NULL };
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attr;
        int err;

        posix_spawn_file_actions_init(&actions);
        helper_attributes(&attr,
                          (short)(POSIX_SPAWN_SETSID | (start->keeps_ignored ? 0 : POSIX_SPAWN_SETSIGDEF)));
        posix_spawn_file_actions_adddup2(&actions, start->sock, HELPER_CONTROL);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
        posix_spawn_file_actions_adddup2(&actions, 0, 1);
#if !defined(__SANITIZE_ADDRESS__)
        posix_spawn_file_actions_adddup2(&actions, 0, 2);
#endif
        err = posix_spawn(ret_pid, start->path, &actions, &attr, argv, start->environment);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attr);
        return err;
}

bool helper_open(const char *path, char *const *environment, pid_t *ret_pid, int *ret_sock,
                 struct fault *fault)
{
        struct helper_start start = { .path = path, .name = helper_name(path), .environment = environment };
        own_fd int ours = -1, theirs = -1;

        if (!helper_pair(false, &ours, &theirs, fault))
                return false;
        start.sock = theirs;
        errno = helper_exec(&start, ret_pid);
        if (errno) {
                const bool missing = errno == ENOENT;

                fault_errno(fault, path, "start the helper program");
                if (missing)
                        fault_hint(fault, "%s belongs beside vitrine, or where `make install` puts it",
                                   start.name);
                return false;
        }
        *ret_sock = take_fd(&ours);
        return true;
}
