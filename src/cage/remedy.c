/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/remedy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/called.h"
#include "base/io.h"
#include "base/own.h"

/* Remedies by the beginning of the step and the errno (0: any). when_file, when_text: only where that file
 * begins with the text, which tells machines apart that refuse with the same errno. The first that fits is
 * given. */
static const struct {
        const char *step;
        int err;
        const char *when_file, *when_text;
        const char *remedy;
} remedies[] = {
        { "create the container's namespaces", 0, "/proc/sys/kernel/unprivileged_userns_clone", "0",
          "this machine gives user namespaces to root alone: sudo ./vitrine, or: sudo sysctl "
          "kernel.unprivileged_userns_clone=1" },
        { "create the container's namespaces", 0, "/proc/sys/user/max_user_namespaces", "0\n",
          "user namespaces are switched off: sudo sysctl user.max_user_namespaces=10000, or: sudo "
          "./vitrine" },
        { "create the container's namespaces (with a user namespace)", ENOSPC, NULL, NULL,
          "the limit of user namespaces is reached (sysctl user.max_user_namespaces): sudo ./vitrine" },
        { "create the container's namespaces (with a user namespace)", EPERM, NULL, NULL,
          "this machine (or the container that vitrine runs in) refuses user namespaces: sudo ./vitrine" },
        { "create the container's namespaces", ENOSPC, NULL, NULL,
          "a limit below /proc/sys/user is reached; raise it, or end what holds namespaces" },
        { "make the mounts private", 0, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
          "AppArmor takes the powers of new user namespaces away here (Ubuntu 24.04 does so); `vitrine "
          "doctor` tells of a profile; at once: sudo ./vitrine" },
        { "make the mounts private", EINVAL, NULL, NULL,
          "vitrine runs in a chroot, whose root is no mount: begin it with `unshare -m`, after `mount --bind "
          "DIR DIR`" },
        { "make the mounts private", 0, NULL, NULL,
          "something takes the powers of a new user namespace away: sudo ./vitrine" },
        { "mount /proc in the container", EPERM, NULL, NULL,
          "a part of this machine's /proc is covered, as in most containers; run vitrine on the machine "
          "itself, or as its root" },
        { "mount /sys in the container", EPERM, NULL, NULL,
          "a part of this machine's /sys is covered, as in most containers; run vitrine on the machine "
          "itself, or as its root" },
        { "enter the container's root", EINVAL, NULL, NULL,
          "vitrine runs in a chroot, whose root is no mount: begin it with `unshare -m`, after `mount --bind "
          "DIR DIR`" },
        { "enter the image", EACCES, NULL, NULL,
          "its folder is closed to the container's root, who is nobody on this machine: open it (chmod "
          "o+rx), or leave --userns remap away" },
        { "write the user namespace's", EPERM, NULL, NULL,
          "this machine does not let you map ids: sudo ./vitrine" },
        { "open the image dir:", ENOENT, NULL, NULL,
          "dir:PATH is a folder of this machine, the root of a file system (with bin, etc, usr)" },
        { "open the image dir:", ENOTDIR, NULL, NULL,
          "dir:PATH is a folder, the root of a file system: unpack an archive first" },
        { "open the image dir:", EACCES, NULL, NULL,
          "a folder on the way to it is closed to you: open it (chmod o+x), or: sudo ./vitrine" },
        { "read the seccomp profile", ENOENT, NULL, NULL,
          "seccomp=unconfined takes none; without the option the built-in one is used" },
};

static bool file_begins(const char *path, const char *text)
{
        own_free char *found = NULL;
        size_t n;

        return io_read_file(AT_FDCWD, path, 4096, &found, &n) && strncmp(found, text, strlen(text)) == 0;
}

static const char *find_remedy(const struct fault *fault)
{
        if (fault->hint[0])
                return fault->hint;
        for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++) {
                if (strncmp(fault->step, remedies[i].step, strlen(remedies[i].step)) != 0)
                        continue;
                if (remedies[i].err && remedies[i].err != fault->err)
                        continue;
                if (!remedies[i].when_file || file_begins(remedies[i].when_file, remedies[i].when_text))
                        return remedies[i].remedy;
        }
        return "";
}

char *remedy_of(const struct fault *fault)
{
        return called_in(find_remedy(fault));
}

void remedy_line(const struct fault *fault, char *buf, size_t size)
{
        own_free char *remedy = remedy_of(fault);
        size_t n;

        fault_line(fault, buf, size);
        n = strlen(buf);
        if (*remedy)
                snprintf(buf + n, size - n, " - %s", remedy);
}
