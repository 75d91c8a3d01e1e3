/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/own.h"
#include "base/str.h"
#include "image/reference.h"
#include "image/store.h"
#include "image/text_file.h"

static void names_are_dockers(void **state)
{
        static const struct {
                const char *name, *wanted; /* NULL: refused */
        } cases[] = {
                { "base", "base:latest" },
                { "base:latest", "base:latest" },
                { "base:V1.2_3-x", "base:V1.2_3-x" },
                { "a/b_c/d__e/f--g.h", "a/b_c/d__e/f--g.h:latest" },
                { "docker.io/library/base", "base:latest" },
                { "index.docker.io/library/base:1", "base:1" },
                { "docker.io/team/x", "team/x:latest" },
                { "library/base", "base:latest" },
                { "localhost:5000/x:1", "localhost:5000/x:1" },
                { "Host.Example/x", "Host.Example/x:latest" },
                { "x@sha256:0123456789abcdef0123456789abcdef", "x@sha256:0123456789abcdef0123456789abcdef" },
                { "index.x", "index.x:latest" },
                { "library/a/b", "library/a/b:latest" },
                { "docker.io/docker.io/x", "docker.io/docker.io/x:latest" },
                { "x:4...2", "x:4...2" },
                { "", NULL },
                { "KILL", NULL },
                { "a/B", NULL },
                { "a b", NULL },
                { "-a", NULL },
                { "a-", NULL },
                { "a..b", NULL },
                { "a___b", NULL },
                { "/a", NULL },
                { "a/", NULL },
                { "a//b", NULL },
                { "..", NULL },
                { "../a", NULL },
                { "a/../b", NULL },
                { ":x", NULL },
                { "a:", NULL },
                { "a:b:c", NULL },
                { "a:.b", NULL },
                { "a@b", NULL },
                { "a@sha256:xyz", NULL },
                { "host.x:/a", NULL },
                { "-host.x/a", NULL },
                { "a%b", NULL },
                { "a\n", NULL },
                { "\xc3\xa9", NULL },
        };
        char why[REFERENCE_WHY];

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *full = reference_full(cases[i].name, why);

                if (!cases[i].wanted)
                        assert_null(full);
                else if (!full)
                        fail_msg("%s: %s", cases[i].name, why);
                else
                        assert_string_equal(full, cases[i].wanted);
        }
        assert_null(reference_full("KILL", why));
        assert_string_equal(why, "invalid reference format: repository name (KILL) must be lowercase");
}

static void a_name_fits_a_files_name(void **state)
{
        char name[400], why[REFERENCE_WHY];
        own_free char *full = NULL;

        (void)state;
        memset(name, 'a', sizeof(name));
        name[REFERENCE_MAX - strlen(":latest")] = '\0';
        full = reference_full(name, why);
        assert_non_null(full);
        name[REFERENCE_MAX - strlen(":latest")] = 'a';
        name[399] = '\0';
        assert_null(reference_full(name, why));
        assert_non_null(strstr(why, "longer than"));
}

/* A folder of the test's own; the store lies in it at s. */
struct place {
        char root[64];
        char *folder;
};

static int make_place(void **state)
{
        struct place *place = xcalloc(1, sizeof(*place));

        snprintf(place->root, sizeof(place->root), "/tmp/vitrine-store-XXXXXX");
        if (!mkdtemp(place->root))
                return -1;
        place->folder = xasprintf("%s/a/b/images", place->root);
        *state = place;
        return 0;
}

static int remove_place(void **state)
{
        struct place *place = *state;
        own_free char *line = xasprintf("rm -rf %s", place->root);
        int status = system(line);

        free(place->folder);
        free(place);
        return status;
}

static void make(struct built *built, const char *name)
{
        built_init(built);
        free(built->name);
        built->name = xstrdup(name);
        built->created = 1700000000;
}

static void what_is_kept_comes_back(void **state)
{
        struct place *place = *state;
        struct built built, copy, got;
        struct fault fault;
        jv want, have;

        make(&built, "team/base:1");
        free(built.root);
        built.root = xstrdup("/a \"b\"");
        free(built.config.user);
        built.config.user = xstrdup("1000:\xc3\xa9");
        strv_add(&built.config.env, "A=\x01\n\\");
        strv_add(&built.config.cmd, "");
        strv_add(&built.config.entrypoint, "e");
        strv_add(&built.shell, "s");
        strv_add(&built.labels, "l");
        strv_add(&built.labels, "v");
        strv_add(&built.exposed, "80");
        strv_add(&built.volumes, "/v");
        strv_add(&built.on_build, "USER 1");
        strv_add(&built.health, "NONE");
        built_copy(&copy, &built);
        assert_true(store_write(place->folder, &copy, &fault));
        assert_int_equal(store_read(place->folder, "team/base:1", &got, &fault), STORE_FOUND);
        want = built_json(&built);
        have = built_json(&got);
        assert_true(jv_equal(want, have));
        assert_int_equal(store_read(place->folder, "team/base:2", &got, &fault), STORE_NONE);
        built_finish(&built);
        built_finish(&copy);
        built_finish(&got);
}

