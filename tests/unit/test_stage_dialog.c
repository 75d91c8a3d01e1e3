/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "stage/dialog.h"
#include "ui/draw.h"

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

/* The capabilities of a mask over those that give the machine away, one bit each, and SYS_PTRACE. */
static uint64_t some_of(unsigned pick)
{
        uint64_t mask = 0;
        unsigned n = 0;

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if ((caps_info(bit)->gives_host_away || bit == (unsigned)caps_find("SYS_PTRACE")) &&
                    pick >> n++ & 1)
                        mask |= caps_bit(bit);
        return mask;
}

/* Nobody says yes to what he was not shown: all of it stands on the smallest screen at once. */
static void every_danger_is_named_and_has_room(void **state)
{
        enum { COLS = 54, ROWS = 11 /* of the dialog on 60x16 */ };
        static const char losses[] = "The shell and what was started inside (12345 processes) end with this "
                                     "container: a change makes a new one. ";
        const struct machine machine = { .mode = MODE_ROOT };

        (void)state;
        for (unsigned pick = 0; pick < 1u << 10; pick++) {
                struct dangers dangers = { .privileged = pick >> 9,
                                           .pid_host = pick >> 8 & 1 ? SIGNALS_ALL : SIGNALS_NONE_SEEN,
                                           .caps = pick >> 9 ? 0 : some_of(pick & 0xff) };
                own_free char *text = dangers_text(dangers, &machine);
                own_free char *all = xasprintf("%s%s", losses, text);
                struct strv lines = { 0 };

                for (unsigned bit = 0; bit < CAPS_N; bit++)
                        assert_int_equal(strstr(text, caps_info(bit)->name) != NULL,
                                         (dangers.caps & caps_bit(bit)) != 0);
                assert_int_equal(strstr(text, "--pid=host: ") != NULL, dangers.pid_host != SIGNALS_NONE_SEEN);
                assert_int_equal(strstr(text, "--privileged as ") != NULL, dangers.privileged);
                pen_wrap(all, COLS, &lines);
                if (lines.n > ROWS)
                        fail_msg("%zu lines: %s", lines.n, all);
                strv_finish(&lines);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(sharing_pids_says_what_is_in_reach),
                cmocka_unit_test(what_was_harmless_elsewhere_is_not_taken_for_given),
                cmocka_unit_test(every_danger_is_named_and_has_room),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
