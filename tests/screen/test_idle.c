/* SPDX-License-Identifier: MIT */
/* Nobody touches it and nothing happens: it sleeps, but for the clock, and still sees what no event tells. */
#include "config.h"

#include "scene.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "../kernel/count_events.h"
#include "proc.h"

enum {
        FIRST_MS = 2000,   /* what comes with the first scene */
        SETTLE_MS = 12500, /* by then it lets the readers sleep */
        WINDOW_MS = 3000,
        WINDOWS = 6,
        ONE_MORE = 1, /* a second may begin at either end of a window; after an event the readers look once */
        SOON_MS = 2500,
        WAKES_PER_EVENT =
                12,   /* what happens elsewhere on the machine is looked at, and a zombie for a while */
        STORM = 1000, /* some events were dropped */
        GLANCE_MS = 30000,
        OLD_MS = 7000,
        STATUS_MAX = 16384,
        CHILDREN = 3
};

#define OTHER "OTHER"

/* Of a process, and how often it had been woken. */
struct sleeper {
        pid_t pid;
        unsigned long wakes;
};

static bool read_wakes(pid_t pid, unsigned long *ret)
{
        char value[32];

        if (!proc_status(pid, "voluntary_ctxt_switches", value, sizeof(value)))
                return false;
        *ret = strtoul(value, NULL, 10);
        return true;
}

static size_t read_all(struct screen *screen, struct sleeper ret[static PROC_MAX + 1])
{
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(screen_pid(screen), pids), found = 0;

        ret[found].pid = screen_pid(screen);
        found += read_wakes(ret[found].pid, &ret[found].wakes);
        for (size_t i = 0; i < n; i++) {
                ret[found].pid = pids[i];
                found += read_wakes(pids[i], &ret[found].wakes);
        }
        return found;
}

static bool has_come(struct screen *screen, const void *data)
{
        (void)screen;
        return time_now_ms() >= *(const uint64_t *)data;
}

static void let_pass(struct screen *screen, uint64_t ms)
{
        const uint64_t end = time_now_ms() + ms;

        screen_wait(screen, has_come, &end, "time goes by");
}

/* Returns what was told meanwhile; without any, and none before, the clock is alone. still: nor in the
 * settling time, so the readers sleep on. */
static unsigned long watch_once(struct screen *screen, struct events *events, unsigned long earlier,
                                bool still)
{
        const unsigned long clock = WINDOW_MS / 1000 + ONE_MORE;
        struct sleeper before[PROC_MAX + 1], after[PROC_MAX + 1];
        unsigned long told = count_events(events, STORM);
        size_t n = read_all(screen, before), n_after;

        let_pass(screen, WINDOW_MS);
        n_after = read_all(screen, after);
        told += count_events(events, STORM);
        for (size_t i = 0; i < n; i++) {
                for (size_t k = 0; k < n_after; k++) {
                        const unsigned long alone = i == 0 ? clock : still && told == 0 ? 0 : ONE_MORE;
                        char name[32] = "";

                        if (after[k].pid != before[i].pid ||
                            after[k].wakes - before[i].wakes <= alone + (earlier + told) * WAKES_PER_EVENT)
                                continue;
                        proc_status(before[i].pid, "Name", name, sizeof(name));
                        screen_fail(screen, "%s was woken %lu times in %d ms; %lu events, %lu before", name,
                                    after[k].wakes - before[i].wakes, WINDOW_MS, told, earlier);
                }
        }
        return told;
}

static void nothing_but_the_clock_wakes_any_of_its_processes(void **state)
{
        struct screen *screen = scene_first(*state);
        unsigned long before = STORM, now;
        struct events events;
        bool still;

        let_pass(screen, FIRST_MS);
        events_open(&events);
        if (!events_begin(&events, 0)) {
                print_message("# skipped: the kernel's proc connector refuses this user (Linux before 6.6), "
                              "or these namespaces\n");
                return;
        }
        if (proc_named(screen_pid(screen), "vitrine events") == 0)
                screen_fail(screen, "the kernel tells what happens, and nobody listens");
        let_pass(screen, SETTLE_MS);
        now = count_events(&events, STORM);
        still = now == 0;
        for (int i = 0; i < WINDOWS && before + now > 0; i++) {
                before = now;
                now = watch_once(screen, &events, before, still);
                still = still && now == 0;
        }
        print_message("# in the last window %lu events were told of, %lu before\n", now, before);
        events_end(&events);
        scene_leave(screen);
}

