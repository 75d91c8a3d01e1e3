/* SPDX-License-Identifier: MIT */
/* The lines of /proc/PID/mountinfo (proc(5)). Pure. */
#pragma once

#include <stdbool.h>

/* Points into the text that it was read from. */
struct mount_line {
        long id, parent;
        const char *root, *point; /* with their escapes taken back */
        const char *type;
        const char *super; /* the file system's own options: "rw,hidepid=2" */
};

/* Takes the next line off *rest, a text that is written to; lines that are none are left out. False at the
 * end. */
bool mount_lines_next(char **rest, struct mount_line *ret);
