/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/compose.h"
#include "cage/devgroup.h"
#include "cage/join.h"
#include "cage/orphans.h"
#include "cage/plan.h"
#include "cage/planfd.h"
#include "cage/spawn.h"

enum { END_WAIT_MS = 5000 };

struct cage {
        pid_t init, keeper;
        int sock, pidfd, proc_fd, userns_fd, pty, plan;
        int keeper_fd; /* of its end, once that has been begun; -1: not yet */
        char note[128];
        bool exited;
        bool shared; /* the machine's PID namespace: nothing dies with init */
        pid_t spare;
        struct joined joined; /* its pidns is 0 where the cage was launched */
};

static struct cage *cage_new(void)
{
        struct cage *cage = xcalloc(1, sizeof(*cage));

        cage->sock = cage->pidfd = cage->proc_fd = cage->userns_fd = cage->pty = cage->plan = -1;
        cage->keeper_fd = -1;
        cage->joined = (struct joined){ .pidfd = -1, .ns_fd = -1, .userns_fd = -1, .proc_fd = -1 };
        return cage;
}

static void own_cage_destroy(struct cage **cage)
{
        cage_destroy(*cage);
}

/* The program that becomes /demo/raise lies beside the keeper's; a demo root does without where it is not. */
static int open_raise(const char *helper)
{
        const char *slash = strrchr(helper, '/');
        own_free char *path = xasprintf("%.*svitrine-raise", slash ? (int)(slash + 1 - helper) : 0, helper);

        return open(path, O_RDONLY | O_CLOEXEC);
}

static bool say_keeper_died(struct fault *fault)
{
        return fault_why(fault, "launch the container", "the keeper died");
}

/* Sends the plan with what goes along. */
static bool send_plan(struct cage *cage, const char *helper, const struct plan *plan,
                      const struct image *image, const struct cage_stdio *stdio, int door,
                      struct fault *fault)
{
        own_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        own_fd int raise_fd = plan->fixed.demo ? open_raise(helper) : -1;
        int fds[PLAN_FD_N];

        if (null < 0)
                return fault_errno(fault, "/dev/null", "open /dev/null");
        cage->plan = plan_write(plan);
        if (cage->plan < 0)
                return fault_errno(fault, "", "write the keeper's plan");
        fds[PLAN_FD_PLAN] = cage->plan;
        fds[PLAN_FD_IN] = stdio->in < 0 ? null : stdio->in;
        fds[PLAN_FD_OUT] = stdio->out < 0 ? null : stdio->out;
        fds[PLAN_FD_ERR] = stdio->err < 0 ? null : stdio->err;
        fds[PLAN_FD_DOOR] = door < 0 ? null : door; /* the keeper listens at a socket alone */
        fds[PLAN_FD_IMAGE] = plan->fixed.demo ? raise_fd : image->root_fd;
        if (io_send(cage->sock, "p", 1, fds, fds[PLAN_FD_IMAGE] < 0 ? PLAN_FD_IMAGE : PLAN_FD_N))
                return true;
        if (errno == EPIPE)
                return say_keeper_died(fault);
        return fault_errno(fault, "", "send the keeper's plan");
}

static bool await_start(struct cage *cage, struct fault *fault)
{
        struct report report;
        int fds[4];
        ssize_t n = io_recv(cage->sock, &report, sizeof(report), fds, 4);

        if (n == 0)
                return say_keeper_died(fault);
        if (n < 0)
                return fault_errno(fault, "", "hear from the keeper");
        cage->pidfd = fds[0];
        cage->proc_fd = fds[1];
        cage->userns_fd = fds[2];
        cage->pty = fds[3];
        if (n == sizeof(report) && !report.has_userns) {
                cage->pty = fds[2];
                cage->userns_fd = -1;
        }
        if (n != sizeof(report))
                return fault_why(fault, "launch the container",
                                 "the keeper sent a record of the wrong length");
        if (report.kind == REPORT_STARTED && cage->proc_fd >= 0) {
                cage->init = report.pid;
                report.note[sizeof(report.note) - 1] = '\0';
                memcpy(cage->note, report.note, sizeof(cage->note));
                return true;
        }
        if (report.kind != REPORT_FAULT)
                return fault_why(fault, "launch the container", "the keeper said something unknown");
        fault_seal(&report.fault);
        if (fault)
                *fault = report.fault;
        return false;
}

bool cage_launch(const char *helper, const struct spec *spec, const struct resolved *resolved,
                 const struct image *image, const struct machine *machine, const char *id,
                 const struct cage_stdio *stdio, int door, struct cage **ret, struct fault *fault)
{
        __attribute__((cleanup(own_cage_destroy))) struct cage *cage = cage_new();
        struct plan plan = { 0 };
        bool ok;

        if (!compose_plan(spec, resolved, image, machine, id, &plan, fault))
                return false;
        plan.fixed.tty = stdio->tty;
        cage->shared = spec->pid == NS_HOST;
        if (cage->shared)
                orphans_adopt();
        ok = spawn_helper(helper, &cage->keeper, &cage->sock, fault) &&
             send_plan(cage, helper, &plan, image, stdio, door, fault);
        plan_finish(&plan);
        if (!ok || !await_start(cage, fault))
                return false;
        *ret = take_ptr(cage);
        return true;
}

bool cage_join(pid_t pid, struct cage **ret, struct fault *fault)
{
        struct cage *cage = cage_new();
        struct joined *joined = &cage->joined;

        if (!join_open(pid, joined, fault)) {
                free(cage);
                return false;
        }
        cage->init = joined->init;
        cage->pidfd = take_fd(&joined->pidfd);
        cage->proc_fd = take_fd(&joined->proc_fd);
        cage->userns_fd = take_fd(&joined->userns_fd);
        *ret = cage;
        return true;
}

