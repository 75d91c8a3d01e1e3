/* SPDX-License-Identifier: MIT */
/* THE KERNEL SAYS: the kernel's log on the screen, where it has room and the viewer is root. */
#include "config.h"

#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"

#define ENTER "\r"
#define TITLE "THE KERNEL SAYS"
#define NOTHING "nothing in here has asked for a capability yet"
/* A student's process, then root's signal to it, and when that begins. */
#define SIGNAL                                                                           \
        "sh -c 'setpriv --reuid 1000 --regid 1000 --clear-groups sleep 60 & sleep 0.3; " \
        "echo at $(cut -d\" \" -f1 /proc/uptime); kill $!; true'"
/* The same by a shell that calls itself what would set a terminal's title. */
#define HOSTILE                                                                          \
        "sh -c 'setpriv --reuid 1000 --regid 1000 --clear-groups sleep 60 & sleep 0.3; " \
        "printf \"\\033]0;pwn\\a\" >/proc/self/comm; kill $!; true'"

enum { COLS = 140, ROWS = 40, SOON_MS = 100, TRIES = 5 };

static struct screen *start(struct scene *scene, int cols, int rows)
{
        struct screen *screen = scene_start(scene, NULL, NULL, cols, rows);

        screen_wait_text(screen, "same");
        screen_wait_text(screen, "held");
        return screen;
}

/* What this kernel cannot tell is not drawn. */
static bool has_log(const struct scene *scene)
{
        static const char probe[] = "test \"$(readlink /proc/self/ns/pid)\" = 'pid:[4026531836]' && "
                                    "unshare -m sh -c 'mount -t tracefs tracefs /mnt && test -e "
                                    "/mnt/events/capability/cap_capable'"
                                    " 2>/dev/null";

        return !scene->user && system(probe) == 0; /* NOLINT(cert-env33-c): a constant */
}

/* cmocka's skip() is "not ok" in TAP. */
static bool skips(const struct scene *scene)
{
        if (has_log(scene))
                return false;
        print_message("# skipped: %s\n",
                      scene->user ? "the kernel's log is root's"
                                  : "no tracepoint capability:cap_capable, or not the first PID namespace");
        return true;
}

static void type(struct screen *screen, const char *line)
{
        screen_send(screen, "!");
        screen_wait_text(screen, "run inside:");
        screen_send(screen, line);
        screen_send(screen, ENTER);
        screen_wait_text(screen, " exit ");
}

static uint64_t uptime_ms(void)
{
        struct timespec now;

        clock_gettime(CLOCK_BOOTTIME, &now);
        return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The row of the log with that text and verdict. */
static bool has_row(struct screen *screen, const char *cap, const char *verdict)
{
        int title = screen_find(screen, TITLE);

        for (int y = title + 1; title >= 0 && y < ROWS; y++) {
                const char *row = screen_row(screen, y), *at = strstr(row, cap);

                if (at && strstr(at, verdict))
                        return true;
        }
        return false;
}

/* KILL, and so often. */
static bool is_denied_so_often(struct screen *screen, const void *data)
{
        return has_row(screen, "KILL", data);
}

static bool is_denied(struct screen *screen, const void *data)
{
        return has_row(screen, data, "denied");
}

static bool is_allowed(struct screen *screen, const void *data)
{
        return has_row(screen, data, "allowed");
}

static bool is_asked_or_changed(struct screen *screen, const void *data)
{
        (void)data;
        return screen_find(screen, "Go on?") >= 0 || screen_find(screen, "--user=1000") >= 0;
}

static void it_is_drawn_where_it_can_be_had(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = start(scene, COLS, ROWS);

        if (has_log(scene)) {
                screen_wait_text(screen, TITLE);
                screen_wait_text(screen, NOTHING);
        } else {
                type(screen, "true");
                assert_int_equal(screen_find(screen, TITLE), -1);
        }
        scene_leave(screen);
}

static void a_small_screen_has_no_room_for_it(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        type(screen, "chown 1000 /tmp");
        assert_int_equal(screen_find(screen, TITLE), -1);
        if (has_log(scene)) {
                screen_resize(screen, COLS, ROWS);
                screen_wait_text(screen, TITLE);
                screen_resize(screen, 80, 24);
                screen_wait_no_text(screen, TITLE);
        }
        scene_leave(screen);
}

/* By the machine's clock, from the signal to the screen. One of some will do: what is asked is whether
 * anything on the way waits, not how busy the machine is. */
static void kill_is_denied_and_seen_at_once(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        uint64_t least = UINT64_MAX;

        if (skips(scene))
                return;
        screen = start(scene, COLS, ROWS);
        screen_wait_text(screen, TITLE);
        screen_send(screen, "K");
        screen_wait_text(screen, "--cap-drop=KILL");
        for (int i = 1; i <= TRIES && least > SOON_MS; i++) {
                own_free char *often = i == 1 ? xstrdup("denied") : xasprintf("denied   x%d", i);
                uint64_t seen, at;
                const char *row;

                screen_send(screen, "!");
                screen_wait_text(screen, "run inside:");
                screen_send(screen, SIGNAL);
                screen_send(screen, ENTER);
                screen_wait(screen, is_denied_so_often, often, often);
                seen = uptime_ms();
                screen_wait_text(screen, " exit 0 ");
                row = strstr(screen_text(screen), "│ at ");
                assert_non_null(row);
                at = (uint64_t)(strtod(row + strlen("│ at "), NULL) * 1000);
                least = seen > at ? seen - at : 0;
        }
        print_message("from the signal to the screen: %llu ms\n", (unsigned long long)least);
        assert_true(least <= SOON_MS);
        screen_wait_text(screen, "smallest list: --cap-drop=ALL --cap-add=KILL --cap-add=SETGID");
        scene_leave(screen);
}

static void with_kill_it_is_allowed(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;

        if (skips(scene))
                return;
        screen = start(scene, COLS, ROWS);
        screen_wait_text(screen, TITLE);
        type(screen, SIGNAL);
        screen_wait(screen, is_allowed, "KILL", "KILL allowed");
        assert_false(has_row(screen, "KILL", "denied"));
        /* The next command has a list of its own, another container a log. */
        type(screen, "chown 1000 /tmp");
        screen_wait_text(screen, "smallest list: --cap-drop=ALL --cap-add=CHOWN ");
        screen_wait(screen, is_allowed, "CHOWN", "CHOWN allowed");
        screen_send(screen, "u");
        /* What the signal has ended may still be a zombie, about which a change asks. */
        screen_wait(screen, is_asked_or_changed, NULL, "a question or another user");
        if (screen_find(screen, "Go on?") >= 0)
                screen_send(screen, "y");
        screen_wait_text(screen, "--user=1000");
        screen_wait_text(screen, NOTHING);
        type(screen, "chown 0 /tmp");
        screen_wait(screen, is_denied, "CHOWN", "CHOWN denied");
        scene_leave(screen);
}

static void what_a_process_calls_itself_stays_text(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;

        if (skips(scene))
                return;
        screen = start(scene, COLS, ROWS);
        screen_wait_text(screen, TITLE);
        type(screen, HOSTILE);
        screen_wait(screen, is_allowed, "KILL", "KILL allowed");
        assert_false(screen_has_title(screen));
        scene_leave(screen);
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_is_drawn_where_it_can_be_had),
                cmocka_unit_test(a_small_screen_has_no_room_for_it),
                cmocka_unit_test(kill_is_denied_and_seen_at_once),
                cmocka_unit_test(with_kill_it_is_allowed),
                cmocka_unit_test(what_a_process_calls_itself_stays_text),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
