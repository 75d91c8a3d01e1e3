/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>
#include <sys/capability.h>

#include "caps/caps.h"
#include "caps/near.h"

static void every_bit_has_libcaps_name(void **state)
{
        (void)state;
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                char *name = cap_to_name((cap_value_t)bit);

                assert_non_null(name);
                assert_int_equal(strncmp(name, "cap_", 4), 0);
                assert_string_equal(caps_info(bit)->lower, name + 4);
                assert_int_equal(strcasecmp(caps_info(bit)->name, name + 4), 0);
                assert_int_equal(caps_find(name), bit);
                cap_free(name);
        }
}

static void clauses_fit_the_panes_border(void **state)
{
        (void)state;
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                assert_in_range(strlen(caps_info(bit)->clause), 5, 42);
}

static void dockers_default_is_its_mask(void **state)
{
        static const char *const names[] = {
                "CHOWN",   "DAC_OVERRIDE",     "FOWNER",  "FSETID",     "KILL",  "SETGID",      "SETUID",
                "SETPCAP", "NET_BIND_SERVICE", "NET_RAW", "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP"
        };
        uint64_t mask = 0;
        char hex[17];

        (void)state;
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                mask |= caps_bit((unsigned)caps_find(names[i]));
        assert_true(mask == caps_rules(ENGINE_DOCKER)->base);
        caps_hex(mask, hex);
        assert_string_equal(hex, "00000000a80425fb");
}

static void a_near_name_is_found_and_a_far_one_is_not(void **state)
{
        (void)state;
        assert_string_equal(caps_near("KILLL"), "KILL");
        assert_string_equal(caps_near("cap_net_admn"), "NET_ADMIN");
        assert_null(caps_near("NOSUCH"));
        assert_int_equal(near_distance("user", "use"), 1);
        assert_int_equal(near_distance("", "abc"), 3);
}

static void adds_and_drops_follow_docker(void **state)
{
        const struct cap_rules *docker = caps_rules(ENGINE_DOCKER);
        const uint64_t kill = caps_bit(5), base = UINT64_C(0xa80425fb);
        const struct {
                struct cap_request request;
                uint64_t wanted;
        } cases[] = {
                { { 0 }, base },
                { { .add = kill, .drop = kill }, base },
                { { .drop = kill }, base & ~kill },
                { { .drop_all = true }, 0 },
                { { .drop_all = true, .add = kill }, kill },
                { { .add_all = true, .drop = kill }, CAPS_ALL & ~kill },
                { { .add_all = true, .drop_all = true }, CAPS_ALL },
                { { .privileged = true, .drop = kill }, CAPS_ALL },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                uint64_t wanted = 0;
                int clash;

                assert_true(caps_wanted(docker, &cases[i].request, CAPS_ALL, &wanted, &clash));
                assert_true(wanted == cases[i].wanted);
        }
}

static void podman_refuses_a_clash(void **state)
{
        const struct cap_request clash_kill = { .add = 0x20, .drop = 0x20 };
        const struct cap_request clash_all = { .add_all = true, .drop_all = true };
        uint64_t wanted;
        int clash;

        (void)state;
        assert_false(caps_wanted(caps_rules(ENGINE_PODMAN), &clash_kill, CAPS_ALL, &wanted, &clash));
        assert_int_equal(clash, 5);
        assert_false(caps_wanted(caps_rules(ENGINE_PODMAN), &clash_all, CAPS_ALL, &wanted, &clash));
        assert_int_equal(clash, -1);
}

static void uid_1000_has_no_effective_caps_with_docker_and_ambient_ones_with_podman(void **state)
{
        const struct cap_request request = { .add = caps_bit(33) };
        struct cap_sets sets;

        (void)state;
        sets = caps_apply(caps_rules(ENGINE_DOCKER), &request, UINT64_C(0x2a80425fb), CAPS_ALL, 1000);
        assert_true(sets.effective == 0 && sets.permitted == 0 && sets.ambient == 0);
        assert_true(sets.bounding == UINT64_C(0x2a80425fb));
        sets = caps_apply(caps_rules(ENGINE_PODMAN), &request, UINT64_C(0x2800405fb), CAPS_ALL, 1000);
        assert_true(sets.effective == caps_bit(33) && sets.ambient == caps_bit(33));
        assert_true(sets.inheritable == caps_bit(33));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_bit_has_libcaps_name),
                cmocka_unit_test(clauses_fit_the_panes_border),
                cmocka_unit_test(dockers_default_is_its_mask),
                cmocka_unit_test(a_near_name_is_found_and_a_far_one_is_not),
                cmocka_unit_test(adds_and_drops_follow_docker),
                cmocka_unit_test(podman_refuses_a_clash),
                cmocka_unit_test(uid_1000_has_no_effective_caps_with_docker_and_ambient_ones_with_podman),
        };

        return cmocka_run_group_tests_name("caps", tests, NULL, NULL);
}
