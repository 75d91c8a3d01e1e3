/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/klog_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/io.h"
#include "base/own.h"
#include "eye/klog_proto.h"
#include "eye/setup.h"

/* A few checks are told at once; then there is a pause, so that a container that does nothing but ask takes
 * no processor away through its reader. What the kernel has no room for meanwhile is counted. */
enum { PACE_MS = 20, ROUNDS_A_PACE = 16, BYTES_AT_ONCE = 128 * 1024, CHUNK = 4096, NUMBERS = 1024 };

struct reader {
        struct trace trace;
        int pipe, proc;
        uint64_t pace_ms;        /* when the present pace began */
        size_t rounds, bytes;    /* of it */
        struct klog_record last; /* what is not told yet: more of the same may follow; times 0: none */
        uint64_t told_lost;
        /* In its own container, of those that began last: they may have ended when their checks are read. */
        struct {
                pid_t pid, inside;
        } numbers[NUMBERS];
};

/* Waiting for who reads too slowly is right here: what overflows meanwhile is counted. */
static void tell(const struct klog_record *record)
{
        if (!io_send(KLOG_CONTROL, record, sizeof(*record), NULL, 0))
                _exit(0);
}

static void flush(struct reader *reader)
{
        if (reader->last.times)
                tell(&reader->last);
        reader->last.times = 0;
}

/* The second of NSpid, the first being the machine's; with the machine's PID namespace there is one. 0: it
 * has ended. */
static pid_t read_inside(const struct reader *reader, pid_t pid)
{
        own_free char *text = NULL;
        const char *line;
        char path[32];
        size_t n;
        int outside, inside;

        snprintf(path, sizeof(path), "%d/status", pid);
        if (!io_read_file(reader->proc, path, 16384, &text, &n) || !(line = strstr(text, "\nNSpid:")))
                return 0;
        switch (sscanf(line, " NSpid: %d %d", &outside, &inside)) {
        case 1:
                return outside;
        case 2:
                return inside;
        default:
                return 0;
        }
}

static void on_fork(void *data, pid_t pid)
{
        struct reader *reader = data;
        pid_t inside = read_inside(reader, pid);

        reader->numbers[pid % NUMBERS].pid = pid;
        reader->numbers[pid % NUMBERS].inside = inside;
}

static pid_t inside_of(struct reader *reader, pid_t pid)
{
        if (reader->numbers[pid % NUMBERS].pid != pid || !reader->numbers[pid % NUMBERS].inside)
                on_fork(reader, pid);
        return reader->numbers[pid % NUMBERS].inside;
}

static void on_check(void *data, const struct trace_check *check)
{
        struct reader *reader = data;
        struct klog_record *last = &reader->last;

        if (last->times && last->pid == check->pid && last->cap == check->cap &&
            last->allowed == check->allowed && strcmp(last->name, check->name) == 0) {
                last->times++;
                last->time_us = check->time_us;
                return;
        }
        flush(reader);
        *last = (struct klog_record){ .kind = KLOG_CHECK,
                                      .pid = check->pid,
                                      .inside = inside_of(reader, check->pid),
                                      .cap = check->cap,
                                      .times = 1,
                                      .allowed = check->allowed,
                                      .time_us = check->time_us };
        memcpy(last->name, check->name, sizeof(last->name));
}

enum drained { DRAINED_ALL, DRAINED_SOME, DRAINED_ENDED };

static enum drained drain(struct reader *reader)
{
        size_t most = BYTES_AT_ONCE;
        char text[CHUNK];
        bool empty, interrupted;
        ssize_t n = 1;

