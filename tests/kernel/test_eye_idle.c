/* SPDX-License-Identifier: MIT */
/* An eye that is told what happens sleeps until something does; it polls where nobody tells. */
#include "config.h"

#include "eye_told.h"
#include "fork_crowd.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "count_events.h"

enum { TEXT_MAX = 1024 * 1024, CROWD = 1500, OLD_MS = 4000, ASK_MS = 100 };

static unsigned long number_in(const char *path, const char *word)
{
        own_free char *text = NULL;
        own_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
        const char *at;
        size_t n;

        assert_true(io_read_all(fd, TEXT_MAX, &text, &n));
        at = strstr(text, word);
        assert_non_null(at);
        return strtoul(at + strlen(word), NULL, 10);
}

static unsigned long wakes_of(const struct eye *eye)
{
        own_free char *path = xasprintf("/proc/%d/status", (int)eye_pid(eye));

        return number_in(path, "\nvoluntary_ctxt_switches:");
}

/* What goes on elsewhere on the machine wakes an eye that is told: fork, exec and exit, each with the pass
 * after it, and looks for the zombie, which may reach into the next window; in a storm many at once. */
enum { WINDOW_MS = 2000, WINDOWS = 10, WAKES_PER_EVENT = 12, WAKES_MOST = 250 };

static bool wakes_by_itself(struct eye *eye)
{
        const uint64_t end = time_now_ms() + SOON_MS;
        const unsigned long wakes = wakes_of(eye);

        while (wakes_of(eye) < wakes + 2 && time_now_ms() < end) {
                poll(NULL, 0, 5);
                assert_true(eye_read(eye, NULL) >= 0);
        }
        return wakes_of(eye) >= wakes + 2;
}

static void an_eye_sleeps_while_nothing_happens(void **state)
{
        struct eye *told = open_told(0), *polls;
        struct events events;
        unsigned long before = WAKES_MOST, now = WAKES_MOST;

        (void)state;
        if (!told)
                return;
        events_open(&events);
        assert_true(events_begin(&events, 0));
        polls = open_host(&(struct eye_options){ .polls = true });
        assert_false(eye_is_told(polls));
        for (int i = 0; i < WINDOWS && before + now > 0; i++) {
                unsigned long wakes, polled;

                while (eye_read(polls, NULL) > 0 || eye_read(told, NULL) > 0)
                        ;
                before = i == 0 ? WAKES_MOST : now;
                now = count_events(&events, WAKES_MOST);
                wakes = wakes_of(told);
                polled = wakes_of(polls);
                poll(NULL, 0, WINDOW_MS);
                wakes = wakes_of(told) - wakes;
                polled = wakes_of(polls) - polled;
                now += count_events(&events, WAKES_MOST);
                print_message("# %lu events, %lu before: woken %lu times, one that polls %lu\n", now, before,
                              wakes, polled);
                assert_true(wakes <= (before + now) * WAKES_PER_EVENT && wakes <= WAKES_MOST);
        }
        assert_true(wakes_by_itself(polls));
        events_end(&events);
        eye_close(polls);
        eye_close(told);
}

/* Until it has not been woken for a while. */
static unsigned long settle(const struct eye *eye)
{
        const uint64_t end = time_now_ms() + SOON_MS;
        unsigned long wakes = wakes_of(eye), before;

        do {
                before = wakes;
                poll(NULL, 0, 300);
                wakes = wakes_of(eye);
        } while (wakes != before && time_now_ms() < end);
        return wakes;
}

/* In a network namespace of its own: the connector is not there. */
static int look_from_elsewhere(void)
{
        const int user = geteuid() == 0 ? 0 : CLONE_NEWUSER;
        struct eye *eye;
        int hold = -1, wrong = 0;
        pid_t pid;

        if (unshare(CLONE_NEWNET | user) < 0)
                return 77;
        eye = open_host(&(struct eye_options){ 0 });
        pid = fork_held(become_sleep, &hold);
        release(&hold);
        if (eye_is_told(eye) || eye_period_ms(eye) == 0)
                wrong = 1;
        else if (!await_row(eye, pid, is_named, "sleep", SOON_MS))
                wrong = 2;
        end_child(pid);
        eye_close(eye);
        return wrong;
}

