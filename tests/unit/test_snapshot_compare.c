/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "snapshot/snapshot.h"

static const uint64_t mask = UINT64_C(0xa80425fb);

static struct snapshot seen(pid_t init_host, uint32_t uid, uint64_t bounding, uint64_t effective)
{
        struct snapshot snapshot = { .init_host = init_host, .init_container = 1, .init_seen = true };

        snapshot.init_inside.pid = 1;
        snapshot.init_inside.uid[0] = 77; /* the real uid decides nothing */
        snapshot.init_inside.uid[1] = uid;
        snapshot.init_inside.caps.bounding = bounding;
        snapshot.init_inside.caps.effective = effective;
        snapshot.init_inside.seccomp = 2;
        return snapshot;
}

static void nothing_changed_is_no_difference(void **state)
{
        struct snapshot a = seen(3301, 0, mask, mask);
        struct snapshot_diff diff = snapshot_compare(&a, &a);

        (void)state;
        assert_true(diff.old_init == 0 && diff.new_init == 0);
        assert_true(diff.bounding_gone == 0 && diff.bounding_come == 0);
        assert_true(diff.effective_gone == 0 && diff.effective_come == 0);
        assert_false(diff.uid_changed || diff.nnp_changed || diff.seccomp_changed);
}

static void every_change_is_told(void **state)
{
        struct snapshot a = seen(3318, 0, mask, mask);
        struct snapshot b = seen(3324, 1000, (mask & ~caps_bit(5)) | caps_bit(33), caps_bit(33));
        struct snapshot_diff diff;

        (void)state;
        b.init_inside.no_new_privs = true;
        b.init_inside.seccomp = 0;
        diff = snapshot_compare(&a, &b);
        assert_true(diff.old_init == 3318 && diff.new_init == 3324);
        assert_true(diff.bounding_gone == caps_bit(5) && diff.bounding_come == caps_bit(33));
        assert_true(diff.effective_gone == mask && diff.effective_come == caps_bit(33));
        assert_true(diff.uid_changed && diff.old_uid == 0 && diff.new_uid == 1000);
        assert_true(diff.nnp_changed && diff.seccomp_changed);
}

static void a_side_that_was_not_readable_changes_no_power(void **state)
{
        struct snapshot a = seen(3318, 0, mask, mask), b = seen(3324, 1000, 0, 0);
        struct snapshot_diff diff;

        (void)state;
        b.init_inside.pid = 0;
        diff = snapshot_compare(&a, &b);
        assert_true(diff.old_init == 3318 && diff.new_init == 3324);
        assert_true(diff.bounding_gone == 0 && diff.effective_gone == 0);
        assert_false(diff.uid_changed || diff.seccomp_changed);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(nothing_changed_is_no_difference),
                cmocka_unit_test(every_change_is_told),
                cmocka_unit_test(a_side_that_was_not_readable_changes_no_power),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
