/* SPDX-License-Identifier: MIT */
/* Key !: commands inside the container, what is shown of them, and what /proc says of them from outside. */
#include "config.h"

#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"
#include "proc.h"

#define ENTER "\r"
#define ESCAPE "\033"
#define CLEAR "\025" /* C-u */
#define INTERRUPT "\003"

static void type(struct screen *screen, const char *line)
{
        screen_send(screen, "!");
        screen_wait_text(screen, "run inside:");
        screen_send(screen, line);
        screen_send(screen, ENTER);
}

static void its_output_and_its_exit_are_shown(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "sh -c 'echo seen; grep NSpid /proc/self/status; exit 3'");
        screen_wait_text(screen, " exit 3 ");
        screen_wait_text(screen, "│ seen");
        assert_true(screen_find(screen, "! sh -c 'echo seen; grep NSpid /proc/self/status; exit 3'") >= 0);
        assert_true(screen_find(screen, "│ NSpid:") >= 0);
        /* until the next key */
        screen_send(screen, "\t");
        screen_wait_no_text(screen, " exit 3 ");
        scene_leave(screen);
}

static void it_runs_with_the_rules_of_exec(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "grep CapEff /proc/self/status");
        screen_wait_text(screen, "exit 0");
        screen_wait_text(screen, "00000000a80425fb");
        type(screen, "-u student grep -E 'Uid|CapEff' /proc/self/status");
        if (scene->user) {
                screen_wait_text(screen, "one id is mapped");
                screen_wait_text(screen, "exit 125");
        } else {
                screen_wait_text(screen, "exit 0");
                screen_wait_text(screen, "1000");
                screen_wait_text(screen, "0000000000000000");
        }
        type(screen, "no-such-program");
        screen_wait_text(screen, "exit 127");
        screen_wait_text(screen, "no-such-program");
        scene_leave(screen);
}

/* Until it has ended it is a row of both sides; Ctrl-C is for it, not for vitrine. */
static void it_is_tied_while_it_runs_and_ctrl_c_ends_it(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "sleep 4711");
        screen_wait_text(screen, "running");
        screen_wait_text(screen, "CONTAINER  sees 2 processes");
        screen_wait_text(screen, "sleep 4711");
        type(screen, "id");
        screen_wait_text(screen, "the last command still runs");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "run inside:");
        screen_send(screen, INTERRUPT);
        screen_wait_text(screen, "exit 130");
        screen_wait_text(screen, "CONTAINER  sees 1 process ");
        scene_leave(screen);
}

static void what_heeds_no_interrupt_is_killed_by_the_second(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "sh -c 'trap \"echo no\" INT; while :; do sleep 0.1; done'");
        screen_wait_text(screen, "CONTAINER  sees 3 processes");
        screen_send(screen, INTERRUPT);
        screen_wait_text(screen, "│ no");
        screen_send(screen, INTERRUPT);
        screen_wait_text(screen, "exit 137");
        scene_leave(screen);
}

static void its_end_does_not_wait_for_who_holds_its_output(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "sh -c 'sleep 4711 & echo behind'");
        screen_wait_text(screen, "exit 0");
        screen_wait_text(screen, "behind");
        screen_wait_text(screen, "CONTAINER  sees 2 processes");
        scene_leave(screen);
}

/* The command's child has become the container's first process's, which reaps nothing. */
static void nobody_asks_about_what_has_ended(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "sh -c 'sleep 0.1 & echo behind'");
        screen_wait_text(screen, "behind");
        screen_wait_text(screen, "sleep (zombie)");
        screen_send(screen, "K");
        screen_wait_text(screen, "KILL dropped");
        assert_int_equal(screen_find(screen, "End what runs inside?"), -1);
        scene_leave(screen);
}

static void a_new_container_ends_it(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "sleep 4711");
        screen_wait_text(screen, "CONTAINER  sees 2 processes");
        screen_send(screen, "K");
        screen_wait_text(screen, "End what runs inside?");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "End what runs inside?");
        assert_true(screen_find(screen, "CONTAINER  sees 2 processes") >= 0);
        screen_send(screen, "K");
        screen_wait_text(screen, "End what runs inside?");
        screen_send(screen, "y");
        screen_wait_text(screen, "--cap-drop=KILL");
        screen_wait_text(screen, "CONTAINER  sees 1 process ");
        scene_leave(screen);
}

