/* SPDX-License-Identifier: MIT */
/* vitrine itself on a terminal, as root and as another user, and what its screen ties together. */
#pragma once

#include <stdarg.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "screen.h"

struct scene {
        bool user;       /* not as root */
        bool foreign;    /* on a terminal that is not that user's */
        const char *dir; /* where it is started; NULL: in the root folder */
        struct screen *screen;
};

/* Runs every test in each mode that this process can try: as root and as another user, or as itself alone.
 * The names get the mode in front. Returns the exit status. */
int scene_run(const struct CMUnitTest *tests, size_t n);

/* Starts vitrine from a folder that everybody can reach; the screen ends with the test. */
struct screen *scene_start(struct scene *scene, const char *const *args, const char *const *env, int cols,
                           int rows);
/* The same with nothing asked for, as a job of a small shell (job.c), whose PID the screen then has. */
struct screen *scene_start_job(struct scene *scene, bool in_front);
/* The same with nothing asked for, on 80x24, and waits until the scene stands. */
struct screen *scene_first(struct scene *scene);

/* The row that ties a process on both sides, as the screen has it now. */
struct tie {
        pid_t host, container;
        int row;
};

bool tie_find(struct screen *screen, struct tie *ret);
/* Waits until one process is tied whose field in /proc/PID/status is value. */
struct tie tie_wait_status(struct screen *screen, const char *field, const char *value);
/* Waits until another process than that is tied, and that one has ended. */
struct tie tie_wait_other(struct screen *screen, pid_t than);
/* Waits until a process has gone. */
void wait_gone(struct screen *screen, pid_t pid);

enum { EYES_MOST = 8 };
/* The readers, the oldest first: the machine's, then the container's. */
size_t scene_eyes(struct screen *screen, pid_t ret[static EYES_MOST]);
/* Whether the title of the pane with that name says its age. */
bool scene_is_old(struct screen *screen, const void *name);

/* Docker's default capabilities with those added and without those dropped, as far as this machine has them
 * (a user namespace has them all), as /proc writes them. */
const char *scene_mask(const struct scene *scene, uint64_t add, uint64_t drop, char ret[static 17]);
/* The test's own bounding set. */
uint64_t scene_bounding(void);
/* The terminal as it was: the ordinary screen, a cursor, the settings. */
void scene_assert_restored(struct screen *screen);
/* Leaves with q; nothing is left of vitrine. */
void scene_leave(struct screen *screen);
/* The same, and says yes where vitrine asks before it leaves. */
void scene_leave_anyway(struct screen *screen);

enum { CAP_KILL_BIT = 5, CAP_MAC_ADMIN_BIT = 33 };
#define BIT(n) (UINT64_C(1) << (n))
