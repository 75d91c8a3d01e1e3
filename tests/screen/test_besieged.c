/* SPDX-License-Identifier: MIT */
/* A container that does its worst while somebody uses the screen: every key is answered, now and then a
 * capability is taken or given, what is tied is one process, and nothing is left. $SIEGE_SECONDS (1) for
 * each, $SIEGE_ONLY for those of that name; how long the slowest key took is printed, and is no test; beside
 * it how long the machine let wait who does nothing but sleep. */
#include "config.h"

#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "metronome.h"
#include "proc.h"

enum {
        COLS = 120,
        ROWS = 36,
        FLAGS = 2,
        ARGS_MAX = FLAGS + 5,
        MANY_SECONDS = 10,
        TIE_EVERY = 20,
        FIRST_TOGGLE_MS = 300,
        TOGGLE_MS = 20000,
        ENDED_MOST = 50,
        SLOW_MS = 100
};

struct record {
        uint64_t key_ms, toggle_ms; /* the slowest */
        uint64_t sleeper_ms;        /* of the metronome */
        int keys, slow, toggles, ties;
};

#define FREE                                                               \
        {                                                                  \
                "--cap-add=SYS_ADMIN", "--security-opt=seccomp=unconfined" \
        }
#define UP "\033[A"
#define DOWN "\033[B"

static struct metronome *metronome;

struct attack {
        const char *name, *script;
        const char *flags[FLAGS];
};

static const struct attack attacks[] = {
        { "a storm of forks", "while :; do (:) & (:) & (:) & wait; done", { NULL } },
        { "exec as fast as it goes", "while :; do /bin/true; done & while :; do /bin/true; done", { NULL } },
        { "sixty that never rest",
          "while [ $((i = i + 1)) -le 60 ]; do while :; do :; done & done; wait",
          { NULL } },
        { "long arguments that change",
          "a=$(head -c 120000 /dev/zero | tr '\\0' x); while :; do sh -c 'sleep 0.02' $a; done",
          { NULL } },
        { "names that change and are no text",
          "while :; do i=$((i + 1)); printf '\\033]0;pwn\\007%s' $i >/proc/self/comm; done",
          { NULL } },
        { "a file system that is full",
          "cat /dev/zero >/tmp/a; cat /dev/zero >/dev/shm/b; while :; do sleep 1; done",
          { NULL } },
        { "a FIFO for a list of users",
          "rm -f /etc/passwd /etc/group; mkfifo /etc/passwd /etc/group; while :; do sleep 1; done",
          { NULL } },
        { "a process that is stopped", "sleep 1000 & kill -STOP $!; wait", { NULL } },
        { "one that hears no signal",
          "trap '' HUP INT QUIT TERM TSTP TTIN TTOU USR1 USR2; while :; do sleep 1; done",
          { NULL } },
        { "another file system over /proc", "mount -t tmpfs none /proc; while :; do sleep 1; done", FREE },
        { "namespaces in namespaces",
          "unshare -pf --mount-proc unshare -pf --mount-proc sh -c 'sleep 1000 & sleep 1000' & wait", FREE },
};

/* A file system of its own within limits, as many processes as the machine gives. */
static const struct attack many = { "thousands of processes",
                                    "while [ $((i = i + 1)) -le 10000 ]; do sleep 1000 & done; wait",
                                    { NULL } };
static const struct attack some = { "hundreds of processes",
                                    "while [ $((i = i + 1)) -le 500 ]; do sleep 1000 & done; wait",
                                    { NULL } };

static bool is_tied(struct screen *screen, const void *data)
{
        struct tie tie;

        (void)data;
        return tie_find(screen, &tie);
}

/* Which capability is picked, as the pane's last line names it; owned by the caller. */
static char *picked(struct screen *screen)
{
        int y = screen_find(screen, " (bit ");
        const char *row = y < 0 ? "" : screen_row(screen, y), *end = strstr(row, " (bit ");

        return xasprintf("%.*s", end ? (int)(end - row) : 0, row);
}

static bool has_moved(struct screen *screen, const void *data)
{
        own_free char *now = picked(screen);

        return *now && strcmp(now, data) != 0;
}

static char *read_tied(struct screen *screen, struct tie *tie)
{
        own_free char *path = NULL;
        char *text;
        size_t n;

        screen_wait(screen, is_tied, NULL, "a tie");
        assert_true(tie_find(screen, tie));
        path = xasprintf("/proc/%d/status", tie->host);
        return io_read_file(AT_FDCWD, path, 16384, &text, &n) ? text : NULL;
}

/* The kernel's own word for it: the number outside and the one in the container are of one process. One that
 * has ended since is another's turn. */
static void assert_tie_is_right(struct screen *screen)
{
        own_free char *text = NULL;
        struct tie tie;
        const char *line;
        int host = 0, inside = 0;

        for (int i = 0; !(text = read_tied(screen, &tie)); i++) {
                if (i == ENDED_MOST)
                        screen_fail(screen, "what is tied, %d, is not there", tie.host);
                poll(NULL, 0, 20);
                screen_drain(screen);
        }
        line = strstr(text, "\nNSpid:");
        assert_non_null(line);
        assert_int_equal(sscanf(line, "\nNSpid: %d %d", &host, &inside), 2);
        assert_int_equal(host, tie.host);
        assert_int_equal(inside, tie.container);
}

