/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "cage/doctor_mounts.h"

/* Folders that are always empty, made to be mounted on (sysfs_create_mount_point, proc_create_mount_point,
 * register_sysctl_mount_point): what covers them reveals nothing. */
static const char *const meant_for_mounts[] = {
        "/proc/fs/nfsd",
        "/proc/openprom",
        "/proc/sys/fs/binfmt_misc",
        "/proc/xen",
        "/sys/firmware/efi/efivars",
        "/sys/fs/bpf",
        "/sys/fs/cgroup",
        "/sys/fs/fuse/connections",
        "/sys/fs/gfs2",
        "/sys/fs/pstore",
        "/sys/fs/selinux",
        "/sys/fs/smackfs",
        "/sys/hypervisor/s390",
        "/sys/kernel/config",
        "/sys/kernel/debug",
        "/sys/kernel/security",
        "/sys/kernel/tracing",
};

/* Takes \040 and its like back, in place. */
static void unescape(char *s)
{
        char *to = s;

        while (*s) {
                if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' &&
                    s[3] <= '7') {
                        *to++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
                        s += 4;
                } else {
                        *to++ = *s++;
                }
        }
        *to = '\0';
}

/* One line: ID PARENT DEV ROOT POINT OPTIONS [TAG…] - TYPE SOURCE SUPER. */
static bool parse_line(char *line, struct mount_line *ret)
{
        char *fields[6], *type, *rest = strstr(line, " - ");

        if (!rest)
                return false;
        *rest = '\0';
        rest += 3;
        for (size_t i = 0; i < 6; i++)
                if ((fields[i] = strsep(&line, " ")) == NULL)
                        return false;
        type = strsep(&rest, " ");
        if (!rest || !strsep(&rest, " "))
                return false;
        unescape(fields[3]);
        unescape(fields[4]);
        *ret = (struct mount_line){
                .id = strtol(fields[0], NULL, 10),
                .parent = strtol(fields[1], NULL, 10),
                .root = fields[3],
                .point = fields[4],
                .type = type,
                .super = rest ? rest : "",
        };
        return true;
}

bool mount_lines_next(char **rest, struct mount_line *ret)
{
        char *line;

        while ((line = strsep(rest, "\n")) != NULL)
                if (parse_line(line, ret))
                        return true;
        return false;
}

static bool is_meant_for_mounts(const char *point)
{
        for (size_t i = 0; i < sizeof(meant_for_mounts) / sizeof(meant_for_mounts[0]); i++)
                if (strcmp(meant_for_mounts[i], point) == 0)
                        return true;
        return false;
}

/* The first mount on a part of the mount id that shows something; a path that is not below /proc or /sys (a
 * second procfs elsewhere) is held against no list. */
static bool covered_part(const char *mountinfo, long id, char *path, size_t size)
{
        own_free char *copy = xstrdup(mountinfo);
        struct mount_line line;
        char *rest = copy;

        while (mount_lines_next(&rest, &line)) {
                if (line.parent != id || is_meant_for_mounts(line.point))
                        continue;
                snprintf(path, size, "%s", line.point);
                return true;
        }
        return false;
}

bool doctor_covered(const char *mountinfo, const char *type, char *path, size_t size)
{
        own_free char *copy = xstrdup(mountinfo);
        struct mount_line line;
        char first[256] = "", *rest = copy;

        while (mount_lines_next(&rest, &line)) {
                char part[256];

                if (strcmp(line.type, type) != 0 || strcmp(line.root, "/") != 0)
                        continue;
                if (!covered_part(mountinfo, line.id, part, sizeof(part)))
                        return false;
                if (!*first)
                        memcpy(first, part, sizeof(first));
        }
        /* Without any mount of the type nothing is covered, and nothing in sight either. */
        snprintf(path, size, "%s", *first ? first : strcmp(type, "proc") == 0 ? "/proc" : "/sys");
        return true;
}
