/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/klog.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/spawn.h"

enum { END_MS = 5000 };

struct klog {
        char *helper;
        pid_t pid;
        int sock;
        bool ready;
};

static const char step[] = "watch the kernel's capability checks";

bool klog_open(const char *helper, struct klog **ret, struct fault *fault)
{
        struct klog *klog = xcalloc(1, sizeof(*klog));

        klog->sock = -1;
        if (!spawn_helper(helper, &klog->pid, &klog->sock, fault)) {
                free(klog);
                return false;
        }
        klog->helper = xstrdup(helper);
        *ret = klog;
        return true;
}

int klog_fd(const struct klog *klog)
{
        return klog->sock;
}

int klog_read(struct klog *klog, struct klog_record *ret, struct fault *fault)
{
        struct pollfd ready = { .fd = klog->sock, .events = POLLIN };
        union {
                uint32_t kind;
                struct klog_record record;
                struct klog_refusal refusal;
        } got;
        ssize_t n;

        if (poll(&ready, 1, 0) <= 0)
                return 0;
        n = io_recv(klog->sock, &got, sizeof(got), NULL, 0);
        if (n == (ssize_t)sizeof(got.refusal) && got.kind == KLOG_FAULT) {
                fault_seal(&got.refusal.fault);
                if (fault)
                        *fault = got.refusal.fault;
                return -1;
        }
        if (n != (ssize_t)sizeof(got.record)) {
                fault_why(fault, step, "who watches has ended");
                return -1;
        }
        *ret = got.record;
        ret->name[sizeof(ret->name) - 1] = '\0';
        klog->ready = klog->ready || ret->kind == KLOG_READY;
        return 1;
}

bool klog_wait(struct klog *klog, int timeout_ms, struct fault *fault)
{
        uint64_t end = time_now_ms() + (uint64_t)timeout_ms, now;

        while (!klog->ready && (now = time_now_ms()) < end) {
                struct pollfd ready = { .fd = klog->sock, .events = POLLIN };
                struct klog_record record;

                poll(&ready, 1, (int)(end - now));
                if (klog_read(klog, &record, fault) < 0)
                        return false;
        }
        return klog->ready || fault_why(fault, step, "it has not begun in %d ms", timeout_ms);
}

bool klog_settle(struct klog *klog)
{
        return io_send(klog->sock, "s", 1, NULL, 0);
}

/* Returns whether it has come to its own end. */
static bool await(pid_t pid)
{
        own_fd int pidfd = (int)syscall(SYS_pidfd_open, pid, 0u);
        struct pollfd gone = { .fd = pidfd, .events = POLLIN };
        int status = 0;

        kill(pid, SIGCONT);
        if (pidfd < 0 || poll(&gone, 1, END_MS) <= 0)
                kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
        return WIFEXITED(status);
}

/* Another one removes, when it begins, what the first has left. */
static void sweep_after(const char *helper)
{
        struct klog *other;

        if (!klog_open(helper, &other, NULL))
                return;
        klog_wait(other, END_MS, NULL);
        fd_close(&other->sock);
        await(other->pid);
        free(other->helper);
        free(other);
}

void klog_close(struct klog *klog)
{
        if (!klog)
                return;
        fd_close(&klog->sock);
        if (!await(klog->pid))
                sweep_after(klog->helper);
        free(klog->helper);
        free(klog);
}
