/* SPDX-License-Identifier: MIT */
/* What is guessed and derived of a container that somebody else started. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "base/str.h"
#include "snapshot/cgroup.h"
#include "snapshot/derive.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEX2 "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void engines_are_told_by_their_control_groups(void **state)
{
        static const struct {
                const char *text, *engine, *id;
        } cases[] = {
                { "0::/\n", NULL, "" },
                { "", NULL, "" },
                { "no colon", NULL, "" },
                { "0:/docker/" HEX "\n", NULL, "" },
                { "0::/user.slice/user-1000.slice/session-2.scope\n", NULL, "" },
                { "0::/system.slice/docker-" HEX ".scope\n", "docker", HEX },
                { "0::/system.slice/docker-" HEX ".scope/init\n", "docker", HEX },
                { "12:pids:/docker/" HEX "\n0::/\n", "docker", HEX },
                { "9:name=systemd:/docker/" HEX "\n", "docker", HEX },
                { "0::/docker/" HEX "/docker/" HEX2 "\n", "docker", HEX2 },
                { "0::/docker/" HEX "0\n", NULL, "" },
                { "0::/docker/short\n", NULL, "" },
                { "0::/docker\n", NULL, "" },
                { "0::/" HEX "\n", NULL, "" },
                { "0::/machine.slice/libpod-" HEX ".scope/container\n", "podman", HEX },
                { "0::/machine.slice/libpod-conmon-" HEX ".scope\n", NULL, "" },
                { "0::/libpod_parent/libpod-" HEX "\n", "podman", HEX },
                { "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" HEX ".scope\n", "containerd",
                  HEX },
                { "0::/kubepods/besteffort/pod12-34/" HEX "\n", "kubernetes", HEX },
                { "0::/kubepods.slice/crio-" HEX ".scope\n", "cri-o", HEX },
                { "0::/lxc.payload.web/init.scope\n", "lxc", "web" },
                { "4:memory:/lxc/web\n", "lxc", "web" },
                { "0::/machine.slice/systemd-nspawn@deb.service/payload\n", "systemd-nspawn", "deb" },
                { "0::/machine.slice/machine-deb.scope\n", "systemd-nspawn", "deb" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct cgroup_guess guess;

                cgroup_guess(cases[i].text, &guess);
                if (cases[i].engine)
                        assert_string_equal(guess.engine ? guess.engine : "(none)", cases[i].engine);
                else
                        assert_null(guess.engine);
                assert_string_equal(guess.id, cases[i].id);
        }
}

static void a_name_of_any_length_fits(void **state)
{
        struct cgroup_guess guess;
        struct str text = { 0 };

        (void)state;
        str_add(&text, "0::/lxc/");
        for (int i = 0; i < 5000; i++)
                str_add(&text, "\033");
        cgroup_guess(str_text(&text), &guess);
        assert_string_equal(guess.engine, "lxc");
        assert_int_equal(strlen(guess.id), CGROUP_ID_SIZE - 1);
        str_finish(&text);
}

/* The line that gives what derive_spec found, without the image and the command. */
static char *line_of(const struct status *init, const struct ns_ids *ns)
{
        struct spec spec;
        char *line;

        derive_spec(init, ns, CAPS_ALL, ENGINE_DOCKER, &spec);
        line = spec_line(&spec, "docker");
        spec_finish(&spec);
        return line;
}

