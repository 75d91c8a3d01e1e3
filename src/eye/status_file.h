/* SPDX-License-Identifier: MIT */
/* Reads /proc/PID/status: vitrine itself and the eye's program do. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "snapshot/table.h"

/* Below an open procfs directory. ret is written on success alone; ESRCH when the process has gone. */
bool status_file_read(int proc_fd, pid_t pid, struct status *ret, struct fault *fault);
