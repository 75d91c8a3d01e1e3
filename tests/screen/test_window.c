/* SPDX-License-Identifier: MIT */
/* The real program on terminals of every kind: sizes, plain ones, hostile neighbours, and how it leaves. */
#include "config.h"

#include "scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc.h"
#include "raw.h"

static void a_resize_loses_nothing(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char mask[17];
        struct tie before, after;

        screen_send(screen, "K");
        screen_wait_text(screen, "--cap-drop=KILL");
        before = tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        screen_resize(screen, 60, 16);
        screen_wait_text(screen, "q");
        screen_wait_text(screen, "KILL (bit 5)");
        screen_resize(screen, 59, 15);
        screen_wait_text(screen, "60x16");
        screen_wait_no_text(screen, "│");
        screen_resize(screen, 1, 1);
        screen_resize(screen, 140, 40);
        screen_wait_text(screen, "KILL (bit 5)");
        screen_resize(screen, 80, 24);
        screen_wait_text(screen, "docker run --cap-drop=KILL ubuntu sleep 3600");
        after = tie_wait_status(screen, "CapEff", mask);
        assert_int_equal(before.host, after.host);
        screen_wait_text(screen, mask + 8);
        scene_leave(screen);
}

static void from_one_cell_to_a_thousand_columns(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 1, 1);

        screen_resize(screen, 1000, 300);
        tie_wait_status(screen, "Name", "sleep");
        screen_resize(screen, 80, 24);
        tie_wait_status(screen, "Name", "sleep");
        scene_leave(screen);
}

static void plain_terminals_get_ascii(void **state)
{
        static const char *const asked[] = { "--ascii", NULL };
        static const char *const locale[] = { "LC_ALL=C", NULL };
        struct scene *scene = *state;

        for (int i = 0; i < 2; i++) {
                struct screen *screen = scene_start(scene, i ? NULL : asked, i ? locale : NULL, 80, 24);
                const char *raw;
                struct tie tie;
                size_t len;

                tie = tie_wait_status(screen, "Name", "sleep");
                assert_int_equal(tie.container, 1);
                screen_send(screen, "K");
                screen_wait_text(screen, "--cap-drop=KILL");
                tie_wait_other(screen, tie.host);
                screen_send(screen, "?");
                screen_wait_text(screen, "drop KILL, or restore it");
                screen_send(screen, "\033");
                screen_wait_no_text(screen, "drop KILL, or restore it");
                scene_leave(screen);
                raw = screen_raw(screen, &len);
                assert_false(raw_leaves_ascii(raw, len));
                screen_finish(screen);
                scene->screen = NULL;
        }
}

static void no_color_means_none(void **state)
{
        static const char *const env[] = { "NO_COLOR=1", NULL };
        static const char *const empty[] = { "NO_COLOR=", NULL };
        struct scene *scene = *state;

        for (int i = 0; i < 2; i++) {
                struct screen *screen = scene_start(scene, NULL, i ? empty : env, 80, 24);
                const char *raw;
                struct tie tie;
                size_t len;

                tie = tie_wait_status(screen, "Name", "sleep");
                screen_send(screen, "K");
                screen_wait_text(screen, "--cap-drop=KILL");
                tie_wait_other(screen, tie.host);
                scene_leave(screen);
                raw = screen_raw(screen, &len);
                assert_int_equal(raw_sets_colour(raw, len), i);
                screen_finish(screen);
                scene->screen = NULL;
        }
}

static void every_way_out_gives_the_terminal_back(void **state)
{
        static const int signals[] = { SIGTERM, SIGHUP, SIGINT,  SIGQUIT,   SIGUSR1, SIGUSR2,
                                       SIGALRM, SIGIO,  SIGXCPU, SIGVTALRM, SIGPROF, SIGTRAP };
        struct scene *scene = *state;

        for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
                struct screen *screen = scene_first(scene);
                pid_t pids[PROC_MAX];
                size_t n = proc_descendants(screen_pid(screen), pids);

                assert_true(n > 0);
                assert_true(screen_is_alternate(screen));
                assert_int_equal(kill(screen_pid(screen), signals[i]), 0);
                screen_wait_end(screen);
                scene_assert_restored(screen);
                for (size_t k = 0; k < n; k++)
                        wait_gone(screen, pids[k]);
                screen_finish(screen);
                scene->screen = NULL;
        }
}

/* Whatever vitrine itself keeps from ending it, what runs inside has a program's usual signals. (The C
 * library has two of its own above them.) */
