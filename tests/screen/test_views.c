/* SPDX-License-Identifier: MIT */
/* The namespaces, what is this?, the forms of the panes, and what is said when something ends: each compared
 * with /proc, read from outside. */
#include "config.h"

#include "scene.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"

#define KEY_DOWN "\033OB"
#define KEY_RIGHT "\033OC"
#define KEY_ESC "\033"
enum { LINK_SIZE = 64, REVIVE_LEAST_MS = 2000 };

struct shared {
        const char *type; /* as in /proc/PID/ns */
        bool shared;
};

static bool read_ns(const char *pid, const char *type, char ret[static LINK_SIZE])
{
        own_free char *path = xasprintf("/proc/%s/ns/%s", pid, type);
        ssize_t n = readlink(path, ret, LINK_SIZE - 1);

        ret[n > 0 ? n : 0] = '\0';
        return n > 0;
}

/* Whether the tied process is in the namespace that this test, and so the machine, is in. */
static bool is_shared(struct screen *screen, const void *data)
{
        const struct shared *wanted = data;
        char own[LINK_SIZE], theirs[LINK_SIZE], pid[16];
        struct tie tie;

        if (!tie_find(screen, &tie))
                return false;
        snprintf(pid, sizeof(pid), "%d", tie.host);
        return read_ns("self", wanted->type, own) && read_ns(pid, wanted->type, theirs) &&
               (strcmp(own, theirs) == 0) == wanted->shared;
}

static void wait_shared(struct screen *screen, const char *type, bool shared)
{
        struct shared wanted = { .type = type, .shared = shared };
        own_free char *what = xasprintf("the %s namespace %s", type, shared ? "shared" : "its own");

        screen_wait(screen, is_shared, &wanted, what);
}

static void space_shares_and_unshares_a_namespace(void **state)
{
        static const struct {
                const char *type, *picked, *flag;
        } cases[] = {
                { "net", "► network ", "--network=host" },
                { "uts", "► uts ", "--uts=host" },
                { "ipc", "► ipc ", "--ipc=host" },
                { "cgroup", "► cgroupns ", "--cgroupns=host" },
        };
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_send(screen, "n");
        screen_wait_text(screen, "► pid ");
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                screen_send(screen, KEY_DOWN);
                screen_wait_text(screen, cases[i].picked);
                wait_shared(screen, cases[i].type, false);
                screen_send(screen, " ");
                screen_wait_text(screen, cases[i].flag);
                wait_shared(screen, cases[i].type, true);
                screen_wait_text(screen, "space: give it one of its own again");
                screen_send(screen, " ");
                screen_wait_text(screen, "docker run ubuntu sleep 3600");
                wait_shared(screen, cases[i].type, false);
                screen_wait_text(screen, "space: share the machine's");
        }
        screen_send(screen, KEY_ESC);
        screen_wait_no_text(screen, "NAMESPACES");
        scene_leave(screen);
}

/* Whether the numbers of the tied process's own network and UTS namespaces, other ones than before, are
 * shown. */
static bool shows_own_numbers(struct screen *screen, const void *data)
{
        static const char *const types[] = { "net", "uts" };
        const char(*before)[LINK_SIZE] = data;
        char now[LINK_SIZE], pid[16];
        struct tie tie;

        if (!tie_find(screen, &tie))
                return false;
        snprintf(pid, sizeof(pid), "%d", tie.host);
        for (size_t i = 0; i < 2; i++) {
                if (!read_ns(pid, types[i], now) || strcmp(now, before[i]) == 0)
                        return false;
                now[strcspn(now, "]")] = '\0';
                if (screen_find(screen, strchr(now, '[') + 1) < 0)
                        return false;
        }
        return true;
}

/* On a signal, without an exec: no event tells of that. */
static void a_namespace_that_the_container_leaves_by_itself_is_seen(void **state)
{
        own_free char *script = xasprintf("$SIG{USR1} = sub { syscall(%d, %d) }; sleep 1000 while 1",
                                          (int)SYS_unshare, CLONE_NEWNET | CLONE_NEWUTS);
        const char *args[] = { "--userns=remap", "--privileged", "demo", "perl", "-e", script, NULL };
        const struct scene *scene = *state;
        struct screen *screen = scene_start(*state, scene->user ? args + 1 : args, NULL, 140, 50);
        struct tie tie = tie_wait_status(screen, "Name", "perl");
        char before[2][LINK_SIZE], pid[16];

        screen_send(screen, "n");
        screen_wait_text(screen, "ON MACHINE");
        snprintf(pid, sizeof(pid), "%d", tie.host);
        assert_true(read_ns(pid, "net", before[0]) && read_ns(pid, "uts", before[1]));
        assert_int_equal(kill(tie.host, SIGUSR1), 0);
        screen_wait(screen, shows_own_numbers, before, "the numbers that the kernel has now");
        scene_leave(screen);
}

