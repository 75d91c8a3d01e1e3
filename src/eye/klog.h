/* SPDX-License-Identifier: MIT */
/* The kernel's log: which capabilities the processes of vitrine's containers ask for, and what the kernel
 * says, live. Real root alone has it, and only with the tracepoint capability:cap_capable (Linux 6.14). */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "eye/klog_proto.h"

struct klog;

/* Starts the program at helper (vitrine-log), which follows everything that this process starts, and waits
 * for nothing. */
bool klog_open(const char *helper, struct klog **ret, struct fault *fault);
/* Waits until checks are seen, at most timeout_ms. Fails with the reason why they cannot be. */
bool klog_wait(struct klog *klog, int timeout_ms, struct fault *fault);

/* Asks for a KLOG_SETTLED, which comes behind every check of processes that have ended by now. */
bool klog_settle(struct klog *klog);

/* To poll for POLLIN, then klog_read until it returns 0: 1 with a record (KLOG_READY, KLOG_CHECK, KLOG_LOST,
 * KLOG_SETTLED), -1 with a fault when there is no log, or no longer. Never blocks. */
int klog_fd(const struct klog *klog);
int klog_read(struct klog *klog, struct klog_record *ret, struct fault *fault);

/* Ends it and waits until its tracefs instance has gone, removed in its place where it was killed. NULL is
 * fine. */
void klog_close(struct klog *klog);
