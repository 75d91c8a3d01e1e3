/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/own.h"

/* Masked as engines mask them: they tell about the machine, or reach it. */
static const char *const masked[] = {
        "/proc/asound",      "/proc/acpi",          "/proc/interrupts", "/proc/kcore",
        "/proc/keys",        "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        "/proc/sched_debug", "/proc/scsi",          "/sys/firmware",    "/sys/devices/virtual/powercap",
};

/* Read-only everywhere; as real root everything else of /proc outside the processes is as well. */
static const char *const read_only[] = { "bus", "fs", "irq", "sys", "sysrq-trigger", "pressure" };

enum {
        N_MASKED = sizeof(masked) / sizeof(masked[0]),
        N_READ_ONLY = sizeof(read_only) / sizeof(read_only[0])
};

/* Where the empty file lies while it is cloned onto what is masked. */
static const char mask_stage[] = "/dev/shm";

/* A file is masked by an empty one on a file system that cannot be written: /dev/null, which engines take,
 * could be opened for writing. */
static bool stage_mask(struct child *child)
{
        static const char *const options[][2] = { { "size", "4k" }, { "mode", "755" }, { NULL, NULL } };
        own_fd int tmpfs =
                mountfd_new("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
        own_fd int target = open(mask_stage, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        own_fd int file = -1;

        if (tmpfs >= 0 && target >= 0 && mountfd_attach(tmpfs, target))
                file = openat(tmpfs, "empty", O_RDONLY | O_CREAT | O_CLOEXEC, 0444);
        return file >= 0 || fault_errno(&child->fault, "", "make what masks /proc in the container");
}

static int mask_file(void)
{
        own_fd int copy = mountfd_copy(AT_FDCWD, "/dev/shm/empty", false);

        if (copy >= 0 && !mountfd_set(copy, MOUNT_ATTR_RDONLY, false) && errno != ENOSYS)
                return -1;
        return take_fd(&copy);
}

static int mask_folder(void)
{
        static const char *const options[][2] = { { "size", "4k" }, { "mode", "755" }, { NULL, NULL } };

        return mountfd_new("tmpfs", options,
                           MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

static bool mask(struct child *child, const char *path)
{
        own_fd int target = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        own_fd int cover = -1;
        struct stat st;

        if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
                return true;
        if (target < 0 || fstat(target, &st) < 0)
                return fault_errno(&child->fault, path, "mask %s in the container", path);
        cover = S_ISDIR(st.st_mode) ? mask_folder() : mask_file();
        if (cover < 0 || !mountfd_attach(cover, target) ||
            (!S_ISDIR(st.st_mode) && !mountfd_protect(path, MOUNT_ATTR_RDONLY)))
                return fault_errno(&child->fault, path, "mask %s in the container", path);
        return true;
}

static bool protect(struct child *child, const char *path)
{
        own_fd int target = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        own_fd int cover = target < 0 ? -1 : mountfd_copy(target, "", true);
        bool late;

        if (target < 0 && errno == ENOENT)
                return true;
        late = cover >= 0 && !mountfd_set(cover, MOUNT_ATTR_RDONLY, true);
        if (cover < 0 || (late && errno != ENOSYS) || !mountfd_attach(cover, target) ||
            (late && !mountfd_protect(path, MOUNT_ATTR_RDONLY)))
                return fault_errno(&child->fault, path, "make %s read-only in the container", path);
        return true;
}

static bool is_masked(const char *path)
{
        for (size_t i = 0; i < N_MASKED; i++)
                if (strcmp(masked[i], path) == 0)
                        return true;
        return false;
}

static bool is_read_only(const char *name)
{
        for (size_t i = 0; i < N_READ_ONLY; i++)
                if (strcmp(read_only[i], name) == 0)
                        return true;
        return false;
}

/* Whether a name of /proc is to be made read-only. Real root with DAC_OVERRIDE opens any file of /proc for
 * writing, also one of mode 0444 (tried); in a user namespace the files are another user's, and refused. */
static bool wants_protection(const struct child *child, const struct dirent *entry)
{
        if (isdigit((unsigned char)entry->d_name[0]) || entry->d_type == DT_LNK || entry->d_name[0] == '.')
                return false;
        return is_read_only(entry->d_name) || !(child->plan->fixed.ns_flags & CLONE_NEWUSER) ||
               id_runs_has_outside(&child->plan->fixed.uids, 0);
}

static bool protect_proc(struct child *child)
{
        DIR *dir = opendir("/proc");
        struct dirent *entry;
        bool ok = true;

        if (!dir)
                return fault_errno(&child->fault, "/proc", "read the container's /proc");
        for (errno = 0; ok && (entry = readdir(dir)) != NULL; errno = 0) {
                char path[300];

                snprintf(path, sizeof(path), "/proc/%s", entry->d_name);
                if (wants_protection(child, entry) && !is_masked(path))
                        ok = protect(child, path);
        }
        if (ok && errno)
                ok = fault_errno(&child->fault, "/proc", "read the container's /proc");
        closedir(dir);
        return ok;
}

bool child_guard_paths(struct child *child)
{
        if (child->plan->fixed.privileged)
                return true;
        if (!stage_mask(child))
                return false;
        for (size_t i = 0; i < N_MASKED; i++)
                if (!mask(child, masked[i]))
                        return false;
        if (umount2(mask_stage, MNT_DETACH) < 0)
                return fault_errno(&child->fault, "", "take away what masks /proc in the container");
        return protect_proc(child);
}