static void what_is_shared_stands_on_the_user_line(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 110, 24);

        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "n" KEY_DOWN " ");
        screen_wait_text(screen, "--network=host");
        wait_shared(screen, "net", true);
        screen_wait_text(screen, "shares: net");
        screen_send(screen, "z");
        wait_shared(screen, "net", false);
        screen_wait_no_text(screen, "shares: net");
}

static bool has_one_number(struct screen *screen, const void *data)
{
        struct tie tie;

        (void)data;
        return tie_find(screen, &tie) && tie.host == tie.container;
}

static void the_processes_are_shared_only_after_asking(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before = tie_wait_status(screen, "Name", "sleep");

        screen_send(screen, "n");
        screen_wait_text(screen, "► pid ");
        screen_send(screen, " ");
        screen_wait_text(screen, "Launch it?");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Launch it?");
        screen_wait_text(screen, "► pid ");
        wait_shared(screen, "pid", false);
        assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
        screen_send(screen, " ");
        screen_wait_text(screen, "Launch it?");
        screen_send(screen, "y");
        screen_wait_text(screen, "--pid=host");
        tie_wait_other(screen, before.host);
        wait_shared(screen, "pid", true);
        screen_wait(screen, has_one_number, NULL, "the same number on both sides");
        screen_send(screen, " ");
        wait_shared(screen, "pid", false);
}

/* Its number is behind those of the rest, of whom not each one's status is read. */
static void it_is_seen_among_thousands(void **state)
{
        enum { CROWD = 2200 };
        pid_t parent = fork();

        assert_true(parent >= 0);
        if (parent == 0) {
                for (int i = 0; i < CROWD && fork() > 0; i++)
                        ;
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                kill(getpid(), SIGSTOP); /* its parent's word that all are there */
        }
        assert_int_equal(waitpid(parent, NULL, WUNTRACED), parent);
        the_processes_are_shared_only_after_asking(state);
        kill(parent, SIGKILL);
        waitpid(parent, NULL, 0);
}

static void what_stays_as_it_is_says_why(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before = tie_wait_status(screen, "Name", "sleep");

        screen_send(screen, "n" KEY_DOWN KEY_DOWN KEY_DOWN KEY_DOWN KEY_DOWN);
        screen_wait_text(screen, scene->user ? "► user     own " : "► user     shared ");
        if (scene->user) {
                screen_wait_text(screen, "without root always its own");
                screen_send(screen, " ");
                screen_wait_text(screen, "user: without root always its own");
        } else {
                screen_wait_text(screen, "space: give it one of its own (--userns=remap)");
        }
        screen_send(screen, KEY_DOWN " ");
        screen_wait_text(screen, "mnt: always its own");
        screen_send(screen, KEY_DOWN " ");
        screen_wait_text(screen, "time: always the machine's");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "NAMESPACES");
        assert_int_equal(tie_wait_status(screen, "Name", "sleep").host, before.host);
        screen_wait_text(screen, "docker run ubuntu sleep 3600");
}

static void i_explains_what_is_under_the_cursor(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);

        screen_send(screen, "i");
        screen_wait_text(screen, "┌ KILL  capability ─");
        screen_wait_text(screen, "Sends signals to processes of other users.");
        screen_send(screen, "i");
        screen_wait_no_text(screen, "KILL  capability");
        screen_send(screen, "i" KEY_DOWN);
        screen_wait_text(screen, "┌ SETGID  capability ─");
        screen_send(screen, KEY_ESC);
        screen_wait_no_text(screen, "SETGID  capability");
        screen_wait_text(screen, "SETGID (bit 6)");
        screen_send(screen, "\t" KEY_RIGHT "i");
        screen_wait_text(screen, "┌ PPID  column ─");
        screen_send(screen, KEY_ESC);
        screen_wait_no_text(screen, "PPID  column");
        screen_send(screen, "n" KEY_DOWN "i");
        screen_wait_text(screen, "┌ net  namespace ─");
        screen_send(screen, KEY_ESC);
        screen_wait_no_text(screen, "net  namespace");
        scene_leave(screen);
}

/* Where the parents have no column, none is picked. */
static void a_column_that_is_not_drawn_is_not_picked(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 70, 24);

        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "\t" KEY_RIGHT "i");
        screen_wait_text(screen, "The user's name");
        assert_int_equal(screen_find(screen, "PPID"), -1);
        screen_send(screen, KEY_ESC);
        screen_wait_no_text(screen, "The user's name");
        scene_leave(screen);
}

