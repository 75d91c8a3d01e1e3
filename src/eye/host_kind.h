/* SPDX-License-Identifier: MIT */
/* What the host is on whose side the glass is looked through: a machine, a virtual machine or a container.
 * Decided from what everybody may read below /proc and /sys. */
#pragma once

enum host_kind { HOST_KIND_MACHINE, HOST_KIND_VIRTUAL, HOST_KIND_CONTAINER };

struct host_info {
        enum host_kind kind;
        char kernel[24]; /* for a title: "Linux 6.18" */
};

/* Reads below root_fd, an open directory that is / or a recorded tree; it stays the caller's. release:
 * uname(2)'s. What cannot be read says nothing: without evidence the host is a machine. The container is the
 * innermost answer: one in a virtual machine is a container, since its processes are what the host pane
 * shows. */
void host_info_read(int root_fd, const char *release, struct host_info *ret);

/* "machine", "virtual machine", "container" */
const char *host_kind_name(enum host_kind kind);
