/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/status_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/own.h"

enum { STATUS_MAX_BYTES = 1024 * 1024 /* 65536 supplementary groups are 720 KiB */ };

bool status_file_read(int proc_fd, pid_t pid, struct status *ret, struct fault *fault)
{
        own_free char *text = NULL;
        char path[32];

        snprintf(path, sizeof(path), "%d/status", (int)pid);
        if (!io_read_file(proc_fd, path, STATUS_MAX_BYTES, &text, NULL)) {
                if (errno == ENOENT)
                        errno = ESRCH;
                return fault_errno(fault, path, "read a process's status");
        }
        if (!status_parse(text, ret)) {
                errno = ESRCH; /* it ended while it was read */
                return fault_errno(fault, path, "read a process's status");
        }
        return true;
}