static void capital_h_shows_less_or_more_of_the_host(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 140, 40);

        tie_wait_status(screen, "Name", "sleep");
        screen_wait_text(screen, "processes, without arguments");
        screen_send(screen, "H");
        screen_wait_text(screen, " not shown ");
        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "H");
        screen_wait_no_text(screen, " not shown ");
        screen_wait_no_text(screen, "without arguments,");
        screen_send(screen, "H");
        screen_wait_text(screen, "processes, without arguments");
        screen_send(screen, "t");
        screen_wait_text(screen, "processes, without arguments, by PID");
        screen_wait_no_text(screen, "─sleep 3600");
        screen_send(screen, "t");
        screen_wait_text(screen, "─sleep 3600");
}

static void big_needs_no_parents(void **state)
{
        static const char *const args[] = { "--big", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);

        tie_wait_status(screen, "Name", "sleep");
        screen_wait_text(screen, "│     PID USER ");
        screen_send(screen, "B");
        screen_wait_text(screen, "PPID");
        screen_send(screen, "B");
        screen_wait_no_text(screen, "PPID");
        scene_leave(screen);
}

static void the_last_key_is_shown_for_a_while(void **state)
{
        static const char *const args[] = { "--keys", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);

        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "K");
        screen_wait_text(screen, " [K]");
        screen_wait_no_text(screen, " [K]");
        screen_send(screen, KEY_DOWN);
        screen_wait_text(screen, " [Down]");
}

static void escape_where_nothing_is_open_says_nothing(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 80, 24);

        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "Y");
        screen_wait_text(screen, "Y is no key of this screen");
        screen_send(screen, KEY_ESC);
        screen_wait_no_text(screen, "is no key of this screen");
}

static void an_end_stays_on_the_screen_and_r_starts_again(void **state)
{
        static const char *const args[] = { "ubuntu", "sleep", "1", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);
        struct tie before, after;

        before = tie_wait_status(screen, "Name", "sleep");
        wait_gone(screen, before.host);
        screen_wait_text(screen, "exited (0)");
        screen_wait_text(screen, "CONTAINER  ended");
        screen_wait_text(screen, " ended═");
        screen_wait_text(screen, " r: start again");
        screen_wait_text(screen, "effective 0");
        screen_wait_text(screen, " s old");
        screen_send(screen, "r");
        screen_wait_text(screen, "running");
        screen_wait_no_text(screen, "CONTAINER  ended");
        after = tie_wait_status(screen, "Name", "sleep");
        assert_int_not_equal(before.host, after.host);
        screen_wait_text(screen, "exited (0)");
        scene_leave(screen);
}

static void a_container_killed_from_outside_has_exited_137(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before = tie_wait_status(screen, "Name", "sleep");

        assert_int_equal(kill(before.host, SIGKILL), 0);
        screen_wait_text(screen, "exited (137)");
        screen_wait_text(screen, "CONTAINER  ended");
        screen_send(screen, "r");
        screen_wait_text(screen, "running");
        assert_true(tie_wait_other(screen, before.host).container == 1);
        scene_leave(screen);
}

static void a_keeper_killed_from_outside_takes_its_container_along(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before = tie_wait_status(screen, "Name", "sleep");
        char keeper[16];

        assert_true(proc_status(before.host, "PPid", keeper, sizeof(keeper)));
        assert_int_equal(kill((pid_t)strtol(keeper, NULL, 10), SIGKILL), 0);
        screen_wait_text(screen, "exited (137)");
        screen_wait_text(screen, "its keeper has died");
        wait_gone(screen, before.host);
        screen_send(screen, "r");
        screen_wait_text(screen, "running");
        assert_true(tie_wait_other(screen, before.host).container == 1);
        scene_leave(screen);
}

struct eyes {
        pid_t not, *ret;
};

static bool has_new_eye(struct screen *screen, const void *data)
{
        const struct eyes *eyes = data;
        pid_t pids[EYES_MOST];

        if (scene_eyes(screen, pids) != 2 || pids[0] == eyes->not || pids[1] == eyes->not )
                return false;
        *eyes->ret = pids[1];
        return true;
}

/* The reader that was begun in place of the one that has ended. */
static pid_t wait_new_eye(struct screen *screen, pid_t ended)
{
        pid_t pid = 0;
        struct eyes eyes = { .not = ended, .ret = &pid };

        screen_wait(screen, has_new_eye, &eyes, "another reader");
        return pid;
}

