/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fault_begin(struct fault *fault, int err)
{
        memset(fault, 0, sizeof(*fault));
        fault->err = err;
        fault->exit_code = EXIT_VITRINE;
}

bool fault_errno(struct fault *fault, const char *path, const char *step, ...)
{
        int err = errno;
        va_list args;

        if (!fault)
                return false;
        fault_begin(fault, err);
        va_start(args, step);
        vsnprintf(fault->step, sizeof(fault->step), step, args);
        va_end(args);
        snprintf(fault->path, sizeof(fault->path), "%s", path ? path : "");
        return false;
}

bool fault_why(struct fault *fault, const char *step, const char *why, ...)
{
        va_list args;

        if (!fault)
                return false;
        fault_begin(fault, 0);
        snprintf(fault->step, sizeof(fault->step), "%s", step);
        va_start(args, why);
        vsnprintf(fault->why, sizeof(fault->why), why, args);
        va_end(args);
        return false;
}

bool fault_hint(struct fault *fault, const char *hint, ...)
{
        va_list args;

        if (!fault)
                return false;
        va_start(args, hint);
        vsnprintf(fault->hint, sizeof(fault->hint), hint, args);
        va_end(args);
        return false;
}

bool fault_exit(struct fault *fault, int exit_code)
{
        if (fault)
                fault->exit_code = exit_code;
        return false;
}

void fault_seal(struct fault *fault)
{
        fault->step[sizeof(fault->step) - 1] = '\0';
        fault->path[sizeof(fault->path) - 1] = '\0';
        fault->why[sizeof(fault->why) - 1] = '\0';
        fault->hint[sizeof(fault->hint) - 1] = '\0';
}

/* Whether why names the flag that step is: "--x" or "--x=1", and "unknown flag: --x". */
static bool why_names(const char *step, const char *why)
{
        size_t n = strcspn(step, "="), all = strlen(why);

        return step[0] == '-' && all > n && why[all - n - 1] == ' ' && strncmp(why + all - n, step, n) == 0;
}

void fault_line(const struct fault *fault, char *buf, size_t size)
{
        const char *why = fault->why[0] ? fault->why : strerror(fault->err);
        bool named = !fault->path[0] || strstr(fault->step, fault->path);

        if (!fault->path[0] && why_names(fault->step, why)) {
                snprintf(buf, size, "%s", why);
                return;
        }
        snprintf(buf, size, "%s%s%s: %s", fault->step, named ? "" : " ", named ? "" : fault->path, why);
}
