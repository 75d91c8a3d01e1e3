/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

static bool copy(int from, int to)
{
        char buf[16384];
        ssize_t n;

        while ((n = read(from, buf, sizeof(buf))) > 0)
                if (!io_write_all(to, buf, (size_t)n))
                        return false;
        return n == 0;
}

/* On a file system of its own, which holds nothing else and is closed for writing afterwards. The kernel
 * honours the bit inside alone: for who reaches the file through /proc/PID/root it is no program of root's
 * (the mount is another namespace's). */
bool child_place_raise(struct child *child)
{
        static const char *const options[][2] = {
                { "mode", "755" }, { "size", "1m" }, { "nr_inodes", "4" }, { NULL, NULL }
        };
        static const char place[] = "/demo";
        own_fd int mount_fd = -1, target = -1, file = -1;

        if (child->image_fd < 0)
                return true; /* the program was not found beside vitrine */
        mount_fd = mountfd_new("tmpfs", options, MOUNT_ATTR_NODEV);
        target = mount_fd < 0 ? -1 : open_mount_point(place);
        if (target < 0 || !mountfd_attach(mount_fd, target))
                return fault_errno(&child->fault, place, "mount %s in the container", place);
        file = openat(mount_fd, "raise", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
        /* Where root is not mapped there is nobody to rise to: the file stays its maker's. */
        if (file < 0 || !copy(child->image_fd, file) ||
            (fchown(file, 0, 0) < 0 && errno != EINVAL && errno != EPERM) || fchmod(file, 04755) < 0)
                return fault_errno(&child->fault, "", "make /demo/raise in the container");
        fd_close(&file);
        fd_close(&child->image_fd);
        if (mount(NULL, place, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NODEV, NULL) < 0)
                return fault_errno(&child->fault, place, "make %s read-only in the container", place);
        return true;
}
