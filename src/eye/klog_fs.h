/* SPDX-License-Identifier: MIT */
/* A tracefs instance of one's own (Documentation/trace/ftrace.rst, "Instances"): its events, buffers and
 * filters touch nobody else's tracing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/fault.h"

/* All -1 and "" at first. */
struct klog_fs {
        int root;      /* tracefs, mounted nowhere */
        int instances; /* its folder of instances */
        int dir;       /* the instance */
        char name[64]; /* vitrine-PID-START: who made it, and when that process began (proc(5), field 22) */
};

/* Opens tracefs without attaching it anywhere; says why where there is none, or no tracepoint. */
bool klog_fs_open(struct klog_fs *fs, struct fault *fault);
/* Removes instances whose makers have died without an end. */
void klog_fs_sweep(const struct klog_fs *fs);
/* Makes the instance and sets it up; nothing is recorded yet. */
bool klog_fs_create(struct klog_fs *fs, struct fault *fault);
/* Adds processes to those whose events are recorded; what they fork from then on is added by the kernel. */
bool klog_fs_follow(const struct klog_fs *fs, const pid_t *pids, size_t n, struct fault *fault);
/* Begins to record. */
bool klog_fs_begin(const struct klog_fs *fs, struct fault *fault);
/* The instance's trace_pipe, non-blocking; -1 with errno. */
int klog_fs_pipe(const struct klog_fs *fs);
/* Ends the recording and removes the instance, which nobody may have open any more. Returns false with errno
 * set, EBUSY among others. */
bool klog_fs_remove(struct klog_fs *fs);
