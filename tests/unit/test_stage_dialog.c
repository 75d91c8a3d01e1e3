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

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                const struct machine machine = { .mode = rows[i].mode, .uid = rows[i].uid };
                char *text = dangers_text((struct dangers){ .pid_host = true }, &machine);

                assert_non_null(strstr(text, rows[i].reach));
                assert_int_equal(strstr(text, "outlive") != NULL, rows[i].outlives);
                free(text);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(sharing_pids_says_what_is_in_reach) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
