/* SPDX-License-Identifier: MIT */
/* Nobody touches it and nothing happens: it sleeps, but for the clock. */
#include "config.h"

#include "scene.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "proc.h"

enum {
        SETTLE_MS = 2500,
        WINDOW_MS = 3000,
        WINDOWS = 5,
        ONE_MORE = 1,       /* a second may begin at either end of a window */
        WAKES_PER_FORK = 12 /* what happens elsewhere on the machine is looked at: fork, exec, exit, zombie */
};

/* Of a process, and how often it had been woken. */
struct sleeper {
        pid_t pid;
        unsigned long wakes;
};

static unsigned long count_forks(void)
{
        own_free char *text = NULL;
        own_fd int fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
        const char *at;
        size_t n;

        assert_true(io_read_all(fd, 16 * 1024 * 1024, &text, &n));
        at = strstr(text, "\nprocesses ");
        assert_non_null(at);
        return strtoul(at + strlen("\nprocesses "), NULL, 10);
}

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

/* Returns how many processes were made on the whole machine meanwhile: without any, the clock is alone. */
static unsigned long watch_once(struct screen *screen)
{
        struct sleeper before[PROC_MAX + 1];
        unsigned long forks = count_forks(), now, most;
        size_t n = read_all(screen, before);

        let_pass(screen, WINDOW_MS);
        most = WINDOW_MS / 1000 + ONE_MORE;
        for (size_t i = 0; i < n; i++) {
                char name[32] = "";
                unsigned long wakes;

                if (!read_wakes(before[i].pid, &now))
                        continue;
                wakes = now - before[i].wakes;
                proc_status(before[i].pid, "Name", name, sizeof(name));
                if (wakes > most && wakes > most + (count_forks() - forks) * WAKES_PER_FORK)
                        screen_fail(screen, "%s was woken %lu times in %d ms, and %lu processes were made",
                                    name, wakes, WINDOW_MS, count_forks() - forks);
        }
        return count_forks() - forks;
}

static void nothing_but_the_clock_wakes_any_of_its_processes(void **state)
{
        struct screen *screen = scene_first(*state);
        unsigned long quietest = ~0ul;

        let_pass(screen, SETTLE_MS);
        if (proc_named(screen_pid(screen), "vitrine events") == 0) {
                print_message("# skipped: the kernel's proc connector refuses this user (Linux before 6.6), "
                              "or these namespaces\n");
                return;
        }
        for (int i = 0; i < WINDOWS && quietest > 0; i++) {
                unsigned long forks = watch_once(screen);

                quietest = forks < quietest ? forks : quietest;
        }
        print_message("# in the quietest window %lu processes were made elsewhere\n", quietest);
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(nothing_but_the_clock_wakes_any_of_its_processes),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
