/* SPDX-License-Identifier: MIT */
/* Key e on the real program: the container that runs, in other words. */
#include "config.h"

#include "scene.h"

#define TITLE "THE SAME CONTAINER, IN OTHER WORDS"

static void e_shows_the_container_that_runs_in_four_forms(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 100, 60);
        struct tie first = tie_wait_status(screen, "Name", "sleep");
        char mask[17];

        screen_send(screen, "K");
        tie_wait_other(screen, first.host);
        tie_wait_status(screen, "CapBnd", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        screen_send(screen, "e");
        screen_wait_text(screen, TITLE);
        screen_wait_text(screen, "     docker run --cap-drop=KILL ubuntu sleep 3600");
        screen_wait_text(screen, "     podman run --cap-");
        screen_wait_text(screen, "     kind: Pod");
        screen_wait_text(screen, "drop: [KILL]");
        screen_wait_text(screen, "     cap_drop: [KILL]");
        screen_wait_text(screen, "any other key: close");
        screen_send(screen, "x");
        screen_wait_no_text(screen, TITLE);
        screen_wait_text(screen, "same as: docker run --cap-drop=KILL ubuntu sleep 3600");
        scene_leave(screen);
}

static void e_scrolls_on_the_smallest_screen(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 60, 16);

        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "e");
        screen_wait_text(screen, "more below");
        for (int i = 0; i < 20; i++)
                screen_send(screen, "\033[6~");
        screen_wait_text(screen, "command: [\"sleep\", \"3600\"]");
        screen_wait_no_text(screen, "more below");
        screen_send(screen, "\033");
        screen_wait_no_text(screen, TITLE);
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(e_shows_the_container_that_runs_in_four_forms),
                cmocka_unit_test(e_scrolls_on_the_smallest_screen),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
