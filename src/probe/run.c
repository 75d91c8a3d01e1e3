/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/spawn.h"
#include "eye/status_file.h"
#include "probe/probe.h"
#include "probe/proto.h"

struct probe_run {
        pid_t pid;
        int sock;
        uint64_t effective;
};

enum { NUMBER_NONE = 0, NUMBER_ENDED = -1 }; /* as the kernel says both */

/* The first process's number in whatever PID namespace the /proc here shows: it need not be vitrine's own. */
static pid_t number_in_proc(int pidfd)
{
        own_free char *text = NULL;
        char path[48];
        const char *at;
        int pid = NUMBER_NONE;

        snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
        if (!io_read_file(AT_FDCWD, path, 4096, &text, NULL))
                return NUMBER_NONE;
        at = strstr(text, "\nPid:");
        return at && sscanf(at, "\nPid: %d", &pid) == 1 ? (pid_t)pid : NUMBER_NONE;
}

static bool has_ended(struct fault *fault)
{
        fault_why(fault, "look at the container", "it ended before it was seen");
        return fault_hint(fault, "a command that lasts can be looked at: sleep 3600");
}

/* What the first process holds now: the kernel's word, not the plan's. */
static bool read_caps(const struct cage *cage, struct plan_caps *ret, struct fault *fault)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        const pid_t init = number_in_proc(cage_pidfd(cage));
        struct status status;

        if (init == NUMBER_ENDED)
                return has_ended(fault);
        if (init <= 0)
                return fault_why(fault, "probe the capabilities",
                                 "the container's first process is not in this machine's /proc");
        if (proc_fd < 0)
                return fault_errno(fault, "/proc", "open /proc");
        if (!status_file_read(proc_fd, init, &status, fault))
                return fault->err == ESRCH ? has_ended(fault) : false;
        *ret = (struct plan_caps){ .effective = status.caps.effective,
                                   .permitted = status.caps.permitted,
                                   .inheritable = status.caps.inheritable,
                                   .bounding = status.caps.bounding,
                                   .ambient = status.caps.ambient };
        return true;
}

bool probe_start(const char *helper, const struct cage *cage, struct probe_run **ret, struct fault *fault)
{
        struct probe_hello hello = { 0 };
        struct probe_run *run;
        int fds[PROBE_FD_N];

        if (!read_caps(cage, &hello.caps, fault))
                return false;
        run = xcalloc(1, sizeof(*run));
        run->sock = -1;
        run->effective = hello.caps.effective;
        fds[PROBE_FD_PLAN] = cage_plan_fd(cage);
        fds[PROBE_FD_INIT] = cage_pidfd(cage);
        if (!spawn_helper(helper, &run->pid, &run->sock, fault)) {
                probe_end(run);
                return false;
        }
        if (!io_send(run->sock, &hello, sizeof(hello), fds, PROBE_FD_N)) {
                fault_errno(fault, helper, "speak to the helper program");
                probe_end(run);
                return false;
        }
        *ret = run;
        return true;
}

void probe_end(struct probe_run *run)
{
        if (!run)
                return;
        fd_close(&run->sock);
        if (run->pid > 0) {
                kill(run->pid, SIGKILL);
                while (waitpid(run->pid, NULL, 0) < 0 && errno == EINTR)
                        ;
        }
        free(run);
}

int probe_fd(const struct probe_run *run)
{
        return run->sock;
}

static bool is_answer(const struct probe_answer *answer)
{
        return answer->kind >= 0 && answer->kind < ANSWER_KINDS;
}

static bool is_whole(const struct probe_record *record)
{
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                const struct probe_answers *row = &record->rows[bit];

                if (!is_answer(&row->control) || !is_answer(&row->alone) || !is_answer(&row->as_is) ||
                    !is_answer(&row->extra) || row->stand_in < -1 || row->stand_in >= CAPS_N)
                        return false;
        }
        return true;
}

int probe_read(struct probe_run *run, struct probe_set *ret, struct fault *fault)
{
        struct pollfd ready = { .fd = run->sock, .events = POLLIN };
        struct probe_record record;
        ssize_t n;

        if (poll(&ready, 1, 0) <= 0)
                return 0;
        n = io_recv(run->sock, &record, sizeof(record), NULL, 0);
        if (n == (ssize_t)sizeof(record) && record.kind == PROBE_FAULT) {
                fault_seal(&record.fault);
                *fault = record.fault;
                if (fault->err == ESRCH) /* whose namespaces are to be entered has gone */
                        has_ended(fault);
                return -1;
        }
        if (n != (ssize_t)sizeof(record) || record.kind != PROBE_ANSWERS || !is_whole(&record)) {
                fault_why(fault, "probe the capabilities",
                          n == 0 ? "the program that asks has ended" : "an answer that was not understood");
                return -1;
        }
        ret->effective = run->effective;
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                const struct probe_case of = { .held = (run->effective & caps_bit(bit)) != 0,
                                               .userns = record.userns,
                                               .one_id = record.one_id };

                ret->rows[bit] = probe_judge(bit, &of, &record.rows[bit]);
        }
        return 1;
}

bool probe_wait(struct probe_run *run, int timeout_ms, struct probe_set *ret, struct fault *fault)
{
        const uint64_t until = time_now_ms() + (uint64_t)timeout_ms;

        for (;;) {
                struct pollfd ready = { .fd = run->sock, .events = POLLIN };
                const uint64_t now = time_now_ms();
                int got;

                if (now >= until)
                        return fault_why(fault, "probe the capabilities", "no answer in %d ms", timeout_ms);
                if (poll(&ready, 1, (int)(until - now)) <= 0)
                        continue;
                got = probe_read(run, ret, fault);
                if (got != 0)
                        return got > 0;
        }
}
