/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/orphans.h"

#include <errno.h>
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

struct round {
        pid_t spare;
        bool again; /* one is ending: what it made is handed over to us only when it has */
};

/* One that cannot be read is none of the cage's: over those its maker has every right. */
static bool lives_elsewhere(pid_t pid, struct round *round)
{
        struct stat his, ours;
        char path[64];

        snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
        if (stat(path, &his) < 0) {
                /* It has given up its namespaces, which is before its children have another parent. */
                round->again = round->again || errno == ENOENT || errno == ESRCH;
                return false;
        }
        return stat("/proc/self/ns/mnt", &ours) == 0 &&
               (his.st_dev != ours.st_dev || his.st_ino != ours.st_ino);
}

static bool choose(void *data, pid_t pid)
{
        struct round *round = data;
        bool elsewhere;

        if (pid == round->spare)
                return false;
        /* Orphans are children of this process itself. What stands below another keeper is its own: the
         * container that follows this one runs already. */
        elsewhere = lives_elsewhere(pid, round);
        waitpid(pid, NULL, WNOHANG);
        return elsewhere;
}

void orphans_end(pid_t spare)
{
        for (int i = 0; i < ROUNDS_MAX; i++) {
                struct round round = { .spare = spare };

                if (kin_kill_descendants(choose, &round) == 0 && !round.again)
                        break;
                poll(NULL, 0, ROUND_MS);
        }
}
