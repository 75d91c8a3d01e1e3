/* SPDX-License-Identifier: MIT */
/* Keys on the real program; every figure on the screen is compared with /proc, read from outside. */
#include "config.h"

#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"
#include "proc.h"

#define ALL_CAPS "000001ffffffffff" /* 41 */
enum { TRIES_MAX = 100000 };

static bool has_one_tie(struct screen *screen, const void *data)
{
        struct tie tie;
        int n = 0;

        (void)data;
        for (int y = 0; y < 24; y++)
                n += strstr(screen_row(screen, y), "►") != NULL;
        return n == 1 && tie_find(screen, &tie) && tie.container == 1 &&
               strstr(screen_row(screen, tie.row), "sleep 3600 ═same═╪╪═");
}

static void the_first_scene_ties_one_process(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char mask[17], title[64];

        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
        screen_wait(screen, has_one_tie, NULL, "one tied row, PID 1 inside");
        assert_int_equal(strncmp(screen_row(screen, 0), " same as: docker run ubuntu sleep 3600", 38), 0);
        snprintf(title, sizeof(title), "effective %s", mask);
        screen_wait_text(screen, title);
        screen_wait_text(screen, "14 held");
        screen_wait_text(screen, " USER  in here: uid 0 root   on the machine: uid ");
        if (scene->user)
                screen_wait_text(screen, "rootless");
        else
                screen_wait_text(screen, "on the machine: uid 0 root");
        scene_leave(screen);
}

static void k_drops_kill_in_a_new_container_and_restores_it(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie first, second, third;
        char mask[17];

        first = tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
        screen_send(screen, "K");
        screen_wait_text(screen, "docker run --cap-drop=KILL ubuntu sleep 3600");
        second = tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        assert_int_not_equal(first.host, second.host);
        assert_int_equal(tie_wait_other(screen, first.host).host, second.host);
        screen_wait_text(screen, "a80425db");
        screen_wait_text(screen, "·kill");
        screen_send(screen, "K");
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
        third = tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
        tie_wait_other(screen, second.host);
        assert_int_equal(third.container, 1);
        screen_wait_text(screen, "a80425fb");
        screen_wait_text(screen, "KILL");
}

static void m_adds_mac_admin(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char mask[17];

        screen_send(screen, "M");
        screen_wait_text(screen, "docker run --cap-add=MAC_ADMIN ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", scene_mask(scene, BIT(CAP_MAC_ADMIN_BIT), 0, mask));
        screen_wait_text(screen, mask);
        screen_wait_text(screen, "MAC_ADMIN");
}

static void u_is_no_longer_root_and_holds_nothing(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char mask[17], own[32];

        screen_send(screen, "u");
        screen_wait_text(screen, "docker run --user=1000 ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", "0000000000000000");
        tie_wait_status(screen, "CapBnd", scene_mask(scene, 0, 0, mask));
        /* Without root there is one id on the machine: the user's own. */
        assert_true(proc_status(screen_pid(screen), "Uid", own, sizeof(own)));
        tie_wait_status(screen, "Uid", scene->user ? own : "1000");
        screen_wait_text(screen, " USER  in here: uid 1000 student");
        screen_wait_text(screen, "0 held");
        screen_wait_text(screen, "effective 0000000000000000");
}

static void n_forbids_new_privileges(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        tie_wait_status(screen, "NoNewPrivs", "0");
        screen_send(screen, "N");
        screen_wait_text(screen, "no-new-privileges");
        tie_wait_status(screen, "NoNewPrivs", "1");
        screen_send(screen, "N");
        tie_wait_status(screen, "NoNewPrivs", "0");
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
}

static void z_undoes_and_shift_z_redoes(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char whole[17], without[17];

        scene_mask(scene, 0, 0, whole);
        scene_mask(scene, 0, BIT(CAP_KILL_BIT), without);
        screen_send(screen, "K");
        screen_wait_text(screen, "KILL dropped: 14 held, now 13");
        tie_wait_status(screen, "CapEff", without);
        screen_send(screen, "u");
        screen_wait_text(screen, "--user=1000");
        /* The notes of K stand still, and stay. */
        screen_wait_text(screen, "not root: 13 held became 0");
        assert_true(screen_find(screen, "KILL dropped: 14 ") >= 0);
        tie_wait_status(screen, "CapEff", "0000000000000000");
        screen_send(screen, "z");
        screen_wait_text(screen, "docker run --cap-drop=KILL ubuntu");
        tie_wait_status(screen, "CapEff", without);
        screen_send(screen, "z");
        screen_wait_text(screen, "docker run ubuntu");
        tie_wait_status(screen, "CapEff", whole);
        screen_send(screen, "Z");
        screen_wait_text(screen, "docker run --cap-drop=KILL ubuntu");
        tie_wait_status(screen, "CapEff", without);
}

static void r_goes_back_to_the_first_line(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char mask[17];

        screen_send(screen, "u");
        screen_wait_text(screen, "--user=1000");
        tie_wait_status(screen, "CapEff", "0000000000000000");
        screen_send(screen, "M");
        screen_wait_text(screen, "--cap-add=MAC_ADMIN");
        screen_send(screen, "r");
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
        tie_wait_status(screen, "CapBnd", mask);
}

