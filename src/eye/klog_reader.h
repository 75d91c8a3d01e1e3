/* SPDX-License-Identifier: MIT */
/* The part of vitrine-log that reads what the kernel writes: text in which names stand that processes chose.
 * So it is a process of its own that has no capability, no user and no file. */
#pragma once

#include <sys/types.h>

#include "eye/trace.h"

/* Who is who when the recording begins. */
struct klog_known {
        pid_t pid;
        enum trace_role role;
};

/* Reads pipe (an instance's trace_pipe, non-blocking) and tells KLOG_CONTROL, until that or its parent ends.
 * Takes pipe over. */
_Noreturn void klog_reader(int pipe, const struct klog_known *known, size_t n);