        while (most > 0 && (n = read(reader->pipe, text, sizeof(text))) > 0) {
                trace_feed(&reader->trace, text, (size_t)n);
                reader->bytes += (size_t)n;
                most -= (size_t)n < most ? (size_t)n : most;
        }
        empty = n < 0 && errno == EAGAIN;
        interrupted = n < 0 && errno == EINTR;
        if (empty)
                trace_settle(&reader->trace);
        flush(reader);
        if (reader->trace.lost != reader->told_lost) {
                struct klog_record lost = { .kind = KLOG_LOST, .number = reader->trace.lost };

                reader->told_lost = reader->trace.lost;
                tell(&lost);
        }
        return empty ? DRAINED_ALL : n > 0 || interrupted ? DRAINED_SOME : DRAINED_ENDED;
}

/* vitrine has asked, or gone. */
static bool hear(struct reader *reader)
{
        struct klog_record settled = { .kind = KLOG_SETTLED };
        enum drained drained;
        char byte;

        if (io_recv(KLOG_CONTROL, &byte, 1, NULL, 0) != 1)
                return false;
        do
                drained = drain(reader);
        while (drained == DRAINED_SOME);
        tell(&settled);
        return drained == DRAINED_ALL;
}

/* For how long to leave the pipe alone. */
static int pause_ms(struct reader *reader)
{
        uint64_t now = time_now_ms(), end = reader->pace_ms + PACE_MS;

        if (now >= end) {
                reader->pace_ms = now;
                reader->rounds = reader->bytes = 0;
        }
        if (++reader->rounds < ROUNDS_A_PACE && reader->bytes < BYTES_AT_ONCE)
                return 0;
        return now < end ? (int)(end - now) : PACE_MS;
}

/* Until the pipe or vitrine has ended. */
static void read_on(struct reader *reader, pid_t parent)
{
        struct pollfd wait[2] = { { .fd = KLOG_CONTROL, .events = POLLIN | POLLRDHUP },
                                  { .fd = reader->pipe, .events = POLLIN } };

        while (getppid() == parent) {
                if (poll(wait, 2, -1) < 0 && errno != EINTR)
                        return;
                if (wait[1].revents && drain(reader) == DRAINED_ENDED)
                        return;
                if (!wait[0].revents && poll(wait, 1, pause_ms(reader)) <= 0)
                        continue;
                if (!hear(reader))
                        return;
        }
}

static bool drop(struct fault *fault)
{
        prctl(PR_SET_NAME, "vitrine log");
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return fault_errno(fault, "", "guard the reader of the kernel's log");
        clearenv();
        return setup_drop(true, false, fault);
}

static _Noreturn void give_up(const struct fault *fault)
{
        struct klog_refusal refusal = { .kind = KLOG_FAULT, .fault = *fault };

        io_send(KLOG_CONTROL, &refusal, sizeof(refusal), NULL, 0);
        _exit(1);
}

_Noreturn void klog_reader(int pipe, const struct klog_known *known, size_t n)
{
        static struct reader reader; /* 60 kB, and zero */
        const struct trace_sink sink = { .check = on_check, .forked = on_fork, .data = &reader };
        struct klog_record ready = { .kind = KLOG_READY };
        struct fault fault = { 0 };
        pid_t parent = getppid();

        /* Nothing but the socket, the pipe and /proc, next to one another. */
        if (dup3(pipe, KLOG_CONTROL + 1, O_CLOEXEC) < 0)
                _exit(1);
        reader.pipe = KLOG_CONTROL + 1;
        reader.proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (reader.proc >= 0 && reader.proc != KLOG_CONTROL + 2 &&
            dup3(reader.proc, KLOG_CONTROL + 2, O_CLOEXEC) >= 0)
                reader.proc = KLOG_CONTROL + 2;
        syscall(SYS_close_range, KLOG_CONTROL + 3u, ~0u, 0u);
        if (!drop(&fault))
                give_up(&fault);
        trace_init(&reader.trace, &sink);
        for (size_t i = 0; i < n; i++)
                trace_know(&reader.trace, known[i].pid, known[i].role);
        tell(&ready);
        read_on(&reader, parent);
        _exit(0);
}
