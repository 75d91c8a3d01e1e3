/* SPDX-License-Identifier: MIT */
/* The tutorial on the real program: what is pressed, what the screen says of it, what /proc says from
 * outside, and what stands in the progress file. */
#include "config.h"

#include "learn_home.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jv.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"

enum { FILE_MOST = 1 << 20, ROUNDS = 12, DAC_OVERRIDE_BIT = 1, NET_ADMIN_BIT = 12 };

/* The progress file's text, owned by the caller; NULL while there is none. */
static char *progress_text(const struct home *home)
{
        own_free char *path = xasprintf("%s/vitrine/progress.json", home->dir);
        char *text;
        size_t n;

        return io_read_file(AT_FDCWD, path, FILE_MOST, &text, &n) ? text : NULL;
}

struct in_list {
        const struct home *home;
        const char *lesson, *list, *step;
};

/* Whether a lesson's list holds a step. */
static bool is_in_list(struct screen *screen, const void *data)
{
        const struct in_list *in = data;
        own_free char *text = progress_text(in->home);
        jv root = text ? jv_parse(text) : jv_invalid(), list;
        bool found = false;

        (void)screen;
        if (jv_get_kind(root) != JV_KIND_OBJECT) {
                jv_free(root);
                return false;
        }
        list = jv_object_get(jv_object_get(root, jv_string("lessons")), jv_string(in->lesson));
        if (jv_get_kind(list) == JV_KIND_OBJECT)
                list = jv_object_get(list, jv_string(in->list));
        if (jv_get_kind(list) == JV_KIND_ARRAY)
                jv_array_foreach(list, i, item)
                {
                        found = found || strcmp(jv_string_value(item), in->step) == 0;
                        jv_free(item);
                }
        jv_free(list);
        return found;
}

static void wait_progress(struct screen *screen, const struct home *home, const char *list, const char *step)
{
        const struct in_list in = { home, "06-cap-drop", list, step };

        screen_wait(screen, is_in_list, &in, "the progress file holds the step");
}

/* Types nothing: the prompt holds the lesson's own line. */
static void run_next(struct screen *screen, const char *line)
{
        screen_send(screen, "!");
        screen_wait_text(screen, "run inside: ");
        screen_wait_text(screen, line);
        screen_send(screen, ENTER);
        screen_wait_no_text(screen, "run inside: ");
        screen_wait_text(screen, "exit ");
}

/* A process of that user and name below the program. */
static bool student_sleeps(struct screen *screen, const void *data)
{
        pid_t all[PROC_MAX];
        size_t n = proc_descendants(screen_pid(screen), all);
        char name[64], uid[64];

        (void)data;
        for (size_t i = 0; i < n; i++)
                if (proc_status(all[i], "Name", name, sizeof(name)) && strcmp(name, "sleep") == 0 &&
                    proc_status(all[i], "Uid", uid, sizeof(uid)) && strcmp(uid, "1000") == 0)
                        return true;
        return false;
}

static bool student_has_gone(struct screen *screen, const void *data)
{
        return !student_sleeps(screen, data);
}

static void a_step_ticks_itself_when_its_key_is_pressed(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char mask[17];

        open_home(&home);
        screen = learn(scene, &home, "6");
        screen_wait_text(screen, "step 1 of 5");
        screen_wait_text(screen, "○ ○");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
        screen_send(screen, "K");
        screen_wait_text(screen, "✓ ✓");
        /* The step's pane stands where the lesson was, until a key. */
        screen_wait_text(screen, "Tab: the lesson");
        screen_send(screen, "\t");
        screen_wait_text(screen, "KILL is bit 5");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        wait_progress(screen, &home, "done", "Bit 5");
        /* Done by hand the container is not made anew. */
        struct tie before = tie_wait_status(screen, "Name", "sleep");

        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "step 2 of 5");
        assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
        run_next(screen, "sh -c 'sleep 1000 & kill $! && wait'");
        screen_wait_text(screen, "exit 0");
        wait_progress(screen, &home, "done", "Your own you may always");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "step 3 of 5");
        close_home(scene, &home);
}

/* Narrow, the cells stand where the lesson is: they are shown when they carry the verdicts that the step asks
 * for. */
