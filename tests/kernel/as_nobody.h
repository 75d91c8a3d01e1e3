/* SPDX-License-Identifier: MIT */
/* What a test can do as somebody who is not root. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOBODY = 65533 };

/* The test in a process of its own, without root where this one is root; a failed assertion there is its
 * exit. */
static inline void as_nobody(void (*test)(bool))
{
        pid_t pid = fork();
        int status;

        if (pid == 0) {
                if (geteuid() == 0 &&
                    (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0))
                        _exit(9);
                prctl(PR_SET_DUMPABLE, 1);
                test(true);
                _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
}
