/* SPDX-License-Identifier: MIT */
/* A container that this test starts, looked at with `vitrine attach PID`: what is shown, which keys are off,
 * and that it goes on. */
#include "config.h"

#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"

enum { OTHER_UID = 65533, LINK_SIZE = 64 };

struct target {
        pid_t keeper; /* the test's child, which made the namespace */
        pid_t init;
};

static bool write_file(const char *path, const char *text)
{
        own_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

/* As another user: in a user namespace that maps its one id to root. */
static bool enter_userns(uid_t uid)
{
        own_free char *map = xasprintf("0 %u 1\n", uid);

        return unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0 && write_file("/proc/self/setgroups", "deny") &&
               write_file("/proc/self/uid_map", map) && write_file("/proc/self/gid_map", map);
}

static _Noreturn void be_keeper(bool user, int say)
{
        pid_t pid;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (user && geteuid() == 0 &&
            (setresgid(OTHER_UID, OTHER_UID, OTHER_UID) < 0 ||
             setresuid(OTHER_UID, OTHER_UID, OTHER_UID) < 0))
                _exit(1);
        prctl(PR_SET_DUMPABLE, 1); /* the change of user took it away */
        if (user ? !enter_userns(geteuid()) : unshare(CLONE_NEWPID) < 0)
                _exit(1);
        pid = fork();
        if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                execlp("sleep", "sleep", "4201", (char *)NULL);
                _exit(1);
        }
        if (write(say, &pid, sizeof(pid)) != (ssize_t)sizeof(pid))
                _exit(1);
        close(say);
        waitpid(pid, NULL, 0);
        _exit(0);
}

static bool is_sleep(pid_t pid)
{
        char name[32];

        return proc_status(pid, "Name", name, sizeof(name)) && strcmp(name, "sleep") == 0;
}

static void start(const struct scene *scene, struct target *target)
{
        int say[2];

        assert_int_equal(pipe2(say, O_CLOEXEC), 0);
        target->keeper = fork();
        if (target->keeper == 0)
                be_keeper(scene->user, say[1]);
        close(say[1]);
        assert_int_equal(read(say[0], &target->init, sizeof(target->init)), sizeof(target->init));
        close(say[0]);
        for (int i = 0; i < 1000 && !is_sleep(target->init); i++)
                poll(NULL, 0, 10);
        assert_true(is_sleep(target->init));
}

static void stop(const struct target *target)
{
        kill(target->init, SIGKILL);
        waitpid(target->keeper, NULL, 0);
}

static struct screen *attach(struct scene *scene, const struct target *target, int cols, int rows)
{
        own_free char *pid = xasprintf("%d", (int)target->init);
        const char *const args[] = { "attach", pid, NULL };

        return scene_start(scene, args, NULL, cols, rows);
}

static bool read_ns(const char *pid, char ret[static LINK_SIZE])
{
        own_free char *path = xasprintf("/proc/%s/ns/pid", pid);
        ssize_t n = readlink(path, ret, LINK_SIZE - 1);

        ret[n > 0 ? n : 0] = '\0';
        return n > 0;
}

/* Who of vitrine and what it started is in the target's PID namespace. */
static size_t count_inside(const struct target *target, pid_t vitrine)
{
        own_free char *init = xasprintf("%d", (int)target->init);
        char wanted[LINK_SIZE], his[LINK_SIZE];
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(vitrine, pids), inside = 0;

        assert_true(n >= 2); /* both readers */
        assert_true(read_ns(init, wanted));
        for (size_t i = 0; i < n; i++) {
                own_free char *pid = xasprintf("%d", (int)pids[i]);

                inside += read_ns(pid, his) && strcmp(his, wanted) == 0;
        }
        return inside;
}

/* The row that ties it has the numbers that /proc has. */
static void assert_tied(struct screen *screen, const struct target *target)
{
        struct tie tie = tie_wait_status(screen, "Name", "sleep");

        assert_int_equal(tie.host, target->init);
        assert_int_equal(tie.container, 1);
}

