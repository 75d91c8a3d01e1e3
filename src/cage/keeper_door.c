/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/keeper.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/child.h"
#include "cage/peer.h"
#include "cage/planfd.h"

void keeper_door_init(struct keeper *keeper)
{
        for (int i = 0; i < KEEPER_VISITORS; i++)
                keeper->visitors[i] = (struct visitor){ .sock = -1, .child_sock = -1, .pty = -1 };
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

/* Who does not read what he is told is sent away: the keeper waits for nobody. */
static void tell(struct visitor *visitor, const struct report *report, const int *fds, size_t n_fds)
{
        if (visitor->sock >= 0 && !io_send(visitor->sock, report, sizeof(*report), fds, n_fds))
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

static void start(struct keeper *keeper, struct visitor *visitor, const int *fds)
{
        struct fault fault = { 0 };
        struct plan plan;
        int pair[2];

        if (!plan_read(fds[PLAN_FD_PLAN], &plan, &fault)) {
                tell_fault(visitor, &fault);
                return;
        }
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) {
                fault_errno(&fault, "", "make a socket");
                tell_fault(visitor, &fault);
                plan_finish(&plan);
                return;
        }
        keeper_give_pipes(&plan, fds);
        visitor->entering = fork();
        if (visitor->entering == 0) {
                close(pair[0]);
                fcntl(pair[1], F_SETFL, 0);
                enter(keeper, &plan, fds, pair[1]);
        }
        close(pair[1]);
        visitor->child_sock = pair[0];
        plan_finish(&plan);
        if (visitor->entering > 0)
                return;
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

static void hear_visitor(struct keeper *keeper, struct visitor *visitor)
{
        struct visit visit;
        int fds[PLAN_FD_VISITOR_N];
        ssize_t n = io_recv(visitor->sock, &visit, sizeof(visit), fds, PLAN_FD_VISITOR_N);

        if (n != sizeof(visit)) /* he has gone; what he started goes on, as an engine has it */
                fd_close(&visitor->sock);
        else if (visit.kind == VISIT_ASK)
                answer_ask(keeper, visitor);
        else if (visit.kind == VISIT_RUN)
                answer_run(keeper, visitor, fds);
        else if (visit.kind == VISIT_SIGNAL && visitor->started && visitor->pid > 0)
                kill(visitor->pid, visit.value);
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

/* End of file: both who entered and the command have let go of the socket. */
static void child_is_done(struct keeper *keeper, struct visitor *visitor)
{
        struct report report = { .kind = REPORT_STARTED, .pid = visitor->pid, .has_pty = visitor->pty >= 0 };
        struct fault fault = { 0 };

        fd_close(&visitor->child_sock);
        if (visitor->failed) {
                visitor->pid = 0;
                fd_close(&visitor->sock);
        } else if (!visitor->exec || visitor->pid == 0) {
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
        for (int i = 0; i < KEEPER_ENDED && visitor->pid > 0; i++) {
                if (keeper->ended[i].pid != visitor->pid)
                        continue;
                keeper->ended[i].pid = 0;
                say_ended(visitor, keeper->ended[i].status);
        }
}

static void hear_child(struct keeper *keeper, struct visitor *visitor)
{
        struct report report;
        int fd = -1;
        ssize_t n = io_recv(visitor->child_sock, &report, sizeof(report), &fd, 1);

        if (n != sizeof(report)) {
                fd_close(&fd);
                child_is_done(keeper, visitor);
                return;
        }
        if (report.kind == REPORT_PROC) {
                fd_close(&visitor->pty);
                visitor->pty = take_fd(&fd);
        } else if (report.kind == REPORT_ENTERED) {
                visitor->pid = report.pid;
        } else if (report.kind == REPORT_EXEC) {
                visitor->exec = true;
        } else if (report.kind == REPORT_FAULT && !visitor->failed) {
                fault_seal(&report.fault);
                tell_fault(visitor, &report.fault);
        }
        fd_close(&fd);
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
                if (is_free(visitor))
                        *visitor = (struct visitor){ .sock = -1, .child_sock = -1, .pty = -1 };
        }
        if (polls[0].revents)
                come_in(keeper);
}

void keeper_door_reaped(struct keeper *keeper, pid_t pid, int status)
{
        for (int i = 0; i < KEEPER_VISITORS; i++) {
                struct visitor *visitor = &keeper->visitors[i];

                if (visitor->entering == pid) {
                        visitor->entering = -1; /* the number may be given anew */
                        return;
                }
                if (visitor->started && visitor->pid == pid) {
                        say_ended(visitor, status);
                        return;
                }
        }
        keeper->ended[keeper->n_ended++ % KEEPER_ENDED] = (struct ended){ .pid = pid, .status = status };
}
