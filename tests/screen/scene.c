/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "scene.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"

enum { OTHER_UID = 65533, DIR_SIZE = 64, PROGRAM_MAX = 64 * 1024 * 1024 };

/* The folder with the programs: one for the whole run, as the tests' functions have no other place for it. */
static char folder[DIR_SIZE];

static const char *const programs[] = {
        "vitrine",       "vitrine-keeper", "vitrine-eye",   "vitrine-log",
        "vitrine-probe", "vitrine-check",  "vitrine-raise", "tests/screen/job"
};
enum { PROGRAMS_N = sizeof(programs) / sizeof(programs[0]) };

static const char *base(const char *name)
{
        const char *slash = strrchr(name, '/');

        return slash ? slash + 1 : name;
}

static void copy_program(const char *name)
{
        const char *build = getenv("top_builddir");
        own_free char *from = xasprintf("%s/%s", build ? build : ".", name);
        own_free char *to = xasprintf("%s/%s", folder, base(name));
        own_free char *data = NULL;
        own_fd int fd = -1;
        size_t n;

        if (!io_read_file(AT_FDCWD, from, PROGRAM_MAX, &data, &n))
                fail_msg("cannot read %s", from);
        fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
        if (fd < 0 || !io_write_all(fd, data, n) || fchmod(fd, 0755) < 0)
                fail_msg("cannot write %s", to);
}

/* The lessons lie beside the program, as in a build tree. */
static void copy_lessons(void)
{
        const char *source = getenv("top_srcdir");
        own_free char *from = xasprintf("%s/lessons", source ? source : "."), *to = NULL;
        struct dirent *entry;
        DIR *dir = opendir(from);

        to = xasprintf("%s/lessons", folder);
        if (!dir || mkdir(to, 0755) < 0 || chmod(to, 0755) < 0)
                fail_msg("cannot copy %s", from);
        while ((entry = readdir(dir)) != NULL) {
                own_free char *path = xasprintf("%s/%s", to, entry->d_name), *text = NULL;
                own_fd int fd = -1;
                size_t n;

                if (!io_read_file(dirfd(dir), entry->d_name, PROGRAM_MAX, &text, &n))
                        continue;
                fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
                if (fd < 0 || !io_write_all(fd, text, n) || fchmod(fd, 0644) < 0)
                        fail_msg("cannot write %s", path);
        }
        closedir(dir);
}

static void remove_lessons(void)
{
        own_free char *path = xasprintf("%s/lessons", folder);
        struct dirent *entry;
        DIR *dir = opendir(path);

        while (dir && (entry = readdir(dir)) != NULL)
                unlinkat(dirfd(dir), entry->d_name, 0);
        if (dir)
                closedir(dir);
        rmdir(path);
}

static int make_folder(void **state)
{
        const char *tmp = getenv("TMPDIR");

        (void)state;
        snprintf(folder, sizeof(folder), "%.32s/vitrine-test.XXXXXX", tmp ? tmp : "/tmp");
        if (!mkdtemp(folder) || chmod(folder, 0755) < 0)
                return -1;
        for (size_t i = 0; i < PROGRAMS_N; i++)
                copy_program(programs[i]);
        copy_lessons();
        return 0;
}

static int remove_folder(void **state)
{
        (void)state;
        remove_lessons();
        for (size_t i = 0; i < PROGRAMS_N; i++) {
                own_free char *path = xasprintf("%s/%s", folder, base(programs[i]));

                unlink(path);
        }
        return rmdir(folder);
}

static int end_scene(void **state)
{
        struct scene *scene = *state;

        screen_finish(scene->screen);
        scene->screen = NULL;
        scene->foreign = false;
        scene->dir = NULL;
        return 0;
}

