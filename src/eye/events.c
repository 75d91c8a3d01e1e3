/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/own.h"

enum {
        ROOM = 2 * 1024 * 1024, /* for some thousands: the kernel counts nearly 1 KiB for each */
        AT_ONCE = 64,
        ROUNDS = 64, /* of those in one go */
        MESSAGE_MAX = 128
};

/* Where things stand in a message. In every event but a fork the ids of a thread and of its process come
 * first. */
enum {
        AT_CONTROL = NLMSG_HDRLEN,
        AT_EVENT = AT_CONTROL + sizeof(struct cn_msg),
        AT_WHAT = AT_EVENT + offsetof(struct proc_event, what),
        AT_PID = AT_EVENT + offsetof(struct proc_event, event_data.exec.process_pid),
        AT_TGID = AT_EVENT + offsetof(struct proc_event, event_data.exec.process_tgid),
        AT_CHILD_PID = AT_EVENT + offsetof(struct proc_event, event_data.fork.child_pid),
        AT_CHILD_TGID = AT_EVENT + offsetof(struct proc_event, event_data.fork.child_tgid)
};

struct message {
        _Alignas(8) unsigned char bytes[MESSAGE_MAX];
        struct sockaddr_nl from;
        struct iovec part;
};

/* In the kernel, for no table shows threads, and some programs have them come and go by the thousand: nobody
 * is woken for those. A load turns a word into network order; to compare two of them does not mind. */
static bool filter_threads(int fd)
{
        const uint32_t what_fork = htonl(PROC_EVENT_FORK), what_exit = htonl((uint32_t)PROC_EVENT_EXIT);
        struct sock_filter code[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_WHAT),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, what_fork, 5, 0),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_EXEC), 8, 0),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_UID), 7, 0),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_GID), 6, 0),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_COMM), 5, 0),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, what_exit, 4, 9),
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_CHILD_PID),
                BPF_STMT(BPF_MISC | BPF_TAX, 0),
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_CHILD_TGID),
                BPF_JUMP(BPF_JMP | BPF_JA, 3, 0, 0),
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_PID),
                BPF_STMT(BPF_MISC | BPF_TAX, 0),
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_TGID),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
                BPF_STMT(BPF_RET | BPF_K, 0),
        };
        struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

        return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

void events_open(struct events *events)
{
        const int room = ROOM;
        struct sockaddr_nl group = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
        own_fd int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);

        *events = (struct events){ .fd = -1, .guard = -1 };
        if (fd < 0 || bind(fd, (struct sockaddr *)&group, sizeof(group)) < 0 ||
            (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0 &&
             setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)) < 0))
                return;
        events->fd = take_fd(&fd);
}

static bool say(int fd, enum proc_cn_mcast_op what)
{
        struct {
                struct nlmsghdr head;
                struct cn_msg control;
                enum proc_cn_mcast_op what;
        } message = {
                .head = { .nlmsg_len = sizeof(message), .nlmsg_type = NLMSG_DONE },
                .control = { .id = { .idx = CN_IDX_PROC, .val = CN_VAL_PROC },
                             .ack = (uint32_t)getpid(), /* comes back with one more */
                             .len = sizeof(message.what) },
                .what = what,
        };

        _Static_assert(sizeof(message) == AT_EVENT + sizeof(enum proc_cn_mcast_op), "without a gap");
        return send(fd, &message, sizeof(message), MSG_NOSIGNAL) == (ssize_t)sizeof(message);
}

/* The answer stands in the queue when the word has been said, behind the first events. */
static bool is_heard(int fd)
{
        struct message message;
        struct cn_msg control;
        struct proc_event event;
        ssize_t n;

        while ((n = recv(fd, message.bytes, sizeof(message.bytes), 0)) >= 0 || errno == ENOBUFS) {
                if (n < (ssize_t)(AT_EVENT + sizeof(event)))
                        continue;
                memcpy(&control, message.bytes + AT_CONTROL, sizeof(control));
                memcpy(&event, message.bytes + AT_EVENT, sizeof(event));
                if (event.what == PROC_EVENT_NONE && control.ack == (uint32_t)getpid() + 1)
                        return event.event_data.ack.err == 0;
        }
        return false;
}

/* An eye of root may look at everybody's namespaces: its guard need not. */
static bool give_up_rest(void)
{
        cap_t none = cap_init();
        bool ok = none && cap_set_proc(none) == 0;

        if (none)
                cap_free(none);
        return ok;
}