static void verdicts_are_on_the_screen_when_the_step_asks_for_them(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char mask[17];

        open_home(&home);
        screen = learn(scene, &home, "8");
        screen_wait_text(screen, "step 1 of 4");
        screen_send(screen, "c");
        screen_wait_text(screen, "--cap-add NET_ADMIN");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "✓ ✓ ○");
        screen_send(screen, "P");
        screen_wait_text(screen, "Tab: the lesson");
        screen_wait_text(screen, "✗net_admin");
        screen_wait_text(screen, "✓ ✓ ✓");
        tie_wait_status(screen, "CapEff", "0000000000000000");
        tie_wait_status(screen, "CapBnd", scene_mask(scene, BIT(NET_ADMIN_BIT), 0, mask));
        close_home(scene, &home);
}

static void what_the_machine_cannot_do_says_why_and_is_passed(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;

        open_home(&home);
        screen = learn(scene, &home, "6/3");
        screen_wait_text(screen, "step 3 of 5");
        if (scene->user) {
                screen_wait_text(screen, "only one user id is mapped here");
                screen_wait_text(screen, "doctor`");
        } else {
                run_next(screen, "-u student");
                screen_wait(screen, student_sleeps, NULL, "a sleep of uid 1000 runs");
                run_next(screen, "kill $(cat /tmp/pid)");
                screen_wait_text(screen, "exit 1");
                wait_progress(screen, &home, "done", "Somebody else's: refused");
                assert_true(student_sleeps(screen, NULL));
                screen_send(screen, PAGE_DOWN);
                screen_wait_text(screen, "step 4 of 5");
                /* The lesson's own key asks nothing about what the lesson has started. */
                screen_send(screen, "K");
                screen_wait(screen, student_has_gone, NULL, "the old container has ended");
                run_next(screen, "-u student");
                screen_wait(screen, student_sleeps, NULL, "a sleep of uid 1000 runs");
                run_next(screen, "kill $(cat /tmp/pid)");
                screen_wait(screen, student_has_gone, NULL, "the signal has arrived");
                wait_progress(screen, &home, "done", "Somebody else's: allowed");
        }
        close_home(scene, &home);
}

/* What a presenter's remote sends, and nothing else. */
static void a_lesson_is_given_with_page_down_and_page_up_alone(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char kill[17], all[17], dac[17];

        open_home(&home);
        scene_mask(scene, 0, 0, all);
        scene_mask(scene, 0, BIT(CAP_KILL_BIT), kill);
        scene_mask(scene, 0, BIT(DAC_OVERRIDE_BIT), dac);
        screen = learn(scene, &home, "cap-drop");
        screen_wait_text(screen, "step 1 of 5");
        tie_wait_status(screen, "CapEff", all);
        for (int step = 2; step <= 5; step++) {
                own_free char *title = xasprintf("step %d of 5", step);

                screen_send(screen, PAGE_DOWN);
                screen_wait_text(screen, title);
                /* Before step 5 the lesson gives KILL back, where it can do that step. */
                tie_wait_status(screen, "CapEff", step < 5 || scene->user ? kill : all);
        }
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "What you can tell somebody now");
        tie_wait_status(screen, "CapEff", dac);
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "this was the lesson");
        for (int step = 5; step >= 1; step--) {
                own_free char *title = xasprintf("step %d of 5", step);

                screen_send(screen, PAGE_UP);
                screen_wait_text(screen, title);
                tie_wait_status(screen, "CapEff", step == 1 ? all : step < 5 || scene->user ? kill : all);
        }
        wait_progress(screen, &home, "skipped", "Bit 5");
        close_home(scene, &home);
}