static void what_it_writes_stays_text(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "printf '\\033]0;evil\\007\\033[2Jclear\\r\\nlast\\377line\\000end\\n'");
        screen_wait_text(screen, "exit 0");
        screen_wait_text(screen, "line");
        assert_false(screen_has_title(screen));
        assert_true(screen_find(screen, "clear") >= 0);
        assert_true(screen_find(screen, "CAPABILITIES") >= 0);
        scene_leave(screen);
}

/* However much it is, and the others are counted. */
static void its_last_lines_are_shown(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        int row;

        type(screen, "seq 200000");
        screen_wait_text(screen, "exit 0, 199994 more lines above");
        row = screen_find(screen, "exit 0, 199994 more lines above");
        for (int i = 0; i < 6; i++) {
                own_free char *line = xasprintf("│ %d ", 200000 - i);

                if (!strstr(screen_row(screen, row - 1 - i), line))
                        screen_fail(screen, "%s is not there", line);
        }
        type(screen, "sh -c 'yes | head -n 2000000'");
        screen_wait_text(screen, "exit 0, 1999994 more lines above");
        type(screen, "sh -c 'yes | tr -d \"\\n\" | head -c 200000'");
        screen_wait_text(screen, "exit 0, output cut");
        scene_leave(screen);
}

static void a_line_that_is_none_is_refused_where_it_stands(void **state)
{
        static const struct {
                const char *line, *words;
        } cases[] = {
                { "", "the line names no command" },
                { "ps ax | head", "no shell reads this line, and | is a shell's" },
                { "sh -c 'ps", "the quote ' is not closed" },
                { "-u", "it needs a user" },
                { "-it sh", "before the command only -u USER may stand" },
        };
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_send(screen, "!");
        screen_wait_text(screen, "run inside:");
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                screen_send(screen, CLEAR);
                screen_send(screen, cases[i].line);
                screen_send(screen, ENTER);
                screen_wait_text(screen, cases[i].words);
        }
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "run inside:");
        scene_leave(screen);
}

static void an_earlier_command_comes_back_with_up(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "echo one");
        screen_wait_text(screen, "exit 0");
        type(screen, "echo two");
        screen_wait_text(screen, "! echo two");
        screen_send(screen, "!");
        screen_wait_text(screen, "run inside:");
        screen_send(screen, "\033OA\033OA");
        screen_wait_text(screen, "run inside: echo one");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "run inside:");
        scene_leave(screen);
}

/* PID 1 makes no process: the next one is 2, and it is stopped before it can run its command. The screen
 * lives on, and in the end says why nothing comes. */
static void who_is_stopped_at_the_door_holds_up_no_key(void **state)
{
        static const char *const args[] = { "ubuntu", "sh", "-c",
                                            "while :; do kill -STOP 2; done 2>/dev/null", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);

        tie_wait_status(screen, "Name", "sh");
        type(screen, "true");
        screen_wait_text(screen, "! true");
        assert_true(screen_find(screen, "exit 125") < 0);
        screen_send(screen, "x");
        screen_wait_text(screen, "Ctrl-]");
        screen_send(screen, "\035");
        screen_wait_text(screen, "q:quit");
        assert_true(screen_find(screen, "exit 125") < 0);
        scene_leave_anyway(screen);
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(its_output_and_its_exit_are_shown),
                cmocka_unit_test(it_runs_with_the_rules_of_exec),
                cmocka_unit_test(it_is_tied_while_it_runs_and_ctrl_c_ends_it),
                cmocka_unit_test(what_heeds_no_interrupt_is_killed_by_the_second),
                cmocka_unit_test(its_end_does_not_wait_for_who_holds_its_output),
                cmocka_unit_test(nobody_asks_about_what_has_ended),
                cmocka_unit_test(a_new_container_ends_it),
                cmocka_unit_test(what_it_writes_stays_text),
                cmocka_unit_test(its_last_lines_are_shown),
                cmocka_unit_test(a_line_that_is_none_is_refused_where_it_stands),
                cmocka_unit_test(an_earlier_command_comes_back_with_up),
                cmocka_unit_test(who_is_stopped_at_the_door_holds_up_no_key),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
