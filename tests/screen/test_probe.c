/* SPDX-License-Identifier: MIT */
/* Key P on the real program: the cells carry what the kernel says, until the container is another. */
#include "config.h"

#include "scene.h"

static void p_asks_the_kernel_and_a_change_takes_the_verdicts_away(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie first = tie_wait_status(screen, "Name", "sleep");

        screen_wait_no_text(screen, "the kernel:");
        screen_send(screen, "P");
        screen_wait_text(screen, "the kernel: ✓ allowed  ✗ denied");
        screen_wait_text(screen, "✓SYS_CHROOT");
        screen_wait_text(screen, "✗sys_time");
        screen_wait_text(screen, "?mac_admin");
        screen_wait_text(screen, scene->user ? "?KILL" : "✓KILL");
        screen_send(screen, "i");
        screen_wait_text(screen, "Asked with kill(O, 0)");
        screen_send(screen, "\033");
        screen_wait_no_text(screen, "Asked with");
        screen_send(screen, "K");
        tie_wait_other(screen, first.host);
        screen_wait_no_text(screen, "the kernel:");
        screen_wait_text(screen, "●SYS_CHROOT");
        screen_send(screen, "P");
        screen_wait_text(screen, scene->user ? "?kill" : "✗kill");
        scene_leave(screen);
}

/* Typed before there is anything to see: the container is being started, and is asked then. */
static void a_p_typed_ahead_is_not_lost(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 80, 24);

        screen_send(screen, "P");
        screen_wait_text(screen, "the kernel: ✓ allowed  ✗ denied");
        assert_int_equal(screen_find(screen, "no container runs"), -1);
        tie_wait_status(screen, "Name", "sleep");
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(p_asks_the_kernel_and_a_change_takes_the_verdicts_away),
                cmocka_unit_test(a_p_typed_ahead_is_not_lost),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
