/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/child.h"
#include "cage/peer.h"
#include "cage/planfd.h"

/* HEAR_MOST is more than a socket holds (92 records of its sender's buffer). */
enum { HEAR_MOST = 256, TELL_TRIES = 5 };

static const struct visitor nobody = {
        .sock = -1, .child_sock = -1, .pty = -1, .entering_fd = -1, .pid_fd = -1
};

void keeper_door_init(struct keeper *keeper)
{
        for (int i = 0; i < KEEPER_VISITORS; i++)
                keeper->visitors[i] = nobody;
}

static bool is_free(const struct visitor *visitor)
{
        return visitor->sock < 0 && visitor->child_sock < 0 && visitor->pid == 0;
}

void keeper_door_poll(const struct keeper *keeper, struct pollfd polls[static KEEPER_DOOR_POLLS])
{
        bool room = false;

        for (int i = 0; i < KEEPER_VISITORS; i++) {
                const struct visitor *visitor = &keeper->visitors[i];

                room = room || is_free(visitor);
                polls[1 + 2 * i] = (struct pollfd){ .fd = visitor->sock, .events = POLLIN };
                polls[2 + 2 * i] = (struct pollfd){ .fd = visitor->child_sock, .events = POLLIN };
        }
        polls[0] = (struct pollfd){ .fd = room ? keeper->door : -1, .events = POLLIN };
}

/* Who enters or runs inside, but whose exec has not been seen to succeed. */
static bool is_waited_for(const struct visitor *visitor)
{
        return visitor->child_sock >= 0;
}

int keeper_door_patience(const struct keeper *keeper)
{
        for (int i = 0; i < KEEPER_VISITORS; i++)
                if (is_waited_for(&keeper->visitors[i]))
                        return KEEPER_NUDGE_MS;
        return -1;
}

static void come_in(struct keeper *keeper)
{
        own_fd int sock = accept4(keeper->door, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (sock < 0 || !peer_is_outside(sock))
                return;
        for (int i = 0; i < KEEPER_VISITORS; i++) {
                if (!is_free(&keeper->visitors[i]))
                        continue;
                keeper->visitors[i].sock = fcntl(sock, F_DUPFD_CLOEXEC, KEEPER_LOWEST_FD);
                return;
        }
}

/* Who does not read what he is told is sent away: the keeper waits for nobody. A kernel that has no memory
 * for it just now is asked again, for a moment: he would take it for the container's end. */
static void tell(struct visitor *visitor, const struct report *report, const int *fds, size_t n_fds)
{
        for (int i = 0; i < TELL_TRIES && visitor->sock >= 0; i++) {
                if (io_send(visitor->sock, report, sizeof(*report), fds, n_fds))
                        return;
                if (errno != ENOBUFS && errno != ENOMEM)
                        break;
                poll(NULL, 0, 1);
        }
        fd_close(&visitor->sock);
}

static void tell_fault(struct visitor *visitor, const struct fault *fault)
{
        struct report report = { .kind = REPORT_FAULT, .fault = *fault };

        visitor->failed = true;
        tell(visitor, &report, NULL, 0);
}

static void answer_ask(struct keeper *keeper, struct visitor *visitor)
{
        struct report report = { .kind = REPORT_CAGE, .pid = keeper->init };
        own_fd int plan = plan_write(&keeper->plan);

        if (plan >= 0)
                tell(visitor, &report, &plan, 1);
        else
                fd_close(&visitor->sock);
}

static _Noreturn void enter(struct keeper *keeper, const struct plan *plan, const int *fds, int sock)
{
        struct child child = {
                .plan = plan,
                .sock = sock,
                .stdio = { fds[PLAN_FD_IN], fds[PLAN_FD_OUT], fds[PLAN_FD_ERR] },
                .image_fd = -1,
                .lower_fd = -1,
                .proc_fd = -1,
                .eye_proc_fd = -1,
                .sys_fd = -1,
                .cgroup_fd = -1,
                .devgroup_fd = keeper->devgroup.enter_fd,
                .userns_fd = -1,
                .pty_fd = -1,
        };

        child_enter(&child, keeper->pidfd, keeper->plan.fixed.ns_flags);
}

/* The kernel says of each record that comes to pair[0] who sent it. */
static bool make_pair(int pair[static 2])
{
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
                return false;
        if (io_name_senders(pair[0]))
                return true;
        fd_close(&pair[0]);
        fd_close(&pair[1]);
        return false;
}

static void start(struct keeper *keeper, struct visitor *visitor, const int *fds)
{
        struct fault fault = { 0 };
        struct plan plan;
        int pair[2];

        if (!plan_read(fds[PLAN_FD_PLAN], &plan, &fault)) {
                tell_fault(visitor, &fault);
                return;
        }
        if (!make_pair(pair)) {
                fault_errno(&fault, "", "make a socket");
                tell_fault(visitor, &fault);
                plan_finish(&plan);
                return;
        }
        keeper_give_pipes(&plan, fds);
        visitor->n_ended = keeper->n_ended;
        visitor->entering = fork();
        if (visitor->entering == 0) {
                close(pair[0]);
                fcntl(pair[1], F_SETFL, 0);
                enter(keeper, &plan, fds, pair[1]);
        }
        close(pair[1]);
        visitor->child_sock = pair[0];
        visitor->since = time_now_ms();
        plan_finish(&plan);
        if (visitor->entering > 0) {
                visitor->entering_fd = (int)syscall(SYS_pidfd_open, visitor->entering, 0u);
                return;
        }
        fd_close(&visitor->child_sock);
        fault_errno(&fault, "", "start a process in the container");
        tell_fault(visitor, &fault);
}

static void answer_run(struct keeper *keeper, struct visitor *visitor, int *fds)
{
        bool whole = true;

        for (int i = 0; i < PLAN_FD_VISITOR_N; i++) {
                int high = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD_CLOEXEC, KEEPER_LOWEST_FD);

                fd_close(&fds[i]);
                fds[i] = high;
                whole = whole && high >= 0;
        }
        if (whole && visitor->entering == 0 && !keeper->reaped)
                start(keeper, visitor, fds);
        else
                fd_close(&visitor->sock);
}

