/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec_line_helper.h"

static uint64_t wanted_of(const struct spec *spec)
{
        uint64_t wanted = 0;
        int clash;

        assert_true(caps_wanted(caps_rules(spec->engine), &spec->caps, CAPS_ALL, &wanted, &clash));
        return wanted;
}

static void a_toggle_flips_one_bit_and_another_brings_it_back(void **state)
{
        unsigned seed = 7;

        (void)state;
        for (int i = 0; i < 3000; i++) {
                unsigned bits = next_random(&seed), bit = next_random(&seed) % CAPS_N;
                uint64_t before;
                struct spec spec;

                spec_init(&spec);
                spec.engine = bits & 1 ? ENGINE_PODMAN : ENGINE_DOCKER;
                spec.caps.add = ((uint64_t)next_random(&seed) << 20 | next_random(&seed)) & CAPS_ALL;
                spec.caps.drop = ((uint64_t)next_random(&seed) << 20 | next_random(&seed)) & CAPS_ALL;
                spec.caps.add_all = bits & 2;
                spec.caps.drop_all = bits & 4;
                if (spec.engine == ENGINE_PODMAN) {
                        spec.caps.drop &= ~spec.caps.add;
                        spec.caps.drop_all = spec.caps.drop_all && !spec.caps.add_all;
                }
                before = wanted_of(&spec);
                assert_true(spec_toggle_cap(&spec, bit));
                assert_true(wanted_of(&spec) == (before ^ caps_bit(bit)));
                assert_true(spec_toggle_cap(&spec, bit));
                assert_true(wanted_of(&spec) == before);
                spec_finish(&spec);
        }
}

static void a_toggle_yields_the_shortest_line(void **state)
{
        static const struct {
                const char *before, *cap, *after;
        } cases[] = {
                { "img", "KILL", "docker run --cap-drop=KILL img" },
                { "--cap-drop KILL img", "KILL", "docker run img" },
                { "img", "MAC_ADMIN", "docker run --cap-add=MAC_ADMIN img" },
                { "--cap-add MAC_ADMIN img", "MAC_ADMIN", "docker run img" },
                { "--cap-add KILL img", "KILL", "docker run --cap-drop=KILL img" },
                { "--cap-add KILL --cap-drop KILL img", "KILL", "docker run --cap-drop=KILL img" },
                { "--cap-drop ALL img", "KILL", "docker run --cap-add=KILL --cap-drop=ALL img" },
                { "--cap-drop ALL --cap-add KILL img", "KILL", "docker run --cap-drop=ALL img" },
                { "--cap-add ALL img", "KILL", "docker run --cap-add=ALL --cap-drop=KILL img" },
                { "--cap-add ALL --cap-drop KILL img", "KILL", "docker run --cap-add=ALL img" },
                { "--cap-drop SYS_ADMIN img", "SYS_ADMIN", "docker run --cap-add=SYS_ADMIN img" },
                { "-u 1 --cap-drop KILL img x", "CHOWN",
                  "docker run --user=1 --cap-drop=CHOWN --cap-drop=KILL img x" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct fault fault = { 0 };
                struct spec spec;
                char *line;

                assert_true(parse_text(cases[i].before, ENGINE_DOCKER, &spec, &fault));
                assert_true(spec_toggle_cap(&spec, (unsigned)caps_find(cases[i].cap)));
                line = spec_line(&spec, "docker");
                assert_string_equal(line, cases[i].after);
                free(line);
                spec_finish(&spec);
        }
}

static void a_toggle_leads_out_of_what_podman_refuses(void **state)
{
        struct fault fault = { 0 };
        struct spec spec;

        (void)state;
        assert_true(parse_text("--cap-add KILL --cap-drop KILL img", ENGINE_PODMAN, &spec, &fault));
        assert_true(spec_toggle_cap(&spec, 5));
        assert_false(wanted_of(&spec) & caps_bit(5));
        spec_finish(&spec);
}

static void under_privileged_a_toggle_changes_nothing(void **state)
{
        struct fault fault = { 0 };
        struct spec spec, before;

        (void)state;
        assert_true(parse_text("--privileged --cap-drop KILL img", ENGINE_DOCKER, &spec, &fault));
        spec_copy(&before, &spec);
        assert_false(spec_toggle_cap(&spec, 5));
        assert_true(spec_equal(&spec, &before));
        spec.caps.privileged = false;
        assert_false(spec_toggle_cap(&spec, CAPS_N));
        assert_false(spec_toggle_cap(&spec, 4000000000u));
        spec_finish(&before);
        spec_finish(&spec);
}

static void the_user_goes_round(void **state)
{
        static const struct {
                const char *image_user, *now, *next;
        } cases[] = {
                { "", "", "1000" },         { "", "1000", "" },         { "", "0", "1000" },
                { "", "root", "1000" },     { "", "4242", "" },         { "root", "", "1000" },
                { "0:0", "1000", "" },      { "1000", "", "0" },        { "1000", "0", "" },
                { "student", "", "0" },     { "student", "0", "1000" }, { "student", "1000", "" },
                { "student", "4242", "0" }, { "1000", "1000", "0" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct spec spec;

                spec_init(&spec);
                free(spec.user);
                spec.user = xstrdup(cases[i].now);
                spec_next_user(&spec, cases[i].image_user);
                assert_string_equal(spec.user, cases[i].next);
                spec_finish(&spec);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_toggle_flips_one_bit_and_another_brings_it_back),
                cmocka_unit_test(a_toggle_yields_the_shortest_line),
                cmocka_unit_test(a_toggle_leads_out_of_what_podman_refuses),
                cmocka_unit_test(under_privileged_a_toggle_changes_nothing),
                cmocka_unit_test(the_user_goes_round),
        };

        return cmocka_run_group_tests_name("spec edit", tests, NULL, NULL);
}
