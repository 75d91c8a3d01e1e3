/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "term/crash.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { CRASH_STACK = 64 * 1024 };

static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS, SIGTRAP };
enum { FATAL_N = sizeof(fatal) / sizeof(fatal[0]) };

/* A handler can reach nothing else: this is the terminal's one mutable global. */
static struct {
        char restore[512];
        size_t len;
        int fd;
        struct termios saved;
        struct sigaction before[FATAL_N];
        stack_t stack_before;
        bool on;
} guard; /* NOLINT(cppcoreguidelines-avoid-non-const-global-variables) */
/* A stack that has run over is a fault too. */
/* NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables) */
static char crash_stack[CRASH_STACK];

static void on_fault(int sig, siginfo_t *info, void *context)
{
        const char *rest = guard.restore;
        size_t left = guard.len;
        bool dropped = false;

        (void)context;
        while (left > 0) {
                ssize_t n = write(guard.fd, rest, left);

                /* A terminal that does not read gets this before what it has not read. */
                if (n < 0 && errno == EAGAIN && !dropped)
                        dropped = tcflush(guard.fd, TCOFLUSH) == 0;
                else if (n < 0 && errno != EINTR)
                        break;
                rest += n > 0 ? n : 0;
                left -= n > 0 ? (size_t)n : 0;
        }
        tcsetattr(guard.fd, TCSANOW, &guard.saved);
        for (int i = 0; i < FATAL_N; i++)
                sigaction(fatal[i], &guard.before[i], NULL);
        /* The instruction that failed is tried again and fails again; what was sent must be sent again. */
        if (info->si_code <= 0)
                raise(sig);
}

void crash_guard(int fd, const char *restore, const struct termios *saved)
{
        struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
        stack_t stack = { .ss_sp = crash_stack, .ss_size = sizeof(crash_stack) };

        if (guard.on)
                return;
        guard.len = strlen(restore) < sizeof(guard.restore) ? strlen(restore) : 0;
        memcpy(guard.restore, restore, guard.len);
        guard.fd = fd;
        guard.saved = *saved;
        if (sigaltstack(&stack, &guard.stack_before) < 0)
                action.sa_flags &= ~SA_ONSTACK;
        /* Who dies in the background is not to be stopped by tcsetattr on the way. */
        sigemptyset(&action.sa_mask);
        sigaddset(&action.sa_mask, SIGTTOU);
        for (int i = 0; i < FATAL_N; i++)
                sigaction(fatal[i], &action, &guard.before[i]);
        guard.on = true;
}

void crash_unguard(void)
{
        if (!guard.on)
                return;
        for (int i = 0; i < FATAL_N; i++)
                sigaction(fatal[i], &guard.before[i], NULL);
        sigaltstack(&guard.stack_before, NULL);
        guard.on = false;
}
