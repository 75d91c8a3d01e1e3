/* SPDX-License-Identifier: MIT */
/* What a lesson asks, and what it says when it does not get on. */
#include "config.h"

#include "learn_home.h"

#include <unistd.h>

#include "proc.h"

/* As real root: what the lesson itself would launch is asked about, whichever way leads to it. */
static void a_lesson_gives_the_machine_away_to_nobody_unasked(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char all[17];

        open_home(&home);
        scene_mask(scene, 0, 0, all);
        screen = learn(scene, &home, "7/4");
        if (scene->user) {
                screen_wait_text(screen, "step 4 of 5");
                close_home(scene, &home);
                return;
        }
        screen_wait_text(screen, "Privileged?");
        screen_wait_text(screen, "y, PgDn: yes");
        tie_wait_status(screen, "CapEff", all);
        screen_send(screen, "n");
        screen_wait_text(screen, "not launched: the lesson begins at its first step");
        screen_wait_no_text(screen, "Privileged?");
        tie_wait_status(screen, "CapEff", all);
        screen_send(screen, "s");
        screen_wait_text(screen, "step 2 of 5");
        screen_wait_text(screen, "○ ○ ○");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "Privileged?");
        screen_send(screen, "n");
        screen_wait_text(screen, "not launched: the lesson stays where it is");
        screen_wait_text(screen, "step 2 of 5");
        screen_wait_text(screen, "○ ○ ○");
        tie_wait_status(screen, "CapEff", all);
        /* It is the step that it was: by hand it asks as always, and PgDn is no answer. */
        screen_send(screen, "c");
        screen_wait_text(screen, "line: docker run --privileged");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "Privileged?");
        screen_wait_no_text(screen, "PgDn: yes");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Privileged?");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "PgDn: yes");
        tie_wait_status(screen, "CapEff", all);
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "step 3 of 5");
        assert_true(proc_status(getpid(), "CapBnd", all, sizeof(all)));
        tie_wait_status(screen, "CapEff", all);
        /* What it is already is not asked about again. */
        screen_send(screen, "r");
        screen_wait_text(screen, "step 3 of 5");
        tie_wait_status(screen, "CapEff", all);
        close_home(scene, &home);
}

static void what_keeps_a_step_from_being_seen_is_named(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char mask[17];

        screen = learn_bit_5(scene, &home);
        screen_send(screen, "M");
        tie_wait_status(screen, "CapEff", scene_mask(scene, BIT(CAP_MAC_ADMIN_BIT), 0, mask));
        screen_send(screen, "K");
        tie_wait_status(screen, "CapEff", scene_mask(scene, BIT(CAP_MAC_ADMIN_BIT), BIT(CAP_KILL_BIT), mask));
        screen_send(screen, "hh");
        screen_wait_text(screen, "press r: this step afresh (MAC_ADMIN was added as well)");
        screen_send(screen, "rK");
        screen_wait_text(screen, "✓ ✓");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        close_home(scene, &home);
}

static void on_a_question_the_prompt_is_empty(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;

        open_home(&home);
        screen = learn(scene, &home, "11/without the filter");
        screen_wait_text(screen, "step 5 of 5");
        screen_send(screen, "c" ENTER);
        screen_wait_text(screen, "✓ ○");
        screen_send(screen, "!");
        screen_wait_text(screen, "run inside: setarch -R true");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "Which number is it now?");
        screen_send(screen, "!grep Seccomp: /proc/1/status" ENTER);
        screen_wait_text(screen, "! grep Seccomp: /proc/1/status");
        screen_wait_text(screen, "Seccomp:");
        close_home(scene, &home);
}

/* Where the window is too small for what a step tells at its end, PgDn reads it before the next step comes.
 */
static void what_a_step_tells_is_read_before_the_next_one(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char mask[17];

        screen = learn_bit_5(scene, &home);
        screen_resize(screen, 60, 16);
        screen_send(screen, "K");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        screen_wait_text(screen, "✓ ✓");
        screen_send(screen, "\t");
        screen_wait_text(screen, "PgDn: read on");
        screen_wait_no_text(screen, "15 less 2");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "15 less 2");
        screen_wait_text(screen, "PgDn: read on");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "holds the other 13.");
        screen_wait_text(screen, "PgDn: next step");
        screen_wait_text(screen, "step 1 of 5");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "2 of 5");
        close_home(scene, &home);
}

/* The lesson's own key asks nothing; what comes behind the lesson does. */
static void behind_a_lesson_a_shell_is_asked_about_again(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char mask[17];

        screen = learn_bit_5(scene, &home);
        screen_send(screen, "K");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        screen_wait_text(screen, "✓ ✓");
        screen_send(screen, ESCAPE);
        screen_wait_text(screen, "Esc again closes the lesson");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "LESSON 6");
        screen_send(screen, "x");
        screen_wait_text(screen, "Ctrl-]: back to the screen");
        screen_send(screen, "\035u");
        screen_wait_text(screen, "The shell ends with this container");
        screen_send(screen, "n");
        close_home(scene, &home);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_lesson_gives_the_machine_away_to_nobody_unasked),
                cmocka_unit_test(what_keeps_a_step_from_being_seen_is_named),
                cmocka_unit_test(on_a_question_the_prompt_is_empty),
                cmocka_unit_test(what_a_step_tells_is_read_before_the_next_one),
                cmocka_unit_test(behind_a_lesson_a_shell_is_asked_about_again),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
