/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "probe/asks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/own.h"
#include "probe/constants.h"

enum { ACK_S = 1 };

/* Held for microseconds, never listened at. Not on 127.0.0.1: where lo is down the address is refused first.
 */
struct probe_answer ask_net_bind_service(struct ask *ask)
{
        const struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(PROBE_PORT) };
        own_fd int sock = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        (void)ask;
        if (sock < 0)
                return answer_unprepared();
        return answer_of(syscall(SYS_bind, sock, &any, sizeof(any)));
}

/* Sends one message with NLM_F_ACK; the answer is the error in what comes back. */
static struct probe_answer ask_netlink(int protocol, void *message, size_t size)
{
        const struct timeval patience = { .tv_sec = ACK_S };
        own_fd int sock = (int)syscall(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        struct {
                struct nlmsghdr head;
                struct nlmsgerr error;
        } reply;
        ssize_t n;

        if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
                return answer_unprepared();
        do
                n = send(sock, message, size, 0);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return answer_of(-1);
        n = recv(sock, &reply, sizeof(reply), 0);
        if (n < (ssize_t)sizeof(reply) || reply.head.nlmsg_type != NLMSG_ERROR) {
                errno = n < 0 ? errno : EPROTO;
                return answer_unprepared();
        }
        errno = -reply.error.error;
        return answer_of(reply.error.error ? -1 : 0);
}

/* Names no interface, neither by number nor by name. Not SO_MARK: NET_RAW is let through there too. */
struct probe_answer ask_net_admin(struct ask *ask)
{
        struct {
                struct nlmsghdr head;
                struct ifinfomsg link;
        } message = {
                .head = { .nlmsg_len = sizeof(message),
                          .nlmsg_type = RTM_SETLINK,
                          .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
                .link = { .ifi_family = AF_UNSPEC, .ifi_index = PROBE_NO_INTERFACE },
        };

        (void)ask;
        return ask_netlink(NETLINK_ROUTE, &message, sizeof(message));
}

struct probe_answer ask_net_raw(struct ask *ask)
{
        own_fd int sock = (int)syscall(SYS_socket, AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);

        (void)ask;
        return answer_of(sock);
}

/* A queue of the caller's own that its owner may not read; the runner removes it. */
struct probe_answer prepare_queue(struct ask *ask)
{
        *ask->queue = (int)syscall(SYS_msgget, IPC_PRIVATE, 0);
        return *ask->queue < 0 ? answer_unprepared() : answer_ready();
}

struct probe_answer ask_ipc_owner(struct ask *ask)
{
        struct msqid_ds status;

        return answer_of(syscall(SYS_msgctl, *ask->queue, IPC_STAT, &status));
}

/* A module of no bytes is refused before anything is read. */
struct probe_answer ask_sys_module(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_init_module, NULL, 0UL, ""));
}

struct probe_answer ask_sys_pacct(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_acct, PROBE_ACCT_PATH));
}

struct probe_answer ask_sys_admin(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_sethostname, "", PROBE_HOSTNAME_LENGTH));
}

struct probe_answer ask_sys_boot(struct ask *ask)
{
        (void)ask;
        return answer_of(
                syscall(SYS_reboot, PROBE_REBOOT_MAGIC, PROBE_REBOOT_MAGIC, PROBE_REBOOT_COMMAND, NULL));
}

/* Nothing to set. Not clock_settime with what the clock says: that steps it. */
struct probe_answer ask_sys_time(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_settimeofday, NULL, NULL));
}

/* An empty message is not logged. */
struct probe_answer ask_audit_write(struct ask *ask)
{
        struct nlmsghdr message = { .nlmsg_len = NLMSG_HDRLEN,
                                    .nlmsg_type = AUDIT_USER,
                                    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK };

        (void)ask;
        return ask_netlink(NETLINK_AUDIT, &message, sizeof(message));
}

/* Other types are free where dmesg_restrict is 0, and some consume what they read. */
struct probe_answer ask_syslog(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_syslog, PROBE_SYSLOG_SIZE_UNREAD, NULL, 0));
}

/* Never armed. Not timer_create, which first looks for a real-time clock. */
struct probe_answer ask_wake_alarm(struct ask *ask)
{
        own_fd int fd = (int)syscall(SYS_timerfd_create, CLOCK_REALTIME_ALARM, O_CLOEXEC);

        (void)ask;
        return answer_of(fd);
}

/* The reading end of an empty pipe: nothing ever comes that would keep a machine awake. */
struct probe_answer prepare_wakeup(struct ask *ask)
{
        int ends[2];

        if (pipe2(ends, O_CLOEXEC) < 0)
                return answer_unprepared();
        ask->fd = ends[0];
        return answer_ready();
}

/* There is no errno: the flag is silently taken away, and the kernel's own list shows it. */
struct probe_answer ask_block_suspend(struct ask *ask)
{
        struct epoll_event event = { .events = EPOLLIN | EPOLLWAKEUP };
        own_fd int epoll = (int)syscall(SYS_epoll_create1, EPOLL_CLOEXEC);
        own_fd int info = -1;
        unsigned events = 0;
        char path[64], text[512];
        const char *at;
        ssize_t n;

        if (epoll < 0 || syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, ask->fd, &event) < 0)
                return answer_unprepared();
        snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", epoll);
        info = open(path, O_RDONLY | O_CLOEXEC);
        n = info < 0 ? -1 : read(info, text, sizeof(text) - 1);
        if (n <= 0)
                return answer_unprepared();
        text[n] = '\0';
        at = strstr(text, "events:");
        if (!at || sscanf(at, "events: %x", &events) != 1) {
                errno = EPROTO;
                return answer_unprepared();
        }
        return (struct probe_answer){ .kind = events & EPOLLWAKEUP ? ANSWER_KEPT : ANSWER_TAKEN };
}

struct probe_answer ask_audit_read(struct ask *ask)
{
        const struct sockaddr_nl listeners = { .nl_family = AF_NETLINK, .nl_groups = 1 };
        own_fd int sock = (int)syscall(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

        (void)ask;
        if (sock < 0)
                return answer_unprepared();
        return answer_of(syscall(SYS_bind, sock, &listeners, sizeof(listeners)));
}

/* An event that counts nothing, of every process on the first processor, switched off. */
struct probe_answer ask_perfmon(struct ask *ask)
{
        struct perf_event_attr attr = {
                .type = PERF_TYPE_SOFTWARE,
                .size = sizeof(attr),
                .config = PERF_COUNT_SW_DUMMY,
                .disabled = 1,
        };
        own_fd int fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

        (void)ask;
        return answer_of(fd);
}

/* Nothing to load. Not BPF_MAP_CREATE, which is free where unprivileged_bpf_disabled is 0. */
struct probe_answer ask_bpf(struct ask *ask)
{
        union bpf_attr attr;

        (void)ask;
        memset(&attr, 0, sizeof(attr));
        return answer_of(syscall(SYS_bpf, BPF_BTF_LOAD, &attr, sizeof(attr)));
}
