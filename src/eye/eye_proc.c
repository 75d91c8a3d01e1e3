/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/eye.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "eye/status_file.h"

enum { MAP_MAX_BYTES = 65536 };

bool eye_read_status(int proc_fd, pid_t pid, struct status *ret, struct fault *fault)
{
        return status_file_read(proc_fd, pid, ret, fault);
}

/* "pid:[4026531836]" */
static uint64_t read_ns(int proc_fd, const char *process, const char *type)
{
        char path[64], link[64];
        uint64_t inode;
        ssize_t n;

        snprintf(path, sizeof(path), "%s/ns/%s", process, type);
        n = readlinkat(proc_fd, path, link, sizeof(link) - 1);
        if (n <= 0)
                return 0;
        link[n] = '\0';
        return sscanf(link, "%*[a-z_]:[%" SCNu64 "]", &inode) == 1 ? inode : 0;
}

void eye_read_ns(int proc_fd, pid_t pid, struct ns_ids *ret)
{
        char process[16];

        snprintf(process, sizeof(process), "%d", (int)pid);
        for (int i = 0; i < NS_T_N; i++) {
                ret->container[i] = read_ns(proc_fd, process, ns_type_names[i]);
                ret->host[i] = read_ns(proc_fd, "self", ns_type_names[i]);
        }
}

static bool read_map(int proc_fd, pid_t pid, const char *name, struct id_map *ret)
{
        own_free char *text = NULL;
        char path[32];

        snprintf(path, sizeof(path), "%d/%s", (int)pid, name);
        return io_read_file(proc_fd, path, MAP_MAX_BYTES, &text, NULL) && id_map_parse(text, ret);
}

bool eye_read_maps(int proc_fd, pid_t pid, struct id_map *ret_uid, struct id_map *ret_gid)
{
        struct id_map uid, gid;

        if (!read_map(proc_fd, pid, "uid_map", &uid) || !read_map(proc_fd, pid, "gid_map", &gid))
                return false;
        *ret_uid = uid;
        *ret_gid = gid;
        return true;
}
