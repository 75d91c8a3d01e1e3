/* SPDX-License-Identifier: MIT */
/* Progress is written whole or not at all, and nobody's is lost. */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "lesson/progress.h"
#include "tree.h"

enum { OTHER_UID = 65533 };

static struct tree tree;
static char *dir;

static int setup(void **state)
{
        (void)state;
        tree_open(&tree);
        dir = xasprintf("%s/state/vitrine", tree.path);
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        free(dir);
        tree_close(&tree);
        return 0;
}

static void set(const char *lesson, const char *step, enum progress_mark mark)
{
        struct fault fault = { 0 };

        if (!progress_set(dir, lesson, step, mark, &fault))
                fail_msg("%s: %s %s", fault.step, fault.why, strerror(fault.err));
}

/* The caller's. */
static struct progress read_back(void)
{
        struct progress progress;
        struct fault note, fault = { 0 };

        if (!progress_read(dir, &progress, &note, &fault))
                fail_msg("%s: %s %s", fault.step, fault.why, strerror(fault.err));
        assert_int_equal(note.step[0], 0);
        return progress;
}

static char *file_text(const char *name)
{
        own_free char *path = xasprintf("%s/%s", dir, name);
        char *text = NULL;
        size_t n;

        return io_read_file(AT_FDCWD, path, 1024 * 1024, &text, &n) ? text : NULL;
}

static void nothing_done_yet_is_empty_and_leaves_nothing(void **state)
{
        struct progress progress = read_back();

        (void)state;
        assert_int_equal(progress.n, 0);
        assert_null(progress_find(&progress, "x"));
        assert_int_equal(access(dir, F_OK), -1);
        progress_finish(&progress);
}

static void what_is_set_is_read_back(void **state)
{
        struct progress progress;
        const struct progress_lesson *lesson;

        (void)state;
        set("06-cap-drop", "Bit 5", PROGRESS_DONE);
        set("06-cap-drop", "Bit 5", PROGRESS_DONE);
        set("06-cap-drop", "Refused \"it\" \xc3\xa9", PROGRESS_SKIPPED);
        set("06-cap-drop", "Bit 5", PROGRESS_SKIPPED);
        set("06-cap-drop", "Allowed", PROGRESS_AT);
        set("01-process-isolation", "Alone", PROGRESS_SKIPPED);
        set("01-process-isolation", "Alone", PROGRESS_DONE);
        progress = read_back();
        assert_int_equal(progress.n, 2);
        lesson = progress_find(&progress, "06-cap-drop");
        assert_non_null(lesson);
        assert_string_equal(lesson->at, "Allowed");
        assert_int_equal(lesson->done.n, 1);
        assert_string_equal(lesson->done.v[0], "Bit 5");
        assert_int_equal(lesson->skipped.n, 1);
        assert_string_equal(lesson->skipped.v[0], "Refused \"it\" \xc3\xa9");
        lesson = progress_find(&progress, "01-process-isolation");
        assert_int_equal(lesson->done.n, 1);
        assert_int_equal(lesson->skipped.n, 0);
        assert_string_equal(lesson->at, "");
        progress_finish(&progress);
}

static void a_learner_goes_on_where_something_is_left(void **state)
{
        struct progress progress;
        struct fault fault = { 0 };
        struct strv steps = { 0 };

        (void)state;
        for (const char *const *name = (const char *const[]){ "One", "Two", "Three", NULL }; *name; name++)
                strv_add(&steps, *name);
        assert_int_equal(progress_step(NULL, &steps), 0);
        set("left", "One", PROGRESS_DONE);
        set("left", "Two", PROGRESS_AT);
        progress = read_back();
        assert_string_equal(progress.last, "left");
        assert_int_equal(progress_step(progress_find(&progress, "left"), &steps), 1);
        progress_finish(&progress);
        set("left", "Two", PROGRESS_SKIPPED);
        set("left", "Three", PROGRESS_DONE);
        set("other", "Gone", PROGRESS_AT);
        progress = read_back();
        assert_string_equal(progress.last, "other");
        assert_int_equal(progress_step(progress_find(&progress, "left"), &steps), 0);
        assert_int_equal(progress_step(progress_find(&progress, "other"), &steps), 0);
        progress_finish(&progress);
        assert_true(progress_reset(dir, NULL, &fault));
        progress = read_back();
        assert_null(progress.last);
        progress_finish(&progress);
        strv_finish(&steps);
}

