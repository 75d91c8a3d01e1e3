/* SPDX-License-Identifier: MIT */
/* Ctrl-Z: the terminal is the shell's again, the container goes on, and all is as it was when vitrine comes
 * back. */
#include "config.h"

#include "scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proc.h"

#define CTRL_Z "\032"

static struct screen *start_job(struct scene *scene)
{
        struct screen *screen = scene_start_job(scene, true);

        screen_wait_text(screen, "same as: docker run ubuntu sleep 3600");
        tie_wait_status(screen, "Name", "sleep");
        return screen;
}

/* Waits until the shell says so for that time (what it said before is there still); vitrine's PID. */
static pid_t wait_stopped(struct screen *screen, int by, const char *modes, size_t count)
{
        char wanted[64];
        const char *row;
        pid_t pid;

        snprintf(wanted, sizeof(wanted), " by %d, %s, %zu", by, modes, count);
        screen_wait_text(screen, wanted);
        row = strstr(screen_row(screen, screen_find(screen, wanted)), "stopped ");
        assert_non_null(row);
        pid = (pid_t)strtol(row + strlen("stopped "), NULL, 10);
        assert_true(pid > 0);
        return pid;
}

static void assert_state(pid_t pid, bool stopped)
{
        char state[16];

        assert_true(proc_status(pid, "State", state, sizeof(state)));
        if (stopped)
                assert_string_equal(state, "T");
        else
                assert_string_not_equal(state, "T");
}

/* The shell's one child. */
static pid_t vitrine_of(struct screen *screen)
{
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(screen_pid(screen), pids);
        char parent[16], wanted[16];

        snprintf(wanted, sizeof(wanted), "%d", (int)screen_pid(screen));
        for (size_t i = 0; i < n; i++)
                if (proc_status(pids[i], "PPid", parent, sizeof(parent)) && strcmp(parent, wanted) == 0)
                        return pids[i];
        fail_msg("the shell has no child");
        return 0;
}

/* What is open while vitrine stops, and how it is closed. */
static const struct mode {
        const char *opens, *shows, *closes;
} modes[] = {
        { NULL, "KILL (bit 5)", NULL },
        { "?", "drop KILL, or restore it", "\033" },
        { "U", "Enter: run", "\033" },
        { "p", "Launch it?", "n" }, /* real root alone is asked */
};

static bool fills_30_rows(struct screen *screen, const void *data)
{
        (void)data;
        return *screen_row(screen, 29) && strlen(screen_row(screen, 1)) > 100;
}

static void suspend_in(struct scene *scene, struct screen *screen, const struct mode *mode, size_t count)
{
        struct tie tie;
        char mask[17];
        pid_t pid;

        tie = tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        if (mode->opens)
                screen_send(screen, mode->opens);
        screen_wait_text(screen, mode->shows);
        screen_send(screen, CTRL_Z);
        pid = wait_stopped(screen, SIGTSTP, "cooked", count);
        scene_assert_restored(screen);
        assert_state(pid, true);
        assert_state(tie.host, false);
        screen_resize(screen, 100, 30);
        screen_send(screen, "fg\n");
        screen_wait_text(screen, mode->shows);
        assert_true(screen_is_alternate(screen));
        screen_wait_no_text(screen, "stopped ");
        screen_wait(screen, fills_30_rows, NULL, "the size that the terminal has now");
        if (mode->closes)
                screen_send(screen, mode->closes);
        if (mode->closes)
                screen_wait_no_text(screen, mode->shows);
        assert_int_equal(tie_wait_status(screen, "CapEff", mask).host, tie.host);
        screen_resize(screen, 80, 24);
}

static void ctrl_z_comes_back_whole_whatever_is_open(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = start_job(scene);
        char mask[17];

        screen_send(screen, "K");
        screen_wait_text(screen, "--cap-drop=KILL");
        for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]) - (scene->user ? 1 : 0); i++)
                suspend_in(scene, screen, &modes[i], i + 1);
        screen_send(screen, "K");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
        scene_leave(screen);
}

/* As `kill -TSTP` does it, and the one that no program can prepare for. */
static void a_stop_from_outside_comes_back_too(void **state)
{
        static const int signals[] = { SIGTSTP, SIGSTOP };
        struct scene *scene = *state;
        struct screen *screen = start_job(scene);
        pid_t pid;

        screen_send(screen, CTRL_Z);
        pid = wait_stopped(screen, SIGTSTP, "cooked", 1);
        screen_send(screen, "fg\n");
        screen_wait_text(screen, "KILL (bit 5)");
        for (int i = 0; i < 2; i++) {
                assert_int_equal(kill(pid, signals[i]), 0);
                wait_stopped(screen, signals[i], signals[i] == SIGSTOP ? "raw" : "cooked", (size_t)i + 2);
                screen_send(screen, "fg\n");
                screen_wait_no_text(screen, "stopped ");
                screen_wait_text(screen, "KILL (bit 5)");
                screen_send(screen, "N");
                tie_wait_status(screen, "NoNewPrivs", i == 0 ? "1" : "0");
        }
        scene_leave(screen);
}

