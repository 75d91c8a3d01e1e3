/* SPDX-License-Identifier: MIT */
/* calm COMMAND…: runs it at a terminal of its own, with process accounting on where that may be (in its own
 * PID namespace: accounting is per namespace), and says one line for each thing that is no longer as it was.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char account[] = "account";

/* Seconds of the clock that can be set minus those of the one that cannot. */
static double clock_offset(void)
{
        struct timespec real, steady;

        clock_gettime(CLOCK_REALTIME, &real);
        clock_gettime(CLOCK_MONOTONIC, &steady);
        return (double)(real.tv_sec - steady.tv_sec) + (double)(real.tv_nsec - steady.tv_nsec) / 1e9;
}

/* The state of auditing; all zero where it cannot be read (another PID namespace than the first, no
 * auditing).
 */
static struct audit_status audit_state(void)
{
        struct nlmsghdr ask = { .nlmsg_len = NLMSG_HDRLEN,
                                .nlmsg_type = AUDIT_GET,
                                .nlmsg_flags = NLM_F_REQUEST };
        struct {
                struct nlmsghdr head;
                struct audit_status status;
        } reply = { 0 };
        const struct timeval patience = { .tv_sec = 1 };
        int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

        if (sock >= 0 && setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
            send(sock, &ask, sizeof(ask), 0) > 0 &&
            (recv(sock, &reply, sizeof(reply), 0) < 0 || reply.head.nlmsg_type != AUDIT_GET))
                memset(&reply, 0, sizeof(reply));
        if (sock >= 0)
                close(sock);
        reply.status.backlog = reply.status.lost = 0;
        return reply.status;
}

static long long size_of(const char *path)
{
        struct stat st;

        return stat(path, &st) == 0 ? (long long)st.st_size : -1;
}

static void await(pid_t pid)
{
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
                ;
}

/* A process that ends is written down while accounting is on. */
static bool is_accounted(void)
{
        const long long before = size_of(account);
        pid_t pid = fork();

        if (pid == 0)
                _exit(0);
        await(pid);
        for (int i = 0; i < 50 && size_of(account) == before; i++)
                usleep(20000);
        return size_of(account) > before;
}

/* The session's leader: its terminal must survive the command. */
static int lead(const char *terminal, char **command)
{
        int fd, status = 0;
        pid_t pid;

        signal(SIGHUP, SIG_DFL);
        setsid();
        fd = open(terminal, O_RDWR);
        if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) < 0)
                return 98;
        pid = fork();
        if (pid == 0) {
                int out = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0644);

                dup2(fd, 0);
                dup2(out, 1);
                dup2(out, 2);
                execvp(command[0], command);
                _exit(127);
        }
        waitpid(pid, &status, 0);
        if (!isatty(fd) || open("/dev/tty", O_RDWR | O_CLOEXEC) < 0 || write(fd, "x", 1) != 1)
                return 97;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 96;
}

/* A PID namespace of one's own for accounting; returns in its first process. */
static bool enter(void)
{
        int status = 0;
        pid_t pid;

        if (unshare(CLONE_NEWPID) < 0)
                return false;
        pid = fork();
        if (pid == 0)
                return close(open(account, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) == 0 &&
                       acct(account) == 0;
        waitpid(pid, &status, 0);
        exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* Once it has left its PID namespace it can have no thread, and the search for leaks wants one. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
        return 1;
}

int main(int argc, char **argv)
{
        const bool accounting = argc > 1 && geteuid() == 0 && enter();
        const struct audit_status audit = audit_state();
        struct audit_status audit_after;
        const double offset = clock_offset();
        int pty = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), status = 0;
        double moved;
        pid_t pid;

        if (argc < 2 || pty < 0 || grantpt(pty) < 0 || unlockpt(pty) < 0)
                return 99;
        if (accounting && !is_accounted())
                puts("accounting never was on");
        pid = fork();
        if (pid == 0)
                _exit(lead(ptsname(pty), argv + 1));
        waitpid(pid, &status, 0);
        moved = clock_offset() - offset;
        audit_after = audit_state();
        if (!WIFEXITED(status) || WEXITSTATUS(status) == 97)
                puts("the terminal was hung up");
        else if (WEXITSTATUS(status) != 0)
                printf("the command failed: %d\n", WEXITSTATUS(status));
        if (accounting && !is_accounted())
                puts("accounting was switched off");
        if (moved > 0.5 || moved < -0.5)
                printf("the clock was set: %f s\n", moved);
        if (memcmp(&audit, &audit_after, sizeof(audit)) != 0)
                puts("the state of auditing has changed");
        puts(accounting ? "accounting was tried" : "accounting was not tried");
        return 0;
}