int scene_run(const struct CMUnitTest *tests, size_t n)
{
        static struct scene scenes[] = { { .user = false }, { .user = true } };
        struct CMUnitTest *all = xcalloc(n * 2, sizeof(*all));
        const char *only = getenv("MODES"); /* as in the shell's tests: root, user */
        struct strv names = { 0 };
        size_t k = 0;
        int failed;

        for (size_t mode = geteuid() == 0 ? 0 : 1; mode < 2; mode++) {
                if (only && !strstr(only, mode ? "user" : "root"))
                        continue;
                for (size_t i = 0; i < n; i++, k++) {
                        all[k] = tests[i];
                        strv_add_take(&names,
                                      xasprintf("%s_%s", mode ? "as_user" : "as_root", tests[i].name));
                        all[k].name = names.v[k];
                        all[k].teardown_func = end_scene;
                        all[k].initial_state = &scenes[mode];
                }
        }
        failed = _cmocka_run_group_tests("scenes", all, k, make_folder, remove_folder);
        free(all);
        strv_finish(&names);
        return failed ? 1 : 0;
}

struct screen *scene_start(struct scene *scene, const char *const *args, const char *const *env, int cols,
                           int rows)
{
        bool other = scene->user && geteuid() == 0;
        struct screen_options options = { .args = args,
                                          .dir = scene->dir,
                                          .env = env,
                                          .cols = cols,
                                          .rows = rows,
                                          .foreign = scene->foreign,
                                          .uid = other ? OTHER_UID : (uid_t)-1 };
        char path[DIR_SIZE + 16];

        snprintf(path, sizeof(path), "%s/vitrine", folder);
        options.program = path;
        scene->screen = screen_start(&options);
        return scene->screen;
}

struct screen *scene_start_job(struct scene *scene, bool in_front)
{
        bool other = scene->user && geteuid() == 0;
        own_free char *job = xasprintf("%s/job", folder), *vitrine = xasprintf("%s/vitrine", folder);
        struct screen_options options = { .program = job, .uid = other ? OTHER_UID : (uid_t)-1 };
        struct strv words = { 0 };

        if (!in_front)
                strv_add(&words, "&");
        strv_add(&words, vitrine);
        options.args = (const char *const *)words.v;
        scene->screen = screen_start(&options);
        strv_finish(&words);
        return scene->screen;
}

struct screen *scene_first(struct scene *scene)
{
        struct screen *screen = scene_start(scene, NULL, NULL, 80, 24);

        screen_wait_text(screen, "same as: docker run ubuntu sleep 3600");
        tie_wait_status(screen, "Name", "sleep");
        return screen;
}

/* The number that stands after the last tie on the row: "═══   1     0 root". */
static pid_t number_after_tie(const char *row)
{
        const char *last = NULL;

        for (const char *at = row; *at; at++)
                if (strncmp(at, "═", strlen("═")) == 0)
                        last = at + strlen("═");
                else if (strncmp(at, "==", 2) == 0)
                        last = at + 2;
        return last ? (pid_t)strtol(last, NULL, 10) : 0;
}

bool tie_find(struct screen *screen, struct tie *ret)
{
        static const char *const marks[] = { "│►", "|>" };

        for (size_t i = 0; i < 2; i++) {
                int y = screen_find(screen, marks[i]);
                const char *row = y >= 0 ? screen_row(screen, y) : "";
                const char *mark = strstr(row, marks[i]);

                if (!mark)
                        continue;
                ret->row = y;
                ret->host = (pid_t)strtol(mark + strlen(marks[i]), NULL, 10);
                ret->container = number_after_tie(row);
                return ret->host > 0 && ret->container > 0;
        }
        return false;
}

struct wanted {
        const char *field, *value;
        pid_t than;
        struct tie *tie;
};

static bool has_status(struct screen *screen, const void *data)
{
        const struct wanted *wanted = data;
        char value[128];

        return tie_find(screen, wanted->tie) &&
               proc_status(wanted->tie->host, wanted->field, value, sizeof(value)) &&
               strcmp(value, wanted->value) == 0;
}

struct tie tie_wait_status(struct screen *screen, const char *field, const char *value)
{
        struct tie tie = { 0 };
        struct wanted wanted = { .field = field, .value = value, .tie = &tie };
        own_free char *what = xasprintf("a tied process with %s %s", field, value);

        screen_wait(screen, has_status, &wanted, what);
        return tie;
}

static bool has_other(struct screen *screen, const void *data)
{
        const struct wanted *wanted = data;

        return tie_find(screen, wanted->tie) && wanted->tie->host != wanted->than &&
               proc_lives(wanted->tie->host) && !proc_lives(wanted->than);
}