/* The container that ended meanwhile is an ended one. */
static void what_happened_meanwhile_is_shown(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = start_job(scene);
        struct tie tie = tie_wait_status(screen, "Name", "sleep");

        screen_send(screen, CTRL_Z);
        wait_stopped(screen, SIGTSTP, "cooked", 1);
        assert_int_equal(kill(tie.host, SIGKILL), 0);
        wait_gone(screen, tie.host);
        screen_send(screen, "fg\n");
        screen_wait_text(screen, "exited (137)");
        screen_send(screen, "r");
        tie_wait_other(screen, tie.host);
        scene_leave(screen);
}

/* Ended while it stands: nothing is left, and the terminal is the shell's. */
static void killed_while_stopped_it_takes_the_container_along(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = start_job(scene);
        struct tie tie = tie_wait_status(screen, "Name", "sleep");
        pid_t pid;

        screen_send(screen, CTRL_Z);
        pid = wait_stopped(screen, SIGTSTP, "cooked", 1);
        assert_int_equal(kill(pid, SIGKILL), 0);
        screen_send(screen, "fg\n");
        assert_int_equal(screen_wait_end(screen), 128 + SIGKILL);
        wait_gone(screen, tie.host);
        scene_assert_restored(screen);
}

/* In the background it stands still, and comes back whole. */
static void in_the_background_it_waits_for_its_terminal(void **state)
{
        struct scene *scene = *state;

        for (int i = 0; i < 2; i++) {
                struct screen *screen = scene_start_job(scene, i > 0);

                if (i > 0) {
                        screen_wait_text(screen, "KILL (bit 5)");
                        screen_send(screen, CTRL_Z);
                        wait_stopped(screen, SIGTSTP, "cooked", 1);
                        screen_send(screen, "bg\n");
                }
                wait_stopped(screen, SIGTTOU, "cooked", (size_t)i + 1);
                scene_assert_restored(screen);
                screen_send(screen, "fg\n");
                screen_wait_text(screen, "KILL (bit 5)");
                assert_true(screen_is_alternate(screen));
                screen_send(screen, "N");
                tie_wait_status(screen, "NoNewPrivs", "1");
                scene_leave(screen);
                screen_finish(screen);
                scene->screen = NULL;
        }
}

/* `kill %1` sends SIGTERM to a job that is stopped, and lets it go on in the background. */
static void a_job_that_is_stopped_can_be_ended(void **state)
{
        static const int stops[] = { SIGTSTP, SIGSTOP, SIGTTOU };
        struct scene *scene = *state;

        for (int i = 0; i < 3; i++) {
                struct screen *screen = scene_start_job(scene, stops[i] != SIGTTOU);
                struct tie tie = { 0 };

                if (stops[i] != SIGTTOU)
                        tie = tie_wait_status(screen, "Name", "sleep");
                if (stops[i] == SIGTSTP)
                        screen_send(screen, CTRL_Z);
                if (stops[i] == SIGSTOP)
                        assert_int_equal(kill(vitrine_of(screen), SIGSTOP), 0);
                wait_stopped(screen, stops[i], stops[i] == SIGSTOP ? "raw" : "cooked", 1);
                screen_send(screen, "kill\n");
                assert_int_equal(screen_wait_end(screen), 0);
                if (tie.host)
                        wait_gone(screen, tie.host);
                scene_assert_restored(screen);
                screen_finish(screen);
                scene->screen = NULL;
        }
}

/* Alone in its session nobody could let it go on: the kernel does not stop it, and the screen is whole. */
static void without_a_shell_it_goes_on(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_send(screen, CTRL_Z "K");
        screen_wait_text(screen, "--cap-drop=KILL");
        assert_true(screen_is_alternate(screen));
        assert_state(screen_pid(screen), false);
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(ctrl_z_comes_back_whole_whatever_is_open),
                cmocka_unit_test(a_stop_from_outside_comes_back_too),
                cmocka_unit_test(what_happened_meanwhile_is_shown),
                cmocka_unit_test(killed_while_stopped_it_takes_the_container_along),
                cmocka_unit_test(in_the_background_it_waits_for_its_terminal),
                cmocka_unit_test(a_job_that_is_stopped_can_be_ended),
                cmocka_unit_test(without_a_shell_it_goes_on),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
