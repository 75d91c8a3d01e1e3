/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/resolve.h"
#include "spec_line_helper.h"

static const struct users users = {
        .passwd = "root:x:0:0:root:/root:/bin/sh\nstudent:x:1000:1000::/home/student:/bin/sh\n"
                  "twin:x:1000:1000::/twin:/bin/sh\n",
        .group = "root:x:0:root\nstudent:x:1000:\nextra:x:2000:student\n",
};
static const struct machine root_machine = { .mode = MODE_ROOT, .known = CAPS_ALL, .grantable = CAPS_ALL };

/* An image: its USER, ENV and WORKDIR, ENTRYPOINT and CMD as words of a shell. */
struct image_text {
        const char *user, *env, *workdir, *entrypoint, *cmd;
};

static bool resolve_on(const struct machine *machine, const struct image_text *image, enum engine engine,
                       const char *typed, bool keep_open, struct resolved *ret, struct fault *fault)
{
        char *const environment[] = { (char *)"CALLER=hers", (char *)"EMPTY=", (char *)"odd", NULL };
        struct image_config config = { .user = xstrdup(image->user ? image->user : ""),
                                       .workdir = xstrdup(image->workdir ? image->workdir : "") };
        struct spec spec;
        bool ok;

        spec_split_line(image->env ? image->env : "", &config.env, NULL);
        spec_split_line(image->entrypoint ? image->entrypoint : "", &config.entrypoint, NULL);
        spec_split_line(image->cmd ? image->cmd : "", &config.cmd, NULL);
        if (!parse_text(typed, engine, &spec, fault))
                fail_msg("%s: %s", typed, fault->why);
        ok = spec_resolve(&spec, &config, &users, machine, "0123456789ab", keep_open, environment, ret,
                          fault);
        spec_finish(&spec);
        image_config_finish(&config);
        return ok;
}

static bool resolve(const struct image_text *image, const char *typed, struct resolved *ret,
                    struct fault *fault)
{
        return resolve_on(&root_machine, image, ENGINE_DOCKER, typed, false, ret, fault);
}

static char *joined(const struct strv *words)
{
        struct str text = { 0 };

        for (size_t i = 0; i < words->n; i++)
                str_add_f(&text, "%s|", words->v[i]);
        return str_take(&text);
}

