/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stage/dialog.h"

/* Who may be signalled, and what cannot be ended: by the ids that the container has on the machine. */
static void sharing_pids_says_what_is_in_reach(void **state)
{
        static const struct {
                enum cage_mode mode;
                uint32_t uid;
                const char *reach;
                bool outlives;
        } rows[] = {
                { MODE_ROOT, 0, "may signal all of them. ", false },
                { MODE_RANGE, 0, "may signal those of all --userns=remap containers. ", false },
                { MODE_RANGE, 1000, "may signal those that are yours. ", true },
                { MODE_ONE_ID, 1000, "may signal those that are yours. ", true },
        };

        struct spec spec;

        (void)state;
        spec_init(&spec);
        spec.pid = NS_HOST;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                const struct machine machine = { .mode = rows[i].mode, .uid = rows[i].uid };
                char *text = dangers_text(dangers_of(&spec, &machine), &machine);

                assert_non_null(strstr(text, rows[i].reach));
                assert_int_equal(strstr(text, "outlive") != NULL, rows[i].outlives);
                free(text);
        }
        spec_finish(&spec);
}

/* What a line gives away is weighed by the machine that it runs on: with a remap it is less. */
static void what_was_harmless_elsewhere_is_not_taken_for_given(void **state)
{
        const struct machine root = { .mode = MODE_ROOT }, remap = { .mode = MODE_RANGE, .uid = 0 };
        struct spec spec;

        (void)state;
        spec_init(&spec);
        spec.pid = NS_HOST;
        spec.caps.privileged = true;
        for (int i = 0; i < 4; i++) {
                const struct machine *to = i & 1 ? &remap : &root, *from = i & 2 ? &remap : &root;
                struct dangers beyond = dangers_beyond(dangers_of(&spec, to), dangers_of(&spec, from));

                assert_int_equal(beyond.privileged, to == &root && from == &remap);
                assert_int_equal(dangers_any(beyond), to == &root && from == &remap);
                assert_int_equal(beyond.pid_host == SIGNALS_ALL, to == &root && from == &remap);
        }
        spec_finish(&spec);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(sharing_pids_says_what_is_in_reach),
                cmocka_unit_test(what_was_harmless_elsewhere_is_not_taken_for_given),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
