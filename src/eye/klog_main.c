/* SPDX-License-Identifier: MIT */
/* vitrine-log: the keeper of the kernel's log. Real root alone may have a tracefs instance, so this process
 * stays root: it makes the instance, starts the reader, which is nobody, waits for vitrine's end and removes
 * what it has made. It reads nothing that a container has written. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/io.h"
#include "base/own.h"
#include "eye/klog_fs.h"
#include "eye/klog_proto.h"
#include "eye/klog_reader.h"

enum { KNOWN_MAX = 1024, ROUNDS = 5, BUSY_TRIES = 200, BUSY_MS = 10 };

/* The inode of the first PID namespace (include/linux/proc_ns.h, PROC_PID_INIT_INO): the kernel's events
 * speak of its PIDs. */
#define FIRST_PIDNS "pid:[4026531836]"

struct klog {
        struct klog_fs fs;
        pid_t owner, reader;
        struct klog_known known[KNOWN_MAX];
        pid_t keepers[KNOWN_MAX]; /* of each of those: its container's, or 0 */
        size_t n_known;
        pid_t followed[KNOWN_MAX];
        size_t n_followed;
};

static bool become(int *ret_signals)
{
        prctl(PR_SET_NAME, "vitrine log");
        /* As the keeper: vitrine's death wakes who was stopped. */
        prctl(PR_SET_PDEATHSIG, SIGCONT);
        if (prctl(PR_SET_DUMPABLE, 0) < 0)
                return false;
        if (syscall(SYS_close_range, KLOG_CONTROL + 1u, ~0u, 0u) < 0 && errno != ENOSYS)
                return false;
        *ret_signals = io_hear_children();
        return *ret_signals >= 0 && fcntl(KLOG_CONTROL, F_SETFD, FD_CLOEXEC) == 0;
}

static bool sees_first_pids(struct fault *fault)
{
        char text[64];
        ssize_t n = readlink("/proc/self/ns/pid", text, sizeof(text) - 1);

        text[n > 0 ? n : 0] = '\0';
        return strcmp(text, FIRST_PIDNS) == 0 ||
               fault_why(fault, "watch the kernel's capability checks",
                         "vitrine runs in a container: the kernel speaks of PIDs that are not seen here");
}