static void the_command_is_entrypoint_and_cmd(void **state)
{
        static const struct {
                const char *entrypoint, *cmd, *typed, *argv;
        } cases[] = {
                { "", "sh -c x", "img", "sh|-c|x|" },
                { "e 1", "c1 c2", "img", "e|1|c1|c2|" },
                { "e 1", "c1 c2", "img x y", "e|1|x|y|" },
                { "e 1", "c1 c2", "--entrypoint echo img z", "echo|z|" },
                { "e 1", "c1 c2", "--entrypoint echo img", "echo|" },
                { "e 1", "c1 c2", "--entrypoint '' img echo q", "echo|q|" },
                { "e 1", "c1 c2", "--entrypoint 'echo a' img b", "echo a|b|" },
                { "", "", "img ''", "|" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct image_text image = { .entrypoint = cases[i].entrypoint, .cmd = cases[i].cmd };
                struct resolved resolved;
                struct fault fault = { 0 };
                char *argv;

                assert_true(resolve(&image, cases[i].typed, &resolved, &fault));
                argv = joined(&resolved.argv);
                assert_string_equal(argv, cases[i].argv);
                assert_false(resolved.kept_open);
                free(argv);
                resolved_finish(&resolved);
        }
}

static void no_command_is_refused_or_kept_open(void **state)
{
        static const char *const lines[] = { "img", "--entrypoint '' img" };
        const struct image_text none = { 0 }, some = { .cmd = "sh" };
        struct resolved resolved = { .uid = 7 };
        struct fault fault = { 0 };
        char *argv;

        (void)state;
        for (size_t i = 0; i < 2; i++) {
                assert_false(resolve(i ? &some : &none, lines[i], &resolved, &fault));
                assert_int_equal(fault.exit_code, 125);
                assert_non_null(strstr(fault.why, "no command specified"));
                assert_true(fault.hint[0]);
                assert_int_equal(resolved.uid, 7);
        }
        assert_true(resolve_on(&root_machine, &none, ENGINE_DOCKER, "img", true, &resolved, &fault));
        argv = joined(&resolved.argv);
        assert_string_equal(argv, "sleep|3600|");
        assert_true(resolved.kept_open);
        free(argv);
        resolved_finish(&resolved);
        assert_true(resolve_on(&root_machine, &some, ENGINE_DOCKER, "img", true, &resolved, &fault));
        assert_false(resolved.kept_open);
        resolved_finish(&resolved);
}

#define PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin|"
#define ID "HOSTNAME=0123456789ab|"

static void the_environment_has_no_name_twice(void **state)
{
        static const struct {
                const char *image, *typed, *env;
        } cases[] = {
                { "", "img x", PATH ID "HOME=/root|" },
                { "", "-u 1000 img x", PATH ID "HOME=/home/student|" },
                { "", "-u 4242 img x", PATH ID "HOME=/|" },
                { "", "-t img x", PATH ID "TERM=xterm|HOME=/root|" },
                { "", "-h glass img x", PATH "HOSTNAME=glass|HOME=/root|" },
                { "", "-h '' img x", PATH ID "HOME=/root|" },
                { "", "-t -e TERM=vt100 img x", PATH ID "TERM=vt100|HOME=/root|" },
                { "A=1 B=2", "img x", PATH ID "A=1|B=2|HOME=/root|" },
                { "A=1 B=2", "-e A=3 -e C=4 img x", PATH ID "A=3|C=4|B=2|HOME=/root|" },
                { "A=1", "-e A=2 -e A=3 img x", PATH ID "A=3|HOME=/root|" },
                { "PATH=/bin", "img x", "PATH=/bin|" ID "HOME=/root|" },
                { "HOME=/i", "img x", PATH ID "HOME=/i|" },
                { "HOME=/i", "-e HOME=/x -u 1000 img x", PATH ID "HOME=/x|" },
                { "", "-e HOME= img x", PATH ID "HOME=/root|" },
                { "A=1 AB=2", "-e A img x", PATH ID "AB=2|HOME=/root|" },
                { "", "-e NOSUCH img x", PATH ID "HOME=/root|" },
                { "", "-e CALLER -e EMPTY -e odd img x", PATH ID "CALLER=hers|EMPTY=|HOME=/root|" },
                { "CALLER=its", "-e CALLER img x", PATH ID "CALLER=hers|HOME=/root|" },
                { "", "-e PATH img x", ID "HOME=/root|" },
                { "", "-e A=b=c -e 'D=x y' img x", PATH ID "A=b=c|D=x y|HOME=/root|" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct image_text image = { .env = cases[i].image };
                struct resolved resolved;
                struct fault fault = { 0 };
                char *env;

                assert_true(resolve(&image, cases[i].typed, &resolved, &fault));
                env = joined(&resolved.env);
                assert_string_equal(env, cases[i].env);
                free(env);
                resolved_finish(&resolved);
        }
}

/* As asked of Docker 20.10 and Podman 4.3. */
static void of_two_names_of_a_number_docker_knows_the_first_home(void **state)
{
        const struct image_text image = { .user = "twin" };
        static const char *const homes[ENGINE_N] = {
                [ENGINE_DOCKER] = PATH ID "HOME=/home/student|", [ENGINE_PODMAN] = PATH ID "HOME=/twin|"
        };

        (void)state;
        for (enum engine engine = 0; engine < ENGINE_N; engine++) {
                struct resolved resolved;
                struct fault fault = { 0 };
                char *env;

                assert_true(resolve_on(&root_machine, &image, engine, "img x", false, &resolved, &fault));
                env = joined(&resolved.env);
                assert_string_equal(env, homes[engine]);
                free(env);
                resolved_finish(&resolved);
        }
}

static void the_line_goes_before_the_image(void **state)
{
        const struct image_text image = { .user = "student", .workdir = "/a/b" };
        struct resolved resolved;
        struct fault fault = { 0 };

        (void)state;
        assert_true(resolve(&image, "img x", &resolved, &fault));
        assert_int_equal(resolved.uid, 1000);
        assert_string_equal(resolved.workdir, "/a/b");
        assert_int_equal(resolved.n_groups, 2);
        resolved_finish(&resolved);
        assert_true(resolve(&image, "--user 0 -w /tmp -h glass img x", &resolved, &fault));
        assert_int_equal(resolved.uid, 0);
        assert_string_equal(resolved.workdir, "/tmp");
        assert_string_equal(resolved.hostname, "glass");
        resolved_finish(&resolved);
        assert_true(resolve(&image, "--user '' img x", &resolved, &fault));
        assert_int_equal(resolved.uid, 1000);
        assert_string_equal(resolved.hostname, "0123456789ab");
        resolved_finish(&resolved);
}

static void a_refusal_names_what_was_said(void **state)
{
        static const struct {
                enum engine engine;
                const char *user, *workdir, *typed, *step, *why;
                int exit_code;
        } cases[] = {
                { ENGINE_DOCKER, "", "", "--user nosuch img x", "--user nosuch",
                  "unable to find user nosuch: no matching entries in passwd file", 125 },
                { ENGINE_PODMAN, "", "", "--user nosuch img x", "--user nosuch",
                  "unable to find user nosuch: no matching entries in passwd file", 126 },
                { ENGINE_DOCKER, "nosuch", "", "img x", "the image's USER nosuch",
                  "unable to find user nosuch: no matching entries in passwd file", 125 },
                { ENGINE_DOCKER, "", "", "--user -1 img x", "--user -1",
                  "uids and gids must be in range 0-2147483647", 125 },
                { ENGINE_DOCKER, "", "", "--group-add a img x", "--group-add a", "Unable to find group a",
                  125 },
                { ENGINE_DOCKER, "", "", "-w relative img x", "--workdir relative",
                  "the working directory 'relative' is invalid, it needs to be an absolute path", 125 },
                { ENGINE_DOCKER, "", "rel", "img x", "the image's WORKDIR rel",
                  "the working directory 'rel' is invalid, it needs to be an absolute path", 125 },
                { ENGINE_DOCKER, "", "", "--uts host -h glass img x", "--hostname glass",
                  "conflicting options: hostname and the UTS mode", 125 },
                { ENGINE_PODMAN, "", "", "--cap-add kill --cap-drop KILL img x",
                  "--cap-add KILL --cap-drop KILL", "capability \"CAP_KILL\" cannot be dropped and added",
                  125 },
                { ENGINE_PODMAN, "", "", "--cap-add ALL --cap-drop ALL img x", "--cap-add ALL --cap-drop ALL",
                  "adding all caps and removing all caps not allowed", 125 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct image_text image = { .user = cases[i].user, .workdir = cases[i].workdir };
                struct resolved resolved = { .uid = 7 };
                struct fault fault = { 0 };

                assert_false(resolve_on(&root_machine, &image, cases[i].engine, cases[i].typed, false,
                                        &resolved, &fault));
                assert_string_equal(fault.step, cases[i].step);
                assert_string_equal(fault.why, cases[i].why);
                assert_int_equal(fault.exit_code, cases[i].exit_code);
                assert_true(fault.hint[0]);
                assert_int_equal(resolved.uid, 7);
        }
}

static void what_the_machine_lacks_is_missing(void **state)
{
        const struct machine small = { .mode = MODE_ROOT,
                                       .known = (UINT64_C(1) << 38) - 1,
                                       .grantable = 0xff };
        const struct image_text none = { 0 };
        struct resolved resolved;
        struct fault fault = { 0 };

        (void)state;
        assert_true(
                resolve_on(&small, &none, ENGINE_DOCKER, "--cap-add bpf img x", false, &resolved, &fault));
        assert_true(resolved.wanted == 0xa80425fb);
        assert_true(resolved.caps.bounding == 0xfb && resolved.caps.effective == 0xfb);
        assert_true(resolved.missing == ((0xa80425fb & ~UINT64_C(0xff)) | caps_bit(39)));
        resolved_finish(&resolved);
        assert_true(resolve_on(&small, &none, ENGINE_DOCKER, "--privileged -u 1000 img x", false, &resolved,
                               &fault));
        assert_true(resolved.missing == (small.known & ~UINT64_C(0xff)));
        assert_true(resolved.caps.effective == 0 && resolved.caps.bounding == 0xff);
        resolved_finish(&resolved);
}

static void with_one_id_groups_are_named_and_not_settable(void **state)
{
        const struct machine one = {
                .mode = MODE_ONE_ID, .known = CAPS_ALL, .grantable = CAPS_ALL, .uid = 4711, .gid = 4711
        };
        const struct image_text none = { 0 };
        struct resolved resolved;
        struct fault fault = { 0 };

        (void)state;
        assert_true(resolve_on(&one, &none, ENGINE_DOCKER, "-u student img x", false, &resolved, &fault));
        assert_false(resolved.groups_settable);
        assert_int_equal(resolved.n_groups, 2);
        resolved_finish(&resolved);
        assert_true(resolve(&none, "-u student img x", &resolved, &fault));
        assert_true(resolved.groups_settable);
        resolved_finish(&resolved);
}

/* The kernel knows no id there but those that are mapped: it is said before a launch. */
static void with_a_range_ids_beyond_it_are_refused(void **state)
{
        static const struct {
                const char *typed, *why; /* NULL: taken */
        } cases[] = {
                { "img x", NULL },
                { "-u student img x", NULL },
                { "-u 65536 img x", NULL },
                { "-u 65537 img x", "uid 65537 is not in the user namespace: it has the ids 0 to 65536" },
                { "-u 0:1001 img x", NULL },
                { "-u 0:2001 img x", "gid 2001 is not in the user namespace: it has the ids 0 to 2000" },
                { "--group-add 2000 img x", NULL },
                { "--group-add 2001 img x", "gid 2001 is not in the user namespace" },
        };
        const struct machine range = { .mode = MODE_RANGE,
                                       .known = CAPS_ALL,
                                       .grantable = CAPS_ALL,
                                       .uid = 4711,
                                       .gid = 4711,
                                       .uids = { { { 0, 4711, 1 }, { 1, 100000, 65536 } }, 2 },
                                       .gids = { { { 0, 4711, 1 }, { 1, 100000, 2000 } }, 2 } };
        const struct image_text none = { 0 };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct resolved resolved = { 0 };
                struct fault fault = { 0 };
                bool ok = resolve_on(&range, &none, ENGINE_DOCKER, cases[i].typed, false, &resolved, &fault);

                if (ok != !cases[i].why)
                        fail_msg("%s: %s", cases[i].typed, fault.why);
                if (!ok &&
                    (!strstr(fault.why, cases[i].why) || fault.exit_code != EXIT_VITRINE || !*fault.hint))
                        fail_msg("%s: %s", cases[i].typed, fault.why);
                assert_true(!ok || resolved.groups_settable);
                resolved_finish(&resolved);
        }
}

/* podman takes a colon for a group that was said (libpod: strings.Contains(user, ":")). */
static void a_colon_without_a_group_keeps_podmans_user_out_of_groups(void **state)
{
        const struct image_text none = { 0 };
        struct resolved resolved;
        struct fault fault = { 0 };

        (void)state;
        assert_true(resolve_on(&root_machine, &none, ENGINE_PODMAN, "-u student: img x", false, &resolved,
                               &fault));
        assert_true(resolved.n_groups == 1 && resolved.groups[0] == 1000);
        resolved_finish(&resolved);
        assert_true(resolve(&none, "-u student: img x", &resolved, &fault));
        assert_true(resolved.n_groups == 2 && resolved.groups[1] == 2000);
        resolved_finish(&resolved);
}

/* root's own group lists root here: docker sets it twice, podman once. */
static void docker_repeats_a_group_and_podman_does_not(void **state)
{
        const struct image_text none = { 0 };
        struct resolved resolved;
        struct fault fault = { 0 };

        (void)state;
        assert_true(resolve(&none, "-u root --group-add 7 img x", &resolved, &fault));
        assert_int_equal(resolved.n_groups, 3);
        assert_true(resolved.groups[0] == 0 && resolved.groups[1] == 0 && resolved.groups[2] == 7);
        resolved_finish(&resolved);
        assert_true(resolve_on(&root_machine, &none, ENGINE_PODMAN,
                               "-u root --group-add 7 --group-add 7 img x", false, &resolved, &fault));
        assert_int_equal(resolved.n_groups, 2);
        resolved_finish(&resolved);
}

static void more_groups_than_there_is_room_for_are_refused(void **state)
{
        const struct image_text none = { 0 };
        struct resolved resolved = { .uid = 7 };
        struct fault fault = { 0 };
        struct str line = { 0 };

        (void)state;
        for (int i = 0; i < 100; i++)
                str_add_f(&line, "--group-add %d ", i + 100);
        str_add(&line, "img x");
        assert_false(resolve(&none, line.s, &resolved, &fault));
        assert_string_equal(fault.why, "more than 64 groups");
        assert_int_equal(resolved.uid, 7);
        str_finish(&line);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_command_is_entrypoint_and_cmd),
                cmocka_unit_test(no_command_is_refused_or_kept_open),
                cmocka_unit_test(the_environment_has_no_name_twice),
                cmocka_unit_test(of_two_names_of_a_number_docker_knows_the_first_home),
                cmocka_unit_test(the_line_goes_before_the_image),
                cmocka_unit_test(a_refusal_names_what_was_said),
                cmocka_unit_test(what_the_machine_lacks_is_missing),
                cmocka_unit_test(with_a_range_ids_beyond_it_are_refused),
                cmocka_unit_test(with_one_id_groups_are_named_and_not_settable),
                cmocka_unit_test(a_colon_without_a_group_keeps_podmans_user_out_of_groups),
                cmocka_unit_test(docker_repeats_a_group_and_podman_does_not),
                cmocka_unit_test(more_groups_than_there_is_room_for_are_refused),
        };

        return cmocka_run_group_tests_name("spec resolve", tests, NULL, NULL);
}
