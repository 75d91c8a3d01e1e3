/* SPDX-License-Identifier: MIT */
/* What a key asks to see or to keep: a filter, the line on the clipboard, more of a list. */
#include "config.h"

#include "scene.h"

#include <stdio.h>
#include <string.h>

#define FIRST_LINE "same as: docker run ubuntu sleep 3600"
#define ENTER "\r"
#define ESCAPE "\033"
#define CLEAR "\025" /* C-u */

/* Opens a line and waits until it is there: the keys before it have been taken then. */
static void open_line(struct screen *screen, const char *key, const char *title)
{
        screen_send(screen, key);
        screen_wait_text(screen, title);
}

static void leave_line(struct screen *screen, const char *title)
{
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, title);
}

static void a_filter_shows_what_has_its_text(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before, now;
        char pid[32];

        before = tie_wait_status(screen, "Name", "sleep");
        snprintf(pid, sizeof(pid), "%d", (int)screen_pid(screen));
        open_line(screen, "/", "filter HOST:");
        screen_send(screen, pid);
        screen_wait_text(screen, "filter HOST: ");
        screen_wait_text(screen, "HOST  /");
        /* It is live: the program's own row is there, and the tied one stays. */
        snprintf(pid, sizeof(pid), "│%8d ", (int)screen_pid(screen));
        screen_wait_text(screen, pid);
        assert_true(tie_find(screen, &now));
        assert_int_equal(now.host, before.host);
        screen_send(screen, ENTER);
        screen_wait_no_text(screen, "filter HOST:");
        screen_wait_text(screen, "HOST  /");
        /* A relaunch keeps it. */
        screen_send(screen, "K");
        tie_wait_other(screen, before.host);
        screen_wait_text(screen, "HOST  /");
        /* Escape leaves it as it was. */
        open_line(screen, "/", "filter HOST:");
        screen_send(screen, CLEAR "NO SUCH THING");
        screen_wait_text(screen, "HOST  /NO SUCH THING: 1 of ");
        leave_line(screen, "filter HOST:");
        screen_wait_no_text(screen, "HOST  /NO SUCH");
        screen_wait_text(screen, "HOST  /");
        open_line(screen, "/", "filter HOST:");
        screen_send(screen, CLEAR ENTER);
        screen_wait_no_text(screen, "HOST  /");
        screen_send(screen, "\t\t/1");
        screen_wait_text(screen, "CONTAINER  /1: 1 of 1");
        leave_line(screen, "filter CONTAINER:");
        screen_wait_text(screen, "CONTAINER  sees 1 process");
}

/* How often a text stands in what the program has written. */
static int written(struct screen *screen, const char *text)
{
        size_t len, n = strlen(text);
        const char *raw = screen_raw(screen, &len);
        int found = 0;

        for (const char *at = raw; (at = memmem(at, len - (size_t)(at - raw), text, n)) != NULL; at += n)
                found++;
        return found;
}

static void y_copies_the_line_and_leaving_prints_it_once(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_send(screen, "K");
        screen_wait_text(screen, "same as: docker run --cap-drop=KILL ubuntu sleep 3600");
        screen_send(screen, "y");
        screen_wait_text(screen, " copied: docker run --cap-drop=KILL ubuntu sleep 3600");
        assert_int_equal(written(screen,
                                 "\033]52;c;ZG9ja2VyIHJ1biAtLWNhcC1kcm9wPUtJTEwgdWJ1bnR1IHNsZWVwIDM2MDA=\a"),
                         1);
        /* The one that was copied. */
        screen_send(screen, "K");
        screen_wait_text(screen, FIRST_LINE);
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
        scene_assert_restored(screen);
        assert_int_equal(written(screen, "docker run --cap-drop=KILL ubuntu sleep 3600\r\n"), 1);
        assert_string_equal(screen_row(screen, screen_find(screen, "docker run")),
                            "docker run --cap-drop=KILL ubuntu sleep 3600");
}

static void without_y_nothing_is_printed_on_leaving(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        scene_leave(screen);
        assert_int_equal(screen_find(screen, "docker run"), -1);
        assert_int_equal(written(screen, "\033]52;"), 0);
}

/* Scrolling beyond the end is not owed back. */
static void the_help_scrolls_no_further_than_it_is_long(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 60, 16);

        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "?");
        screen_wait_text(screen, "more below");
        for (int i = 0; i < 200; i++)
                screen_send(screen, "\033OB");
        screen_wait_no_text(screen, "more below");
        screen_send(screen, "\033OA");
        screen_wait_text(screen, "more below");
}

static void the_panes_scroll_no_further_than_they_are_long(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        /* The container's one row cannot be scrolled away: no way back is offered. */
        screen_send(screen, "\t\t");
        screen_wait_text(screen, "↑↓ scroll");
        for (int i = 0; i < 200; i++)
                screen_send(screen, i % 2 ? "\033[6~" : "\033OB");
        screen_send(screen, "?");
        screen_wait_text(screen, "KEYS");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, "KEYS");
        screen_wait_text(screen, "sleep 3600 ═same═╪╪═══");
        assert_int_equal(screen_find(screen, "=: back to the tie"), -1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_filter_shows_what_has_its_text),
                cmocka_unit_test(y_copies_the_line_and_leaving_prints_it_once),
                cmocka_unit_test(without_y_nothing_is_printed_on_leaving),
                cmocka_unit_test(the_help_scrolls_no_further_than_it_is_long),
                cmocka_unit_test(the_panes_scroll_no_further_than_they_are_long),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