uint64_t cage_pidns(const struct cage *cage)
{
        return cage->joined.pidns;
}

bool cage_range_refused(const struct machine *machine, const struct fault *fault)
{
        return machine->mode == MODE_RANGE && !machine_remaps(machine) &&
               strcmp(fault->step, PLAN_MAP_STEP) == 0;
}

pid_t cage_init_pid(const struct cage *cage)
{
        return cage->init;
}

pid_t cage_keeper_pid(const struct cage *cage)
{
        return cage->keeper;
}

int cage_pidfd(const struct cage *cage)
{
        return cage->pidfd;
}

int cage_proc_fd(const struct cage *cage)
{
        return cage->proc_fd;
}

int cage_plan_fd(const struct cage *cage)
{
        return cage->plan;
}

int cage_userns_fd(const struct cage *cage)
{
        return cage->userns_fd;
}

void cage_spare(struct cage *cage, pid_t pid)
{
        cage->spare = pid;
}

int cage_take_pty(struct cage *cage)
{
        return take_fd(&cage->pty);
}

int cage_socket(const struct cage *cage)
{
        return cage->joined.pidns ? cage->pidfd : cage->sock;
}

const char *cage_note(const struct cage *cage)
{
        return cage->note;
}

int cage_leave(struct cage *cage)
{
        if (cage->keeper <= 0 || cage->keeper_fd >= 0)
                return cage->keeper_fd;
        /* While the socket is open the keeper has time for a crowd (crowd.h). */
        if (shutdown(cage->sock, SHUT_WR) < 0) {
                cage_signal(cage, SIGKILL);
                fd_close(&cage->sock);
        }
        cage->keeper_fd = (int)syscall(SYS_pidfd_open, cage->keeper, 0);
        kill(cage->keeper, SIGCONT);
        return cage->keeper_fd;
}

/* The keeper ends its cage at end of file. One that was stopped from outside is woken, then killed. Returns
 * whether it has come to its own end, and so has ended what it kept. */
static bool await_keeper(struct cage *cage)
{
        uint64_t end = time_now_ms() + END_WAIT_MS;
        struct pollfd gone = { .fd = cage_leave(cage), .events = POLLIN };
        int status = 0;

        fd_close(&cage->sock);
        while (gone.fd >= 0 && time_now_ms() < end && poll(&gone, 1, (int)(end - time_now_ms())) < 0 &&
               errno == EINTR)
                ;
        if (gone.fd < 0 || !(gone.revents & POLLIN))
                kill(cage->keeper, SIGKILL);
        while (waitpid(cage->keeper, &status, 0) < 0 && errno == EINTR)
                ;
        fd_close(&cage->keeper_fd);
        return WIFEXITED(status);
}

/* What a keeper does at its end, in the place of one that was killed. */
static void end_for_keeper(struct cage *cage)
{
        struct pollfd gone = { .fd = cage->pidfd, .events = POLLIN };

        if (cage->shared)
                orphans_end(cage->spare);
        if (geteuid() != 0)
                return;
        cage_signal(cage, SIGKILL);
        if (gone.fd >= 0)
                poll(&gone, 1, END_WAIT_MS);
        devgroup_sweep();
}

/* The keeper is of no use any more: its container ends. */
static void lose_keeper(struct cage *cage)
{
        cage_signal(cage, SIGKILL);
        /* Its children are handed over when it has ended, a moment after its socket. */
        await_keeper(cage);
        cage->keeper = 0;
        end_for_keeper(cage);
        cage->exited = true;
}

/* What the keeper itself says of its end. */
static bool take_fault(struct report *report, ssize_t n, struct fault *fault)
{
        if (n != sizeof(*report) || report->kind != REPORT_FAULT)
                return false;
        fault_seal(&report->fault);
        if (fault)
                *fault = report->fault;
        return true;
}

int cage_read(struct cage *cage, int *ret_status, struct fault *fault)
{
        struct pollfd ready = { .fd = cage_socket(cage), .events = POLLIN };
        struct report report;
        ssize_t n;

        if (cage->exited || poll(&ready, 1, 0) <= 0)
                return 0;
        if (cage->joined.pidns) {
                cage->exited = true;
                *ret_status = -1;
                return 1;
        }
        n = io_recv(cage->sock, &report, sizeof(report), NULL, 0);
        if (n == sizeof(report) && report.kind == REPORT_EXITED) {
                cage->exited = true;
                *ret_status = report.status;
                return 1;
        }
        if (n < 0)
                fault_errno(fault, "", "hear from the container's keeper");
        lose_keeper(cage);
        if (n >= 0 && !take_fault(&report, n, fault))
                fault_why(fault, "watch over the container", "its keeper has died; the container was ended");
        return -1;
}

bool cage_signal(struct cage *cage, int sig)
{
        return cage->pidfd >= 0 && !cage->joined.pidns &&
               syscall(SYS_pidfd_send_signal, cage->pidfd, sig, NULL, 0) == 0;
}

void cage_destroy(struct cage *cage)
{
        if (!cage)
                return;
        cage_signal(cage, SIGKILL);
        /* Only what a keeper has left behind: the container that follows this one runs already. */
        if (cage->keeper > 0 && !await_keeper(cage) && !cage->exited)
                end_for_keeper(cage);
        fd_close(&cage->sock);
        fd_close(&cage->pidfd);
        fd_close(&cage->proc_fd);
        fd_close(&cage->userns_fd);
        fd_close(&cage->pty);
        fd_close(&cage->plan);
        join_close(&cage->joined);
        free(cage);
}