/* On a signal the process gives up its capabilities: no event tells of that, and the readers sleep. */
static void what_no_event_tells_is_seen_though_nobody_touches_it(void **state)
{
        own_free char *script = xasprintf("$SIG{USR1} = sub { my ($to, $none) = (pack('LL', 0x20080522, 0), "
                                          "\"\\0\" x 24); syscall(%d, $to, $none) }; sleep 1000 while 1",
                                          (int)SYS_capset);
        const char *args[] = { "demo", "perl", "-e", script, NULL };
        struct screen *screen = scene_start(*state, args, NULL, 80, 24);
        uint64_t begin;
        struct tie tie;
        char mask[17], held[64];

        snprintf(held, sizeof(held), "effective %s", scene_mask(*state, 0, 0, mask));
        screen_wait_text(screen, held);
        let_pass(screen, SETTLE_MS);
        assert_true(tie_find(screen, &tie));
        assert_int_equal(kill(tie.host, SIGUSR1), 0);
        begin = time_now_ms();
        screen_wait_text(screen, "effective 0000000000000000");
        if (time_now_ms() - begin > SOON_MS)
                screen_fail(screen, "it was seen after %llu ms", (unsigned long long)(time_now_ms() - begin));
        assert_int_equal(tie_wait_status(screen, "CapEff", "0000000000000000").host, tie.host);
        scene_leave(screen);
}

/* What the kernel says of its command line, and the tied row on both sides of the screen. */
static bool shows_other_command(struct screen *screen, const void *data)
{
        own_free char *path = xasprintf("/proc/%d/cmdline", (int)*(const pid_t *)data), *text = NULL;
        const char *at;
        struct tie tie;

        return io_read_file(AT_FDCWD, path, STATUS_MAX, &text, NULL) && strncmp(text, OTHER, 5) == 0 &&
               tie_find(screen, &tie) && (at = strstr(screen_row(screen, tie.row), OTHER)) != NULL &&
               strstr(at + 1, OTHER) != NULL;
}

/* On a signal the process writes its arguments over, as some servers do, and sleeps on. */
static void a_command_line_that_is_written_over_is_seen_in_half_a_minute(void **state)
{
        static const char script[] = "$SIG{USR1} = sub { open(my $stat, '<', '/proc/self/stat'); open(my "
                                     "$mem, '+<', '/proc/self/mem'); "
                                     "sysseek($mem, (split(' ', (split(/\\) /, <$stat>))[-1]))[45], 0); "
                                     "syswrite($mem, '" OTHER "') }; sleep 1000 while 1";
        const char *args[] = { "demo", "perl", "-e", script, NULL };
        struct screen *screen = scene_start(*state, args, NULL, 120, 24);
        uint64_t begin;
        struct tie tie;

        let_pass(screen, FIRST_MS + SETTLE_MS);
        assert_true(tie_find(screen, &tie));
        begin = time_now_ms();
        assert_int_equal(kill(tie.host, SIGUSR1), 0);
        let_pass(screen, WINDOW_MS);
        screen_wait(screen, shows_other_command, &tie.host, "the command line that the kernel has");
        print_message("# seen after %llu ms\n", (unsigned long long)(time_now_ms() - begin));
        if (time_now_ms() - begin > GLANCE_MS + SOON_MS)
                screen_fail(screen, "it was seen after %llu ms", (unsigned long long)(time_now_ms() - begin));
        scene_leave(screen);
}

/* Whether every child of a process has its line in the container's pane. */
static bool shows_children(struct screen *screen, const void *data)
{
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(*(const pid_t *)data, pids);

        for (size_t i = 0; i < n; i++) {
                own_free char *path = xasprintf("/proc/%d/status", (int)pids[i]), *text = NULL, *row = NULL;
                const char *line;
                int inside;

                if (!io_read_file(AT_FDCWD, path, STATUS_MAX, &text, NULL) ||
                    !(line = strstr(text, "\nNSpid:")) || sscanf(line, "\nNSpid: %*d %d", &inside) != 1)
                        return false;
                row = xasprintf(" %d     1 ", inside);
                if (screen_find(screen, row) < 0)
                        return false;
        }
        return n >= CHILDREN;
}