static void one_lesson_or_all_can_be_reset(void **state)
{
        struct progress progress;
        struct fault fault = { 0 };

        (void)state;
        set("a", "1", PROGRESS_DONE);
        set("b", "1", PROGRESS_DONE);
        assert_true(progress_reset(dir, "a", &fault));
        assert_true(progress_reset(dir, "nosuch", &fault));
        progress = read_back();
        assert_null(progress_find(&progress, "a"));
        assert_non_null(progress_find(&progress, "b"));
        progress_finish(&progress);
        assert_true(progress_reset(dir, NULL, &fault));
        progress = read_back();
        assert_int_equal(progress.n, 0);
        progress_finish(&progress);
}

static void what_is_not_ours_to_know_is_kept(void **state)
{
        own_free char *text = NULL;

        (void)state;
        tree_put(&tree, "state/vitrine/progress.json",
                 "{\"schema\":1,\"extra\":7,\"lessons\":{\"a\":{\"at\":\"x\",\"stars\":5}}}");
        set("a", "1", PROGRESS_DONE);
        text = file_text("progress.json");
        assert_non_null(strstr(text, "\"extra\": 7"));
        assert_non_null(strstr(text, "\"stars\": 5"));
}

static void a_broken_file_is_put_aside(void **state)
{
        static const char *const broken[] = { "",
                                              "{",
                                              "[]",
                                              "7",
                                              "{}",
                                              "{\"schema\":1}",
                                              "{\"schema\":1,\"lessons\":[]}",
                                              "{\"schema\":1,\"lessons\":{\"a\":7}}",
                                              "{\"schema\":-1,\"lessons\":{}}",
                                              "{\"schema\":\"1\",\"lessons\":{}}",
                                              "\xff\xfe" };

        (void)state;
        for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
                own_free char *name = xasprintf("progress.json.broken-%zu", i + 1);
                own_free char *text = NULL;
                struct progress progress;
                struct fault note, fault = { 0 };

                tree_put(&tree, "state/vitrine/progress.json", broken[i]);
                if (i % 2) {
                        set("a", "1", PROGRESS_DONE);
                } else {
                        assert_true(progress_read(dir, &progress, &note, &fault));
                        assert_non_null(strstr(note.why, name));
                        assert_int_equal(progress.n, 0);
                }
                text = file_text(name);
                assert_non_null(text);
                assert_string_equal(text, broken[i]);
        }
}

static void odd_files_are_put_aside_too(void **state)
{
        own_free char *path = xasprintf("%s/progress.json", dir);
        own_free char *large = xcalloc(1, 2 * 1024 * 1024);
        struct progress progress;
        struct fault note, fault = { 0 };

        (void)state;
        tree_put(&tree, "state/vitrine/x", "");
        for (int i = 0; i < 5; i++) {
                if (i == 0)
                        assert_int_equal(mkfifo(path, 0600), 0);
                else if (i == 1)
                        assert_int_equal(mkdir(path, 0700), 0);
                else if (i == 2)
                        assert_int_equal(symlink("/nowhere/at/all", path), 0);
                else if (i == 3)
                        tree_put_bytes(&tree, "state/vitrine/progress.json", large, 2 * 1024 * 1024);
                else
                        tree_put_bytes(&tree, "state/vitrine/progress.json", memset(large, '[', 1024 * 1024),
                                       1000000);
                assert_true(progress_read(dir, &progress, &note, &fault));
                assert_non_null(strstr(note.why, "put aside"));
        }
        set("a", "1", PROGRESS_DONE);
}

static void a_later_vitrines_file_is_left_alone(void **state)
{
        static const char later[] = "{\"schema\":2,\"lessons\":[\"new\"]}";
        own_free char *text = NULL;
        struct progress progress;
        struct fault note, fault = { 0 };

        (void)state;
        tree_put(&tree, "state/vitrine/progress.json", later);
        assert_false(progress_read(dir, &progress, &note, &fault));
        assert_non_null(strstr(fault.why, "later"));
        assert_false(progress_set(dir, "a", "1", PROGRESS_DONE, &fault));
        assert_false(progress_reset(dir, NULL, &fault));
        text = file_text("progress.json");
        assert_string_equal(text, later);
}

static void a_file_that_cannot_grow_is_as_it_was(void **state)
{
        own_free char *before = NULL, *after = NULL, *leftover = NULL;
        struct rlimit limit, small;
        struct fault fault = { 0 };

        (void)state;
        set("a", "1", PROGRESS_DONE);
        before = file_text("progress.json");
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &limit);
        small = limit;
        small.rlim_cur = 20;
        setrlimit(RLIMIT_FSIZE, &small);
        assert_false(progress_set(dir, "a", "2", PROGRESS_DONE, &fault));
        setrlimit(RLIMIT_FSIZE, &limit);
        assert_int_equal(fault.err, EFBIG);
        after = file_text("progress.json");
        assert_string_equal(after, before);
        leftover = file_text("progress.json.new");
        assert_null(leftover);
}