static void a_hint_then_what_to_press_then_the_answer(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char dac[17];

        open_home(&home);
        screen = learn(scene, &home, "6/root before");
        screen_wait_text(screen, "step 5 of 5");
        screen_send(screen, "h");
        screen_wait_text(screen, "hint: Press c and Enter");
        screen_send(screen, "h");
        screen_wait_text(screen, "now: c docker run --cap-drop DAC_OVERRIDE");
        screen_send(screen, "c");
        screen_wait_text(screen, "line: docker run --cap-drop DAC_OVERRIDE ubuntu sleep 3600");
        screen_send(screen, ENTER);
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(DAC_OVERRIDE_BIT), dac));
        screen_wait_no_text(screen, "line: ");
        run_next(screen, "chmod 0 /tmp/f");
        screen_wait_text(screen, "Which is the last digit");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "Enter: answer   Esc: leave");
        screen_send(screen, "b" ENTER);
        screen_wait_text(screen, "b: no.");
        /* The prompt is there for the next answer. */
        screen_wait_text(screen, "Enter: answer   Esc: leave");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "Enter: answer   Esc: leave");
        screen_wait_text(screen, "hint: read it off the screen");
        screen_wait_text(screen, "now: press Enter and type the answer");
        /* What the step tells is not lost with the question. */
        screen_wait_no_text(screen, "The lowest digit went from");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "the question is open: Enter answers it");
        screen_wait_text(screen, "The lowest digit went from");
        screen_wait_text(screen, "step 5 of 5");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "Enter: answer   Esc: leave");
        screen_send(screen, " 9 " ENTER);
        screen_wait_no_text(screen, "b: no.");
        wait_progress(screen, &home, "done", "Root before its own closed file");
        close_home(scene, &home);
}

static void r_is_the_step_afresh_and_s_skips_it(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;
        char mask[17];

        screen = learn_bit_5(scene, &home);
        screen_send(screen, "u");
        tie_wait_status(screen, "CapEff", "0000000000000000");
        screen_send(screen, "r");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
        screen_wait_text(screen, "○ ○");
        screen_send(screen, "s");
        screen_wait_text(screen, "step 2 of 5");
        wait_progress(screen, &home, "skipped", "Bit 5");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        /* With a lesson open q asks. */
        screen_send(screen, "q");
        screen_wait_text(screen, "Leave the lesson?");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Leave the lesson?");
        screen_send(screen, "qy");
        assert_int_equal(screen_wait_end(screen), 0);
        scene_assert_restored(screen);
        screen_finish(screen);
        /* It goes on where it was. */
        screen = learn(scene, &home, "6");
        screen_wait_text(screen, "step 2 of 5");
        tie_wait_status(screen, "CapEff", mask);
        close_home(scene, &home);
}

static void the_list_opens_a_lesson(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;

        open_home(&home);
        screen = learn(scene, &home, NULL);
        screen_wait_text(screen, "STEPS DONE");
        screen_wait_text(screen, "Taking one power away");
        screen_send(screen, DOWN ENTER);
        screen_wait_text(screen, "LESSON 2 of");
        screen_wait_no_text(screen, "STEPS DONE");
        screen_wait_text(screen, "step 1 of 3");
        screen_wait_text(screen, "✓"); /* it is done with what is seen */
        screen_send(screen, "l");
        screen_wait_text(screen, "► 2");
        screen_wait_text(screen, "1 of 3");
        screen_send(screen, "r");
        screen_wait_text(screen, "Forget this lesson?");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Forget this lesson?");
        screen_wait_text(screen, "1 of 3");
        screen_send(screen, "r");
        screen_wait_text(screen, "Forget this lesson?");
        screen_send(screen, "y");
        screen_wait_text(screen, "0 of 3");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "STEPS DONE");
        /* Esc twice closes the lesson; the pages are pages again. */
        screen_send(screen, ESCAPE);
        screen_wait_text(screen, "Esc again closes the lesson");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "LESSON 2 of");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "DAC_OVERRIDE (bit 1)");
        scene_leave(screen);
        screen_finish(screen);
        /* The list is opened where one was. */
        screen = learn(scene, &home, "9");
        screen_wait_text(screen, "LESSON 9 of");
        screen_wait_text(screen, "✓ ✓");
        screen_send(screen, "qy");
        assert_int_equal(screen_wait_end(screen), 0);
        screen_finish(screen);
        screen = learn(scene, &home, NULL);
        screen_wait_text(screen, "► 9");
        screen_send(screen, "q");
        close_home(scene, &home);
}

