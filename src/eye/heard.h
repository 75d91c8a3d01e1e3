/* SPDX-License-Identifier: MIT */
/* What of the kernel's log is kept: the last checks, repeats folded, and the smallest list of capabilities
 * that a command has asked for. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "eye/klog_proto.h"

enum { HEARD_MAX = 64, HEARD_OPEN = 16 };

/* {0} has heard nothing. */
struct heard {
        struct klog_record entries[HEARD_MAX]; /* the newest first */
        size_t n;
        uint64_t forgotten; /* entries that had no room */
        uint64_t lost;      /* events that were not seen */
        uint64_t asked;     /* capabilities, bit n is n; without those of open */
        struct {
                int32_t pid; /* 0: free */
                uint32_t cap;
        } open[HEARD_OPEN]; /* denied, and the kernel may go on to ask for another one in its place */
        size_t next_open;
};

/* Takes a KLOG_CHECK or KLOG_LOST. */
void heard_add(struct heard *heard, const struct klog_record *record);
/* Another command begins: the list is empty again, the entries stay. */
void heard_begin(struct heard *heard);
/* What would have been enough, as a mask. Where the kernel takes one of two (DAC_READ_SEARCH or
 * DAC_OVERRIDE: capabilities(7)) it is the one that was held, else the lesser. */
uint64_t heard_list(const struct heard *heard);
/* "--cap-drop=ALL --cap-add=CHOWN --cap-add=KILL"; for an empty list "no capability". Owned by the caller. */
char *heard_line(const struct heard *heard);