static void a_read_only_folder_is_a_fault(void **state)
{
        struct fault fault = { 0 };

        (void)state;
        if (geteuid() == 0) {
                /* Root writes to folders of any mode; below a file there is no folder for root either. */
                tree_put(&tree, "state", "");
                assert_false(progress_set(dir, "a", "1", PROGRESS_DONE, &fault));
                assert_int_equal(fault.err, ENOTDIR);
                return;
        }
        tree_put(&tree, "state/vitrine/progress.json", "{\"schema\":1,\"lessons\":{}}");
        assert_int_equal(chmod(dir, 0500), 0);
        assert_false(progress_set(dir, "a", "1", PROGRESS_DONE, &fault));
        assert_int_equal(fault.err, EACCES);
        assert_int_equal(chmod(dir, 0700), 0);
}

static void give(const char *name, uid_t uid)
{
        own_free char *path = xasprintf("%s%s%s", tree.path, *name ? "/" : "", name);

        assert_int_equal(chown(path, uid, uid), 0);
}

/* What a learner finds who once was root in the same folder. */
static void roots_files_in_ones_own_folder(void)
{
        struct fault note, fault = { 0 };
        struct progress progress;

        if (setgid(OTHER_UID) < 0 || setuid(OTHER_UID) < 0)
                _exit(99);
        /* It can be read, and the note says that nothing more is kept. */
        if (!progress_read(dir, &progress, &note, &fault) || !strstr(note.path, "vitrine/progress.lock") ||
            !strstr(note.hint, "sudo chown -R 65533 /") || !strstr(note.hint, "/state/vitrine"))
                _exit(1);
        progress_finish(&progress);
        if (progress_set(dir, "a", "2", PROGRESS_DONE, &fault) || fault.err != EACCES ||
            strcmp(fault.path, note.path) != 0 || strcmp(fault.hint, note.hint) != 0)
                _exit(2);
        _exit(0);
}

static void roots_progress_in_ones_own_folder(void)
{
        struct fault note, fault = { 0 };
        struct progress progress;

        if (setgid(OTHER_UID) < 0 || setuid(OTHER_UID) < 0)
                _exit(99);
        _exit(progress_read(dir, &progress, &note, &fault) || fault.err != EACCES ||
              !strstr(fault.path, "vitrine/progress.json") || !strstr(fault.hint, "sudo chown -R 65533 /"));
}

/* A folder on the way is the one to give back; a quote in its name does not end the hint's. */
static void roots_folder_on_the_way(void)
{
        own_free char *below = xasprintf("%s/it's/vitrine", tree.path);
        struct fault fault = { 0 };

        if (setgid(OTHER_UID) < 0 || setuid(OTHER_UID) < 0)
                _exit(99);
        _exit(progress_set(below, "a", "1", PROGRESS_DONE, &fault) || fault.err != EACCES ||
              !strstr(fault.hint, "/it'\\''s'"));
}

static void what_is_roots_is_named_with_the_way_back(void **state)
{
        void (*const cases[])(void) = { roots_files_in_ones_own_folder, roots_progress_in_ones_own_folder,
                                        roots_folder_on_the_way };
        own_free char *text = NULL;

        (void)state;
        if (geteuid() != 0)
                skip();
        set("a", "1", PROGRESS_DONE);
        give("", OTHER_UID);
        give("state", OTHER_UID);
        give("state/vitrine", OTHER_UID);
        give("state/vitrine/progress.json", OTHER_UID);
        tree_put(&tree, "it's/x", "");
        give("it's", 0);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                pid_t pid;
                int status;

                if (i == 1) {
                        give("state/vitrine/progress.json", 0);
                        give("state/vitrine/progress.lock", OTHER_UID);
                }
                pid = fork();
                if (pid == 0)
                        cases[i]();
                assert_int_equal(waitpid(pid, &status, 0), pid);
                if (status)
                        fail_msg("case %zu: status %x", i, (unsigned)status);
        }
        /* It was left where it was. */
        text = file_text("progress.json");
        assert_non_null(text);
}

static void a_held_lock_is_not_waited_for_for_long(void **state)
{
        own_free char *path = NULL;
        own_fd int fd = -1;
        struct fault fault = { 0 };
        uint64_t begin;

        (void)state;
        set("a", "1", PROGRESS_DONE);
        path = xasprintf("%s/progress.lock", dir);
        fd = open(path, O_RDWR | O_CLOEXEC);
        assert_int_equal(flock(fd, LOCK_EX), 0);
        begin = time_now_ms();
        assert_false(progress_set(dir, "a", "2", PROGRESS_DONE, &fault));
        assert_true(time_now_ms() - begin < 5000);
        assert_non_null(strstr(fault.why, "lock"));
}