static void the_folder_is_its_owners_alone(void **state)
{
        struct place *place = *state;
        struct built built;
        struct fault fault;
        struct stat st;

        make(&built, "x:latest");
        assert_true(store_write(place->folder, &built, &fault));
        assert_int_equal(stat(place->folder, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0700);
        if (geteuid() != 0) {
                assert_int_equal(chmod(place->folder, 0777), 0);
                assert_false(store_write(place->folder, &built, &fault));
                assert_non_null(strstr(fault.why, "everybody may write"));
        }
        built_finish(&built);
}

static void a_folder_that_is_not_there_is_empty(void **state)
{
        struct place *place = *state;
        struct store_list list;
        struct fault fault;
        struct built got;

        assert_int_equal(store_read(place->folder, "x:latest", &got, &fault), STORE_NONE);
        assert_int_equal(store_remove(place->folder, "x:latest", false, &fault), STORE_NONE);
        assert_true(store_list(place->folder, &list, &fault));
        assert_int_equal(list.n + list.n_broken, 0);
        store_list_finish(&list);
}

static void write_file(const char *path, const char *text)
{
        FILE *file = fopen(path, "w");

        assert_non_null(file);
        fputs(text, file);
        fclose(file);
}

static void a_broken_file_is_named_and_left_alone(void **state)
{
        struct place *place = *state;
        own_free char *path = xasprintf("%s/x:latest.json", place->folder);
        struct store_list list;
        struct built built;
        struct fault fault;

        make(&built, "y:latest");
        assert_true(store_write(place->folder, &built, &fault));
        free(built.name);
        built.name = xstrdup("x:latest");
        write_file(path, "{");
        assert_false(store_write(place->folder, &built, &fault));
        assert_non_null(strstr(fault.path, "x:latest.json"));
        assert_int_equal(store_remove(place->folder, "x:latest", false, &fault), STORE_FAULT);
        assert_int_equal(access(path, F_OK), 0);
        assert_true(store_list(place->folder, &list, &fault));
        assert_int_equal(list.n, 1);
        assert_int_equal(list.n_broken, 1);
        store_list_finish(&list);
        assert_int_equal(store_remove(place->folder, "x:latest", true, &fault), STORE_FOUND);
        assert_int_equal(access(path, F_OK), -1);
        assert_true(store_write(place->folder, &built, &fault));
        built_finish(&built);
}

static void nothing_in_a_file_is_taken_on_trust(void **state)
{
        /* SED-like: what to put in place of what, and the reason */
        static const struct {
                const char *old, *new, *why;
        } cases[] = {
                { "\"schema\":1", "\"schema\":2", "schema is newer" },
                { "\"schema\":1", "\"schema\":0", "schema is not 1" },
                { "\"schema\":1", "\"schema\":\"1\"", "schema is no number" },
                { "\"schema\":1,", "", "schema is no number" },
                { "\"name\":\"x:latest\"", "\"name\":1", "name is no string" },
                { "\"User\":\"\"", "\"User\":\"a\\u0000b\"", "User has a NUL" },
                { "\"User\":\"\"", "\"User\":null", "User is no string" },
                { "\"Env\":[]", "\"Env\":{}", "Env is no list" },
                { "\"Env\":[]", "\"Env\":[\"A\"]", "Env has an entry that is no NAME=VALUE" },
                { "\"Env\":[]", "\"Env\":[\"=1\"]", "Env has an entry" },
                { "\"Env\":[]", "\"Env\":[1]", "Env is no string" },
                { "\"Labels\":{}", "\"Labels\":[]", "Labels is no object" },
                { "\"Labels\":{}", "\"Labels\":{\"a\":1}", "Labels is no string" },
                { "\"root\":\"demo\"", "\"root\":\"dir\"", "root is neither" },
                { "\"root\":\"demo\"", "\"root\":\"host\"", "root is neither" },
                { "\"path\":\"\"", "\"path\":\"/\"", "root is neither" },
                { "\"created\":1700000000", "\"created\":1e300", "created is no time" },
                { "\"created\":1700000000", "\"created\":-1", "created is no time" },
                { "\"created\":1700000000", "\"created\":nan", "no JSON" },
                { "\"default_cmd\":false", "\"default_cmd\":0", "default_cmd is neither" },
                { "\"config\":{", "\"config\":[{", "no JSON" },
        };
        struct built built, got;
        char why[BUILT_WHY];
        jv text;

        (void)state;
        make(&built, "x:latest");
        text = jv_dump_string(built_json(&built), 0);
        built_finish(&built);
        assert_true(built_parse(jv_string_value(text), &got, why));
        built_finish(&got);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const char *all = jv_string_value(text), *at = strstr(all, cases[i].old);
                own_free char *changed = NULL;

                assert_non_null(at);
                changed =
                        xasprintf("%.*s%s%s", (int)(at - all), all, cases[i].new, at + strlen(cases[i].old));
                if (built_parse(changed, &got, why))
                        fail_msg("taken: %s", cases[i].new);
                if (!strstr(why, cases[i].why))
                        fail_msg("%s: %s", cases[i].new, why);
        }
        jv_free(text);
        assert_false(built_parse("", &got, why));
        assert_false(built_parse("[]", &got, why));
}