static void the_machines_reader_is_begun_anew_but_not_all_the_time(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        pid_t pids[EYES_MOST], second, third;
        char mask[17];
        uint64_t began_ms;

        screen_wait_text(screen, "running 00:01");
        assert_int_equal(scene_eyes(screen, pids), 2);
        assert_int_equal(kill(pids[0], SIGKILL), 0);
        second = wait_new_eye(screen, pids[0]);
        began_ms = time_now_ms();
        assert_int_equal(kill(second, SIGKILL), 0);
        screen_wait_text(screen, "└ not readable: the program that reads");
        third = wait_new_eye(screen, second);
        assert_true(time_now_ms() - began_ms >= REVIVE_LEAST_MS);
        screen_wait_no_text(screen, "not readable");
        assert_int_not_equal(second, third);
        /* What it sees is shown, and tied. */
        screen_send(screen, "K");
        screen_wait_text(screen, "--cap-drop=KILL");
        tie_wait_status(screen, "CapBnd", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        screen_wait_no_text(screen, " old ");
        scene_leave(screen);
}

static void the_containers_reader_is_missed_and_r_brings_another(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 110, 24);
        struct tie before = tie_wait_status(screen, "Name", "sleep");
        pid_t pids[EYES_MOST];

        screen_wait_text(screen, "running 00:01");
        assert_int_equal(scene_eyes(screen, pids), 2);
        assert_int_equal(kill(pids[1], SIGKILL), 0);
        screen_wait_text(screen, "the container pane is no longer live");
        screen_wait_text(screen, "not readable: the program that reads /proc ");
        screen_wait(screen, scene_is_old, "CONTAINER", "the container pane's age");
        assert_true(proc_lives(before.host));
        screen_send(screen, "r");
        tie_wait_other(screen, before.host);
        screen_wait_no_text(screen, "not readable");
        screen_wait_no_text(screen, " s old");
        scene_leave(screen);
}

static void a_reader_that_hangs_makes_its_pane_old(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        pid_t pids[EYES_MOST];

        /* A pane on which nothing happens is looked at all the same: it is not old. */
        screen_wait_text(screen, "running 00:05");
        assert_false(scene_is_old(screen, "CONTAINER"));
        assert_int_equal(scene_eyes(screen, pids), 2);
        assert_int_equal(kill(pids[0], SIGSTOP), 0);
        screen_wait(screen, scene_is_old, "HOST", "the host pane's age");
        assert_false(scene_is_old(screen, "CONTAINER"));
        assert_int_equal(kill(pids[0], SIGCONT), 0);
        screen_wait_no_text(screen, " s old");
        screen_wait_text(screen, "running 00:14"); /* nobody touches anything: neither is asked any more */
        assert_int_equal(kill(pids[1], SIGSTOP), 0);
        screen_wait(screen, scene_is_old, "CONTAINER", "the container pane's age");
        assert_false(scene_is_old(screen, "HOST"));
        assert_int_equal(kill(pids[1], SIGCONT), 0);
        screen_wait_no_text(screen, " s old");
        scene_leave(screen);
}

static void a_change_of_user_is_marked_on_its_line(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, NULL, NULL, 140, 40);

        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "u");
        screen_wait_text(screen, "--user=1000");
        screen_wait_text(screen, "root → student");
        screen_send(screen, KEY_DOWN);
        screen_wait_no_text(screen, "root → student");
        screen_send(screen, "u");
        screen_wait_text(screen, "student → root");
        screen_wait_no_text(screen, "student → root");
        screen_send(screen, "K");
        screen_wait_text(screen, "-KILL: …fb → …db");
        screen_send(screen, KEY_DOWN);
        screen_wait_no_text(screen, "-KILL: ");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(space_shares_and_unshares_a_namespace),
                cmocka_unit_test(a_namespace_that_the_container_leaves_by_itself_is_seen),
                cmocka_unit_test(what_is_shared_stands_on_the_user_line),
                cmocka_unit_test(the_processes_are_shared_only_after_asking),
                cmocka_unit_test(it_is_seen_among_thousands),
                cmocka_unit_test(what_stays_as_it_is_says_why),
                cmocka_unit_test(i_explains_what_is_under_the_cursor),
                cmocka_unit_test(a_column_that_is_not_drawn_is_not_picked),
                cmocka_unit_test(capital_h_shows_less_or_more_of_the_host),
                cmocka_unit_test(big_needs_no_parents),
                cmocka_unit_test(the_last_key_is_shown_for_a_while),
                cmocka_unit_test(escape_where_nothing_is_open_says_nothing),
                cmocka_unit_test(an_end_stays_on_the_screen_and_r_starts_again),
                cmocka_unit_test(a_container_killed_from_outside_has_exited_137),
                cmocka_unit_test(a_keeper_killed_from_outside_takes_its_container_along),
                cmocka_unit_test(the_machines_reader_is_begun_anew_but_not_all_the_time),
                cmocka_unit_test(the_containers_reader_is_missed_and_r_brings_another),
                cmocka_unit_test(a_reader_that_hangs_makes_its_pane_old),
                cmocka_unit_test(a_change_of_user_is_marked_on_its_line),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