enum { WRITERS = 4, STEPS = 25 };

static void two_at_once_lose_nothing(void **state)
{
        struct progress progress;
        const struct progress_lesson *lesson;
        pid_t pids[WRITERS];

        (void)state;
        for (int w = 0; w < WRITERS; w++) {
                pids[w] = fork();
                if (pids[w] != 0)
                        continue;
                for (int i = 0; i < STEPS; i++) {
                        own_free char *step = xasprintf("%d-%d", w, i);
                        struct fault fault;

                        if (!progress_set(dir, "a", step, PROGRESS_DONE, &fault))
                                _exit(1);
                }
                _exit(0);
        }
        for (int w = 0; w < WRITERS; w++) {
                int status = 1;

                assert_int_equal(waitpid(pids[w], &status, 0), pids[w]);
                assert_int_equal(status, 0);
        }
        progress = read_back();
        lesson = progress_find(&progress, "a");
        assert_int_equal(lesson->done.n, WRITERS * STEPS);
        progress_finish(&progress);
}

/* Whenever a writer is killed, the file is one of those that it wrote. */
static void a_killed_writer_leaves_a_whole_file(void **state)
{
        (void)state;
        set("a", "0", PROGRESS_DONE);
        for (int round = 0; round < 20; round++) {
                struct progress progress;
                pid_t pid = fork();

                if (pid == 0)
                        for (int i = 0;; i++) {
                                own_free char *step = xasprintf("%d", i % 50);
                                struct fault fault;

                                progress_set(dir, "a", step, PROGRESS_DONE, &fault);
                        }
                usleep((useconds_t)(1000 + round * 700));
                kill(pid, SIGKILL);
                waitpid(pid, NULL, 0);
                progress = read_back();
                assert_non_null(progress_find(&progress, "a"));
                progress_finish(&progress);
        }
        set("a", "after", PROGRESS_DONE);
}

static void the_folder_is_xdgs(void **state)
{
        static const struct {
                const char *state_home, *home, *dir;
        } cases[] = {
                { "/s", "/h", "/s/vitrine" },
                { "relative", "/h", "/h/.local/state/vitrine" },
                { "", "/h", "/h/.local/state/vitrine" },
                { NULL, "/h", "/h/.local/state/vitrine" },
                { NULL, "h", NULL },
                { NULL, NULL, NULL },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *found = NULL;
                struct fault fault = { 0 };

                unsetenv("XDG_STATE_HOME");
                unsetenv("HOME");
                if (cases[i].state_home)
                        setenv("XDG_STATE_HOME", cases[i].state_home, 1);
                if (cases[i].home)
                        setenv("HOME", cases[i].home, 1);
                found = progress_dir(&fault);
                assert_int_equal(found != NULL, cases[i].dir != NULL);
                if (found)
                        assert_string_equal(found, cases[i].dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(nothing_done_yet_is_empty_and_leaves_nothing, setup,
                                                teardown),
                cmocka_unit_test_setup_teardown(what_is_set_is_read_back, setup, teardown),
                cmocka_unit_test_setup_teardown(a_learner_goes_on_where_something_is_left, setup, teardown),
                cmocka_unit_test_setup_teardown(one_lesson_or_all_can_be_reset, setup, teardown),
                cmocka_unit_test_setup_teardown(what_is_not_ours_to_know_is_kept, setup, teardown),
                cmocka_unit_test_setup_teardown(a_broken_file_is_put_aside, setup, teardown),
                cmocka_unit_test_setup_teardown(odd_files_are_put_aside_too, setup, teardown),
                cmocka_unit_test_setup_teardown(a_later_vitrines_file_is_left_alone, setup, teardown),
                cmocka_unit_test_setup_teardown(a_file_that_cannot_grow_is_as_it_was, setup, teardown),
                cmocka_unit_test_setup_teardown(a_read_only_folder_is_a_fault, setup, teardown),
                cmocka_unit_test_setup_teardown(what_is_roots_is_named_with_the_way_back, setup, teardown),
                cmocka_unit_test_setup_teardown(a_held_lock_is_not_waited_for_for_long, setup, teardown),
                cmocka_unit_test_setup_teardown(two_at_once_lose_nothing, setup, teardown),
                cmocka_unit_test_setup_teardown(a_killed_writer_leaves_a_whole_file, setup, teardown),
                cmocka_unit_test(the_folder_is_xdgs),
        };

        return cmocka_run_group_tests_name("lesson/progress", tests, NULL, NULL);
}
