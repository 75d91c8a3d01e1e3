/* SPDX-License-Identifier: MIT */
/* Demos that play themselves on a terminal, and whoever sits before them; key R. */
#include "config.h"

#include "learn_home.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"

#define CLICK_HOST "\033[<0;12;5M\033[<0;12;5m"
#define F2 "\033OQ"
#define TITLE "One process, two numbers"

enum { FILE_MOST = 1 << 20, LONGER_THAN_HELD_US = 4500000, BAR_ROW = 23 };

static struct screen *play(struct scene *scene, const char *speed, const char *step)
{
        const char *const args[] = { "play", "1", "--speed", speed, step, NULL };

        return scene_start(scene, args, NULL, 80, 24);
}

static void a_lesson_plays_to_its_end_and_stays_until_q(void **state)
{
        struct screen *screen = play(*state, "50", NULL);
        struct tie tie;

        screen_wait_text(screen, "This was: " TITLE);
        assert_true(screen_find(screen, "same as: docker run ubuntu sleep 1000") >= 0);
        tie = tie_wait_status(screen, "Name", "sleep");
        assert_int_equal(tie.container, 1);
        screen_wait_no_text(screen, "playing");
        screen_send(screen, PAGE_UP);
        screen_wait_text(screen, "step 6 of 6");
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
        scene_assert_restored(screen);
}

static void space_pauses_and_goes_on(void **state)
{
        struct screen *screen = play(*state, "1", NULL);

        screen_wait_text(screen, TITLE);
        screen_wait_text(screen, "playing");
        screen_send(screen, " ");
        screen_wait_text(screen, "paused: space goes on");
        usleep(LONGER_THAN_HELD_US);
        screen_drain(screen);
        assert_non_null(strstr(screen_row(screen, BAR_ROW), TITLE));
        assert_non_null(strstr(screen_row(screen, BAR_ROW), "paused: space goes on"));
        screen_send(screen, " ");
        screen_wait_text(screen,
                         " Inside, sleep is alone and is number 1.                               playing");
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
}

static void a_key_takes_over_and_f2_hands_back(void **state)
{
        struct screen *screen = play(*state, "1", NULL);
        struct tie before, after;

        screen_wait_text(screen, "Inside, sleep is alone");
        before = tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "u");
        after = tie_wait_other(screen, before.host);
        assert_int_equal(after.container, 1);
        assert_true(screen_find(screen, "--user=1000") >= 0);
        screen_wait_text(screen, "F2: hand back");
        assert_true(screen_find(screen, "playing") < 0);
        /* until the change's words have gone */
        screen_send(screen, "\t");
        screen_wait_text(screen, "your turn: F2 hands back");
        /* the container is again as the step has it */
        screen_send(screen, F2);
        tie_wait_other(screen, after.host);
        screen_wait_no_text(screen, "--user=1000");
        screen_wait_text(screen, "playing");
        screen_wait_text(screen, "step 2 of 6");
        screen_send(screen, "\003");
        assert_int_equal(screen_wait_end(screen), 0);
}

static void a_click_takes_over_too(void **state)
{
        struct screen *screen = play(*state, "1", NULL);

        screen_wait_text(screen, "Inside, sleep is alone");
        screen_send(screen, CLICK_HOST);
        screen_wait_text(screen, "your turn: F2 hands back");
        screen_send(screen, F2);
        screen_wait_text(screen, "playing");
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
}

static void with_step_each_step_waits_for_page_down(void **state)
{
        struct screen *screen = play(*state, "50", "--step");

        screen_wait_text(screen, "step 1 of 6");
        screen_wait_text(screen, "paused");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "playing");
        screen_wait_text(screen, "paused");
        assert_true(screen_find(screen, "step 1 of 6") >= 0);
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "step 2 of 6");
        screen_wait_text(screen, "paused");
        screen_send(screen, PAGE_DOWN);
        /* it has typed the command, and stands */
        screen_wait_text(screen, "step 3 of 6");
        screen_wait_text(screen, "exit 0");
        screen_wait_text(screen, "paused");
        screen_send(screen, PAGE_UP);
        screen_wait_text(screen, "step 2 of 6");
        screen_wait_text(screen, "paused");
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
}

