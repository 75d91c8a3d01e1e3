/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cage/devgroup.h"

#define V1 "30 25 0:26 / /sys/fs/cgroup/devices rw shared:9 - cgroup cgroup rw,devices\n"
#define V2 "31 25 0:27 / /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
#define UNIFIED \
        "30 25 0:26 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n"
#define SESSION "/user.slice/user-1000.slice/session-3.scope"

static const struct {
        const char *name, *cgroups, *mountinfo;
        enum devgroup_kind kind;
        const char *path;
} cases[] = {
        { "a unified machine", "0::" SESSION "\n", UNIFIED, DEVGROUP_V2, "/sys/fs/cgroup" SESSION },
        { "a hybrid one: v1 rules", "12:devices:/user.slice\n1:name=systemd:/x\n0::/user.slice\n", V2 V1,
          DEVGROUP_V1, "/sys/fs/cgroup/devices/user.slice" },
        { "v1 with two controllers together", "3:pids,devices:/a\n",
          "30 25 0:26 / /cg rw - cgroup cgroup rw,pids,devices\n", DEVGROUP_V1, "/cg/a" },
        { "a controller that begins alike", "3:devicesx:/a\n", "30 25 0:26 / /cg rw - cgroup c rw,devicesx\n",
          DEVGROUP_NONE, NULL },
        { "v1 that is nowhere mounted", "12:devices:/\n0::/\n", V2, DEVGROUP_V2, "/sys/fs/cgroup/unified" },
        { "the root", "0::/\n", UNIFIED, DEVGROUP_V2, "/sys/fs/cgroup" },
        { "a container that sees the machine's paths", "5:devices:/docker/1\n",
          "30 25 0:26 /docker/1 /sys/fs/cgroup/devices ro - cgroup cgroup rw,devices\n", DEVGROUP_V1,
          "/sys/fs/cgroup/devices" },
        { "below its own root", "5:devices:/docker/1/a b\n",
          "30 25 0:26 /docker/1 /sys/fs/cgroup/devices ro - cgroup cgroup rw,devices\n", DEVGROUP_V1,
          "/sys/fs/cgroup/devices/a b" },
        { "a root that begins alike", "5:devices:/docker/12\n",
          "30 25 0:26 /docker/1 /sys/fs/cgroup/devices ro - cgroup cgroup rw,devices\n", DEVGROUP_NONE,
          NULL },
        { "outside the cgroup namespace", "0::/../x\n", UNIFIED, DEVGROUP_NONE, NULL },
        { "a mount from outside of it", "0::/\n", "30 25 0:26 /../.. /cg rw - cgroup2 cgroup2 rw\n",
          DEVGROUP_NONE, NULL },
        { "a colon in the name", "0::/a:b\n", UNIFIED, DEVGROUP_V2, "/sys/fs/cgroup/a:b" },
        { "two mounts: the last is seen", "0::/a\n", UNIFIED "40 25 0:26 / /two rw - cgroup2 cgroup2 rw\n",
          DEVGROUP_V2, "/two/a" },
        { "no line", "", UNIFIED, DEVGROUP_NONE, NULL },
        { "lines that are none", "\n::\n0\n0:\nx::/\n", UNIFIED, DEVGROUP_NONE, NULL },
        { "no mount", "0::/\n", "", DEVGROUP_NONE, NULL },
};

static void it_is_made_where_vitrine_runs(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char path[128] = "untouched";
                enum devgroup_kind kind =
                        devgroup_find(cases[i].cgroups, cases[i].mountinfo, path, sizeof(path));

                if (kind != cases[i].kind || strcmp(path, cases[i].path ? cases[i].path : "untouched") != 0)
                        fail_msg("%s: %d %s", cases[i].name, (int)kind, path);
        }
}

static void a_path_that_does_not_fit_is_none(void **state)
{
        char path[16] = "untouched";

        (void)state;
        assert_int_equal(devgroup_find("0::/a\n", UNIFIED, path, sizeof(path)), DEVGROUP_NONE);
        assert_string_equal(path, "untouched");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_is_made_where_vitrine_runs),
                cmocka_unit_test(a_path_that_does_not_fit_is_none),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