static bool is_answered(struct screen *screen, const void *data)
{
        char mask[SCREEN_MASK_SIZE];

        return (screen_mask(screen, mask) && strcmp(mask, data) != 0) || screen_find(screen, "y: yes") >= 0;
}

/* KILL is taken or given: another container, with the same attack. */
static void toggle(struct screen *screen, struct record *record)
{
        char before[SCREEN_MASK_SIZE], after[SCREEN_MASK_SIZE];
        uint64_t begin = time_now_ms(), took;

        screen_mask(screen, before);
        screen_send(screen, "K");
        screen_wait(screen, is_answered, before, "another mask");
        if (screen_find(screen, "y: yes") >= 0) {
                begin = time_now_ms();
                screen_send(screen, "y");
                screen_wait_no_text(screen, "y: yes");
                screen_wait(screen, is_answered, before, "another mask");
        }
        took = time_now_ms() - begin;
        /* K picks what it changes; a key that came before that is seen would find it where it was. */
        screen_wait_text(screen, "KILL (bit 5)");
        record->toggle_ms = took > record->toggle_ms ? took : record->toggle_ms;
        record->toggles++;
        screen_mask(screen, after);
        assert_int_equal(strtoull(before, NULL, 16) ^ strtoull(after, NULL, 16), BIT(CAP_KILL_BIT));
}

static struct record use(struct screen *screen, uint64_t ms)
{
        uint64_t now = time_now_ms(), end = now + ms, toggle_ms = now + FIRST_TOGGLE_MS;
        struct record record = { 0 };

        for (int i = 0; time_now_ms() < end; i++) {
                own_free char *before = picked(screen);
                uint64_t begin = time_now_ms(), took, sleeper;

                screen_send(screen, i % 2 ? DOWN : UP);
                screen_wait(screen, has_moved, before, "another capability picked");
                took = time_now_ms() - begin;
                record.key_ms = took > record.key_ms ? took : record.key_ms;
                record.keys++;
                sleeper = metronome_worst_ms(metronome);
                record.sleeper_ms = sleeper > record.sleeper_ms ? sleeper : record.sleeper_ms;
                if (took > SLOW_MS) {
                        record.slow++;
                        print_message("a key waited %llu ms, a sleeper %llu\n", (unsigned long long)took,
                                      (unsigned long long)sleeper);
                }
                metronome_reset(metronome);
                if (i % TIE_EVERY == 0) {
                        assert_tie_is_right(screen);
                        record.ties++;
                }
                if (time_now_ms() >= toggle_ms) {
                        toggle(screen, &record);
                        toggle_ms = time_now_ms() + TOGGLE_MS;
                }
        }
        return record;
}

static void besiege(struct scene *scene, const struct attack *attack, int seconds)
{
        const char *args[ARGS_MAX], *only = getenv("SIEGE_ONLY");
        struct screen *screen;
        struct record record;
        size_t n = 0;

        if (only && !strstr(attack->name, only))
                return;
        for (size_t i = 0; i < FLAGS && attack->flags[i]; i++)
                args[n++] = attack->flags[i];
        args[n++] = "demo";
        args[n++] = "sh";
        args[n++] = "-c";
        args[n++] = attack->script;
        args[n] = NULL;
        screen = scene_start(scene, args, NULL, COLS, ROWS);
        if (attack->flags[0] && !scene->user) { /* it gives the machine away */
                screen_wait_text(screen, "y: yes");
                screen_send(screen, "y");
        }
        screen_wait(screen, is_tied, NULL, "a tie");
        screen_wait_text(screen, " (bit ");
        record = use(screen, (uint64_t)seconds * 1000);
        assert_tie_is_right(screen);
        if (screen_has_title(screen))
                screen_fail(screen, "%s: the terminal's title was set", attack->name);
        scene_leave(screen);
        scene->screen = NULL;
        screen_finish(screen);
        print_message("%s: %d keys, %d over 100 ms, the slowest %llu ms; %d toggles, the slowest %llu ms; %d "
                      "ties; a sleeper waited %llu ms\n",
                      attack->name, record.keys, record.slow, (unsigned long long)record.key_ms,
                      record.toggles, (unsigned long long)record.toggle_ms, record.ties,
                      (unsigned long long)record.sleeper_ms);
}

static int seconds(void)
{
        const char *value = getenv("SIEGE_SECONDS");
        long n = value ? strtol(value, NULL, 10) : 0;

        return n > 0 && n < 36000 ? (int)n : 1;
}

static void every_key_is_answered_whatever_the_container_does(void **state)
{
        struct scene *scene = *state;

        for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
                besiege(scene, &attacks[i], seconds());
        besiege(scene, seconds() >= MANY_SECONDS ? &many : &some, seconds());
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_key_is_answered_whatever_the_container_does),
        };

        int failed;

        metronome = metronome_start();
        failed = scene_run(tests, sizeof(tests) / sizeof(tests[0]));
        metronome_stop(metronome);
        return failed;
}