/* In a PID namespace of its own the kernel takes no notice of who wants to listen. */
static int look_from_below(void)
{
        const int user = geteuid() == 0 ? 0 : CLONE_NEWUSER;
        struct eye *eye;
        pid_t pid;
        int status = 0, wrong;

        if (unshare(CLONE_NEWPID | user) < 0)
                return 77;
        pid = fork();
        if (pid > 0)
                return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 3;
        eye = open_host(&(struct eye_options){ 0 });
        wrong = eye_is_told(eye) || eye_period_ms(eye) == 0;
        eye_close(eye);
        _exit(wrong);
}

static void an_eye_in_other_namespaces_polls(int (*look)(void))
{
        int status;
        pid_t pid = fork();

        if (pid == 0)
                _exit(look());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) == 77)
                return say_skipped("the kernel refuses a new namespace");
        assert_int_equal(WEXITSTATUS(status), 0);
}

static void an_eye_in_another_network_namespace_polls(void **state)
{
        (void)state;
        an_eye_in_other_namespaces_polls(look_from_elsewhere);
}

static void an_eye_in_another_pid_namespace_polls(void **state)
{
        (void)state;
        an_eye_in_other_namespaces_polls(look_from_below);
}

static bool is_guard(const struct proc *row, const void *what)
{
        (void)row;
        return find_child(what, eye_pid(what), "vitrine events") > 0;
}

/* The eye's child that takes the eye's word back when it has gone. */
static pid_t find_guard(struct eye *eye)
{
        assert_true(await_row(eye, 0, is_guard, eye, SOON_MS));
        return find_child(eye, eye_pid(eye), "vitrine events");
}

static bool is_there(pid_t pid)
{
        own_free char *path = xasprintf("/proc/%d/stat", (int)pid);
        own_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
        own_free char *text = NULL;
        size_t n;

        return fd >= 0 && io_read_all(fd, TEXT_MAX, &text, &n) && strstr(text, ") Z ") == NULL;
}

static void however_an_eye_ends_its_guard_ends_too(void **state)
{
        struct eye *eye = open_told(0);
        uint64_t end = time_now_ms() + SOON_MS;
        pid_t guard;

        (void)state;
        if (!eye)
                return;
        guard = find_guard(eye);
        assert_true(guard > 0 && is_there(guard));
        kill(guard, SIGTERM);
        kill(guard, SIGHUP);
        poll(NULL, 0, 50);
        assert_true(is_there(guard));
        kill(eye_pid(eye), SIGKILL);
        while (is_there(guard) && time_now_ms() < end)
                poll(NULL, 0, 5);
        assert_false(is_there(guard));
        eye_close(eye);
}

static void an_eye_whose_guard_was_ended_polls(void **state)
{
        struct eye *eye = geteuid() == 0 ? open_told(0) : NULL;
        uint64_t end = time_now_ms() + SOON_MS;
        int hold = -1;
        pid_t pid;

        (void)state;
        if (!eye)
                return say_skipped("needs root");
        kill(find_guard(eye), SIGKILL);
        while (eye_is_told(eye) && time_now_ms() < end) {
                poll(NULL, 0, 5);
                assert_true(eye_read(eye, NULL) >= 0);
        }
        assert_false(eye_is_told(eye));
        pid = fork_held(become_sleep, &hold);
        release(&hold);
        assert_true(await_row(eye, pid, is_named, "sleep", SOON_MS));
        end_child(pid);
        eye_close(eye);
}

/* The cage's side, here with this machine's PIDs. */
static struct eye *open_inside(void)
{
        const char *top = getenv("top_builddir");
        own_free char *path = xasprintf("%s/vitrine-eye", top ? top : ".");
        own_fd int context = fsopen("proc", FSOPEN_CLOEXEC), proc_fd = -1;
        struct eye *eye = NULL;

