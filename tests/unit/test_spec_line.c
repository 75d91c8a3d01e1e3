/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec_line_helper.h"

static void the_line_is_in_one_order(void **state)
{
        struct fault fault = { 0 };
        struct spec spec;
        char *line;

        (void)state;
        assert_true(
                parse_text("--name ab --rm -ti --entrypoint e -w /w -e A=1 --read-only -h h --cgroupns host "
                           "--ipc host --uts host --network host --pid host --security-opt seccomp=/f "
                           "--security-opt no-new-privileges --privileged --cap-drop kill --cap-drop ALL "
                           "--cap-add chown --group-add 7 --user 1:2 --userns host img cmd 'a b'",
                           ENGINE_DOCKER, &spec, &fault));
        line = spec_line(&spec, "docker");
        assert_string_equal(
                line, "docker run --user=1:2 --group-add=7 --cap-add=CHOWN --cap-drop=ALL --cap-drop=KILL "
                      "--privileged --security-opt=no-new-privileges --security-opt=seccomp=/f --pid=host "
                      "--network=host --uts=host --ipc=host --cgroupns=host --userns=host --hostname=h "
                      "--read-only --env=A=1 --workdir=/w --entrypoint=e -it --rm --name=ab img cmd 'a b'");
        free(line);
        spec_finish(&spec);
}

static void what_a_shell_would_read_is_quoted(void **state)
{
        struct fault fault = { 0 };
        struct spec spec;
        char *line;

        (void)state;
        assert_true(parse_text("-e \"A=it's\" img '' '$HOME' \"a'b\" 'x;y' '*' '~' '#'", ENGINE_DOCKER, &spec,
                               &fault));
        line = spec_line(&spec, "docker");
        assert_string_equal(line, "docker run --env='A=it'\\''s' img '' '$HOME' 'a'\\''b' 'x;y' '*' '~' '#'");
        free(line);
        spec_finish(&spec);
}

/* What nobody can see on a screen, or what a terminal would act on, is said so that a shell still reads it.
 */
static void what_must_not_reach_a_terminal_is_said_in_escapes(void **state)
{
        char *const argv[] = { (char *)"-e",           (char *)"A=\x1b[31m'\\\n\t", (char *)"img",
                               (char *)"\xff\xc3\xa9", (char *)"\xe2\x80\xae",      (char *)"caf\xc3\xa9" };
        struct fault fault = { 0 };
        struct spec spec;
        char *line;

        (void)state;
        assert_true(spec_parse(6, argv, &spec, NULL, NULL, &fault));
        line = spec_line(&spec, "docker");
        assert_string_equal(line, "docker run --env=$'A=\\x1b[31m\\'\\\\\\n\\t' img $'\\xff\xc3\xa9' "
                                  "$'\\xe2\\x80\\xae' 'caf\xc3\xa9'");
        free(line);
        line = spec_line_ascii(&spec, "docker");
        assert_string_equal(line, "docker run --env=$'A=\\x1b[31m\\'\\\\\\n\\t' img $'\\xff\\xc3\\xa9' "
                                  "$'\\xe2\\x80\\xae' $'caf\\xc3\\xa9'");
        free(line);
        spec_finish(&spec);
}

static void only_vitrines_own_line_names_an_engine(void **state)
{
        struct fault fault = { 0 };
        struct spec spec;
        char *line;

        (void)state;
        assert_true(parse_text("--engine podman img", ENGINE_DOCKER, &spec, &fault));
        line = spec_line(&spec, "vitrine");
        assert_string_equal(line, "vitrine run --engine=podman img");
        free(line);
        line = spec_line(&spec, "podman");
        assert_string_equal(line, "podman run img");
        free(line);
        spec_finish(&spec);
}

static const char *const odd_words[] = { "a",
                                         "",
                                         "it's",
                                         "a b",
                                         "$x",
                                         "\\",
                                         "\"",
                                         "-u",
                                         "--",
                                         "a=b",
                                         "\n",
                                         "\x1b",
                                         "*",
                                         "\xff",
                                         "~/x",
                                         "caf\xc3\xa9",
                                         "1000",
                                         "x'y'z",
                                         "a\tb",
                                         "!",
                                         "\x1b"
                                         "a'\\",
                                         "\x01"
                                         "9\xc3",
                                         "\xc2\x9b\xe2\x80\xae" };