struct tie tie_wait_other(struct screen *screen, pid_t than)
{
        struct tie tie = { 0 };
        struct wanted wanted = { .than = than, .tie = &tie };

        screen_wait(screen, has_other, &wanted, "another tied process, the one before ended");
        return tie;
}

static bool is_gone(struct screen *screen, const void *data)
{
        (void)screen;
        return !proc_lives(*(const pid_t *)data);
}

void wait_gone(struct screen *screen, pid_t pid)
{
        screen_wait(screen, is_gone, &pid, "the end of a process");
}

/* When a process began, in ticks since the machine did. */
static unsigned long long began(pid_t pid)
{
        own_free char *path = xasprintf("/proc/%d/stat", (int)pid);
        unsigned long long ticks = 0;
        FILE *file = fopen(path, "re");

        if (!file)
                return 0;
        if (fscanf(file,
                   "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d "
                   "%*d %llu",
                   &ticks) != 1)
                ticks = 0;
        fclose(file);
        return ticks;
}

static int compare_age(const void *a, const void *b)
{
        unsigned long long one = began(*(const pid_t *)a), other = began(*(const pid_t *)b);

        return one != other ? (one > other) - (one < other) : *(const pid_t *)a - *(const pid_t *)b;
}

static bool is_eye(pid_t pid)
{
        char name[32];

        return proc_status(pid, "Name", name, sizeof(name)) && strcmp(name, "vitrine eye") == 0;
}

size_t scene_eyes(struct screen *screen, pid_t ret[static EYES_MOST])
{
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(screen_pid(screen), pids), kept = 0;

        for (size_t i = 0; i < n && kept < EYES_MOST; i++)
                if (is_eye(pids[i]) && proc_lives(pids[i]))
                        ret[kept++] = pids[i];
        qsort(ret, kept, sizeof(*ret), compare_age);
        return kept;
}

bool scene_is_old(struct screen *screen, const void *data)
{
        const char *title = strstr(screen_row(screen, 1), data);
        const char *end = title ? strstr(title, "┐") : NULL, *age = title ? strstr(title, " s old") : NULL;

        return end && age && age < end;
}

uint64_t scene_bounding(void)
{
        char value[32];

        assert_true(proc_status(getpid(), "CapBnd", value, sizeof(value)));
        return strtoull(value, NULL, 16);
}

const char *scene_mask(const struct scene *scene, uint64_t add, uint64_t drop, char ret[static 17])
{
        uint64_t mask = (UINT64_C(0xa80425fb) | add) & ~drop;

        if (!scene->user)
                mask &= scene_bounding();
        snprintf(ret, 17, "%016" PRIx64, mask);
        return ret;
}

void scene_assert_restored(struct screen *screen)
{
        struct termios before, now;

        screen_modes(screen, &before, &now);
        assert_false(screen_is_alternate(screen));
        assert_true(screen_shows_cursor(screen));
        assert_int_equal(before.c_iflag, now.c_iflag);
        assert_int_equal(before.c_oflag, now.c_oflag);
        assert_int_equal(before.c_cflag, now.c_cflag);
        assert_int_equal(before.c_lflag, now.c_lflag);
        assert_memory_equal(before.c_cc, now.c_cc, sizeof(before.c_cc));
}

static bool has_ended_or_asks(struct screen *screen, const void *data)
{
        (void)data;
        return !proc_lives(screen_pid(screen)) || screen_find(screen, "y: yes") >= 0;
}

static void leave(struct screen *screen, bool anyway)
{
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(screen_pid(screen), pids);

        assert_true(n > 0);
        screen_send(screen, "q");
        if (anyway) {
                screen_wait(screen, has_ended_or_asks, NULL, "an end, or a question");
                if (proc_lives(screen_pid(screen)))
                        screen_send(screen, "y");
        }
        assert_int_equal(screen_wait_end(screen), 0);
        for (size_t i = 0; i < n; i++)
                wait_gone(screen, pids[i]);
        scene_assert_restored(screen);
}

void scene_leave(struct screen *screen)
{
        leave(screen, false);
}

void scene_leave_anyway(struct screen *screen)
{
        leave(screen, true);
}
