/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/own.h"

int mountfd_new(const char *type, const char *const (*options)[2], unsigned attrs)
{
        own_fd int context = fsopen(type, FSOPEN_CLOEXEC);

        if (context < 0)
                return -1;
        for (; options && (*options)[0]; options++) {
                const char *key = (*options)[0], *value = (*options)[1];

                if (fsconfig(context, value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG, key, value, 0) < 0)
                        return -1;
        }
        if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
                return -1;
        return fsmount(context, FSMOUNT_CLOEXEC, attrs);
}

int mountfd_copy(int dir_fd, const char *path, bool recursive)
{
        return open_tree(dir_fd, path,
                         OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
                                 (recursive ? (unsigned)AT_RECURSIVE : 0u));
}

bool mountfd_set(int fd, unsigned attrs, bool recursive)
{
        struct mount_attr attr = { .attr_set = attrs };

        return mount_setattr(fd, "", AT_EMPTY_PATH | (recursive ? (unsigned)AT_RECURSIVE : 0u), &attr,
                             sizeof(attr)) == 0;
}

bool mountfd_map_ids(int fd, int userns_fd)
{
        struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)userns_fd };

        return mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0;
}

bool mountfd_attach(int fd, int target_fd)
{
        return move_mount(fd, "", target_fd, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0;
}

int open_mount_point(const char *path)
{
        if (mkdir(path, 0755) < 0 && errno != EEXIST)
                return -1;
        return open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The flags of mount(2) that a line of mountinfo names: a remount must repeat them, or the kernel refuses to
 * take away what a user namespace has locked. */
static unsigned long flags_of_options(const char *options)
{
        static const struct {
                const char *word;
                unsigned long flag;
        } words[] = {
                { "ro", MS_RDONLY },         { "nosuid", MS_NOSUID },   { "nodev", MS_NODEV },
                { "noexec", MS_NOEXEC },     { "noatime", MS_NOATIME }, { "nodiratime", MS_NODIRATIME },
                { "relatime", MS_RELATIME },
        };
        char copy[256];
        unsigned long flags = 0;
        char *rest = copy;

        snprintf(copy, sizeof(copy), "%s", options);
        for (char *word; (word = strsep(&rest, ",")) != NULL;)
                for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                        if (strcmp(words[i].word, word) == 0)
                                flags |= words[i].flag;
        return flags;
}

static bool is_below(const char *path, const char *top)
{
        size_t n = strlen(top);

        return strncmp(path, top, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

bool mountfd_protect(const char *path, unsigned attrs)
{
        FILE *f = fopen("/proc/self/mountinfo", "re");
        unsigned long add = (attrs & MOUNT_ATTR_RDONLY ? MS_RDONLY : 0) |
                            (attrs & MOUNT_ATTR_NOSUID ? MS_NOSUID : 0) |
                            (attrs & MOUNT_ATTR_NODEV ? MS_NODEV : 0);
        char line[4096], where[2048], options[256];
        bool ok = f != NULL;

        while (ok && fgets(line, sizeof(line), f)) {
                if (sscanf(line, "%*s %*s %*s %*s %2047s %255s", where, options) != 2 ||
                    !is_below(where, path))
                        continue;
                if (mount(NULL, where, NULL, MS_REMOUNT | MS_BIND | flags_of_options(options) | add, NULL) <
                    0)
                        ok = false;
        }
        /* A list that ended too early would leave mounts as they were. */
        if (f && ferror(f))
                ok = false;
        if (f)
                fclose(f);
        return ok;
}
