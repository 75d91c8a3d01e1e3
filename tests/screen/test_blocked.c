/* SPDX-License-Identifier: MIT */
/* A terminal that stops reading: its window hangs, its line is down, Ctrl-S was pressed on the way. Nothing
 * but the drawing waits for it. */
#include "config.h"

#include "scene.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"

enum { HELD_MS = 3000, SOON_MS = 2000, PAUSE_US = 5000, COLS = 250, ROWS = 80, TOGGLES = 9 };

static struct screen *start_wide(struct scene *scene)
{
        struct screen *screen = scene_start(scene, NULL, NULL, COLS, ROWS);

        tie_wait_status(screen, "Name", "sleep");
        return screen;
}

/* Frames that nobody reads, until the kernel takes no more. */
static void fill(struct screen *screen)
{
        uint64_t end = time_now_ms() + 20000;

        screen_hold(screen, true);
        while (!screen_is_full(screen)) {
                if (time_now_ms() > end)
                        screen_fail(screen, "the terminal takes everything");
                screen_send(screen, "\014");
                usleep(PAUSE_US);
        }
}

/* Whether a process that the program has started has that effective set. */
static bool runs_with(struct screen *screen, const char *mask)
{
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(screen_pid(screen), pids);

        for (size_t i = 0; i < n; i++) {
                char name[32], value[32];

                if (proc_status(pids[i], "Name", name, sizeof(name)) && strcmp(name, "sleep") == 0 &&
                    proc_status(pids[i], "CapEff", value, sizeof(value)) && strcmp(value, mask) == 0)
                        return true;
        }
        return false;
}

static bool has_run_with(struct screen *screen, const void *data)
{
        return runs_with(screen, data);
}

static bool has_been_held(struct screen *screen, const void *data)
{
        (void)screen;
        return time_now_ms() >= *(const uint64_t *)data;
}

/* From the legend on: what stands above changes by itself. */
static const char *capabilities(struct screen *screen)
{
        return strstr(screen_text(screen), "effective, read down");
}

static bool has_capabilities(struct screen *screen, const void *data)
{
        (void)data;
        return capabilities(screen) && strstr(capabilities(screen), "q:quit");
}

static bool is_drawn_anew(struct screen *screen, const void *data)
{
        const char *now = capabilities(screen);
        size_t len;

        screen_raw(screen, &len);
        return len > COLS * 10 && now && strcmp(now, data) == 0;
}

static void what_is_pressed_is_done_and_shown_when_it_reads_again(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = start_wide(scene);
        uint64_t until = time_now_ms() + HELD_MS;
        char with[17], without[17];
        own_free char *whole = NULL;

        scene_mask(scene, 0, 0, with);
        scene_mask(scene, 0, BIT(CAP_KILL_BIT), without);
        fill(screen);
        for (int i = 0; i < TOGGLES; i++) {
                screen_send(screen, "K");
                screen_wait(screen, has_run_with, i % 2 ? with : without, "the next container");
        }
        screen_wait(screen, has_been_held, &until, "time");
        screen_hold(screen, false);
        screen_wait_text(screen, "docker run --cap-drop=KILL ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", without);
        screen_wait_text(screen, "KILL (bit 5)");
        /* Whole: drawn anew it is the same. */
        screen_wait(screen, has_capabilities, NULL, "the capabilities and the bar below them");
        whole = xstrdup(capabilities(screen));
        for (int again = 0; again < 2; again++) {
                screen_forget_raw(screen);
                screen_send(screen, "\014");
                screen_wait(screen, is_drawn_anew, whole, "the same, drawn anew");
        }
        scene_leave(screen);
}

static void the_containers_end_is_seen_and_resizes_are_not_lost(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = start_wide(scene);
        struct tie tie = tie_wait_status(screen, "Name", "sleep");

        fill(screen);
        assert_int_equal(kill(tie.host, SIGKILL), 0);
        wait_gone(screen, tie.host);
        /* It is begun again while nothing can be shown. */
        screen_send(screen, "\032r");
        for (int tries = 0; proc_named(screen_pid(screen), "sleep") == 0; tries++) {
                if (tries > 10000)
                        screen_fail(screen, "nothing was begun again");
                usleep(PAUSE_US);
                screen_send(screen, "r");
        }
        screen_hold(screen, false);
        screen_resize(screen, 80, 24);
        screen_wait_text(screen, "KILL (bit 5)");
        tie_wait_other(screen, tie.host);
        scene_leave(screen);
}

/* Ends with SIGTERM, SIGHUP, q and Ctrl-C twice. */
static void it_ends_at_once(void **state)
{
        struct scene *scene = *state;

        for (int i = 0; i < 4; i++) {
                struct screen *screen = start_wide(scene);
                pid_t pids[PROC_MAX];
                size_t n = proc_descendants(screen_pid(screen), pids);
                uint64_t begin;

                fill(screen);
                begin = time_now_ms();
                if (i < 2)
                        assert_int_equal(kill(screen_pid(screen), i ? SIGHUP : SIGTERM), 0);
                else
                        screen_send(screen, i == 2 ? "q" : "\003\003");
                screen_wait_end(screen);
                if (time_now_ms() - begin > SOON_MS)
                        screen_fail(screen, "took %" PRIu64 " ms", time_now_ms() - begin);
                for (size_t k = 0; k < n; k++)
                        wait_gone(screen, pids[k]);
                screen_hold(screen, false);
                screen_drain(screen);
                scene_assert_restored(screen);
                screen_finish(screen);
                scene->screen = NULL;
        }
}

/* After su the terminal cannot be opened by its own name. */
static void it_does_not_wait_for_a_terminal_of_another_user(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        char mask[17];

        scene->foreign = true;
        screen = start_wide(scene);
        fill(screen);
        screen_send(screen, "K");
        screen_wait(screen, has_run_with, scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask),
                    "the next container");
        screen_hold(screen, false);
        tie_wait_status(screen, "CapEff", mask);
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_pressed_is_done_and_shown_when_it_reads_again),
                cmocka_unit_test(the_containers_end_is_seen_and_resizes_are_not_lost),
                cmocka_unit_test(it_ends_at_once),
                cmocka_unit_test(it_does_not_wait_for_a_terminal_of_another_user),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
