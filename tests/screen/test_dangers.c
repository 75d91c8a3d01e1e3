/* SPDX-License-Identifier: MIT */
/* What gives the machine away as real root is asked about, however it comes about; what the answer gives is
 * what the screen says and what the next key starts from. The user namespace is read from /proc, from
 * outside. */
#include "config.h"

#include "scene.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"
#include "caps/caps.h"
#include "proc.h"

#define KEY_DOWN "\033OB"
#define TO_USER_NS KEY_DOWN KEY_DOWN KEY_DOWN KEY_DOWN KEY_DOWN
#define ENTER "\r"
#define CLEAR "\025" /* C-u */

/* The machine's uid of root in the user namespace of the tied process. */
static long root_outside(pid_t pid)
{
        own_free char *path = xasprintf("/proc/%d/uid_map", (int)pid);
        unsigned long inside = 1;
        long outside = -1;
        FILE *f = fopen(path, "re");

        if (f && fscanf(f, "%lu %ld", &inside, &outside) != 2)
                outside = -1;
        if (f)
                fclose(f);
        return inside == 0 ? outside : -1;
}

static bool is_roots(struct screen *screen, const void *data)
{
        struct tie tie;

        return tie_find(screen, &tie) &&
               (*(const bool *)data ? root_outside(tie.host) == 0 : root_outside(tie.host) > 0);
}

/* Until root in the tied container is the machine's, or nobody there. */
static void wait_root_outside(struct screen *screen, bool root)
{
        screen_wait(screen, is_roots, &root, root ? "root of the machine" : "root that is remapped");
}

static void r_launches_what_gives_the_host_away_remapped(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before = tie_wait_status(screen, "Name", "sleep"), after;

        if (scene->user) {
                /* Nothing to give away, and r is another key. */
                screen_send(screen, "p");
                screen_wait_text(screen, "docker run --privileged");
                scene_leave(screen);
                return;
        }
        assert_int_equal(root_outside(before.host), 0);
        screen_send(screen, "p");
        screen_wait_text(screen, "y: yes   r: with --userns=remap   n, Esc: no");
        assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
        screen_send(screen, "r");
        screen_wait_text(screen, "vitrine run --privileged --userns=remap");
        after = tie_wait_other(screen, before.host);
        assert_true(root_outside(after.host) > 0);
        assert_int_equal(proc_lives(before.host), false);
        /* z takes both back; no question, for less is given away. */
        screen_send(screen, "z");
        tie_wait_other(screen, after.host);
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
        scene_leave(screen);
}

/* As real root its users are the machine's, until space gives it others. */
static void space_remaps_the_users_of_real_root(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        if (scene->user) {
                scene_leave(screen);
                return;
        }
        screen_send(screen, "n" TO_USER_NS);
        screen_wait_text(screen, "► user     shared ");
        screen_send(screen, " ");
        screen_wait_text(screen, "vitrine run --userns=remap ubuntu");
        screen_wait_text(screen, "► user     own ");
        wait_root_outside(screen, false);
        screen_send(screen, " ");
        wait_root_outside(screen, true);
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
}

/* A scene of which the first thing is the question; NULL without root, where there is none. */
static struct screen *start_asked(struct scene *scene)
{
        static const char *const privileged[] = { "--privileged", NULL };
        struct screen *screen;

        if (scene->user)
                return NULL;
        screen = scene_start(scene, privileged, NULL, 120, 24);
        screen_wait_text(screen, "y: yes   r: with --userns=remap   n, Esc: no");
        return screen;
}

static void r_at_the_start_is_what_the_screen_says_and_what_stays(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = start_asked(scene);

        if (!screen)
                return;
        screen_send(screen, "r");
        screen_wait_text(screen, "vitrine run --privileged --userns=remap");
        wait_root_outside(screen, false);
        screen_send(screen, "N");
        tie_wait_status(screen, "NoNewPrivs", "1");
        screen_wait_text(screen, "vitrine run --privileged --security-opt");
        wait_root_outside(screen, false);
        /* Back to where it began. */
        screen_send(screen, "r");
        tie_wait_status(screen, "NoNewPrivs", "0");
        wait_root_outside(screen, false);
        screen_wait_text(screen, "vitrine run --privileged --userns=remap");
        scene_leave(screen);
}

static void r_to_what_comes_back_is_what_the_screen_says_and_what_stays(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;

        if (scene->user)
                return;
        screen = scene_first(scene);
        screen_send(screen, "p");
        screen_wait_text(screen, "Privileged?");
        screen_send(screen, "y");
        screen_wait_text(screen, "docker run --privileged");
        wait_root_outside(screen, true);
        screen_send(screen, "z");
        screen_wait_text(screen, "docker run ubuntu");
        screen_send(screen, "Z");
        screen_wait_text(screen, "Privileged?");
        screen_send(screen, "r");
        screen_wait_text(screen, "vitrine run --privileged --userns=remap");
        wait_root_outside(screen, false);
        screen_send(screen, "N");
        tie_wait_status(screen, "NoNewPrivs", "1");
        wait_root_outside(screen, false);
        scene_leave(screen);
}

