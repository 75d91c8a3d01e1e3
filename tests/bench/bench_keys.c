/* SPDX-License-Identifier: MIT */
/* From a key to the frame that answers it, and from exec to the first whole frame, on a terminal of 80x24:
 *
 *     bench_keys VITRINE [UID]
 *
 * A time ends when the bytes that complete the frame have been read and are on libvterm's screen, so it holds
 * what reading costs here too: some tenths of a millisecond. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "screen.h"
#include "bench.h"

enum { STARTS = 30, CURSOR_KEYS = 300, MASK_KEYS = 60 };

/* What is waited for, and when it was there. */
struct awaited {
        int cursor_x;                /* another column than this */
        char mask[SCREEN_MASK_SIZE]; /* another mask than this */
        uint64_t ns;
};

static bool at(struct awaited *awaited, bool holds)
{
        if (holds)
                awaited->ns = now_ns();
        return holds;
}

static bool has_scene(struct screen *screen, const void *data)
{
        struct awaited *awaited = *(struct awaited *const *)data;
        char mask[SCREEN_MASK_SIZE];

        return at(awaited, screen_mask(screen, mask) && screen_find(screen, "│►") >= 0 &&
                                   screen_find(screen, "═══") >= 0 && screen_find(screen, "q:quit") >= 0);
}

static bool has_cursor(struct screen *screen, const void *data)
{
        struct awaited *awaited = *(struct awaited *const *)data;
        int x, y;

        screen_cursor(screen, &x, &y);
        return at(awaited, x != awaited->cursor_x);
}

static bool has_mask(struct screen *screen, const void *data)
{
        struct awaited *awaited = *(struct awaited *const *)data;
        char mask[SCREEN_MASK_SIZE];

        return at(awaited, screen_mask(screen, mask) && strcmp(mask, awaited->mask) != 0);
}

/* A while of its own length each time, so that keys meet every phase of the program's own rhythm. */
static void rest(struct screen *screen, int turn)
{
        struct timespec step = { .tv_nsec = 1000000 };

        for (int i = 0; i < 20 + turn * 7 % 50; i++) {
                nanosleep(&step, NULL);
                screen_drain(screen);
        }
}

static struct screen *start(const struct screen_options *options, struct times *times)
{
        struct awaited awaited = { 0 }, *data = &awaited;
        uint64_t begin = now_ns();
        struct screen *screen = screen_start(options);

        screen_wait(screen, has_scene, &data, "the first scene");
        times_add(times, awaited.ns - begin);
        return screen;
}

static void leave(struct screen *screen)
{
        screen_send(screen, "q");
        screen_wait_end(screen);
        screen_finish(screen);
}

static void press(struct screen *screen, const char *key, screen_condition *condition, struct times *times)
{
        struct awaited awaited = { 0 }, *data = &awaited;
        uint64_t begin;
        int y;

        screen_drain(screen);
        screen_cursor(screen, &awaited.cursor_x, &y);
        screen_mask(screen, awaited.mask);
        begin = now_ns();
        screen_send(screen, key);
        screen_wait(screen, condition, &data, key);
        times_add(times, awaited.ns - begin);
}

int main(int argc, char **argv)
{
        static struct times first, cursor, mask;
        struct screen_options options = { .program = argv[1], .cols = 80, .rows = 24, .uid = (uid_t)-1 };
        struct screen *screen;

        if (argc < 2) {
                fprintf(stderr, "usage: bench_keys VITRINE [UID]\n");
                return 2;
        }
        if (argc > 2)
                options.uid = (uid_t)strtoul(argv[2], NULL, 10);
        for (int i = 0; i < STARTS; i++)
                leave(start(&options, &first));
        table_times("  exec to the first whole frame", &first, 50, 0);
        screen = start(&options, &first);
        for (int i = 0; i < CURSOR_KEYS; i++) {
                rest(screen, i);
                press(screen, i % 2 ? "\033[D" : "\033[C", has_cursor, &cursor);
        }
        table_times("  cursor key to frame", &cursor, 16, 33);
        for (int i = 0; i < MASK_KEYS; i++) {
                rest(screen, i);
                press(screen, "K", has_mask, &mask);
        }
        table_times("  K to the frame with the kernel's new mask", &mask, 16, 33);
        leave(screen);
        return 0;
}
