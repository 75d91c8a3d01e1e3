/* SPDX-License-Identifier: MIT */
/* Which file a word on the command line means. */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "base/str.h"
#include "lesson/list.h"
#include "tree.h"

static const struct tree_file files[] = {
        { "10-other-namespaces.md", "" },
        { "01-process-isolation.md", "" },
        { "06-cap-drop.md", "" },
        { "05-cap-add.md", "" },
        { "my-own.md", "" },
        { "vitrine.jq", "" },
        { "README.md", "" },
        { ".hidden.md", "" },
        { "notes.txt", "" },
        { ".md", "" },
        { NULL, NULL },
};

static struct tree tree;
static struct lesson_list list;

static int setup(void **state)
{
        struct fault fault = { 0 };

        (void)state;
        tree_open(&tree);
        tree_fill(&tree, files);
        return lesson_list_read(tree.path, &list, &fault) ? 0 : -1;
}

static int teardown(void **state)
{
        (void)state;
        lesson_list_finish(&list);
        tree_close(&tree);
        return 0;
}

static void lessons_stand_in_teaching_order(void **state)
{
        static const char *const names[] = { "01-process-isolation", "05-cap-add", "06-cap-drop",
                                             "10-other-namespaces", "my-own" };

        (void)state;
        assert_int_equal(list.n, sizeof(names) / sizeof(names[0]));
        for (size_t i = 0; i < list.n; i++)
                assert_string_equal(list.v[i].name, names[i]);
        assert_int_equal(list.v[3].number, 10);
        assert_int_equal(list.v[4].number, 0);
}

static void a_lesson_is_found_by_number_name_or_beginning(void **state)
{
        static const struct {
                const char *word, *name; /* NULL: none */
                const char *said;
        } cases[] = {
                { "1", "01-process-isolation", NULL },
                { "01", "01-process-isolation", NULL },
                { "10", "10-other-namespaces", NULL },
                { "06-cap-drop", "06-cap-drop", NULL },
                { "06-cap-drop.md", "06-cap-drop", NULL },
                { "cap-drop", "06-cap-drop", NULL },
                { "CAP-DROP", "06-cap-drop", NULL },
                { "proc", "01-process-isolation", NULL },
                { "05-", "05-cap-add", NULL },
                { "my-own", "my-own", NULL },
                { "cap-", NULL, "more than one" },
                { "2", NULL, "no lesson 2" },
                { "cap-dorp", NULL, "no lesson cap-dorp" },
                { "", NULL, "no lesson" },
                { "README", NULL, "no lesson" },
                { "99999999999999999999", NULL, "no lesson" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct fault fault = { 0 };
                int at = lesson_list_find(&list, cases[i].word, &fault);

                if ((at >= 0) != (cases[i].name != NULL))
                        fail_msg("%s: %d %s", cases[i].word, at, fault.why);
                if (at >= 0)
                        assert_string_equal(list.v[at].name, cases[i].name);
                else
                        assert_non_null(strstr(fault.why, cases[i].said));
                if (strcmp(cases[i].word, "cap-dorp") == 0)
                        assert_string_equal(fault.hint, "06-cap-drop?");
                if (strcmp(cases[i].word, "2") == 0)
                        assert_string_equal(fault.hint, "there are 5 lessons: vitrine learn lists them");
        }
}

static void a_path_and_a_step_are_told_apart(void **state)
{
        own_free char *path = xasprintf("%s/my-own.md", tree.path);
        own_free char *path_step = xasprintf("%s/my-own.md/Second step", tree.path);
        own_free char *missing = xasprintf("%s/nosuch.md", tree.path);
        const struct {
                const char *word, *end, *step; /* end of the path; NULL: a fault */
        } cases[] = {
                { path, "/my-own.md", "" },
                { path_step, "/my-own.md", "Second step" },
                { "6", "/06-cap-drop.md", "" },
                { "6/2", "/06-cap-drop.md", "2" },
                { "cap-drop/Bit 5", "/06-cap-drop.md", "Bit 5" },
                { "06-cap-drop.md/x/y", "/06-cap-drop.md", "x/y" },
                { missing, NULL, NULL },
                { "./nosuch.md", NULL, NULL },
                { "../6", NULL, NULL },
                { "/", NULL, NULL },
                { "", NULL, NULL },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *found = NULL, *step = NULL;
                struct fault fault = { 0 };
                bool ok = lesson_locate(&list, NULL, cases[i].word, &found, &step, &fault);

                if (ok != (cases[i].end != NULL))
                        fail_msg("%s: %s", cases[i].word, ok ? found : fault.why);
                if (!ok)
                        continue;
                assert_string_equal(strrchr(found, '/'), cases[i].end);
                assert_string_equal(step, cases[i].step);
        }
}

static void a_recording_is_told_from_a_lesson(void **state)
{
        own_free char *path = xasprintf("%s/my-own.cast", tree.path);
        const char *const words[] = { "x.cast", "./x.cast", path };

        (void)state;
        tree_put(&tree, "my-own.cast", "{\"version\": 2}\n");
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
                own_free char *found = NULL, *step = NULL, *hint = xasprintf("asciinema play %s", words[i]);
                struct fault fault = { 0 };

                assert_false(lesson_locate(&list, NULL, words[i], &found, &step, &fault));
                assert_non_null(strstr(fault.why, "is a recording"));
                assert_string_equal(fault.hint, hint);
        }
}