static void it_is_looked_at_and_goes_on(void **state)
{
        struct scene *scene = *state;
        struct target target;
        struct screen *screen;
        own_free char *title = NULL;
        char before[LINK_SIZE], after[LINK_SIZE], mask[32];
        own_free char *init = NULL;

        start(scene, &target);
        title = xasprintf("attached to PID %d", (int)target.init);
        init = xasprintf("%d", (int)target.init);
        assert_true(read_ns(init, before));
        screen = attach(scene, &target, 80, 24);
        assert_tied(screen, &target);
        screen_wait_text(screen, title);
        assert_int_equal(screen_find(screen, "same as:"), -1);
        assert_int_equal(screen_find(screen, "stop being root"), -1);
        screen_wait_text(screen, "sees 1 process");
        assert_true(proc_status(target.init, "CapEff", mask, sizeof(mask)));
        screen_wait_text(screen, mask);
        assert_int_equal(count_inside(&target, screen_pid(screen)), 0);
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
        scene_assert_restored(screen);
        assert_true(proc_lives(target.init));
        assert_true(read_ns(init, after));
        assert_string_equal(after, before);
        stop(&target);
}

static void keys_that_would_change_it_say_why_they_are_off(void **state)
{
        static const char *const keys[] = { "K", "u", "p", "N", "a", "d", "c", "r", "z", "Z", "M", "U", "!" };
        struct scene *scene = *state;
        struct target target;
        struct screen *screen;

        start(scene, &target);
        screen = attach(scene, &target, 80, 24);
        assert_tied(screen, &target);
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
                own_free char *why =
                        xasprintf("%s: this container is not vitrine's: it is only looked at", keys[i]);

                screen_send(screen, keys[i]);
                screen_wait_text(screen, why);
        }
        screen_send(screen, " ");
        screen_wait_text(screen, "space: this container is not vitrine's");
        screen_send(screen, "y");
        screen_wait_text(screen, "y: the line that began this container is not known");
        /* Looking goes on: the namespaces, whose toggle is off too, and the help. */
        screen_send(screen, "n");
        screen_wait_text(screen, "NAMESPACES");
        screen_send(screen, " ");
        screen_wait_text(screen, "space: this container is not vitrine's");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "NAMESPACES");
        screen_send(screen, "\003");
        screen_wait_text(screen, "Ctrl-C again ends vitrine (so does q)");
        assert_tied(screen, &target);
        screen_send(screen, "\003");
        assert_int_equal(screen_wait_end(screen), 0);
        assert_true(proc_lives(target.init));
        stop(&target);
}

static void its_end_is_said_and_the_last_view_stays(void **state)
{
        struct scene *scene = *state;
        struct target target;
        struct screen *screen;

        start(scene, &target);
        screen = attach(scene, &target, 120, 30);
        assert_tied(screen, &target);
        stop(&target);
        screen_wait_text(screen, "CONTAINER  ended");
        screen_wait_text(screen, " ended");
        assert_int_equal(screen_find(screen, "exited"), -1);
        screen_send(screen, "r");
        screen_wait_text(screen, "it is only looked at");
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
}

static void what_ends_with_a_recording_of_it_is_said(void **state)
{
        struct scene *scene = *state;
        struct target target;
        struct screen *screen;
        own_free char *pid = NULL;
        char dir[] = "/tmp/vitrine-attach.XXXXXX";
        own_free char *file = NULL;

        start(scene, &target);
        assert_non_null(mkdtemp(dir));
        assert_int_equal(chmod(dir, 0777), 0);
        file = xasprintf("%s/a.cast", dir);
        pid = xasprintf("%d", (int)target.init);
        screen = scene_start(scene, (const char *const[]){ "attach", pid, "--record", file, NULL }, NULL, 100,
                             24);
        assert_tied(screen, &target);
        screen_send(screen, "q");
        screen_wait_text(screen, "End the recording?");
        screen_wait_text(screen, "container goes on: it is only looked at");
        assert_int_equal(screen_find(screen, "ends with vitrine"), -1);
        screen_send(screen, "n");
        screen_wait_no_text(screen, "End the recording?");
        /* R ends it alone, as was said; then there is nothing to ask. */
        screen_send(screen, "R");
        screen_wait_no_text(screen, " REC ");
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), 0);
        assert_true(proc_lives(target.init));
        unlink(file);
        rmdir(dir);
        stop(&target);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_is_looked_at_and_goes_on),
                cmocka_unit_test(keys_that_would_change_it_say_why_they_are_off),
                cmocka_unit_test(its_end_is_said_and_the_last_view_stays),
                cmocka_unit_test(what_ends_with_a_recording_of_it_is_said),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