/* The demo goes with its lesson; the container stays, and the keys are the viewer's. */
static void escape_twice_closes_the_lesson_and_ends_the_demo(void **state)
{
        struct screen *screen = play(*state, "1", NULL);

        screen_wait_text(screen, "Inside, sleep is alone");
        screen_send(screen, ESCAPE);
        screen_wait_text(screen, "Esc again closes the lesson");
        screen_send(screen, ESCAPE);
        screen_wait_text(screen, "the lesson is closed");
        screen_send(screen, F2);
        screen_wait_text(screen, "no demo plays");
        screen_send(screen, "u");
        screen_wait_text(screen, "--user=1000");
        assert_true(screen_find(screen, "your turn") < 0);
        scene_leave(screen);
}

/* What somebody opens from the list is his own: nothing types in it, and nothing is kept that he has not
 * done. */
static void a_lesson_opened_from_the_list_is_not_played(void **state)
{
        static const char *const speeds[] = { "1", "50" }; /* during the demo, after its end */
        struct scene *scene = *state;
        struct home home;

        open_home(&home);
        for (size_t i = 0; i < 2; i++) {
                const char *const args[] = { "play", "1", "--speed", speeds[i], NULL };
                struct screen *screen = scene_start(scene, args, home.list, 80, 24);

                screen_wait_text(screen, i ? "This was: " TITLE : "Inside, sleep is alone");
                screen_send(screen, "l");
                screen_wait_text(screen, "Esc: leave");
                if (i == 0)
                        screen_send(screen, DOWN);
                screen_send(screen, ENTER);
                screen_wait_text(screen, "step 1 of 3");
                screen_send(screen, F2);
                screen_wait_text(screen, "no demo plays");
                screen_send(screen, PAGE_UP);
                screen_send(screen, "u");
                screen_wait_text(screen, "--user=1000");
                assert_true(screen_find(screen, "playing") < 0 && screen_find(screen, "your turn") < 0);
                scene_leave_anyway(screen);
                screen_finish(screen);
                scene->screen = NULL;
        }
        close_home(scene, &home);
}

static void r_records_any_session_and_q_asks(void **state)
{
        struct scene *scene = *state;
        char dir[] = "/tmp/vitrine-record.XXXXXX";
        own_free char *path = NULL, *text = NULL, *line = NULL;
        struct screen *screen;
        const char *said, *key;
        size_t n;

        assert_non_null(mkdtemp(dir));
        assert_int_equal(chmod(dir, 0777), 0);
        scene->dir = dir;
        screen = scene_first(scene);
        screen_send(screen, "R");
        screen_wait_text(screen, "recording into vitrine-");
        said = strstr(screen_text(screen), "vitrine-2");
        assert_non_null(said);
        path = xasprintf("%s/%.28s", dir, said);
        screen_wait_text(screen, "REC");
        screen_send(screen, "u");
        screen_wait_text(screen, "--user=1000");
        screen_send(screen, "q");
        screen_wait_text(screen, "End the recording?");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "End the recording?");
        screen_send(screen, "R");
        screen_wait_text(screen, "the recording has ended");
        screen_wait_no_text(screen, "REC");
        scene_leave(screen);
        if (!io_read_file(AT_FDCWD, path, FILE_MOST, &text, &n))
                fail_msg("cannot read %s", path);
        assert_int_equal(strncmp(text, "{\"version\": 2, \"width\": 80, \"height\": 24", 40), 0);
        assert_non_null(strstr(text, "same as: docker run ubuntu sleep 3600"));
        key = strstr(text, "\"i\", \"u\"]\n");
        assert_non_null(key);
        assert_non_null(strstr(key, "1000"));
        assert_int_equal(text[n - 1], '\n');
        line = xasprintf("rm -rf %s", dir);
        assert_int_equal(system(line), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_lesson_plays_to_its_end_and_stays_until_q),
                cmocka_unit_test(space_pauses_and_goes_on),
                cmocka_unit_test(a_key_takes_over_and_f2_hands_back),
                cmocka_unit_test(a_click_takes_over_too),
                cmocka_unit_test(with_step_each_step_waits_for_page_down),
                cmocka_unit_test(escape_twice_closes_the_lesson_and_ends_the_demo),
                cmocka_unit_test(a_lesson_opened_from_the_list_is_not_played),
                cmocka_unit_test(r_records_any_session_and_q_asks),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
