/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/klog_fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/child.h"

#define EVENT "events/capability/cap_capable"
#define FORKS "events/sched/sched_process_fork"
#define NAMES "events/task/task_rename"

static const char step[] = "watch the kernel's capability checks";

/* How a new instance writes its lines is the machine's present taste: this is what is read here. */
static const char *const options[][2] = {
        { "context-info", "1" },   { "irq-info", "1" },   { "event-fork", "1" },     { "overwrite", "1" },
        { "annotate", "0" },       { "bin", "0" },        { "fields", "0" },         { "hex", "0" },
        { "latency-format", "0" }, { "raw", "0" },        { "record-tgid", "0" },    { "stacktrace", "0" },
        { "sym-addr", "0" },       { "sym-offset", "0" }, { "userstacktrace", "0" }, { "verbose", "0" },
};

static bool write_file(int dir, const char *path, const char *text)
{
        own_fd int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);

        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

static bool set(const struct klog_fs *fs, const char *path, const char *text, struct fault *fault)
{
        return write_file(fs->dir, path, text) || fault_errno(fault, path, step);
}

/* A write costs a millisecond: only what is otherwise is written. What a kernel does not have is as if off.
 */
static bool set_option(const struct klog_fs *fs, const char *name, const char *value, struct fault *fault)
{
        char path[64], now[2] = "";
        own_fd int fd = -1;

        snprintf(path, sizeof(path), "options/%s", name);
        fd = openat(fs->dir, path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 && errno == ENOENT && *value == '0')
                return true;
        if (fd >= 0 && read(fd, now, 1) == 1 && now[0] == *value)
                return true;
        return set(fs, path, value, fault);
}

bool klog_fs_open(struct klog_fs *fs, struct fault *fault)
{
        static const char *const none[][2] = { { NULL, NULL } };

        *fs = (struct klog_fs){ .root = -1, .instances = -1, .dir = -1 };
        fs->root = mountfd_new("tracefs", none, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
        if (fs->root < 0 && errno == ENODEV)
                return fault_why(fault, step, "this kernel has no tracefs");
        if (fs->root < 0)
                return fault_errno(fault, "tracefs", step);
        if (faccessat(fs->root, EVENT, F_OK, 0) < 0) {
                if (errno != ENOENT)
                        return fault_errno(fault, "tracefs/" EVENT, step);
                return fault_why(fault, step,
                                 "this kernel has no tracepoint capability:cap_capable (Linux 6.14 has)");
        }
        fs->instances = openat(fs->root, "instances", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return fs->instances >= 0 || fault_errno(fault, "tracefs/instances", step);
}

/* When the process began, in the kernel's ticks; 0: there is none, or it has ended and only waits to be
 * reaped.
 */
static unsigned long long start_of(pid_t pid)
{
        own_free char *text = NULL;
        const char *rest;
        char path[64];
        size_t n;

        snprintf(path, sizeof(path), "/proc/%d/stat", pid);
        if (!io_read_file(AT_FDCWD, path, 4096, &text, &n) || !(rest = strrchr(text, ')')) ||
            rest[1] != ' ' || rest[2] == 'Z' || rest[2] == 'X')
                return 0;
        for (int field = 2; rest && field < 22; field++)
                rest = strchr(rest + 1, ' ');
        return rest ? strtoull(rest + 1, NULL, 10) : 0;
}

void klog_fs_sweep(const struct klog_fs *fs)
{
        int copy = openat(fs->instances, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = copy < 0 ? NULL : fdopendir(copy);
        struct dirent *entry;

        while (dir && (entry = readdir(dir)) != NULL) {
                unsigned long long start;
                int pid, used = 0;

                if (sscanf(entry->d_name, "vitrine-%9d-%19llu%n", &pid, &start, &used) == 2 &&
                    !entry->d_name[used] && start_of(pid) != start)
                        unlinkat(fs->instances, entry->d_name, AT_REMOVEDIR);
        }
        if (dir)
                closedir(dir);
        else if (copy >= 0)
                close(copy);
}

bool klog_fs_create(struct klog_fs *fs, struct fault *fault)
{
        char name[sizeof(fs->name)];

        snprintf(name, sizeof(name), "vitrine-%d-%llu", getpid(), start_of(getpid()));
        if (mkdirat(fs->instances, name, 0700) < 0)
                return fault_errno(fault, "tracefs/instances", step);
        memcpy(fs->name, name, sizeof(fs->name));
        fs->dir = openat(fs->instances, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fs->dir < 0)
                return fault_errno(fault, "tracefs/instances", step);
        /* Room for a thousand checks on each processor; an instance begins with many times that. */
        if (!set(fs, "buffer_size_kb", "256", fault) || !set(fs, "trace_clock", "mono", fault))
                return false;
        /* Who reads is woken by the first event, not when the buffer is half full. */
        if (!set(fs, "buffer_percent", "0", fault))
                return false;
        for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
                if (!set_option(fs, options[i][0], options[i][1], fault))
                        return false;
        return set(fs, EVENT "/trigger", "stacktrace", fault);
}

bool klog_fs_follow(const struct klog_fs *fs, const pid_t *pids, size_t n, struct fault *fault)
{
        own_fd int fd = openat(fs->dir, "set_event_pid", O_WRONLY | O_APPEND | O_CLOEXEC);
        struct str text = { 0 };
        bool ok;

        for (size_t i = 0; i < n; i++)
                str_add_f(&text, "%d ", pids[i]);
        ok = fd >= 0 && (text.len == 0 || io_write_all(fd, text.s, text.len));
        str_finish(&text);
        return ok || fault_errno(fault, "set_event_pid", step);
}

bool klog_fs_begin(const struct klog_fs *fs, struct fault *fault)
{
        return set(fs, FORKS "/enable", "1", fault) && set(fs, NAMES "/enable", "1", fault) &&
               set(fs, EVENT "/enable", "1", fault);
}

int klog_fs_pipe(const struct klog_fs *fs)
{
        return openat(fs->dir, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

bool klog_fs_remove(struct klog_fs *fs)
{
        fd_close(&fs->dir);
        return !fs->name[0] || unlinkat(fs->instances, fs->name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}
