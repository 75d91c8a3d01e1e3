/* SPDX-License-Identifier: MIT */
/* What the probes pass to the kernel where another value would do harm. Each is here so that a test reads it;
 * none comes from a user, a lesson or an image. */
#pragma once

#include <stddef.h>

/* A folder cannot be the file of process accounting: EISDIR. Never NULL, which switches accounting off. */
#define PROBE_ACCT_PATH "/"

enum {
        /* Without reboot(2)'s two magic numbers nothing can happen. */
        PROBE_REBOOT_MAGIC = 0,
        PROBE_REBOOT_COMMAND = 0,
        /* syslog(2): how much is unread. 2, 4 and 5 to 8 consume or change. */
        PROBE_SYSLOG_SIZE_UNREAD = 9,
        /* No capability has this number: dropping it changes nothing. */
        PROBE_NO_CAPABILITY = 63,
        /* A name of this length is refused before it is read. */
        PROBE_HOSTNAME_LENGTH = -1,
        /* A message about interface 0 names none. */
        PROBE_NO_INTERFACE = 0,
        /* Bound, never listened at. */
        PROBE_PORT = 1,
        /* Asks whether a signal would be let through, sends none. */
        PROBE_NO_SIGNAL = 0,
};