/* Never by a number: it may be another's by now. */
static void send_signal(int pidfd, int sig)
{
        if (pidfd >= 0)
                syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0u);
}

/* What has not begun to run is ended. One that was made meanwhile, and has not been told of, finds nobody at
 * the other end of its socket, and ends itself. */
static void give_up(struct visitor *visitor)
{
        send_signal(visitor->entering_fd, SIGKILL);
        send_signal(visitor->pid_fd, SIGKILL);
        fd_close(&visitor->child_sock);
        fd_close(&visitor->pty);
        visitor->pid = 0;
        fd_close(&visitor->sock);
}

static void hear_visitor(struct keeper *keeper, struct visitor *visitor)
{
        struct visit visit;
        int fds[PLAN_FD_VISITOR_N];
        ssize_t n = io_recv(visitor->sock, &visit, sizeof(visit), fds, PLAN_FD_VISITOR_N);

        if (n != sizeof(visit) && visitor->child_sock >= 0)
                give_up(visitor);
        else if (n != sizeof(visit)) /* he has gone; what he started goes on, as an engine has it */
                fd_close(&visitor->sock);
        else if (visit.kind == VISIT_ASK)
                answer_ask(keeper, visitor);
        else if (visit.kind == VISIT_RUN)
                answer_run(keeper, visitor, fds);
        else if (visit.kind == VISIT_SIGNAL && visitor->started && visitor->pid > 0)
                send_signal(visitor->pid_fd, visit.value);
        for (int i = 0; i < PLAN_FD_VISITOR_N; i++)
                fd_close(&fds[i]);
}

/* The command has ended: that is all there was. */
static void say_ended(struct visitor *visitor, int status)
{
        struct report report = { .kind = REPORT_EXITED, .pid = visitor->pid, .status = status };

        tell(visitor, &report, NULL, 0);
        visitor->pid = 0;
        fd_close(&visitor->sock);
}

/* Nothing more is to come: end of file, for both who entered and the command have let go of the socket, or
 * both have ended. */
static void child_is_done(struct keeper *keeper, struct visitor *visitor)
{
        struct report report = { .kind = REPORT_STARTED, .pid = visitor->pid, .has_pty = visitor->pty >= 0 };
        bool inside = visitor->pid > 0 && visitor->said_by == visitor->pid;
        struct fault fault = { 0 };

        fd_close(&visitor->child_sock);
        if (inside && visitor->said_fault && !visitor->failed)
                tell_fault(visitor, &visitor->fault);
        if (visitor->failed) {
                visitor->pid = 0;
                fd_close(&visitor->sock);
        } else if (!inside || !visitor->said_exec) {
                fault_why(&fault, "start a process in the container",
                          "it died before it could run the command");
                tell_fault(visitor, &fault);
                visitor->pid = 0;
                fd_close(&visitor->sock);
        } else {
                visitor->started = true;
                tell(visitor, &report, &visitor->pty, visitor->pty >= 0 ? 1 : 0);
        }
        fd_close(&visitor->pty);
        for (unsigned n = visitor->n_ended; n != keeper->n_ended && visitor->pid > 0; n++) {
                struct ended *ended = &keeper->ended[n % KEEPER_ENDED];

                if (ended->pid != visitor->pid)
                        continue;
                ended->pid = 0;
                say_ended(visitor, ended->status);
        }
}

/* From outside the PID namespace, where nobody of the container's can lay hands on the sender: what it says
 * is so. It names the command as its last word. */
static void hear_entering(struct visitor *visitor, struct report *report, int *fd)
{
        if (report->kind == REPORT_PROC) {
                fd_close(&visitor->pty);
                visitor->pty = take_fd(fd);
        } else if (report->kind == REPORT_ENTERED && *fd >= 0) {
                fd_close(&visitor->pid_fd);
                visitor->pid_fd = take_fd(fd);
                visitor->pid = report->pid;
                visitor->since = time_now_ms();
        } else if (report->kind == REPORT_FAULT && !visitor->failed) {
                fault_seal(&report->fault);
                tell_fault(visitor, &report->fault);
        }
}

