/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/host_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/own.h"

/* Room for the first processor's entry in /proc/cpuinfo, also where it has many flags. */
enum { HEAD_SIZE = 16384 };

/* Reads what of a file fits into buf, ended with NUL; NULs within become line ends, as they part the entries
 * of environ and of device-tree lists. Returns false when it cannot be read. */
static bool read_head(int root_fd, const char *path, char *buf, size_t size)
{
        own_fd int fd = openat(root_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        size_t n = 0;

        if (fd < 0)
                return false;
        while (n < size - 1) {
                ssize_t got = read(fd, buf + n, size - 1 - n);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return false;
                if (got == 0)
                        break;
                n += (size_t)got;
        }
        for (size_t i = 0; i < n; i++)
                if (!buf[i])
                        buf[i] = '\n';
        buf[n] = '\0';
        return true;
}

static bool has_text(int root_fd, const char *path)
{
        char buf[16];

        return read_head(root_fd, path, buf, sizeof(buf)) && buf[0];
}

static bool exists(int root_fd, const char *path)
{
        return faccessat(root_fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool has_any(const char *text, const char *const *words)
{
        for (; *words; words++)
                if (strcasestr(text, *words))
                        return true;
        return false;
}

/* The namespaces that the kernel begins with have fixed numbers (include/linux/proc_ns.h, since 3.8). */
enum first { FIRST_NO, FIRST_YES, FIRST_UNKNOWN };

static enum first is_first(int root_fd, const char *type, unsigned number)
{
        char path[40], target[64] = "", wanted[64];
        ssize_t n;

        snprintf(path, sizeof(path), "proc/self/ns/%s", type);
        snprintf(wanted, sizeof(wanted), "%s:[%u]", type, number);
        n = readlinkat(root_fd, path, target, sizeof(target) - 1);
        if (n < 0)
                return FIRST_UNKNOWN;
        target[n] = '\0';
        return strcmp(target, wanted) == 0 ? FIRST_YES : FIRST_NO;
}

/* What engines and their kin leave in a container for whoever asks. */
static bool is_marked(int root_fd)
{
        static const char *const groups[] = { "docker", "libpod",    "kubepods", "containerd", "/machine",
                                              "/lxc",   "/buildkit", "crio",     NULL };
        char text[HEAD_SIZE];

        if (has_text(root_fd, "run/systemd/container") || exists(root_fd, "run/.containerenv") ||
            exists(root_fd, ".dockerenv"))
                return true;
        if (read_head(root_fd, "proc/1/environ", text, sizeof(text)) &&
            (strncmp(text, "container=", 10) == 0 || strstr(text, "\ncontainer=")))
                return true;
        return read_head(root_fd, "proc/1/cgroup", text, sizeof(text)) && has_any(text, groups);
}

/* WSL's distributions stand in namespaces of one virtual machine; who uses them says virtual machine. */
static bool is_wsl(const char *release)
{
        return strcasestr(release, "microsoft") != NULL;
}

static bool is_container(int root_fd, const char *release)
{
        enum first pid = is_first(root_fd, "pid", 0xEFFFFFFCu);
        enum first uts = is_first(root_fd, "uts", 0xEFFFFFFEu);
        enum first ipc = is_first(root_fd, "ipc", 0xEFFFFFFFu);

        if (is_marked(root_fd))
                /* A virtual machine that was made out of an image has its marks too, but the first
                 * namespaces. */
                return !(pid == FIRST_YES && uts == FIRST_YES && ipc == FIRST_YES);
        return pid == FIRST_NO && !is_wsl(release);
}

/* The flag that a hypervisor shows in CPUID, in the first processor's entry. */
static bool has_hypervisor_flag(int root_fd)
{
        char text[HEAD_SIZE], *line, *rest = text;

        if (!read_head(root_fd, "proc/cpuinfo", text, sizeof(text)))
                return false;
        while ((line = strsep(&rest, "\n")) != NULL) {
                char *word;

                if (strncmp(line, "flags", 5) != 0)
                        continue;
                while ((word = strsep(&line, " \t")) != NULL)
                        if (strcmp(word, "hypervisor") == 0)
                                return true;
                return false;
        }
        return false;
}

static bool is_vendors_machine(int root_fd)
{
        static const char *const files[] = { "sys/class/dmi/id/sys_vendor", "sys/class/dmi/id/product_name",
                                             "sys/class/dmi/id/board_vendor" };
        static const char *const words[] = { "QEMU",
                                             "KVM",
                                             "VMware",
                                             "VirtualBox",
                                             "innotek",
                                             "Xen",
                                             "Bochs",
                                             "Parallels",
                                             "Virtual Machine",
                                             "OpenStack",
                                             "BHYVE",
                                             "Google Compute Engine",
                                             "Apple Virtualization",
                                             "Amazon EC2",
                                             NULL };
        char text[256];

        /* EC2 has the same vendor on bare machines. */
        if (read_head(root_fd, files[1], text, sizeof(text)) && strstr(text, ".metal"))
                return false;
        for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
                if (read_head(root_fd, files[i], text, sizeof(text)) && has_any(text, words))
                        return true;
        return false;
}

static bool is_virtual(int root_fd, const char *release)
{
        static const char *const boards[] = { "dummy-virt", "qemu,", NULL };
        char text[256];

        /* Xen's first domain has the marks of a guest, and is the machine's own system. */
        if (read_head(root_fd, "proc/xen/capabilities", text, sizeof(text)) && strstr(text, "control_d"))
                return false;
        if (has_text(root_fd, "sys/hypervisor/type") || has_hypervisor_flag(root_fd) || is_wsl(release))
                return true;
        if (exists(root_fd, "proc/device-tree/hypervisor/compatible") ||
            (read_head(root_fd, "proc/device-tree/compatible", text, sizeof(text)) && has_any(text, boards)))
                return true;
        return is_vendors_machine(root_fd);
}

void host_info_read(int root_fd, const char *release, struct host_info *ret)
{
        struct host_info info = { .kernel = "Linux" };
        unsigned major, minor;

        if (sscanf(release, "%3u.%3u", &major, &minor) == 2)
                snprintf(info.kernel, sizeof(info.kernel), "Linux %u.%u", major, minor);
        if (is_container(root_fd, release))
                info.kind = HOST_KIND_CONTAINER;
        else if (is_virtual(root_fd, release))
                info.kind = HOST_KIND_VIRTUAL;
        *ret = info;
}

const char *host_kind_name(enum host_kind kind)
{
        switch (kind) {
        case HOST_KIND_MACHINE:
                return "machine";
        case HOST_KIND_VIRTUAL:
                return "virtual machine";
        case HOST_KIND_CONTAINER:
                return "container";
        }
        return "machine";
}
