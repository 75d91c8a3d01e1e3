/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/orphans.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cage/kin.h"

enum { ROUNDS_MAX = 500, ROUND_MS = 10 };

void orphans_adopt(void)
{
        prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* One that cannot be read is none of the cage's: over those its maker has every right. */
static bool lives_elsewhere(pid_t pid)
{
        struct stat his, ours;
        char path[64];

        snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
        return stat(path, &his) == 0 && stat("/proc/self/ns/mnt", &ours) == 0 &&
               (his.st_dev != ours.st_dev || his.st_ino != ours.st_ino);
}

static bool choose(void *data, pid_t pid)
{
        if (pid == *(const pid_t *)data)
                return false;
        /* Who has ended has no namespace any more; it only waits to be asked after. */
        waitpid(pid, NULL, WNOHANG);
        /* Orphans are children of this process itself. What stands below another keeper is its own: the
         * container that follows this one runs already. */
        return lives_elsewhere(pid);
}

void orphans_end(pid_t spare)
{
        for (int i = 0; i < ROUNDS_MAX && kin_kill_descendants(choose, &spare) > 0; i++)
                poll(NULL, 0, ROUND_MS);
}
