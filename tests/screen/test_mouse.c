/* SPDX-License-Identifier: MIT */
/* The mouse, as a terminal reports it. */
#include "config.h"

#include "scene.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "proc.h"

enum { LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65, FLOOD = 10000, SOON_MS = 5000 };

static void report(struct screen *screen, int button, int x, int y)
{
        char bytes[64];

        snprintf(bytes, sizeof(bytes), "\033[<%d;%d;%dM\033[<%d;%d;%dm", button, x + 1, y + 1, button, x + 1,
                 y + 1);
        screen_send(screen, bytes);
}

/* The place of a text's first character. */
static void find(struct screen *screen, const char *text, int *ret_x, int *ret_y)
{
        const char *row, *at;

        screen_wait_text(screen, text);
        *ret_x = 0;
        *ret_y = screen_find(screen, text);
        row = screen_row(screen, *ret_y);
        for (at = strstr(row, text); row < at; row++)
                *ret_x += (*row & 0xc0) != 0x80;
}

static void click(struct screen *screen, const char *text)
{
        int x, y;

        find(screen, text, &x, &y);
        report(screen, LEFT, x, y);
}

static void a_click_selects_and_another_one_toggles(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before = tie_wait_status(screen, "Name", "sleep");
        char mask[17];

        click(screen, "FSETID");
        screen_wait_text(screen, "FSETID (bit 4)");
        assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
        click(screen, "●FSETID");
        screen_wait_text(screen, "--cap-drop=FSETID");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(4), mask));
        click(screen, "·fsetid");
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
        scene_leave(screen);
}

static void what_a_key_would_ask_a_click_asks(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before = tie_wait_status(screen, "Name", "sleep");
        int x, y;

        if (!(scene_bounding() & BIT(21)) && !scene->user) {
                scene_leave(screen);
                return;
        }
        find(screen, "·sys_admin", &x, &y);
        report(screen, LEFT, x, y);
        screen_wait_text(screen, "SYS_ADMIN (bit 21)");
        report(screen, LEFT, x, y);
        if (scene->user) {
                screen_wait_text(screen, "--cap-add=SYS_ADMIN");
                scene_leave(screen);
                return;
        }
        screen_wait_text(screen, "Launch it?");
        /* No click answers, selects or toggles below it. */
        for (int row = 0; row < 24; row++)
                report(screen, LEFT, 30, row);
        click(screen, "y: yes");
        screen_send(screen, "\033");
        screen_wait_no_text(screen, "Launch it?");
        screen_wait_text(screen, "SYS_ADMIN (bit 21)");
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
        assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
        scene_leave(screen);
}

/* What lies over the capabilities takes no clicks for them. */
static void a_click_on_a_commands_output_toggles_nothing(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before = tie_wait_status(screen, "Name", "sleep");
        int x, top, end;

        screen_send(screen, "!");
        screen_wait_text(screen, "run inside:");
        screen_send(screen, "echo seen\r");
        find(screen, "exit 0", &x, &end);
        find(screen, "! echo seen", &x, &top);
        assert_true(top < end);
        for (int y = top; y <= end; y++)
                for (x = 2; x < 78; x += 2)
                        report(screen, LEFT, x, y);
        screen_send(screen, "=");
        screen_wait_no_text(screen, "exit 0");
        screen_wait_text(screen, "KILL (bit 5)");
        assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
        scene_leave(screen);
}

static bool has_cursor_at_row(struct screen *screen, const void *data)
{
        int x, y;

        screen_cursor(screen, &x, &y);
        return y == *(const int *)data;
}

static void a_click_goes_to_a_process(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        int x, y;

        find(screen, "vitrine", &x, &y);
        if (y == 0) /* the title names no program of that name */
                screen_fail(screen, "no row of vitrine's");
        report(screen, LEFT, x, y);
        screen_wait(screen, has_cursor_at_row, &y, "the cursor on the row that was clicked");
        /* A later key goes on from the pane, not from the capabilities. */
        screen_send(screen, " ");
        screen_wait_text(screen, "Tab goes to its pane");
        click(screen, "KILL");
        screen_send(screen, " ");
        screen_wait_text(screen, "--cap-drop=KILL");
        scene_leave(screen);
}

static bool has_no_tied_row(struct screen *screen, const void *data)
{
        struct tie tie;

        (void)data;
        return !tie_find(screen, &tie);
}

