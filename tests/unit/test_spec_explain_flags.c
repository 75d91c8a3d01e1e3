/* SPDX-License-Identifier: MIT */
/* The words of `vitrine explain` beside its figures: neither may say what the other denies. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "spec/explain.h"
#include "spec_line_helper.h"

static const struct machine as_root = { .mode = MODE_ROOT, .known = CAPS_ALL, .grantable = CAPS_ALL };

/* The text with its line breaks and indents taken out. */
static char *explained(const char *typed, enum engine engine, const struct machine *machine)
{
        const struct users users = { "root:x:0:0:root:/root:/bin/sh\n", "" };
        const struct image_config config = { 0 };
        struct str flat = { 0 };
        struct resolved resolved;
        struct fault fault = { 0 };
        struct spec spec;
        own_free char *text = NULL;

        if (!parse_text(typed, engine, &spec, &fault) ||
            !spec_resolve(&spec, &config, &users, machine, "0123456789ab", true, NULL, &resolved, &fault))
                fail_msg("%s: %s: %s", typed, fault.step, fault.why);
        text = explain_text(&spec, "demo", machine, &resolved);
        for (const char *c = text; *c; c++) {
                bool blank = *c == ' ' || *c == '\n';

                if (!blank)
                        str_add_c(&flat, *c);
                else if (flat.len && flat.s[flat.len - 1] != ' ')
                        str_add_c(&flat, ' ');
        }
        resolved_finish(&resolved);
        spec_finish(&spec);
        return str_take(&flat);
}

struct words_case {
        const char *typed;
        enum engine engine;
        const char *says, *silent;
};

static void check_cases(const struct words_case *cases, size_t n, const struct machine *machine)
{
        for (size_t i = 0; i < n; i++) {
                own_free char *text = explained(cases[i].typed, cases[i].engine, machine);

                if (!strstr(text, cases[i].says))
                        fail_msg("%s: not said: %s\nin %s", cases[i].typed, cases[i].says, text);
                if (cases[i].silent && strstr(text, cases[i].silent))
                        fail_msg("%s: said: %s\nin %s", cases[i].typed, cases[i].silent, text);
        }
}

#define CHECK(cases, machine) check_cases(cases, sizeof(cases) / sizeof((cases)[0]), machine)

static void a_flag_says_what_it_does_on_this_line(void **state)
{
        static const struct words_case cases[] = {
                { "--cap-add MAC_ADMIN img", ENGINE_DOCKER,
                  "--cap-add=MAC_ADMIN Adds a power: change mandatory access rules.", NULL },
                { "--cap-add KILL img", ENGINE_DOCKER,
                  "--cap-add=KILL No effect: docker 20.10 gives it to every container.", "Adds a power" },
                { "--cap-drop ALL --cap-add KILL img", ENGINE_DOCKER, "--cap-add=KILL Adds a power: ", NULL },
                { "--cap-drop ALL --cap-add KILL img", ENGINE_DOCKER,
                  "--cap-drop=ALL No capability but those added by name.", NULL },
                { "--cap-add ALL --cap-add KILL img", ENGINE_DOCKER,
                  "--cap-add=KILL No effect: --cap-add=ALL gives it already.", "Adds a power" },
                { "--cap-add ALL --cap-drop ALL --cap-add KILL --cap-drop KILL img", ENGINE_DOCKER,
                  "--cap-add=KILL No effect: beside --cap-add=ALL the drop wins.", "Adds a power" },
                { "--cap-add ALL --cap-drop ALL --cap-add KILL --cap-drop KILL img", ENGINE_DOCKER,
                  "--cap-drop=ALL No effect: beside --cap-add=ALL only a drop by name counts.",
                  "No capability but" },
                { "--cap-add ALL --cap-drop ALL --cap-add KILL --cap-drop KILL img", ENGINE_DOCKER,
                  "--cap-drop=KILL Takes a power away: ", NULL },
                { "--cap-drop KILL img", ENGINE_DOCKER, "--cap-drop=KILL Takes a power away: ", NULL },
                { "--cap-drop KILL --cap-add KILL img", ENGINE_DOCKER,
                  "--cap-drop=KILL No effect: docker 20.10 keeps what is added.", "Takes a power" },
                { "--cap-drop KILL --cap-drop ALL img", ENGINE_DOCKER,
                  "--cap-drop=KILL No effect: --cap-drop=ALL takes it away already.", "Takes a power" },
                { "--cap-drop BPF img", ENGINE_DOCKER,
                  "--cap-drop=BPF No effect: docker 20.10 gives it to no container unless it is added.",
                  "Takes a power" },
                { "--cap-drop NET_RAW img", ENGINE_PODMAN,
                  "--cap-drop=NET_RAW No effect: podman 4.3 gives it to no container unless it is added.",
                  "Takes a power" },
        };

        (void)state;
        CHECK(cases, &as_root);
}

