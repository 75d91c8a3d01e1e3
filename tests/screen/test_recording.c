/* SPDX-License-Identifier: MIT */
/* Recordings of what somebody does at a terminal. */
#include "config.h"

#include "scene.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"

#define ENTER "\r"

enum { FILE_MOST = 8 << 20, ROOM = 6000, LEAST = 32 << 10, BELOW_ANY_PROGRAM = 20 << 10, FAILED = 125 };

/* A folder that the program's user may write to; it is started there. */
static void open_folder(struct scene *scene, char ret[static 64])
{
        snprintf(ret, 64, "/tmp/vitrine-recording.XXXXXX");
        assert_non_null(mkdtemp(ret));
        assert_int_equal(chmod(ret, 0777), 0);
        scene->dir = ret;
}

static void close_folder(struct scene *scene, const char *dir)
{
        own_free char *line = xasprintf("rm -rf %s", dir);

        screen_finish(scene->screen);
        scene->screen = NULL;
        scene->dir = NULL;
        assert_int_equal(system(line), 0);
}

/* Owned by the caller. */
static char *read_in(const char *dir, const char *name)
{
        own_free char *path = xasprintf("%s/%s", dir, name);
        char *text;
        size_t n;

        if (!io_read_file(AT_FDCWD, path, FILE_MOST, &text, &n))
                fail_msg("cannot read %s", path);
        return text;
}

static struct screen *start_recording(struct scene *scene, const char *uts)
{
        const char *const args[] = { "--record", "x.cast", uts, NULL };
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);

        tie_wait_status(screen, "Name", "sleep");
        return screen;
}

/* Every line is one event, and whole. */
static void assert_whole_lines(const char *cast)
{
        assert_int_equal(strncmp(cast, "{\"version\": 2", strlen("{\"version\": 2")), 0);
        for (const char *at = strchr(cast, '\n') + 1; *at; at = strchr(at, '\n') + 1) {
                own_free char *line = xstrndup(at, strcspn(at, "\n"));

                assert_int_equal(line[0], '[');
                assert_non_null(strstr(line, "\"]"));
                assert_non_null(strchr(at, '\n'));
        }
}

/* As `ulimit -f` in the shell does it. Root may not have what it takes to do that to somebody else: then it
 * is done as him. */
static void limit_files(pid_t of, size_t bytes)
{
        const struct rlimit limit = { bytes, bytes };
        char uid[16], gid[16];
        int status = -1;
        pid_t pid;

        assert_true(proc_status(of, "Uid", uid, sizeof(uid)) && proc_status(of, "Gid", gid, sizeof(gid)));
        pid = fork();
        if (pid == 0) {
                gid_t group = (gid_t)strtoul(gid, NULL, 10);
                uid_t user = (uid_t)strtoul(uid, NULL, 10);
                bool ok = setresgid(group, group, group) == 0 && setresuid(user, user, user) == 0 &&
                          prlimit(of, RLIMIT_FSIZE, &limit, NULL) == 0;

                _exit(ok ? 0 : 1);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
}

static void a_file_that_reaches_its_limit_ends_the_recording_alone(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        own_free char *cast = NULL;
        struct tie tie;
        char dir[64];

        open_folder(scene, dir);
        screen = start_recording(scene, NULL);
        tie = tie_wait_status(screen, "Name", "sleep");
        cast = read_in(dir, "x.cast");
        limit_files(screen_pid(screen), strlen(cast) + ROOM < LEAST ? LEAST : strlen(cast) + ROOM);
        for (int i = 0; i < 40 && screen_find(screen, "● REC") >= 0; i++) {
                screen_send(screen, "?");
                screen_wait_text(screen, "drop KILL, or restore it");
                screen_send(screen, "?");
                screen_wait_no_text(screen, "drop KILL, or restore it");
        }
        assert_int_equal(screen_find(screen, "● REC"), -1);
        assert_true(proc_lives(tie.host));
        screen_send(screen, "q");
        assert_int_equal(screen_wait_end(screen), FAILED);
        scene_assert_restored(screen);
        assert_true(screen_find(screen, "write the recording x.cast: File too large") >= 0);
        assert_true(screen_find(screen, "ulimit -f") >= 0);
        free(take_ptr(cast));
        cast = read_in(dir, "x.cast");
        assert_whole_lines(cast);
        close_folder(scene, dir);
}

/* The keeper is copied first: where that is too large for a file it is said. */
static void without_room_for_the_keeper_it_says_so(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct rlimit usual, limit;

        assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
        limit = (struct rlimit){ .rlim_cur = BELOW_ANY_PROGRAM, .rlim_max = usual.rlim_max };
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        screen = scene_start(scene, NULL, NULL, 160, 24);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
        assert_int_equal(screen_wait_end(screen), FAILED);
        scene_assert_restored(screen);
        assert_true(screen_find(screen, "vitrine-keeper: File too large") >= 0);
        assert_true(screen_find(screen, "ulimit -f") >= 0);
}

/* A shell that shares the machine's name tells it at every turn; a recording has another word, as wide. */
static void the_shell_does_not_name_the_machine(void **state)
{
        struct scene *scene = *state;
        struct screen *screen;
        struct utsname machine;
        own_free char *shown = NULL, *named = NULL;
        char dir[64];

        assert_int_equal(uname(&machine), 0);
        shown = xasprintf("<%-*.*s>", (int)strlen(machine.nodename), (int)strlen(machine.nodename), "host");
        named = xasprintf("<%s>", machine.nodename);
        open_folder(scene, dir);
        screen = start_recording(scene, "--uts=host");
        screen_send(screen, "x");
        screen_wait_text(screen, "Ctrl-]: back to the screen");
        screen_send(screen, "PS1=; clear; echo \"<$(uname -n)>\"; echo done" ENTER);
        screen_wait_text(screen, "│done");
        assert_true(screen_find(screen, shown) >= 0);
        if (strcmp(shown, named) != 0)
                assert_int_equal(screen_find(screen, named), -1);
        screen_send(screen, "exit" ENTER);
        screen_wait_text(screen, "shell ended");
        scene_leave_anyway(screen);
        close_folder(scene, dir);
}

static size_t casts_in(const char *dir)
{
        struct dirent *entry;
        DIR *list = opendir(dir);
        size_t n = 0;

        assert_non_null(list);
        while ((entry = readdir(list)) != NULL)
                n += strstr(entry->d_name, ".cast") != NULL;
        closedir(list);
        return n;
}

/* The name tells the second, and nobody's recording is written over. */
static void each_r_begins_a_file_of_its_own(void **state)
{
        enum { TIMES = 4 };
        struct scene *scene = *state;
        struct screen *screen;
        char dir[64];

        open_folder(scene, dir);
        screen = scene_first(scene);
        for (int i = 0; i < TIMES; i++) {
                screen_send(screen, "R");
                screen_wait_text(screen, "● REC");
                screen_send(screen, "R");
                screen_wait_no_text(screen, "● REC");
        }
        assert_int_equal(casts_in(dir), TIMES);
        scene_leave(screen);
        close_folder(scene, dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_file_that_reaches_its_limit_ends_the_recording_alone),
                cmocka_unit_test(without_room_for_the_keeper_it_says_so),
                cmocka_unit_test(the_shell_does_not_name_the_machine),
                cmocka_unit_test(each_r_begins_a_file_of_its_own),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