/* Nobody tells the container's reader any more that a process was begun. */
static void what_begins_inside_is_seen_though_the_machines_reader_hangs(void **state)
{
        const char *args[] = { "demo", "sh", "-c",
                               "trap 'sleep 999 &' USR1; while :; do sleep 1000 & wait; done", NULL };
        struct screen *screen = scene_start(*state, args, NULL, 110, 30);
        pid_t eyes[EYES_MOST];
        struct tie tie;

        let_pass(screen, FIRST_MS + SETTLE_MS);
        assert_true(tie_find(screen, &tie));
        assert_int_equal(scene_eyes(screen, eyes), 2);
        assert_int_equal(kill(eyes[0], SIGSTOP), 0);
        assert_int_equal(kill(tie.host, SIGUSR1), 0);
        screen_wait(screen, shows_children, &tie.host, "every child of the container's first process");
        screen_wait(screen, scene_is_old, "HOST", "the age of the machine's pane");
        assert_false(scene_is_old(screen, "CONTAINER"));
        assert_int_equal(kill(eyes[0], SIGCONT), 0);
        screen_wait_no_text(screen, " s old");
        scene_leave(screen);
}

/* A process that is frozen hangs as one does in a read that does not end: the kernel does not call it
 * stopped. */
static const struct freezer {
        const char *top, *knob, *on, *off;
} freezers[] = {
        { "/sys/fs/cgroup", "cgroup.freeze", "1", "0" },
        { "/sys/fs/cgroup/unified", "cgroup.freeze", "1", "0" },
        { "/sys/fs/cgroup/freezer", "freezer.state", "FROZEN", "THAWED" },
};

static bool say(const char *folder, const char *name, const char *word)
{
        own_free char *path = xasprintf("%s/%s", folder, name);
        own_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

        return fd >= 0 && io_write_all(fd, word, strlen(word));
}

/* Returns the folder of its group, the caller's, or NULL where the machine has none to freeze with. */
static char *freeze(pid_t pid, const struct freezer **ret)
{
        own_free char *number = xasprintf("%d", (int)pid);

        for (size_t i = 0; i < sizeof(freezers) / sizeof(freezers[0]); i++) {
                own_free char *folder = xasprintf("%s/vitrine-test-%s", freezers[i].top, number);

                *ret = &freezers[i];
                if (mkdir(folder, 0755) < 0)
                        continue;
                if (say(folder, "cgroup.procs", number) && say(folder, (*ret)->knob, (*ret)->on))
                        return take_ptr(folder);
                say((*ret)->top, "cgroup.procs", number);
                rmdir(folder);
        }
        return NULL;
}

static void a_reader_that_hangs_in_the_kernel_makes_its_pane_old(void **state)
{
        const struct scene *scene = *state;
        struct screen *screen;
        own_free char *folder = NULL, *number = NULL;
        const struct freezer *freezer;
        pid_t eyes[EYES_MOST];
        char name[8] = "";
        bool old = false;

        if (geteuid() != 0) {
                print_message("# skipped: needs root, to freeze a process\n");
                return;
        }
        if (scene->user) /* it is the same for everybody */
                return;
        screen = scene_first(*state);
        let_pass(screen, FIRST_MS + SETTLE_MS);
        assert_int_equal(scene_eyes(screen, eyes), 2);
        number = xasprintf("%d", (int)eyes[0]);
        folder = freeze(eyes[0], &freezer);
        if (!folder) {
                print_message("# skipped: there is no cgroup that freezes\n");
                return;
        }
        proc_status(eyes[0], "State", name, sizeof(name));
        for (uint64_t end = time_now_ms() + GLANCE_MS + OLD_MS; !old && time_now_ms() < end;) {
                let_pass(screen, 100);
                old = scene_is_old(screen, "HOST");
        }
        /* Before anything can fail: who is frozen cannot be ended. */
        say(folder, freezer->knob, freezer->off);
        say(freezer->top, "cgroup.procs", number);
        rmdir(folder);
        if (!old || !*name || strchr("Tt", *name))
                screen_fail(screen, "a reader in state %s stays fresh", name);
        screen_wait_no_text(screen, " s old");
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(nothing_but_the_clock_wakes_any_of_its_processes),
                cmocka_unit_test(what_no_event_tells_is_seen_though_nobody_touches_it),
                cmocka_unit_test(a_command_line_that_is_written_over_is_seen_in_half_a_minute),
                cmocka_unit_test(what_begins_inside_is_seen_though_the_machines_reader_hangs),
                cmocka_unit_test(a_reader_that_hangs_in_the_kernel_makes_its_pane_old),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