/* The key's container is not there yet when the list is opened. */
static void a_step_that_is_done_behind_the_list_counts_there(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;

        open_home(&home);
        screen = learn(scene, &home, "2");
        screen_wait_text(screen, "✓ ✓");
        screen_send(screen, PAGE_DOWN); /* to the end of the text */
        screen_wait_text(screen, "PgDn: next step");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "step 2 of 3");
        screen_send(screen, "ul");
        screen_wait_text(screen, "► 2");
        screen_wait_text(screen, "2 of 3");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "STEPS DONE");
        screen_send(screen, "qy");
        close_home(scene, &home);
}

static void the_list_goes_to_a_step(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;

        open_home(&home);
        screen = learn(scene, &home, NULL);
        screen_wait_text(screen, "STEPS DONE");
        screen_send(screen, RIGHT RIGHT);
        screen_wait_text(screen, "2: One among many");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "step 2 of 6");
        /* Another lesson begins with where the learner was. */
        screen_send(screen, "l" RIGHT);
        screen_wait_text(screen, "1: Alone in there");
        screen_send(screen, DOWN);
        screen_wait_no_text(screen, "1: Alone in there");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "step 1 of 3");
        close_home(scene, &home);
}

static void tab_and_the_arrows_scroll_a_lesson_beside_the_rest(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;

        open_home(&home);
        screen = scene_start(scene, (const char *const[]){ "learn", "1", NULL }, home.list, 120, 36);
        screen_wait_text(screen, "✓ ✓");
        screen_wait_text(screen, "Your machine already has");
        screen_wait_no_text(screen, "starts counting at 1");
        screen_wait_text(screen, "PgDn: read on");
        screen_send(screen, PAGE_DOWN);
        screen_wait_text(screen, "starts counting at 1");
        screen_wait_text(screen, "PgDn: next step");
        screen_wait_text(screen, "Tab ↑↓: scroll");
        screen_wait_no_text(screen, "Your machine already has");
        screen_send(screen, TAB);
        screen_wait_text(screen, "─ ↑↓: scroll");
        for (int i = 0; i < 30; i++)
                screen_send(screen, UP);
        screen_wait_text(screen, "Your machine already has");
        /* The capability is the one it was. */
        screen_wait_text(screen, "KILL (bit 5)");
        close_home(scene, &home);
}

static void what_a_lesson_builds_is_said_to_last_as_long_as_the_lesson(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;

        open_home(&home);
        screen = learn(scene, &home, "3/2");
        screen_wait_text(screen, "step 2 of 4");
        screen_send(screen, "c");
        screen_wait_text(screen, "docker build -t my-ubuntu-image .");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "for this lesson only");
        close_home(scene, &home);
}

static void what_is_typed_takes_the_place_of_what_is_offered(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct home home;

        open_home(&home);
        screen = learn(scene, &home, "1/3");
        screen_wait_text(screen, "step 3 of 6");
        screen_send(screen, "!");
        screen_wait_text(screen, "run inside: ps ax");
        screen_send(screen, "id -u" ENTER);
        screen_wait_text(screen, "! id -u");
        screen_wait_text(screen, "exit 0");
        close_home(scene, &home);
}

static void a_progress_file_that_cannot_be_used_is_said(void **state)
{
        struct scene *scene = *state;
        static const char *const nowhere[] = { "XDG_STATE_HOME=/dev/null", NULL };
        const char *const args[] = { "learn", "6", NULL };
        struct screen *screen = scene_start(scene, args, nowhere, 80, 30);
        char mask[17];

        screen_wait_text(screen, "progress");
        screen_send(screen, "K");
        screen_wait_text(screen, "✓ ✓");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
}

/* What is done of it is not done of the installed one, which the list opens all the same. */
static void a_file_that_is_called_as_a_lesson_is_another_one(void **state)
{
        static const char text[] = "# Mine\n\n```vitrine-lesson\nstart: docker run ubuntu sleep 3600\n```\n\n"
                                   "## Bit 5\n\nText.\n\n```vitrine-step\ndo: key u\nhint: h\n"
                                   "check: .init.uid.container == 1000\n```\n";
        struct scene *scene = *state;
        own_free char *path = NULL;
        struct screen *screen;
        struct home home;
        own_fd int fd = -1;

        open_home(&home);
        path = xasprintf("%s/06-cap-drop.md", home.dir);
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        assert_true(fd >= 0 && io_write_all(fd, text, sizeof(text) - 1) && fchmod(fd, 0644) == 0);
        screen = learn(scene, &home, path);
        screen_wait_text(screen, "step 1 of 1");
        screen_send(screen, "u");
        screen_wait_text(screen, "✓");
        screen_wait(screen, is_in_list, &(struct in_list){ &home, path, "done", "Bit 5" },
                    "kept by its path");
        screen_send(screen, "l" DOWN DOWN DOWN DOWN DOWN);
        screen_wait_text(screen, "► 6");
        screen_wait_text(screen, "0 of 5");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "LESSON 6 of");
        screen_wait_text(screen, "step 1 of 5");
        close_home(scene, &home);
}