static void a_path_that_is_not_there_is_called_a_file(void **state)
{
        static const struct {
                const char *word, *why, *hint;
        } cases[] = {
                { "lessons/mine.mdd", "there is no file lessons/mine.mdd", "" },
                { "mine.md", "there is no file mine.md", "" },
                { "/nowhere/mine.md", "there is no file /nowhere/mine.md", "" },
                /* What looks like a slip in a lesson's name is one still. */
                { "cap-dorp/Bit 5", "there is no lesson cap-dorp", "06-cap-drop?" },
                { "cap-dorp.md", "there is no lesson cap-dorp", "06-cap-drop?" },
                { "77/2", "there is no lesson 77", "there are 5 lessons: vitrine learn lists them" },
                { "cap-/2", "more than one begins with cap-",
                  "vitrine learn lists them; a file of your own is given as a path: ./my-lesson.md" },
                { "mine", "there is no lesson mine",
                  "vitrine learn lists them; a file of your own is given as a path: ./mine.md" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *found = NULL, *step = NULL;
                struct fault fault = { 0 };

                assert_false(lesson_locate(&list, NULL, cases[i].word, &found, &step, &fault));
                assert_string_equal(fault.why, cases[i].why);
                assert_string_equal(fault.hint, cases[i].hint);
        }
}

static void a_missing_folder_is_a_fault(void **state)
{
        struct lesson_list none = { .n = 7 };
        struct fault fault = { 0 };

        (void)state;
        assert_false(lesson_list_read("/nowhere/lessons", &none, &fault));
        assert_int_equal(fault.err, ENOENT);
        assert_int_equal(none.n, 7);
}

static void without_a_list_a_file_is_found_and_else_the_reason_told(void **state)
{
        own_free char *path = xasprintf("%s/my-own.md", tree.path);
        const struct lesson_list none = { 0 };
        const struct {
                const char *word, *said; /* NULL: found */
        } cases[] = {
                { path, NULL },
                { "6", "No such file or directory" },
                { "cap-drop/2", "No such file or directory" },
                { "./nosuch.md", "there is no file ./nosuch.md" },
        };
        struct fault no_list = { 0 };

        (void)state;
        fault_why(&no_list, "read the lessons", "No such file or directory");
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *found = NULL, *step = NULL;
                struct fault fault = { 0 };
                bool ok = lesson_locate(&none, &no_list, cases[i].word, &found, &step, &fault);

                assert_int_equal(ok, cases[i].said == NULL);
                assert_string_equal(fault.why, cases[i].said ? cases[i].said : "");
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(lessons_stand_in_teaching_order, setup, teardown),
                cmocka_unit_test_setup_teardown(a_lesson_is_found_by_number_name_or_beginning, setup,
                                                teardown),
                cmocka_unit_test_setup_teardown(a_path_and_a_step_are_told_apart, setup, teardown),
                cmocka_unit_test_setup_teardown(a_recording_is_told_from_a_lesson, setup, teardown),
                cmocka_unit_test_setup_teardown(a_path_that_is_not_there_is_called_a_file, setup, teardown),
                cmocka_unit_test(a_missing_folder_is_a_fault),
                cmocka_unit_test_setup_teardown(without_a_list_a_file_is_found_and_else_the_reason_told,
                                                setup, teardown),
        };

        return cmocka_run_group_tests_name("lesson/list", tests, NULL, NULL);
}
