/* SPDX-License-Identifier: MIT */
/* tries socket FAMILY: what socket(2) says of a family, as the errno's name. tries without NAME COMMAND…:
 * runs the command where the system call of that name is not there (ENOSYS), as on an older kernel. tries
 * contained COMMAND…: behind a filter like an engine's, which lets nobody make namespaces or mounts. tries
 * fork: each process makes the next one and ends, without end. tries steal: from the reader
 * of its standard output and error, two pipes, takes a byte of the latter back that he has been told of; once
 * that is done it writes nothing more. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <seccomp.h>

static int without(const char *name, char **argv)
{
        scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

        if (!ctx ||
            seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), seccomp_syscall_resolve_name(name), 0) < 0 ||
            seccomp_load(ctx) < 0)
                return 99;
        seccomp_release(ctx);
        execvp(argv[0], argv);
        return 98;
}

/* clone3's flags lie where a filter cannot look, so engines hide it, and refuse clone by its flags. */
static int contained(char **argv)
{
        scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
        const uint32_t no = SCMP_ACT_ERRNO(EPERM);
        static const unsigned long flags[] = { CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET };

        if (!ctx || seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) < 0 ||
            seccomp_rule_add(ctx, no, SCMP_SYS(unshare), 0) < 0 ||
            seccomp_rule_add(ctx, no, SCMP_SYS(mount), 0) < 0)
                return 99;
        for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
                if (seccomp_rule_add(ctx, no, SCMP_SYS(clone), 1,
                                     SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i], flags[i])) < 0)
                        return 99;
        if (seccomp_load(ctx) < 0)
                return 99;
        seccomp_release(ctx);
        execvp(argv[0], argv);
        return 98;
}

static _Noreturn void fork_on(void)
{
        for (;;)
                if (fork() > 0)
                        _exit(0);
}

/* Both are there when he polls; as soon as he has read the one, the other one is taken back. Between two
 * tries he comes to rest. */
static _Noreturn void steal(void)
{
        const int back = open("/proc/self/fd/2", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        char byte;

        do {
                int left = 1;

                usleep(2000);
                if (write(2, "e", 1) != 1 || write(1, "o", 1) != 1)
                        _exit(1);
                while (ioctl(1, FIONREAD, &left) == 0 && left > 0)
                        ;
        } while (read(back, &byte, 1) != 1);
        for (;;)
                pause();
}

int main(int argc, char **argv)
{
        if (argc > 1 && strcmp(argv[1], "steal") == 0)
                steal();
        if (argc > 1 && strcmp(argv[1], "fork") == 0)
                fork_on();
        if (argc > 3 && strcmp(argv[1], "without") == 0)
                return without(argv[2], argv + 3);
        if (argc > 2 && strcmp(argv[1], "contained") == 0)
                return contained(argv + 2);
        if (argc != 3 || strcmp(argv[1], "socket") != 0)
                return 2;
        if (socket((int)strtol(argv[2], NULL, 10), SOCK_STREAM, 0) >= 0)
                puts("open");
        else
                puts(errno == EPERM ? "EPERM" : strerror(errno));
        return 0;
}
