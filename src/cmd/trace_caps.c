/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/trace_caps.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "caps/caps.h"
#include "cmd/cmd.h"
#include "eye/klog.h"
#include "stage/launch.h"

enum { BEGIN_MS = 10000, SETTLE_MS = 2000, NAME_WIDTH = 24 };

static void on_log(void *data, int fd, short events)
{
        struct trace_caps *trace = data;
        struct klog_record record;
        int got;

        (void)events;
        while ((got = klog_read(trace->log, &record, &trace->fault)) > 0) {
                trace->settled = trace->settled || record.kind == KLOG_SETTLED;
                heard_add(&trace->heard, &record);
        }
        if (got == 0)
                return;
        trace->ended = true;
        loop_forget(trace->loop, fd);
}

bool trace_caps_open(struct trace_caps *trace, struct loop *loop, struct fault *fault)
{
        own_free char *helper = launch_helper("vitrine-log");

        trace->loop = loop;
        if (!klog_open(helper, &trace->log, fault) || !klog_wait(trace->log, BEGIN_MS, fault)) {
                fault_hint(fault, geteuid() == 0
                                          ? "without --trace-caps; `vitrine doctor` says what is missing"
                                          : "with sudo, or without --trace-caps");
                return false;
        }
        loop_watch(loop, klog_fd(trace->log), POLLIN, on_log, trace);
        trace->began_us = time_now_ms() * 1000;
        return true;
}

static void print_entry(const struct trace_caps *trace, const struct klog_record *entry)
{
        uint64_t us = entry->time_us > trace->began_us ? entry->time_us - trace->began_us : 0;
        own_free char *who =
                entry->inside ? xasprintf("%s (%d)", entry->name, entry->inside) : xstrdup(entry->name);
        own_free char *cell = table_cell(who, NAME_WIDTH);
        char times[24] = "";

        if (entry->times > 1)
                snprintf(times, sizeof(times), "  x%" PRIu32, entry->times);
        fprintf(stderr, "  %02" PRIu64 ":%02" PRIu64 ".%03" PRIu64 "  %-*s  %-18s  %s%s\n", us / 60000000,
                us / 1000000 % 60, us / 1000 % 1000, NAME_WIDTH, cell, caps_info(entry->cap)->name,
                entry->allowed ? "allowed" : "denied", times);
}

/* What the command asked last is still on its way when it has ended. */
static void settle(struct trace_caps *trace)
{
        struct pollfd ready = { .fd = klog_fd(trace->log), .events = POLLIN };
        uint64_t end = time_now_ms() + SETTLE_MS, now;

        if (trace->ended || !klog_settle(trace->log))
                return;
        while (!trace->ended && !trace->settled && (now = time_now_ms()) < end) {
                poll(&ready, 1, (int)(end - now));
                on_log(trace, ready.fd, POLLIN);
        }
}

void trace_caps_print(struct trace_caps *trace)
{
        own_free char *line = NULL;

        settle(trace);
        line = heard_line(&trace->heard);
        if (trace->heard.n)
                fprintf(stderr, "vitrine: the kernel says:\n");
        for (size_t i = trace->heard.n; i > 0; i--)
                print_entry(trace, &trace->heard.entries[i - 1]);
        if (trace->heard.forgotten)
                fprintf(stderr, "  and %" PRIu64 " before those\n", trace->heard.forgotten);
        if (trace->heard.lost)
                fprintf(stderr, "  %" PRIu64 " events were lost: the list may lack something\n",
                        trace->heard.lost);
        if (trace->ended)
                fprintf(stderr, "  the log ended before the command: %s\n", trace->fault.why);
        fprintf(stderr,
                heard_list(&trace->heard) ? "vitrine: smallest list: %s\n"
                                          : "vitrine: the command asked for %s\n",
                line);
}

void trace_caps_close(struct trace_caps *trace)
{
        if (!trace->log)
                return;
        loop_forget(trace->loop, klog_fd(trace->log));
        klog_close(trace->log);
        trace->log = NULL;
}