/* In the child: waits until the eye has gone. No signal but SIGKILL ends it before. */
static _Noreturn void stand_guard(int fd, int end)
{
        sigset_t all;
        char byte;

        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        prctl(PR_SET_NAME, "vitrine events");
        prctl(PR_SET_PDEATHSIG, SIGCONT); /* the eye's death wakes who was stopped */
        if (!give_up_rest() || dup2(end, 0) < 0 || dup2(fd, 1) < 0 ||
            syscall(SYS_close_range, 2u, ~0u, 0u) < 0)
                _exit(1);
        while (read(0, &byte, 1) < 0 && errno == EINTR)
                ;
        say(1, PROC_CN_MCAST_IGNORE);
        _exit(0);
}

static bool set_guard(struct events *events)
{
        int ends[2];

        if (pipe2(ends, O_CLOEXEC) < 0)
                return false;
        events->guard_pid = fork();
        if (events->guard_pid == 0)
                stand_guard(events->fd, ends[0]);
        close(ends[0]);
        events->guard = ends[1];
        return events->guard_pid > 0;
}

static bool make_room(int fd, uint32_t room)
{
        const int bytes = room < INT_MAX ? (int)room : INT_MAX;

        return room == 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) == 0;
}

bool events_begin(struct events *events, uint32_t room)
{
        if (events->fd < 0)
                return false;
        if (set_guard(events) && say(events->fd, PROC_CN_MCAST_LISTEN) && is_heard(events->fd) &&
            filter_threads(events->fd) && make_room(events->fd, room))
                return true;
        events_end(events);
        return false;
}

void events_end(struct events *events)
{
        if (events->fd >= 0)
                say(events->fd, PROC_CN_MCAST_IGNORE);
        fd_close(&events->fd);
        fd_close(&events->guard);
        /* It has no end of file to see where a look-up's process holds the pipe too. */
        if (events->guard_pid > 0 && kill(events->guard_pid, SIGKILL) == 0)
                waitpid(events->guard_pid, NULL, 0);
        *events = (struct events){ .fd = -1, .guard = -1 };
}

bool event_parse(const void *message, size_t n, struct event *ret)
{
        struct nlmsghdr head;
        struct cn_msg control;
        struct proc_event event;

        if (n < AT_EVENT + sizeof(event))
                return false;
        memcpy(&head, message, sizeof(head));
        memcpy(&control, (const char *)message + AT_CONTROL, sizeof(control));
        memcpy(&event, (const char *)message + AT_EVENT, sizeof(event));
        if (head.nlmsg_len > n || control.len < sizeof(event) || control.id.idx != CN_IDX_PROC ||
            control.id.val != CN_VAL_PROC)
                return false;
        ret->pid = event.event_data.exec.process_tgid;
        switch ((uint32_t)event.what) {
        case PROC_EVENT_FORK:
                ret->kind = EVENT_FORK;
                ret->pid = event.event_data.fork.parent_tgid;
                return true;
        case PROC_EVENT_EXEC:
        case PROC_EVENT_UID:
        case PROC_EVENT_GID:
        case PROC_EVENT_COMM:
                ret->kind = EVENT_CHANGED;
                return true;
        case (uint32_t)PROC_EVENT_EXIT:
                ret->kind = EVENT_EXIT;
                return true;
        default:
                return false;
        }
}

/* Whoever holds CAP_NET_ADMIN in this network could send something here too: only the kernel's counts. */
static void take_message(const struct message *message, const struct mmsghdr *got, event_handler *handler,
                         void *data)
{
        struct event event;

        if (got->msg_hdr.msg_namelen == sizeof(message->from) && message->from.nl_pid == 0 &&
            event_parse(message->bytes, got->msg_len, &event))
                handler(data, &event);
}

bool events_take(struct events *events, event_handler *handler, void *data)
{
        struct message messages[AT_ONCE];
        struct mmsghdr got[AT_ONCE];
        bool whole = true;

        events->heard = false;
        for (int round = 0; round < ROUNDS; round++) {
                int n;

                for (size_t i = 0; i < AT_ONCE; i++) {
                        messages[i].part = (struct iovec){ messages[i].bytes, MESSAGE_MAX };
                        got[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &messages[i].from,
                                                                .msg_namelen = sizeof(messages[i].from),
                                                                .msg_iov = &messages[i].part,
                                                                .msg_iovlen = 1 } };
                }
                n = recvmmsg(events->fd, got, AT_ONCE, MSG_DONTWAIT, NULL);
                if (n < 0 && errno != ENOBUFS && errno != EINTR)
                        return whole;
                whole = whole && (n >= 0 || errno == EINTR);
                for (int i = 0; i < n; i++)
                        take_message(&messages[i], &got[i], handler, data);
        }
        return whole;
}
