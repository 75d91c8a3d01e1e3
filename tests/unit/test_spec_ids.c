/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "spec/ids.h"

/* "INSIDE OUTSIDE COUNT, …" */
static void describe(const struct id_runs *runs, char *text, size_t size)
{
        size_t n = 0;

        text[0] = '\0';
        for (uint32_t i = 0; i < runs->n; i++)
                n += (size_t)snprintf(text + n, size - n, "%s%u %u %u", i ? ", " : "", runs->v[i].inside,
                                      runs->v[i].outside, runs->v[i].count);
}

static const struct {
        const char *name; /* of the case */
        const char *text, *runs;
} cases[] = {
        { "Debian's", "alice:100000:65536\n", "0 1000 1, 1 100000 65536" },
        { "by number", "1000:100000:65536\n", "0 1000 1, 1 100000 65536" },
        { "no newline at the end", "alice:100000:65536", "0 1000 1, 1 100000 65536" },
        { "others' lines", "bob:100000:65536\nali:1:9\nalice2:5:5\n10000:7:7\nalice:200000:10\n",
          "0 1000 1, 1 200000 10" },
        { "several, by name and by number", "alice:100000:10\n1000:200000:20\nalice:300000:30\n",
          "0 1000 1, 1 100000 10, 11 200000 20, 31 300000 30" },
        { "nobody's", "", "0 1000 1" },
        { "overlapping ones: the first holds",
          "alice:100000:10\nalice:100009:5\nalice:99995:6\nalice:99990:10\n",
          "0 1000 1, 1 100000 10, 11 99990 10" },
        { "the user's own id", "alice:500:1000\nalice:1001:5\n", "0 1000 1, 1 1001 5" },
        { "the machine's root", "alice:0:65536\nalice:0:1\nalice:1:5\n", "0 1000 1, 1 1 5" },
        { "not numbers",
          "alice:x:65536\nalice:100000:y\nalice:0x100:5\nalice: 5:5\nalice:5 :5\nalice:+5:5\n"
          "alice:-5:5\nalice:5:-5\nalice:1e5:5\n",
          "0 1000 1" },
        { "too large",
          "alice:4294967295:1\nalice:4294967296:1\nalice:1:4294967295\nalice:99999999999999999999:1\n"
          "alice:4294967290:6\nalice:4294967290:5\n",
          "0 1000 1, 1 4294967290 5" },
        { "empty ranges and fields", "alice:100000:0\nalice::\nalice:5:\nalice::5\nalice:\nalice\n:5:5\n",
          "0 1000 1" },
        { "fields too many", "alice:100000:5:\nalice:100000:5:6\n", "0 1000 1" },
        { "a carriage return", "alice:100000:5\r\n", "0 1000 1" },
        { "empty lines and remarks", "\n\n# alice:1:2\n#alice:1:2\n\nalice:100000:5\n",
          "0 1000 1, 1 100000 5" },
        { "all that can be inside", "alice:2000:4294965294\nalice:1500:1\nalice:1501:1\n",
          "0 1000 1, 1 2000 4294965294, 4294965295 1500 1, 4294965296 1501 1" },
};

static void the_lines_of_one_user_make_a_map_without_gaps(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct id_runs runs = { 0 };
                char text[600];
                bool added;

                assert_true(id_runs_add(&runs, 1000, 1));
                added = id_runs_add_subids(&runs, cases[i].text, "alice", 1000);
                describe(&runs, text, sizeof(text));
                if (strcmp(text, cases[i].runs) != 0)
                        fail_msg("%s: %s", cases[i].name, text);
                assert_true(added == (strcmp(cases[i].runs, "0 1000 1") != 0));
        }
}

static void a_user_without_a_name_is_found_by_number_alone(void **state)
{
        struct id_runs runs = { 0 };

        (void)state;
        assert_false(id_runs_add_subids(&runs, ":5:5\nalice:5:5\n", "", 1000));
        assert_false(id_runs_add_subids(&runs, ":5:5\n", NULL, 1000));
        assert_true(id_runs_add_subids(&runs, ":5:5\n1000:7:5\n", NULL, 1000));
        assert_int_equal(runs.v[0].outside, 7);
}

static void more_lines_than_fit_are_left_out(void **state)
{
        struct id_runs runs = { 0 };
        char text[2000] = "";

        (void)state;
        for (int i = 0; i < 40; i++)
                snprintf(text + strlen(text), sizeof(text) - strlen(text), "alice:%d:2\n", 1000 + 2 * i);
        assert_true(id_runs_add_subids(&runs, text, "alice", 5));
        assert_int_equal(runs.n, ID_RUNS_MAX);
        assert_int_equal(id_runs_count(&runs), 2 * ID_RUNS_MAX);
}

static void both_ways_through_a_map(void **state)
{
        struct id_runs runs = { 0 };
        uint32_t outside = 77;

        (void)state;
        assert_int_equal(id_runs_count(&runs), 0);
        assert_false(id_runs_outside(&runs, 0, &outside));
        assert_true(id_runs_add(&runs, 1000, 1) && id_runs_add(&runs, 100000, 65536));
        assert_int_equal(id_runs_count(&runs), 65537);
        assert_true(id_runs_outside(&runs, 0, &outside) && outside == 1000);
        assert_true(id_runs_outside(&runs, 1, &outside) && outside == 100000);
        assert_true(id_runs_outside(&runs, 65536, &outside) && outside == 165535);
        assert_false(id_runs_outside(&runs, 65537, &outside));
        assert_false(id_runs_outside(&runs, UINT32_MAX, &outside));
        assert_int_equal(outside, 165535);
        assert_true(id_runs_has_outside(&runs, 1000) && id_runs_has_outside(&runs, 165535));
        assert_false(id_runs_has_outside(&runs, 0) || id_runs_has_outside(&runs, 165536));
}

static void a_new_line_overlaps_nobodys(void **state)
{
        (void)state;
        assert_int_equal(id_runs_free("", 100000, 65536), 100000);
        assert_int_equal(id_runs_free("bob:100000:65536\nx:10:10\n", 100000, 65536), 165536);
        assert_int_equal(id_runs_free("bob:100000:65536\nno line\nx:300000:10", 100000, 65536), 300010);
        assert_int_equal(id_runs_free("bob:4294967295:4294967295\n", 100000, 65536), 0);
        assert_int_equal(id_runs_free("bob:2147483000:1\n", 100000, 65536), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_lines_of_one_user_make_a_map_without_gaps),
                cmocka_unit_test(a_user_without_a_name_is_found_by_number_alone),
                cmocka_unit_test(more_lines_than_fit_are_left_out),
                cmocka_unit_test(both_ways_through_a_map),
                cmocka_unit_test(a_new_line_overlaps_nobodys),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