static void a_broken_progress_file_is_put_aside(void **state)
{
        struct scene *scene = *state;
        own_free char *folder = NULL, *path = NULL;
        struct screen *screen;
        struct home home;
        own_fd int fd = -1;

        open_home(&home);
        folder = xasprintf("%s/vitrine", home.dir);
        path = xasprintf("%s/progress.json", folder);
        assert_int_equal(mkdir(folder, 0777), 0);
        assert_int_equal(chmod(folder, 0777), 0);
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        assert_true(fd >= 0 && io_write_all(fd, "{ no", 4) && fchmod(fd, 0666) == 0);
        screen = learn(scene, &home, "6");
        screen_wait_text(screen, "progress.json.broken-1");
        screen_wait_text(screen, "○ ○");
        screen_send(screen, "K");
        screen_wait_text(screen, "✓ ✓");
        wait_progress(screen, &home, "done", "Bit 5");
        close_home(scene, &home);
}

/* Killed at any moment of a step: the file is the old one or the new one, and nothing runs on. */
static void a_tutorial_that_is_killed_leaves_whole_progress_and_no_process(void **state)
{
        struct scene *scene = *state;

        for (int i = 0; i < ROUNDS; i++) {
                const struct timespec pause = { .tv_nsec = i * 7000000L };
                struct screen *screen;
                struct home home;
                own_free char *text = NULL;
                struct tie tie;

                open_home(&home);
                screen = learn(scene, &home, "6");
                screen_wait_text(screen, "step 1 of 5");
                tie = tie_wait_status(screen, "Name", "sleep");
                screen_send(screen, "K");
                nanosleep(&pause, NULL);
                assert_int_equal(kill(screen_pid(screen), SIGKILL), 0);
                assert_int_equal(screen_wait_end(screen), 128 + SIGKILL);
                wait_gone(screen, tie.host);
                text = progress_text(&home);
                if (text) {
                        jv root = jv_parse(text);

                        assert_int_equal(jv_get_kind(root), JV_KIND_OBJECT);
                        jv_free(root);
                }
                screen_finish(screen);
                scene->screen = NULL;
                close_home(scene, &home);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_step_ticks_itself_when_its_key_is_pressed),
                cmocka_unit_test(verdicts_are_on_the_screen_when_the_step_asks_for_them),
                cmocka_unit_test(what_the_machine_cannot_do_says_why_and_is_passed),
                cmocka_unit_test(a_lesson_is_given_with_page_down_and_page_up_alone),
                cmocka_unit_test(a_hint_then_what_to_press_then_the_answer),
                cmocka_unit_test(r_is_the_step_afresh_and_s_skips_it),
                cmocka_unit_test(the_list_opens_a_lesson),
                cmocka_unit_test(a_step_that_is_done_behind_the_list_counts_there),
                cmocka_unit_test(the_list_goes_to_a_step),
                cmocka_unit_test(tab_and_the_arrows_scroll_a_lesson_beside_the_rest),
                cmocka_unit_test(what_a_lesson_builds_is_said_to_last_as_long_as_the_lesson),
                cmocka_unit_test(what_is_typed_takes_the_place_of_what_is_offered),
                cmocka_unit_test(a_progress_file_that_cannot_be_used_is_said),
                cmocka_unit_test(a_file_that_is_called_as_a_lesson_is_another_one),
                cmocka_unit_test(a_broken_progress_file_is_put_aside),
                cmocka_unit_test(a_tutorial_that_is_killed_leaves_whole_progress_and_no_process),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