static void another_user_is_told_what_is_his(void **state)
{
        static const struct words_case cases[] = {
                { "--user 1000 --cap-add MAC_ADMIN img", ENGINE_DOCKER,
                  "--cap-add=MAC_ADMIN No power for uid 1000: the bounding set alone has it.",
                  "Adds a power" },
                { "--user 1000 --cap-add MAC_ADMIN img", ENGINE_PODMAN,
                  "--cap-add=MAC_ADMIN Adds a power: ", "No power" },
                { "--user 1000 --cap-add KILL img", ENGINE_PODMAN,
                  "--cap-add=KILL Adds a power: ", "No effect" },
                { "--user 1000 --cap-add ALL img", ENGINE_DOCKER,
                  "--cap-add=ALL No power for uid 1000: the bounding set alone has every capability, but for "
                  "those dropped by name.",
                  NULL },
                { "--user 1000 --cap-add ALL img", ENGINE_PODMAN,
                  "--cap-add=ALL Every capability that there is, but for those dropped by name.", NULL },
                { "--user 1000 --cap-drop KILL img", ENGINE_DOCKER,
                  "--cap-drop=KILL Takes nothing from uid 1000, who does not hold it anyway: only the "
                  "bounding set changes.",
                  "Takes a power" },
                { "--user 1000 --cap-add ALL --cap-drop KILL img", ENGINE_PODMAN,
                  "--cap-drop=KILL Takes a power away: ", "Takes nothing" },
                { "--user 1000 --cap-drop ALL img", ENGINE_DOCKER,
                  "--cap-drop=ALL The bounding set has no capability but those added by name.", NULL },
                { "--user 1000 --privileged img", ENGINE_DOCKER,
                  "--privileged Every capability in the bounding set, none for uid 1000, nothing of /proc",
                  NULL },
        };

        (void)state;
        CHECK(cases, &as_root);
}

static void beside_privileged_the_rest_has_no_effect(void **state)
{
        static const char typed[] = "--privileged --cap-add ALL --cap-add KILL --cap-drop ALL --cap-drop BPF "
                                    "--security-opt seccomp=/f img";
        static const struct words_case cases[] = {
                { typed, ENGINE_DOCKER, "--cap-add=ALL No effect: --privileged gives every capability.",
                  NULL },
                { typed, ENGINE_DOCKER, "--cap-add=KILL No effect: --privileged gives every capability.",
                  "Adds a power" },
                { typed, ENGINE_DOCKER, "--cap-drop=ALL No effect: --privileged gives every capability.",
                  "No capability but" },
                { typed, ENGINE_DOCKER, "--cap-drop=BPF No effect: --privileged gives every capability.",
                  "Takes a power" },
                { typed, ENGINE_DOCKER,
                  "--security-opt=seccomp=/f No effect: with --privileged there is no filter.",
                  "is this file's" },
                { typed, ENGINE_DOCKER, "--privileged Every capability, nothing of /proc", NULL },
        };

        (void)state;
        CHECK(cases, &as_root);
}

static void what_the_machine_cannot_give_is_no_power(void **state)
{
        static const struct machine less = { .mode = MODE_ROOT,
                                             .known = CAPS_ALL,
                                             .grantable = CAPS_ALL & ~(UINT64_C(1) << 24) };
        static const struct words_case cases[] = {
                { "--cap-add SYS_RESOURCE img", ENGINE_DOCKER,
                  "--cap-add=SYS_RESOURCE Asked for, and not given on this machine.", "Adds a power" },
                { "--user 1000 --cap-add ALL img", ENGINE_DOCKER,
                  "The bounding set alone has every one but SYS_RESOURCE: a program", NULL },
        };

        (void)state;
        CHECK(cases, &less);
}

