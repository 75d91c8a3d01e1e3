/* SPDX-License-Identifier: MIT */
/* The same container as a pod and as a service: what a YAML reader makes of it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "spec/equivalent.h"
#include "spec_line_helper.h"

static void parse(const char *typed, struct spec *ret)
{
        struct fault fault = { 0 };

        if (!parse_text(typed, ENGINE_DOCKER, ret, &fault))
                fail_msg("%s: %s: %s", typed, fault.step, fault.why);
}

static void assert_says(const char *typed, const char *text, const char *says)
{
        if (!strstr(text, says))
                fail_msg("%s: not said: %s\nin %s", typed, says, text);
}

static void assert_silent(const char *typed, const char *text, const char *silent)
{
        if (strstr(text, silent))
                fail_msg("%s: said: %s\nin %s", typed, silent, text);
}

struct yaml_case {
        const char *typed, *says, *silent;
};

static void check_cases(const struct yaml_case *cases, size_t n, char *(*equivalent)(const struct spec *))
{
        for (size_t i = 0; i < n; i++) {
                own_free char *text = NULL;
                struct spec spec;

                parse(cases[i].typed, &spec);
                text = equivalent(&spec);
                assert_says(cases[i].typed, text, cases[i].says);
                if (cases[i].silent)
                        assert_silent(cases[i].typed, text, cases[i].silent);
                spec_finish(&spec);
        }
}

#define CHECK(cases, equivalent) check_cases(cases, sizeof(cases) / sizeof((cases)[0]), equivalent)

static void a_dollar_is_doubled_where_it_is_read(void **state)
{
        static const struct yaml_case pod[] = {
                { "img echo '$$'", "args: [\"echo\", \"$$$$\"]", NULL },
                { "img echo '$$(x)' '$(x)' '$' 'a$b'", "\"$$$$(x)\", \"$$(x)\", \"$$\", \"a$$b\"", NULL },
                { "-e 'A=$$(x)' img", "value: \"$$$$(x)\"", NULL },
                { "--entrypoint '$e' img", "command: [\"$$e\"]", NULL },
                { "--entrypoint '' img '$c'", "command: [\"$$c\"]", NULL },
                /* Nothing expands these: a second dollar would be one too many. */
                { "-w '/$(x)$$' img", "workingDir: \"/$(x)$$\"", NULL },
                { "-e 'A$(x)=1' img", "name: \"A$(x)\"", NULL },
                { "-h 'h$(x)' img", "hostname: \"h$(x)\"", NULL },
                { "--security-opt 'seccomp=/p$(x)' img", "localhostProfile: \"/p$(x)\"", NULL },
                { "'img$(x)'", "image: \"img$(x)\"", NULL },
                { "--user 'u$(x)' img", "the number of \"u$(x)\" in", NULL },
        };
        static const struct yaml_case service[] = {
                { "-w '/$(x)$$' img '$$'", "working_dir: \"/$$(x)$$$$\"", NULL },
                { "img '$$'", "command: [\"$$$$\"]", NULL },
        };

        (void)state;
        CHECK(pod, equivalent_kubernetes);
        CHECK(service, equivalent_compose);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_dollar_is_doubled_where_it_is_read),
        };

        return cmocka_run_group_tests_name("spec equivalent", tests, NULL, NULL);
}