        if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
                return NULL;
        proc_fd = fsmount(context, FSMOUNT_CLOEXEC, 0);
        if (proc_fd < 0)
                return NULL;
        assert_true(eye_open_cage(path, proc_fd, -1, &eye, NULL));
        assert_true(eye_wait(eye, 0, SOON_MS, NULL));
        return eye;
}

static void the_cages_eye_looks_when_it_is_stirred_and_else_sleeps(void **state)
{
        struct eye *eye = geteuid() == 0 ? open_inside() : NULL;
        uint64_t end = time_now_ms() + SOON_MS;
        unsigned long wakes;
        int hold = -1;
        pid_t pid;

        (void)state;
        if (!eye)
                return say_skipped("needs root, to mount a procfs");
        assert_false(eye_is_told(eye));
        assert_true(eye_tell(eye, true));
        while (!eye_is_told(eye) && time_now_ms() < end) {
                poll(NULL, 0, 5);
                assert_true(eye_read(eye, NULL) >= 0);
        }
        assert_true(eye_is_told(eye));
        wakes = settle(eye);
        pid = fork_held(become_sleep, &hold);
        release(&hold);
        assert_false(await_row(eye, pid, is_named, "sleep", 1000));
        assert_int_equal(wakes_of(eye), wakes);
        eye_stir(eye);
        assert_true(await_row(eye, pid, is_named, "sleep", SOON_MS));
        /* Nobody tells it any more: it polls. */
        eye_tell(eye, false);
        end_child(pid);
        assert_true(await_row(eye, pid, is_gone, NULL, SOON_MS));
        eye_close(eye);
}

/* Each answer is about what is new and what is watched; it costs the others no turn. */
static void asking_all_the_time_holds_up_nobodys_turn(void **state)
{
        static pid_t crowd[CROWD];
        const uint64_t begin = time_now_ms();
        int hold = -1, hold_watched = -1;
        pid_t old = fork_held(become_sleep, &hold), watched = fork_held(become_sleep, &hold_watched);
        own_free char *path = xasprintf("/proc/%d/comm", (int)old), *name = NULL;
        struct eye *eye;
        bool seen = false;

        (void)state;
        fork_crowd(crowd, CROWD);
        eye = open_host(&(struct eye_options){ .polls = true });
        assert_true(eye_watch(eye, watched, 0));
        assert_true(eye_wait(eye, time_now_ms(), SOON_MS, NULL));
        while (time_now_ms() < begin + OLD_MS)
                poll(NULL, 0, ASK_MS);
        release(&hold);
        for (uint64_t end = time_now_ms() + SOON_MS; !seen && time_now_ms() < end;) {
                eye_wake(eye);
                seen = await_row(eye, old, is_named, "sleep", ASK_MS);
        }
        assert_true(io_read_file(AT_FDCWD, path, TEXT_MAX, &name, NULL));
        assert_string_equal(name, "sleep\n");
        assert_true(seen);
        for (size_t i = 0; i < CROWD; i++)
                end_child(crowd[i]);
        end_child(watched);
        fd_close(&hold_watched);
        end_child(old);
        eye_close(eye);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_eye_sleeps_while_nothing_happens),
                cmocka_unit_test(an_eye_in_another_network_namespace_polls),
                cmocka_unit_test(an_eye_in_another_pid_namespace_polls),
                cmocka_unit_test(however_an_eye_ends_its_guard_ends_too),
                cmocka_unit_test(an_eye_whose_guard_was_ended_polls),
                cmocka_unit_test(the_cages_eye_looks_when_it_is_stirred_and_else_sleeps),
                cmocka_unit_test(asking_all_the_time_holds_up_nobodys_turn),
        };

        return cmocka_run_group_tests_name("eye_idle", tests, NULL, NULL);
}
