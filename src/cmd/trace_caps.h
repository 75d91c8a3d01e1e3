/* SPDX-License-Identifier: MIT */
/* --trace-caps: what a command asked the kernel for, printed when it has ended. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "base/loop.h"
#include "eye/heard.h"

struct klog;

/* {0} is none. */
struct trace_caps {
        struct klog *log;
        struct loop *loop;
        struct heard heard;
        uint64_t began_us; /* CLOCK_MONOTONIC */
        struct fault fault;
        bool settled; /* all has come */
        bool ended;   /* it was, before the command */
};

/* Returns when checks are seen: what is started from now on is followed. */
bool trace_caps_open(struct trace_caps *trace, struct loop *loop, struct fault *fault);
/* Reads what is still on its way and prints all to standard error. */
void trace_caps_print(struct trace_caps *trace);
void trace_caps_close(struct trace_caps *trace);
