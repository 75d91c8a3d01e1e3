/* SPDX-License-Identifier: MIT */
/* What is this? A sentence or two for a beginner on every thing that the screen shows. Pure. */
#pragma once

#include "caps/caps.h"
#include "snapshot/snapshot.h"

/* The things, in the order in which one goes from one to the next. */
enum info_topic {
        INFO_PID, /* the columns of a process pane */
        INFO_PPID,
        INFO_USER,
        INFO_COMMAND,
        INFO_UID, /* the ids */
        INFO_GID,
        INFO_DIGIT, /* the capability pane */
        INFO_EFFECTIVE,
        INFO_BOUNDING,
        INFO_NS,                    /* + enum ns_type */
        INFO_CAP = INFO_NS + NS_T_N /* + bit */
};

enum { INFO_N = INFO_CAP + CAPS_N, INFO_COLUMNS = INFO_COMMAND + 1, INFO_SENTENCE_MOST = 240 };

struct info {
        const char *name; /* "PPID", "KILL" */
        const char *kind; /* "column", "capability" */
        const char *sentence;
};

/* The words for a topic below INFO_N. */
struct info info_of(unsigned topic);