/* From inside, of whom the container may have made its puppet: it may say that the command runs, or in words
 * why it does not, and nothing else. It may speak before it has been told of. */
static void hear_inside(struct visitor *visitor, const struct report *report, pid_t sender)
{
        const struct fault *fault = &report->fault;
        bool known = fault->exit_code == EXIT_NOT_EXEC || fault->exit_code == EXIT_NOT_FOUND;

        if (visitor->pid > 0 && sender != visitor->pid)
                return;
        if (visitor->said_by != sender)
                visitor->said_exec = visitor->said_fault = false;
        visitor->said_by = sender;
        if (report->kind == REPORT_EXEC) {
                visitor->said_exec = true;
        } else if (report->kind == REPORT_FAULT) {
                visitor->said_fault = true;
                visitor->fault = *fault;
                fault_seal(&visitor->fault);
                visitor->fault.hint[0] = '\0';
                visitor->fault.exit_code = known ? fault->exit_code : EXIT_VITRINE;
        }
}

static void hear_child(struct keeper *keeper, struct visitor *visitor)
{
        struct report report;
        pid_t sender;
        int fd = -1;
        ssize_t n = io_recv_from(visitor->child_sock, &report, sizeof(report), &fd, 1, &sender);

        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EMSGSIZE))
                child_is_done(keeper, visitor);
        else if (n == sizeof(report) && visitor->entering > 0 && sender == visitor->entering)
                hear_entering(visitor, &report, &fd);
        else if (n == sizeof(report) && sender > 0)
                hear_inside(visitor, &report, sender);
        fd_close(&fd);
}

static void hear_out(struct keeper *keeper, struct visitor *visitor)
{
        for (int i = 0; i < HEAR_MOST && visitor->child_sock >= 0; i++) {
                struct pollfd more = { .fd = visitor->child_sock, .events = POLLIN };

                if (poll(&more, 1, 0) <= 0)
                        return;
                hear_child(keeper, visitor);
        }
}

/* Before its exec whoever is inside can stop it (SIGSTOP), with the machine's PIDs who enters as well. */
static void nudge(struct visitor *visitor)
{
        struct fault fault = { 0 };

        if (!is_waited_for(visitor))
                return;
        if (time_now_ms() - visitor->since < KEEPER_GIVE_UP_MS) {
                if (time_now_ms() - visitor->since >= KEEPER_NUDGE_MS) {
                        send_signal(visitor->entering_fd, SIGCONT);
                        send_signal(visitor->pid_fd, SIGCONT);
                }
                return;
        }
        fault_why(&fault, "start a process in the container",
                  "for %d seconds it could not run the command: a process inside stops or holds it",
                  KEEPER_GIVE_UP_MS / 1000);
        tell_fault(visitor, &fault);
        give_up(visitor);
}

static void clear(struct visitor *visitor)
{
        fd_close(&visitor->entering_fd);
        fd_close(&visitor->pid_fd);
        *visitor = nobody;
}

void keeper_door_handle(struct keeper *keeper, const struct pollfd polls[static KEEPER_DOOR_POLLS])
{
        for (int i = 0; i < KEEPER_VISITORS; i++) {
                struct visitor *visitor = &keeper->visitors[i];

                /* The child first: what it did comes before its end, and before what the visitor asks next.
                 */
                if (polls[2 + 2 * i].revents && polls[2 + 2 * i].fd == visitor->child_sock)
                        hear_child(keeper, visitor);
                if (polls[1 + 2 * i].revents && visitor->sock >= 0 && polls[1 + 2 * i].fd == visitor->sock)
                        hear_visitor(keeper, visitor);
                nudge(visitor);
                if (is_free(visitor))
                        clear(visitor);
        }
        if (polls[0].revents)
                come_in(keeper);
}

void keeper_door_ending(struct keeper *keeper, pid_t pid)
{
        for (int i = 0; i < KEEPER_VISITORS; i++) {
                struct visitor *visitor = &keeper->visitors[i];

                if (visitor->child_sock >= 0 && (visitor->entering == pid || visitor->pid == pid))
                        hear_out(keeper, visitor);
        }
}

void keeper_door_reaped(struct keeper *keeper, pid_t pid, int status)
{
        struct visitor *unheard = NULL;

        for (int i = 0; i < KEEPER_VISITORS; i++) {
                struct visitor *visitor = &keeper->visitors[i];

                if (visitor->entering == pid) {
                        visitor->entering = -1; /* the number may be given anew */
                        fd_close(&visitor->entering_fd);
                        return;
                }
                if (visitor->started && visitor->pid == pid) {
                        say_ended(visitor, status);
                        return;
                }
                if (is_waited_for(visitor) && visitor->pid == pid)
                        unheard = visitor;
        }
        keeper->ended[keeper->n_ended++ % KEEPER_ENDED] = (struct ended){ .pid = pid, .status = status };
        /* Whoever has taken its socket would keep the end of file away for good. */
        if (unheard)
                child_is_done(keeper, unheard);
}