static void the_line_follows_from_the_kernels_figures(void **state)
{
        const uint64_t base = caps_rules(ENGINE_DOCKER)->base;
        const uint64_t kill = caps_bit((unsigned)caps_find("KILL")),
                       mac = caps_bit((unsigned)caps_find("MAC_ADMIN"));
        const struct {
                uint32_t uid, gid;
                uint64_t bounding;
                bool no_new_privs;
                int seccomp;
                const char *line;
        } cases[] = {
                { 0, 0, base, false, 2, "docker run" },
                { 1000, 1001, base, false, 2, "docker run --user=1000:1001" },
                { 0, 5, base, false, 2, "docker run --user=0:5" },
                { 0, 0, base & ~kill, false, 2, "docker run --cap-drop=KILL" },
                { 0, 0, base | mac, true, 2,
                  "docker run --cap-add=MAC_ADMIN --security-opt=no-new-privileges" },
                { 0, 0, CAPS_ALL, false, 0, "docker run --cap-add=ALL --security-opt=seccomp=unconfined" },
                { 0, 0, 0, false, -1, "docker run --cap-drop=ALL" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct status init = { .uid = { 9, cases[i].uid, 9, 9 },
                                       .gid = { 9, cases[i].gid, 9, 9 },
                                       .caps.bounding = cases[i].bounding,
                                       .no_new_privs = cases[i].no_new_privs,
                                       .seccomp = cases[i].seccomp };
                const struct ns_ids own = { .container = { 0 } };
                own_free char *line = line_of(&init, &own);
                size_t n = strlen(line);

                while (n > 0 && line[n - 1] == ' ')
                        line[--n] = '\0';
                assert_string_equal(line, cases[i].line);
        }
}

static void supplementary_groups_are_the_lines_own_or_added(void **state)
{
        static const struct {
                uint32_t uid, gid, groups[6];
                unsigned n;
                bool own_userns;
                const char *line;
        } cases[] = {
                { 0, 0, { 0 }, 0, false, "docker run" },
                { 0, 0, { 0 }, 1, false, "docker run" },
                { 0, 0, { 0, 27, 4, 27 }, 4, false, "docker run --group-add=27 --group-add=4" },
                { 1000, 1001, { 1001 }, 1, false, "docker run --user=1000:1001" },
                { 1000, 1001, { 1001, 0 }, 2, false, "docker run --user=1000:1001 --group-add=0" },
                { 0, 0, { 65534 }, 1, false, "docker run --group-add=65534" },
                /* Which groups these are cannot be seen from inside. */
                { 0, 0, { 65534, 65534, 5 }, 3, true, "docker run --group-add=5" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct status init = { .uid = { 9, cases[i].uid, 9, 9 },
                                       .gid = { 9, cases[i].gid, 9, 9 },
                                       .n_groups = cases[i].n,
                                       .caps.bounding = caps_rules(ENGINE_DOCKER)->base,
                                       .seccomp = 2 };
                struct ns_ids ns = { .container = { 0 } };
                own_free char *line = NULL, *wanted = NULL;

                memcpy(init.groups, cases[i].groups, sizeof(cases[i].groups));
                ns.container[NS_T_USER] = 100;
                ns.host[NS_T_USER] = cases[i].own_userns ? 200 : 100;
                line = line_of(&init, &ns);
                wanted = xasprintf("%s%s", cases[i].line, cases[i].own_userns ? "" : " --userns=host");
                assert_string_equal(line, wanted);
        }
}

static void namespaces_are_shared_where_the_numbers_are_equal(void **state)
{
        const struct status init = { .caps.bounding = caps_rules(ENGINE_DOCKER)->base, .seccomp = 2 };
        struct ns_ids ns = { .container = { 0 } };
        struct id_map map = { .n = 1, .v = { { 0, 1000, 1 } } };
        struct spec spec;

        (void)state;
        for (unsigned i = 0; i < NS_T_N; i++) {
                ns.container[i] = 100 + i;
                ns.host[i] = 200 + i;
        }
        ns.host[NS_T_NET] = ns.container[NS_T_NET];
        ns.host[NS_T_IPC] = ns.container[NS_T_IPC] = 0; /* not readable: not known to be shared */
        derive_spec(&init, &ns, CAPS_ALL, ENGINE_DOCKER, &spec);
        assert_int_equal(spec.network, NS_HOST);
        assert_int_equal(spec.ipc, NS_OWN);
        assert_int_equal(spec.uts, NS_OWN);
        assert_int_equal(spec.userns, NS_OWN);
        spec_finish(&spec);
        assert_int_equal(derive_mode(&ns, &map), MODE_ONE_ID);
        map.v[0].count = 65536;
        assert_int_equal(derive_mode(&ns, &map), MODE_RANGE);
        ns.host[NS_T_USER] = ns.container[NS_T_USER];
        assert_int_equal(derive_mode(&ns, &map), MODE_ROOT);
        /* Not readable: the map says it. */
        ns.container[NS_T_USER] = 0;
        assert_int_equal(derive_mode(&ns, &map), MODE_RANGE);
        map.v[0].outside = 0;
        map.v[0].count = UINT32_MAX;
        assert_int_equal(derive_mode(&ns, &map), MODE_ROOT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(engines_are_told_by_their_control_groups),
                cmocka_unit_test(a_name_of_any_length_fits),
                cmocka_unit_test(the_line_follows_from_the_kernels_figures),
                cmocka_unit_test(supplementary_groups_are_the_lines_own_or_added),
                cmocka_unit_test(namespaces_are_shared_where_the_numbers_are_equal),
        };

        cmocka_set_message_output(CM_OUTPUT_TAP);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
