/* SPDX-License-Identifier: MIT */
/* An eye that is told what happens sleeps until something does; it polls where nobody tells. */
#include "config.h"

#include "eye_told.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"

enum { TEXT_MAX = 1024 * 1024 };

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
 * after it, and looks for the zombie; in a storm many at once. */
enum { WINDOW_MS = 2000, WINDOWS = 8, WAKES_PER_FORK = 12, WAKES_MOST = 250 };

static void an_eye_sleeps_while_nothing_happens(void **state)
{
        struct eye *told = open_told(0), *polls;
        unsigned long forks, wakes, polled, quietest = ~0ul;

        (void)state;
        if (!told)
                return;
        polls = open_host(&(struct eye_options){ .polls = true });
        assert_false(eye_is_told(polls));
        poll(NULL, 0, 1500); /* names are looked up, and who did that has ended */
        for (int i = 0; i < WINDOWS && quietest > 0; i++) {
                while (eye_read(polls, NULL) > 0 || eye_read(told, NULL) > 0)
                        ;
                forks = number_in("/proc/stat", "\nprocesses ");
                wakes = wakes_of(told);
                polled = wakes_of(polls);
                poll(NULL, 0, WINDOW_MS);
                wakes = wakes_of(told) - wakes;
                polled = wakes_of(polls) - polled;
                forks = number_in("/proc/stat", "\nprocesses ") - forks;
                print_message("# %lu forks: woken %lu times, one that polls %lu\n", forks, wakes, polled);
                assert_true(wakes <= forks * WAKES_PER_FORK && wakes <= WAKES_MOST);
                assert_true(polled >= 2);
                quietest = forks < quietest ? forks : quietest;
        }
        eye_close(polls);
        eye_close(told);
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

static void an_eye_without_the_connector_polls(void **state)
{
        int status;
        pid_t pid = fork();

        (void)state;
        if (pid == 0)
                _exit(look_from_elsewhere());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) == 77)
                return say_skipped("the kernel refuses a network namespace");
        assert_int_equal(WEXITSTATUS(status), 0);
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
        poll(NULL, 0, 100);
        wakes = wakes_of(eye);
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

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_eye_sleeps_while_nothing_happens),
                cmocka_unit_test(an_eye_without_the_connector_polls),
                cmocka_unit_test(however_an_eye_ends_its_guard_ends_too),
                cmocka_unit_test(an_eye_whose_guard_was_ended_polls),
                cmocka_unit_test(the_cages_eye_looks_when_it_is_stirred_and_else_sleeps),
        };

        return cmocka_run_group_tests_name("eye_idle", tests, NULL, NULL);
}
