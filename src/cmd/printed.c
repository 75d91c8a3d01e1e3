/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/printed.h"

#include <errno.h>
#include <stdio.h>

/* There is one standard output, and its flag is the program's too. */
static int first_err; /* NOLINT(cppcoreguidelines-avoid-non-const-global-variables) */

void printed_note(void)
{
        int err = errno;

        if (!first_err && ferror(stdout))
                first_err = err ? err : EIO;
}

bool printed_flush(void)
{
        if (fflush(stdout) != 0 && !first_err)
                first_err = errno;
        printed_note();
        errno = first_err;
        return first_err == 0;
}

bool printed_end(struct fault *fault)
{
        return printed_flush() || errno == EPIPE || fault_errno(fault, "", "write to standard output");
}