/* What is harmless while root in there is nobody is not harmless without. */
static void to_leave_the_remap_is_asked_about(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = start_asked(scene);
        struct tie before;

        if (!screen)
                return;
        screen_send(screen, "r");
        wait_root_outside(screen, false);
        before = tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "n" TO_USER_NS);
        screen_wait_text(screen, "► user     own ");
        screen_send(screen, " ");
        screen_wait_text(screen, "Privileged?");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Privileged?");
        assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
        screen_send(screen, " ");
        screen_wait_text(screen, "Privileged?");
        screen_send(screen, "y");
        wait_root_outside(screen, true);
        screen_wait_text(screen, "docker run --privileged");
        scene_leave(screen);
}

static void to_leave_the_remap_is_asked_about_with_the_machines_processes(void **state)
{
        static const char *const shared[] = { "--userns=remap", "--pid=host", NULL };
        struct scene *scene = *state;
        struct screen *screen;

        if (scene->user)
                return;
        screen = scene_start(scene, shared, NULL, 120, 24);
        screen_wait_text(screen, "containers. Launch it?");
        screen_send(screen, "y");
        wait_root_outside(screen, false);
        screen_send(screen, "c");
        screen_wait_text(screen, "line:");
        screen_send(screen, CLEAR "docker run --pid=host ubuntu sleep 3600" ENTER);
        screen_wait_text(screen, "may signal all of them");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Launch it?");
        wait_root_outside(screen, false);
        scene_leave(screen);
}

struct danger {
        const char *words;
        const char *cap; /* that the machine may lack; NULL: none */
};

/* Whether all that is asked about is on the screen, and the question. */
static bool names_all(struct screen *screen, const void *data)
{
        static const struct danger dangers[] = {
                { "DAC_READ_SEARCH", "DAC_READ_SEARCH" },
                { "SYS_MODULE", "SYS_MODULE" },
                { "SYS_RAWIO", "SYS_RAWIO" },
                { "SYS_PTRACE", "SYS_PTRACE" },
                { "SYS_ADMIN", "SYS_ADMIN" },
                { "SYS_BOOT", "SYS_BOOT" },
                { "PERFMON", "PERFMON" },
                { "BPF", "BPF" },
                { "--pid=host:", NULL },
                { "Launch it?", NULL },
        };

        (void)data;
        for (size_t i = 0; i < sizeof(dangers) / sizeof(dangers[0]); i++) {
                const char *cap = dangers[i].cap;

                if (cap && !(scene_bounding() & caps_bit((unsigned)caps_find(cap))))
                        continue;
                if (screen_find(screen, dangers[i].words) < 0)
                        return false;
        }
        return true;
}

static void everything_that_gives_the_machine_away_is_named(void **state)
{
        static const char *const args[] = { "--cap-add=ALL", "--pid=host", NULL };
        struct scene *scene = *state;
        struct screen *screen;

        if (scene->user)
                return;
        screen = scene_start(scene, args, NULL, 60, 16);
        screen_wait(screen, names_all, NULL, "everything on 60x16");
        screen_resize(screen, 80, 24);
        screen_wait(screen, names_all, NULL, "everything on 80x24");
        screen_send(screen, "n");
        assert_int_equal(screen_wait_end(screen), 0);
}

/* What was typed is not lost with the answer. */
static void a_line_that_is_refused_comes_back(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_send(screen, "c");
        screen_wait_text(screen, "line:");
        screen_send(screen, CLEAR "docker run --pid=host --name=typed ubuntu sleep 77" ENTER);
        screen_wait_text(screen, "Launch it?");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Launch it?");
        screen_send(screen, "c");
        screen_wait_text(screen, "line: docker run ubuntu sleep 3600");
        screen_send(screen, "\033[A");
        screen_wait_text(screen, "line: docker run --pid=host --name=typed ubuntu sleep 77");
        screen_send(screen, "\033");
        screen_wait_no_text(screen, "line:");
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(r_launches_what_gives_the_host_away_remapped),
                cmocka_unit_test(space_remaps_the_users_of_real_root),
                cmocka_unit_test(r_at_the_start_is_what_the_screen_says_and_what_stays),
                cmocka_unit_test(r_to_what_comes_back_is_what_the_screen_says_and_what_stays),
                cmocka_unit_test(to_leave_the_remap_is_asked_about),
                cmocka_unit_test(to_leave_the_remap_is_asked_about_with_the_machines_processes),
                cmocka_unit_test(everything_that_gives_the_machine_away_is_named),
                cmocka_unit_test(a_line_that_is_refused_comes_back),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