static bool has_tied_row(struct screen *screen, const void *data)
{
        return !has_no_tied_row(screen, data);
}

static void the_wheel_scrolls_the_pane_under_it(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_wait_text(screen, "KILL (bit 5)");
        for (int i = 0; i < 300; i++)
                report(screen, WHEEL_UP, 10, 4);
        screen_wait(screen, has_no_tied_row, NULL, "the list's beginning");
        /* It was not the focus that was scrolled, and nothing was selected. */
        screen_wait_text(screen, "KILL (bit 5)");
        screen_send(screen, "=");
        screen_wait(screen, has_tied_row, NULL, "the tied row");
        report(screen, WHEEL_UP, 10, 15);
        report(screen, WHEEL_DOWN, 10, 23);
        screen_send(screen, "K");
        screen_wait_text(screen, "--cap-drop=KILL");
        scene_leave(screen);
}

static void a_flood_is_answered_at_once(void **state)
{
        static char flood[FLOOD * 16];
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        uint64_t begin = time_now_ms();
        size_t n = 0;

        for (int i = 0; i < FLOOD; i++)
                n += (size_t)snprintf(flood + n, sizeof(flood) - n, "\033[<%d;%d;5M",
                                      i % 3 ? WHEEL_UP : WHEEL_DOWN, 10 + i % 2 * 40);
        /* The terminal's input buffer is small: it takes the flood as vitrine reads it. */
        for (size_t at = 0; at < n; at += 1024) {
                screen_send_n(screen, flood + at, n - at < 1024 ? n - at : 1024);
                screen_drain(screen);
        }
        screen_send(screen, "=K");
        screen_wait_text(screen, "--cap-drop=KILL");
        screen_wait(screen, has_tied_row, NULL, "the tied row");
        if (time_now_ms() - begin > SOON_MS)
                screen_fail(screen, "took %" PRIu64 " ms", time_now_ms() - begin);
        scene_leave(screen);
}

/* Clicks of terminals without decimal reports, broken ones, and those outside of everything. */
static void other_reports_do_no_harm(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char bytes[] = "\033[M !!";
        int x, y;

        find(screen, "FSETID", &x, &y);
        bytes[4] = (char)(x + 33);
        bytes[5] = (char)(y + 33);
        screen_send(screen, bytes);
        screen_wait_text(screen, "FSETID (bit 4)");
        screen_send(screen, "\033[<0;5000;5000M\033[<0;0;0M\033[<0;-1;4M\033[<\033[<0;1\033[M");
        screen_send_n(screen, "\0\0\0", 3);
        report(screen, LEFT, 0, 0);
        report(screen, 2, x, y);
        report(screen, 32, x, y);
        screen_send(screen, "N");
        tie_wait_status(screen, "NoNewPrivs", "1");
        screen_wait_text(screen, "FSETID (bit 4)");
        scene_leave(screen);
}

static void the_terminal_keeps_its_mouse_when_that_is_asked(void **state)
{
        static const char *const asked[] = { "--no-mouse", NULL };
        struct scene *scene = *state;

        for (int i = 0; i < 2; i++) {
                struct screen *screen = scene_start(scene, i ? asked : NULL, NULL, 80, 24);
                const char *raw, *on, *off;
                size_t len;

                tie_wait_status(screen, "Name", "sleep");
                scene_leave(screen);
                raw = screen_raw(screen, &len);
                on = strstr(raw, "\033[?1000h");
                off = strstr(raw, "\033[?1000l");
                if (i)
                        assert_true(!on && !off);
                else
                        assert_true(on && off && on < off && !strstr(off, "\033[?1000h"));
                screen_finish(screen);
                scene->screen = NULL;
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_click_selects_and_another_one_toggles),
                cmocka_unit_test(what_a_key_would_ask_a_click_asks),
                cmocka_unit_test(a_click_on_a_commands_output_toggles_nothing),
                cmocka_unit_test(a_click_goes_to_a_process),
                cmocka_unit_test(the_wheel_scrolls_the_pane_under_it),
                cmocka_unit_test(a_flood_is_answered_at_once),
                cmocka_unit_test(other_reports_do_no_harm),
                cmocka_unit_test(the_terminal_keeps_its_mouse_when_that_is_asked),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