static void signals_inside_are_as_a_program_finds_them(void **state)
{
        static const char *const fields[] = { "SigBlk", "SigIgn", "SigCgt" };
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie tie = tie_wait_status(screen, "Name", "sleep");

        assert_int_equal(kill(screen_pid(screen), SIGPIPE), 0);
        for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
                char mask[32];

                assert_true(proc_status(tie.host, fields[i], mask, sizeof(mask)));
                assert_int_equal(strtoull(mask, NULL, 16) & (BIT(31) - 1), 0);
        }
        scene_leave(screen);
}

static void ctrl_c_twice_leaves(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_send(screen, "\003");
        screen_wait_text(screen, "Ctrl-C again");
        assert_true(proc_lives(screen_pid(screen)));
        screen_send(screen, "\003");
        assert_int_equal(screen_wait_end(screen), 0);
        scene_assert_restored(screen);
}

static void nothing_is_left_when_the_terminal_or_vitrine_is_gone(void **state)
{
        struct scene *scene = *state;

        for (int i = 0; i < 2; i++) {
                struct screen *screen = scene_first(scene);
                pid_t pids[PROC_MAX];
                size_t n = proc_descendants(screen_pid(screen), pids);

                assert_true(n > 0);
                if (i == 0)
                        screen_hang_up(screen);
                else
                        assert_int_equal(kill(screen_pid(screen), SIGKILL), 0);
                screen_wait_end(screen);
                for (size_t k = 0; k < n; k++)
                        wait_gone(screen, pids[k]);
                screen_finish(screen);
                scene->screen = NULL;
        }
}

static void the_machines_processes_are_shared_only_after_asking(void **state)
{
        static const char *const args[] = { "--pid", "host", "ubuntu", "sleep", "3600", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);

        screen_wait_text(screen, "Launch it?");
        assert_int_equal(proc_named(screen_pid(screen), "sleep"), 0);
        screen_send(screen, "n");
        screen_wait_end(screen);
        scene_assert_restored(screen);
        screen_finish(screen);
        scene->screen = NULL;
}

static void a_terminal_without_a_cursor_is_refused(void **state)
{
        static const char *const env[] = { "TERM=dumb", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, env, 80, 24);

        assert_int_equal(screen_wait_end(screen), 125);
        screen_wait_text(screen, "vitrine: ");
        screen_wait_text(screen, "hint: ");
        screen_wait_text(screen, "vitrine snapshot");
        assert_int_equal(proc_named(screen_pid(screen), "sleep"), 0);
        scene_assert_restored(screen);
}

/* A process with a name that would set the window's title; lives until the pipe closes. */
static pid_t start_hostile(int ret_pipe[2])
{
        pid_t pid;

        assert_int_equal(pipe(ret_pipe), 0);
        pid = fork();
        if (pid != 0) {
                char ready;

                assert_int_equal(read(ret_pipe[0], &ready, 1), 1);
                return pid;
        }
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_NAME, "\033]0;x\007\xff\xe2\x80\xae");
        if (write(ret_pipe[1], "x", 1) != 1)
                _exit(1);
        for (;;)
                pause();
}

static void a_hostile_name_never_reaches_the_terminal(void **state)
{
        static const char *const args[] = { "--host", "names", NULL };
        struct scene *scene = *state;
        struct screen *screen;
        int ends[2];
        pid_t hostile = start_hostile(ends);

        screen = scene_start(scene, args, NULL, 140, 300);
        tie_wait_status(screen, "Name", "sleep");
        screen_wait_text(screen, "\\x1b]0;x\\x07");
        assert_false(screen_has_title(screen));
        kill(hostile, SIGKILL);
        assert_int_equal(waitpid(hostile, NULL, 0), hostile);
        close(ends[0]);
        close(ends[1]);
        scene_leave(screen);
        assert_false(screen_has_title(screen));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_resize_loses_nothing),
                cmocka_unit_test(from_one_cell_to_a_thousand_columns),
                cmocka_unit_test(plain_terminals_get_ascii),
                cmocka_unit_test(no_color_means_none),
                cmocka_unit_test(every_way_out_gives_the_terminal_back),
                cmocka_unit_test(signals_inside_are_as_a_program_finds_them),
                cmocka_unit_test(ctrl_c_twice_leaves),
                cmocka_unit_test(nothing_is_left_when_the_terminal_or_vitrine_is_gone),
                cmocka_unit_test(the_machines_processes_are_shared_only_after_asking),
                cmocka_unit_test(a_terminal_without_a_cursor_is_refused),
                cmocka_unit_test(a_hostile_name_never_reaches_the_terminal),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
