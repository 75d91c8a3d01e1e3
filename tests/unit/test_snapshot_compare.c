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

/* Of K, u, an added capability, -p and nnp: what two keys after one another have left to be told. */
static void two_changes_are_told_as_one_unless_one_takes_the_other_back(void **state)
{
        const uint64_t less = mask & ~caps_bit(5), more = mask | caps_bit(33);
        struct snapshot root = seen(1, 0, mask, mask), drop = seen(2, 0, less, less);
        struct snapshot user = seen(3, 1000, mask, 0), both = seen(4, 1000, less, 0);
        struct snapshot other = seen(5, 33, mask, 0), add = seen(6, 0, more, more);
        struct snapshot nnp = root, shared = root, open = root, beside = user;

        (void)state;
        nnp.init_inside.no_new_privs = true;
        open.init_inside.seccomp = 0;
        shared.ns.container[NS_T_PID] = shared.ns.host[NS_T_PID] = 4;
        beside.ns = shared.ns;
        assert_true(snapshot_tells_both(&root, &drop, &both));
        assert_true(snapshot_tells_both(&root, &user, &both));
        assert_true(snapshot_tells_both(&root, &shared, &beside));
        assert_true(snapshot_tells_both(&root, &root, &nnp));
        assert_false(snapshot_tells_both(&root, &drop, &root));
        assert_false(snapshot_tells_both(&user, &both, &user));
        assert_false(snapshot_tells_both(&root, &add, &root));
        assert_false(snapshot_tells_both(&add, &root, &add));
        assert_false(snapshot_tells_both(&root, &user, &root));
        assert_false(snapshot_tells_both(&root, &user, &other));
        assert_false(snapshot_tells_both(&root, &nnp, &root));
        assert_false(snapshot_tells_both(&root, &open, &root));
        assert_false(snapshot_tells_both(&root, &shared, &root));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(nothing_changed_is_no_difference),
                cmocka_unit_test(every_change_is_told),
                cmocka_unit_test(two_changes_are_told_as_one_unless_one_takes_the_other_back),
                cmocka_unit_test(a_side_that_was_not_readable_changes_no_power),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
