/* SPDX-License-Identifier: MIT */
/* The same container as a pod and as a service: what a YAML reader makes of it. */
#include "config.h"

#include <locale.h>
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

static void what_yaml_or_a_terminal_refuses_is_escaped(void **state)
{
        static const struct yaml_case cases[] = {
                { "img 'caf\xc3\xa9 \xf0\x9f\x98\x80'", "\"caf\xc3\xa9 \xf0\x9f\x98\x80\"", NULL },
                { "img '\xc2\x80\xc2\x85\xc2\x9f'", "\"\\u0080\\u0085\\u009f\"", "\xc2" },
                { "img '\xef\xbf\xbe\xef\xbf\xbf'", "\"\\ufffe\\uffff\"", "\xef" },
                { "img '\xe2\x80\xa8' '\xe2\x80\xae'", "\"\\u2028\", \"\\u202e\"", "\xe2" },
                { "img 'a\x7f'", "\"a\\u007f\"", "\x7f" },
                { "img 'a\x1b\n\"\\'", "\"a\\u001b\\n\\\"\\\\\"", NULL },
                /* Two halves of a pair are two characters to YAML, and neither of them is one. */
                { "img '\xf3\xa0\x80\x81'", "\"\\U000e0001\"", "\xf3" },
        };

        (void)state;
        CHECK(cases, equivalent_kubernetes);
        CHECK(cases, equivalent_compose);
}

static void only_a_privileged_pod_may_not_be_kept_from_more(void **state)
{
        static const char escalation[] = "        allowPrivilegeEscalation: false\n";
        static const struct yaml_case cases[] = {
                { "--security-opt no-new-privileges img", escalation, "#" },
                { "--security-opt no-new-privileges --cap-add SYS_ADMIN img", escalation, "#" },
                { "--security-opt no-new-privileges --cap-add ALL img", escalation, "#" },
                { "--security-opt no-new-privileges --privileged img",
                  "        # allowPrivilegeEscalation: false is refused beside privileged: true\n",
                  escalation },
                { "--cap-add SYS_ADMIN img", "add: [SYS_ADMIN]", "allowPrivilegeEscalation" },
        };

        (void)state;
        CHECK(cases, equivalent_kubernetes);
}

static void what_a_pod_or_a_service_cannot_say_is_a_comment(void **state)
{
        static const struct yaml_case pod[] = {
                { "--network none img", "  # a pod has the cluster's network: none cannot be asked for\n",
                  NULL },
                { "--network bridge img", "spec:\n  restartPolicy: Never\n  containers:", "#" },
                { "--userns remap img", "spec:\n  restartPolicy: Never\n  hostUsers: false\n", "#" },
                { "--userns remap --pid host img",
                  "  # hostUsers: false, a user namespace, is refused beside hostPID, hostNetwork and "
                  "hostIPC\n",
                  "\n  hostUsers" },
                { "--userns remap --network host img", "  # hostUsers: false", "\n  hostUsers" },
                { "--userns remap --ipc host img", "  # hostUsers: false", "\n  hostUsers" },
                { "--userns host img", "spec:\n  restartPolicy: Never\n  containers:", "hostUsers" },
        };
        static const struct yaml_case service[] = {
                { "--network none img", "    network_mode: \"none\"\n", "#" },
                { "--userns remap img",
                  "    # a service cannot ask for a user namespace: that is the daemon's userns-remap\n",
                  "userns_mode" },
                { "--userns host img", "    userns_mode: \"host\"\n", "#" },
        };

        (void)state;
        CHECK(pod, equivalent_kubernetes);
        CHECK(service, equivalent_compose);
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_dollar_is_doubled_where_it_is_read),
                cmocka_unit_test(what_yaml_or_a_terminal_refuses_is_escaped),
                cmocka_unit_test(only_a_privileged_pod_may_not_be_kept_from_more),
                cmocka_unit_test(what_a_pod_or_a_service_cannot_say_is_a_comment),
        };

        return cmocka_run_group_tests_name("spec equivalent", tests, use_utf8, NULL);
}
