/* SPDX-License-Identifier: MIT */
/* What vitrine-log says, one record each, over a SOCK_SEQPACKET socket. Both ends are of one build. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/helper.h"

/* vitrine-log has the socket as this descriptor; its end of file means that vitrine has gone. */
enum { KLOG_CONTROL = HELPER_CONTROL };

enum klog_kind {
        KLOG_READY = 1, /* checks are seen from now on */
        KLOG_CHECK,
        KLOG_LOST,    /* number: so many events in all that were not seen */
        KLOG_SETTLED, /* answers a byte of vitrine's: what was asked before it has been told */
        KLOG_FAULT,   /* a struct klog_refusal: there will be no checks */
};

struct klog_record {
        uint32_t kind;
        int32_t pid, inside; /* on the machine; in its own container, 0: not known any more */
        uint32_t cap, times; /* the bit; how often one after another */
        bool allowed;
        char name[16];    /* any bytes, NUL-terminated */
        uint64_t time_us; /* of the last one, CLOCK_MONOTONIC */
        uint64_t number;
};

struct klog_refusal {
        uint32_t kind;
        struct fault fault;
};
