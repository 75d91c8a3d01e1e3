/* SPDX-License-Identifier: MIT */
/* Many processes of a test's own, that rest. */
#pragma once

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cmocka.h>

/* They end with this process at the latest, and are the caller's to wait for. */
static inline void fork_crowd(pid_t *crowd, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                crowd[i] = fork();
                if (crowd[i] == 0) {
                        prctl(PR_SET_PDEATHSIG, SIGKILL);
                        for (;;)
                                pause();
                }
                assert_true(crowd[i] > 0);
        }
}