enum { ODD_N = sizeof(odd_words) / sizeof(odd_words[0]) };

static const char *odd(unsigned *seed)
{
        return odd_words[next_random(seed) % ODD_N];
}

static void set(char **field, const char *value)
{
        free(*field);
        *field = xstrdup(value);
}

static void random_spec(unsigned *seed, struct spec *spec)
{
        unsigned bits = next_random(seed);

        spec_init(spec);
        set(&spec->image, odd(seed));
        for (unsigned i = next_random(seed) % 4; i; i--)
                strv_add(&spec->args, odd(seed));
        for (unsigned i = next_random(seed) % 3; i; i--)
                strv_add_take(&spec->env, xasprintf("A%s", odd(seed)));
        for (unsigned i = next_random(seed) % 3; i; i--)
                strv_add(&spec->group_add, odd(seed));
        set(&spec->user, odd(seed));
        set(&spec->hostname, odd(seed));
        set(&spec->workdir, odd(seed));
        set(&spec->seccomp, odd(seed));
        spec->has_entrypoint = bits & 1;
        if (spec->has_entrypoint)
                set(&spec->entrypoint, odd(seed));
        spec->caps.add = ((uint64_t)next_random(seed) << 20 | next_random(seed)) & CAPS_ALL;
        spec->caps.drop = ((uint64_t)next_random(seed) << 20 | next_random(seed)) & CAPS_ALL;
        spec->caps.add_all = bits & 2;
        spec->caps.drop_all = bits & 4;
        spec->caps.privileged = bits & 8;
        spec->no_new_privileges = bits & 16;
        spec->pid = bits & 32 ? NS_HOST : NS_OWN;
        spec->network = bits & 64 ? NS_HOST : bits & 128 ? NS_NONE : NS_OWN;
        spec->uts = bits & 256 ? NS_HOST : NS_OWN;
        spec->ipc = bits & 512 ? NS_HOST : NS_OWN;
        spec->cgroupns = bits & 1024 ? NS_HOST : NS_OWN;
        spec->userns = bits & 2048 ? NS_HOST : NS_OWN;
        spec->read_only = bits & 4096;
        spec->interactive = bits & 8192;
        spec->tty = bits & 16384;
        spec->rm = bits & 32768;
        set(&spec->name, bits & 65536 ? "a.b-c" : "");
        spec->engine = bits & 131072 ? ENGINE_PODMAN : ENGINE_DOCKER;
}

static void a_line_gives_its_spec_again(void **state)
{
        unsigned seed = 1;

        (void)state;
        for (int i = 0; i < 2000; i++) {
                struct strv words = { 0 };
                struct fault fault = { 0 };
                enum engine engine = ENGINE_DOCKER;
                struct spec spec, again;
                const char *command;
                char *line;
                int skip;

                random_spec(&seed, &spec);
                command = spec.engine == ENGINE_PODMAN && i % 2 ? "podman" : "vitrine";
                line = i % 3 ? spec_line(&spec, command) : spec_line_ascii(&spec, command);
                for (const char *c = line; *c; c++)
                        assert_true((unsigned char)*c >= 0x20 && *c != 0x7f && (i % 3 || *c > 0));
                assert_true(spec_split_line(line, &words, &fault));
                skip = spec_line_prefix(&words, &engine, &fault);
                assert_int_equal(skip, 2);
                if (!spec_parse_as(engine, (int)words.n - skip, words.v + skip, &again, NULL, NULL, &fault))
                        fail_msg("%s: %s: %s", line, fault.step, fault.why);
                if (!spec_equal(&spec, &again))
                        fail_msg("not the same: %s", line);
                spec_finish(&again);
                spec_finish(&spec);
                strv_finish(&words);
                free(line);
        }
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_line_is_in_one_order),
                cmocka_unit_test(what_a_shell_would_read_is_quoted),
                cmocka_unit_test(what_must_not_reach_a_terminal_is_said_in_escapes),
                cmocka_unit_test(only_vitrines_own_line_names_an_engine),
                cmocka_unit_test(a_line_gives_its_spec_again),
        };

        return cmocka_run_group_tests_name("spec line", tests, use_utf8, NULL);
}