static void every_one_is_said_of_every_one_alone(void **state)
{
        static const struct words_case cases[] = {
                { "--user 1000 --cap-add ALL img", ENGINE_DOCKER,
                  "The bounding set alone has every one: a program", NULL },
                { "--user 1000 --cap-add ALL --cap-drop KILL --cap-drop BPF img", ENGINE_DOCKER,
                  "The bounding set alone has every one but KILL, BPF: a program", NULL },
        };

        (void)state;
        CHECK(cases, &as_root);
}

static void a_note_names_only_flags_that_count(void **state)
{
        static const struct words_case cases[] = {
                { "--user 1000 --cap-add ALL --cap-drop ALL --cap-drop KILL img", ENGINE_DOCKER,
                  "- --cap-drop=KILL: takes nothing from uid 1000", "--cap-drop=ALL --cap-drop=KILL: takes" },
                { "--user 1000 --cap-add ALL --cap-drop ALL img", ENGINE_DOCKER,
                  "- --cap-drop=ALL: no effect", "takes nothing" },
                { "--user 1000 --cap-drop BPF img", ENGINE_DOCKER, "- --cap-drop=BPF: no effect",
                  "takes nothing" },
                { "--user 1000 --cap-drop ALL --cap-drop KILL img", ENGINE_DOCKER,
                  "- --cap-drop=ALL: takes nothing from uid 1000", "--cap-drop=KILL: takes" },
        };

        (void)state;
        CHECK(cases, &as_root);
}

static void the_engines_part_over_the_machines_name(void **state)
{
        static const struct words_case cases[] = {
                { "--uts host img", ENGINE_DOCKER, "podman 4.3 would set HOSTNAME to the machine's name.",
                  NULL },
                { "--uts host img", ENGINE_PODMAN, "docker 20.10 would set HOSTNAME to the container's id.",
                  NULL },
                { "--uts host --network host img", ENGINE_DOCKER, "podman 4.3", "set HOSTNAME" },
                { "--uts host -e HOSTNAME=x img", ENGINE_DOCKER, "podman 4.3", "set HOSTNAME" },
                { "--uts host -e HOST=x img", ENGINE_DOCKER, "set HOSTNAME", NULL },
                { "img", ENGINE_DOCKER, "podman 4.3", "set HOSTNAME" },
        };

        (void)state;
        CHECK(cases, &as_root);
}

static void the_engines_part_over_what_read_only_covers(void **state)
{
        static const struct words_case cases[] = {
                { "--read-only img", ENGINE_DOCKER, "podman 4.3 would leave /tmp, /run and /var/tmp writable",
                  "Podman leaves" },
                { "--read-only --cap-add KILL --cap-drop KILL img", ENGINE_DOCKER,
                  "--read-only-tmpfs=false is to be said too", NULL },
                { "--read-only img", ENGINE_PODMAN, "Podman leaves /tmp, /run and /var/tmp writable",
                  "would leave" },
                { "img", ENGINE_DOCKER, "podman 4.3", "--read-only-tmpfs" },
        };

        (void)state;
        CHECK(cases, &as_root);
}

static void a_filter_that_is_off_holds_nobody_back(void **state)
{
        static const struct words_case cases[] = {
                { "img", ENGINE_DOCKER, "are its capabilities, its namespaces and the filter.", NULL },
                { "--privileged img", ENGINE_DOCKER, "are its capabilities and its namespaces.",
                  "and the filter" },
                { "--security-opt seccomp=unconfined img", ENGINE_DOCKER,
                  "are its capabilities and its namespaces.", "and the filter" },
                { "--security-opt seccomp=/f img", ENGINE_DOCKER, "its namespaces and the filter.", NULL },
        };

        (void)state;
        CHECK(cases, &as_root);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_flag_says_what_it_does_on_this_line),
                cmocka_unit_test(another_user_is_told_what_is_his),
                cmocka_unit_test(beside_privileged_the_rest_has_no_effect),
                cmocka_unit_test(what_the_machine_cannot_give_is_no_power),
                cmocka_unit_test(every_one_is_said_of_every_one_alone),
                cmocka_unit_test(a_note_names_only_flags_that_count),
                cmocka_unit_test(the_engines_part_over_the_machines_name),
                cmocka_unit_test(the_engines_part_over_what_read_only_covers),
                cmocka_unit_test(a_filter_that_is_off_holds_nobody_back),
        };

        return cmocka_run_group_tests_name("spec explain_flags", tests, NULL, NULL);
}