static void what_a_killed_write_left_goes_after_a_day(void **state)
{
        struct place *place = *state;
        own_free char *old = NULL, *fresh = NULL;
        struct timespec times[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
        struct built built;
        struct fault fault;

        make(&built, "x:latest");
        assert_true(store_write(place->folder, &built, &fault));
        old = xasprintf("%s/.writing-1-00000000", place->folder);
        fresh = xasprintf("%s/.writing-2-00000000", place->folder);
        write_file(old, "");
        write_file(fresh, "");
        assert_int_equal(utimensat(AT_FDCWD, old, times, 0), 0);
        assert_true(store_write(place->folder, &built, &fault));
        assert_int_equal(access(old, F_OK), -1);
        assert_int_equal(access(fresh, F_OK), 0);
        built_finish(&built);
}

static void a_configuration_of_more_than_a_mebibyte_is_not_kept(void **state)
{
        struct place *place = *state;
        own_free char *big = xcalloc(1, 200 * 1024);
        struct built built;
        struct fault fault;

        memset(big, 'b', 200 * 1024 - 1);
        make(&built, "x:latest");
        for (int i = 0; i < 6; i++)
                strv_add(&built.config.cmd, big);
        assert_false(store_write(place->folder, &built, &fault));
        assert_non_null(strstr(fault.why, "1 MiB"));
        built_finish(&built);
}

static void a_file_that_changes_under_the_reader_is_seen(void **state)
{
        struct stat before = { .st_size = 10, .st_mtim = { 5, 6 } }, after = before;

        (void)state;
        assert_true(text_file_stable(&before, &after, 10));
        assert_false(text_file_stable(&before, &after, 9));
        after.st_size = 11;
        assert_false(text_file_stable(&before, &after, 11));
        after = before;
        after.st_mtim.tv_nsec++;
        assert_false(text_file_stable(&before, &after, 10));
        before.st_size = after.st_size = 0;
        after.st_mtim = before.st_mtim;
        assert_true(text_file_stable(&before, &after, 100));
}

static void a_long_path_keeps_its_end_and_line(void **state)
{
        struct fault fault;
        char name[300];

        (void)state;
        memset(name, 'a', sizeof(name));
        strcpy(name + sizeof(name) - 12, "/Dockerfile");
        assert_false(text_file_fault(&fault, name, 4000000000u, "why %d", 1));
        assert_non_null(strstr(fault.step, "/Dockerfile:4000000000"));
        assert_string_equal(fault.why, "why 1");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_are_dockers),
                cmocka_unit_test(a_name_fits_a_files_name),
                cmocka_unit_test_setup_teardown(what_is_kept_comes_back, make_place, remove_place),
                cmocka_unit_test_setup_teardown(the_folder_is_its_owners_alone, make_place, remove_place),
                cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_empty, make_place,
                                                remove_place),
                cmocka_unit_test_setup_teardown(a_broken_file_is_named_and_left_alone, make_place,
                                                remove_place),
                cmocka_unit_test(nothing_in_a_file_is_taken_on_trust),
                cmocka_unit_test_setup_teardown(what_a_killed_write_left_goes_after_a_day, make_place,
                                                remove_place),
                cmocka_unit_test_setup_teardown(a_configuration_of_more_than_a_mebibyte_is_not_kept,
                                                make_place, remove_place),
                cmocka_unit_test(a_file_that_changes_under_the_reader_is_seen),
                cmocka_unit_test(a_long_path_keeps_its_end_and_line),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