static void p_asks_as_root_and_gives_all_that_there_is(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char all[32];
        struct tie before = tie_wait_status(screen, "Name", "sleep");

        screen_send(screen, "p");
        if (!scene->user) {
                screen_wait_text(screen, "Launch it?");
                screen_send(screen, "n");
                screen_wait_no_text(screen, "Launch it?");
                assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
                screen_wait_text(screen, "docker run ubuntu sleep 3600");
                screen_send(screen, "p");
                screen_wait_text(screen, "Launch it?");
                screen_send(screen, "y");
        }
        screen_wait_text(screen, "docker run --privileged ubuntu sleep 3600");
        tie_wait_other(screen, before.host);
        assert_true(proc_status(getpid(), "CapBnd", all, sizeof(all)));
        /* A user namespace owns every capability that the kernel knows. */
        tie_wait_status(screen, "CapEff", scene->user ? ALL_CAPS : all);
        screen_wait_no_text(screen, "Launch it?");
}

static void space_toggles_what_is_selected(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char mask[17];

        screen_wait_text(screen, "KILL (bit 5)");
        screen_send(screen, " ");
        screen_wait_text(screen, "--cap-drop=KILL");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        screen_send(screen, "\033OC");
        screen_wait_text(screen, "FSETID (bit 4)");
        screen_send(screen, " ");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT) | BIT(4), mask));
        screen_wait_text(screen, "--cap-drop=FSETID --cap-drop=KILL");
}

/* What reads the screen aloud follows the hardware cursor. */
static bool has_cursor_on(struct screen *screen, const void *data)
{
        int x, y;
        const char *row;

        screen_cursor(screen, &x, &y);
        row = screen_row(screen, y);
        return screen_shows_cursor(screen) && strstr(row, data) && strstr(row, "b 1011");
}

static void arrows_move_the_selection(void **state)
{
        static const struct {
                const char *key, *border;
        } steps[] = {
                { "\033OD", "SETGID (bit 6)" },          { "\033OC", "KILL (bit 5)" },
                { "\033OA", "LINUX_IMMUTABLE (bit 9)" }, { "\033OB", "KILL (bit 5)" },
                { "\033OB", "DAC_OVERRIDE (bit 1)" },    { "\033OB", "DAC_OVERRIDE (bit 1)" },
        };
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
                screen_send(screen, steps[i].key);
                screen_wait_text(screen, steps[i].border);
        }
        screen_wait(screen, has_cursor_on, "DAC_OVERRIDE", "the cursor on the selected cell");
}

static void help_opens_and_escape_closes_it(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_send(screen, "?");
        screen_wait_text(screen, "drop KILL, or restore it");
        screen_send(screen, "\033");
        screen_wait_no_text(screen, "drop KILL, or restore it");
        screen_wait_text(screen, "KILL (bit 5)");
        scene_leave(screen);
}

static bool was_drawn(struct screen *screen, const void *data)
{
        size_t n;

        (void)data;
        screen_raw(screen, &n);
        return n > 0;
}

/* It draws anew what is there, and does nothing else to it. */
static void ctrl_l_closes_nothing(void **state)
{
        static const struct {
                const char *open, *shown, *close;
        } cases[] = {
                { "?", "drop KILL, or restore it", "\033" },
                { "e", "podman run", "\033" },
                { "i", "capability", "\033" },
                { "l", "LESSONS", "\033" },
                { "c", "line:", "\033" },
        };
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *before = NULL;

                screen_send(screen, cases[i].open);
                screen_wait_text(screen, cases[i].shown);
                before = xstrdup(screen_row(screen, 10));
                screen_forget_raw(screen);
                screen_send(screen, "\014");
                screen_wait(screen, was_drawn, NULL, "the screen drawn anew");
                screen_wait_text(screen, cases[i].shown);
                assert_string_equal(screen_row(screen, 10), before);
                screen_send(screen, cases[i].close);
                screen_wait_no_text(screen, cases[i].shown);
        }
        scene_leave(screen);
}

static bool no_container(pid_t vitrine)
{
        /* One pass over /proc is no single moment: PIDs that have wrapped around can hide the new one. */
        return proc_named(vitrine, "sleep") == 0 && proc_named(vitrine, "sleep") == 0;
}

/* The new one runs before the old one is ended, however often it is looked. */
static void at_no_moment_is_there_no_container(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char mask[17];
        struct tie before = tie_wait_status(screen, "Name", "sleep"), now;

        for (int i = 0; i < 6; i++, before = now) {
                screen_send(screen, "K");
                for (int tries = 0; proc_lives(before.host); tries++) {
                        if (no_container(screen_pid(screen)))
                                screen_fail(screen, "no container after K number %d", i + 1);
                        if (tries > TRIES_MAX)
                                screen_fail(screen, "the old container does not end");
                        screen_drain(screen);
                }
                assert_false(no_container(screen_pid(screen)));
                now = tie_wait_other(screen, before.host);
                scene_mask(scene, 0, i % 2 == 0 ? BIT(CAP_KILL_BIT) : 0, mask);
                assert_int_equal(tie_wait_status(screen, "CapEff", mask).host, now.host);
        }
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_first_scene_ties_one_process),
                cmocka_unit_test(k_drops_kill_in_a_new_container_and_restores_it),
                cmocka_unit_test(m_adds_mac_admin),
                cmocka_unit_test(u_is_no_longer_root_and_holds_nothing),
                cmocka_unit_test(n_forbids_new_privileges),
                cmocka_unit_test(z_undoes_and_shift_z_redoes),
                cmocka_unit_test(r_goes_back_to_the_first_line),
                cmocka_unit_test(p_asks_as_root_and_gives_all_that_there_is),
                cmocka_unit_test(space_toggles_what_is_selected),
                cmocka_unit_test(arrows_move_the_selection),
                cmocka_unit_test(help_opens_and_escape_closes_it),
                cmocka_unit_test(ctrl_l_closes_nothing),
                cmocka_unit_test(at_no_moment_is_there_no_container),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