static bool same_program(pid_t a, pid_t b)
{
        char path[64];
        struct stat x, y;

        snprintf(path, sizeof(path), "/proc/%d/exe", a);
        if (stat(path, &x) < 0)
                return false;
        snprintf(path, sizeof(path), "/proc/%d/exe", b);
        return stat(path, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Of what vitrine has started already only keepers matter: that is their name, and no container's process is
 * vitrine's child. */
static bool is_keeper(pid_t pid)
{
        own_free char *text = NULL;
        char path[64];
        size_t n;

        snprintf(path, sizeof(path), "/proc/%d/comm", pid);
        return io_read_file(AT_FDCWD, path, 64, &text, &n) && strcmp(text, "vitrine keeper\n") == 0;
}

/* Notes a process that is not noted yet. keeper: of whom it is or descends; 0: nobody's, and only vitrine
 * itself is followed then. */
static void note(struct klog *klog, pid_t pid, enum trace_role role, pid_t keeper)
{
        for (size_t i = 0; i < klog->n_known; i++)
                if (klog->known[i].pid == pid)
                        return;
        if (klog->n_known == KNOWN_MAX)
                return;
        klog->keepers[klog->n_known] = keeper;
        klog->known[klog->n_known++] = (struct klog_known){ .pid = pid, .role = role };
        if (keeper || role == TRACE_VITRINE)
                klog->followed[klog->n_followed++] = pid;
}

static void note_child(struct klog *klog, pid_t pid, pid_t keeper)
{
        if (keeper)
                note(klog, pid, same_program(pid, keeper) ? TRACE_LAUNCHING : TRACE_INSIDE, keeper);
        else
                note(klog, pid, TRACE_OUTSIDE, pid != getpid() && is_keeper(pid) ? pid : 0);
}

static void note_children(struct klog *klog, size_t at)
{
        const pid_t pid = klog->known[at].pid;
        own_free char *text = NULL;
        char path[64], *rest;
        size_t n;

        snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
        if (!io_read_file(AT_FDCWD, path, 1 << 20, &text, &n))
                return;
        for (rest = text; *rest; rest += strspn(rest, " \n")) {
                pid_t child = (pid_t)strtol(rest, &rest, 10);

                if (child <= 0)
                        return;
                note_child(klog, child, klog->keepers[at]);
        }
}

/* The list grows while it is gone through. */
static void gather(struct klog *klog)
{
        for (size_t i = 0; i < klog->n_known; i++)
                if (klog->keepers[i] || klog->known[i].role == TRACE_VITRINE)
                        note_children(klog, i);
}

/* The kernel adds what a followed process forks; what was forked while this list was made is looked for
 * again. */
static bool follow_all(struct klog *klog, struct fault *fault)
{
        size_t done = 0;

        note(klog, klog->owner, TRACE_VITRINE, 0);
        for (int round = 0; round < ROUNDS; round++) {
                gather(klog);
                if (done == klog->n_followed)
                        return true;
                if (!klog_fs_follow(&klog->fs, klog->followed + done, klog->n_followed - done, fault))
                        return false;
                done = klog->n_followed;
        }
        return true;
}

static bool begin(struct klog *klog, struct fault *fault)
{
        const pid_t self = getpid();
        int pipe;

        if (!sees_first_pids(fault) || !klog_fs_open(&klog->fs, fault))
                return false;
        klog_fs_sweep(&klog->fs);
        /* With nobody listed all would be: this process stands in until the others are known, so that no fork
         * is missed in between. */
        if (!klog_fs_create(&klog->fs, fault) || !klog_fs_follow(&klog->fs, &self, 1, fault) ||
            !klog_fs_begin(&klog->fs, fault) || !follow_all(klog, fault))
                return false;
        pipe = klog_fs_pipe(&klog->fs);
        if (pipe < 0)
                return fault_errno(fault, "trace_pipe", "watch the kernel's capability checks");
        klog->reader = fork();
        if (klog->reader == 0)
                klog_reader(pipe, klog->known, klog->n_known);
        close(pipe);
        return klog->reader > 0 || fault_errno(fault, "", "start the reader of the kernel's log");
}

/* Until vitrine or the reader has ended; a reader that was stopped has not. */
static void watch(struct klog *klog, int signals)
{
        struct pollfd wait[2] = { { .fd = KLOG_CONTROL, .events = POLLRDHUP },
                                  { .fd = signals, .events = POLLIN } };
        struct signalfd_siginfo info;

        while (klog->reader > 0) {
                if (poll(wait, 2, -1) < 0 && errno != EINTR)
                        return;
                if (wait[0].revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL))
                        return;
                while (read(signals, &info, sizeof(info)) > 0)
                        ;
                if (waitpid(klog->reader, NULL, WNOHANG) == klog->reader)
                        klog->reader = 0;
        }
}

/* While somebody has a file of it open the instance cannot go. */
static void end(struct klog *klog)
{
        if (klog->reader > 0) {
                kill(klog->reader, SIGKILL);
                while (waitpid(klog->reader, NULL, 0) < 0 && errno == EINTR)
                        ;
        }
        for (int i = 0; i < BUSY_TRIES && !klog_fs_remove(&klog->fs) && errno == EBUSY; i++)
                poll(NULL, 0, BUSY_MS);
}

int main(void)
{
        static struct klog klog;
        struct klog_refusal refusal = { .kind = KLOG_FAULT };
        int signals = -1;

        klog.owner = getppid();
        if (!become(&signals))
                _exit(EXIT_VITRINE);
        if (begin(&klog, &refusal.fault))
                watch(&klog, signals);
        else
                io_send(KLOG_CONTROL, &refusal, sizeof(refusal), NULL, 0);
        end(&klog);
        _exit(0);
}
