/* SPDX-License-Identifier: MIT */
/* THE KERNEL SAYS: where it has room, and what stands in it. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "ui/layout.h"
#include "ui_scene.h"

enum { COLS = 140, ROWS = 40, KILL = 5, SETGID = 6, BEGAN_US = 5000000 };

static struct heard heard;
static struct log_view log_view;

static void hear(const char *name, int inside, unsigned cap, bool allowed, unsigned times, uint64_t after_us)
{
        struct klog_record record = { .kind = KLOG_CHECK,
                                      .pid = 3342,
                                      .inside = inside,
                                      .cap = cap,
                                      .times = times,
                                      .allowed = allowed,
                                      .time_us = BEGAN_US + after_us };

        strncpy(record.name, name, sizeof(record.name) - 1);
        heard_add(&heard, &record);
}

static void open_log(struct scene *scene, const struct cast_of *cast)
{
        open_scene(scene, cast);
        heard = (struct heard){ 0 };
        log_view = (struct log_view){ .heard = &heard, .began_us = BEGAN_US, .list = "", .ended = "" };
        scene->view.log = &log_view;
}

static void the_newest_check_stands_first_with_all_it_says(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        own_free char *text = NULL;

        (void)state;
        open_log(&scene, &cast);
        hear("sh", 7, SETGID, true, 1, 41203000);
        hear("sh", 7, KILL, false, 2, 41207000);
        log_view.list = "--cap-drop=ALL --cap-add=KILL";
        assert_shows(&scene.view, COLS, ROWS, "┌ THE KERNEL SAYS ─");
        assert_shows(&scene.view, COLS, ROWS,
                     "│ 00:41.207  sh (7)                      KILL                denied   x2 ");
        assert_shows(&scene.view, COLS, ROWS,
                     "│ 00:41.203  sh (7)                      SETGID              allowed ");
        assert_shows(&scene.view, COLS, ROWS, "└ smallest list: --cap-drop=ALL --cap-add=KILL ─");
        text = screen_text(&scene.view, COLS, ROWS);
        assert_true(strstr(text, "00:41.207") < strstr(text, "00:41.203"));
        close_scene(&scene);
}

static void what_is_not_known_is_not_drawn(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_log(&scene, &cast);
        assert_shows(&scene.view, COLS, ROWS, "nothing in here has asked for a capability yet");
        /* Of a container that has ended it is the last word, and no key runs anything in there. */
        scene.view.state = RUN_ENDED;
        assert_shows(&scene.view, COLS, ROWS, "│ nothing in there has asked for a capability   ");
        assert_hides(&scene.view, COLS, ROWS, "x a shell");
        scene.view.state = RUN_RUNNING;
        /* before the container's clock began, and of a process that has ended */
        hear("chown", 0, 0, true, 1, (uint64_t)-3000);
        assert_shows(&scene.view, COLS, ROWS, "│ 00:00.000  chown                       CHOWN ");
        assert_hides(&scene.view, COLS, ROWS, "nothing in here");
        assert_hides(&scene.view, COLS, ROWS, "chown (");
        assert_hides(&scene.view, COLS, ROWS, "smallest list");
        assert_hides(&scene.view, COLS, ROWS, "lost");
        heard.lost = 12;
        log_view.ended = "watch the kernel's capability checks: who watches has ended";
        assert_shows(&scene.view, COLS, ROWS, "12 events lost");
        assert_shows(&scene.view, COLS, ROWS, "who watches has ended");
        close_scene(&scene);
}

static void a_name_is_text(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_log(&scene, &cast);
        hear("\033]0;x\a\n", 7, KILL, false, 1, 0);
        assert_hides(&scene.view, COLS, ROWS, "\033");
        assert_shows(&scene.view, COLS, ROWS, " (7) ");
        close_scene(&scene);
}

/* It is the last that is given lines: of the rest nothing goes for it. */
static void it_has_room_after_all_else(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_log(&scene, &cast);
        for (int rows = 16; rows <= 100; rows++) {
                struct layout with, without;

                scene.view.log = NULL;
                layout_of(&scene.view, COLS, rows, &without);
                assert_int_equal(without.log.w, 0);
                scene.view.log = &log_view;
                layout_of(&scene.view, COLS, rows, &with);
                assert_int_equal(with.log_room, without.log_room);
                assert_int_equal(with.log.w != 0, with.log_room);
                assert_int_equal(with.log_room, rows >= 38);
                assert_int_equal(with.box, without.box);
                assert_int_equal(with.cap_rows, without.cap_rows);
                if (!with.log_room)
                        continue;
                assert_true(with.host.h >= 13);
                assert_true(with.log.h >= 4 && with.log.h <= 12);
                assert_int_equal(with.host.h + with.log.h, without.host.h);
                assert_int_equal(with.log.y, with.caps.y + with.caps.h);
                assert_int_equal(with.log.y + with.log.h, with.bar.y);
        }
        close_scene(&scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_newest_check_stands_first_with_all_it_says),
                cmocka_unit_test(what_is_not_known_is_not_drawn),
                cmocka_unit_test(a_name_is_text),
                cmocka_unit_test(it_has_room_after_all_else),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
