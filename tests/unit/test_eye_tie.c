/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/str.h"
#include "eye/reader.h"

/* Whether each of the rows is tied, as text. */
static char *ties(struct reader *reader)
{
        struct str out = { 0 };

        reader_tie(reader);
        for (size_t i = 0; i < reader->n; i++)
                str_add_c(&out, reader->v[i].tie == TIE_YES ? 'y' : 'n');
        return str_take(&out);
}

static void descendants_of_the_keeper_are_tied(void **state)
{
        static const struct {
                pid_t keeper;
                const char *ties;
        } cases[] = {
                { 0, "nnnnnnnn" }, { 20, "nyynyyyn" }, { 30, "nnynnnyn" },
                { 1, "yyyyyyyn" }, { 90, "nnnnnnny" }, { 7, "nnnnnnnn" },
        };
        /* 50 has a larger parent; 80's is not to be seen, as under hidepid. */
        struct seen rows[] = {
                { .proc = { .pid = 1 } },
                { .proc = { .pid = 20, .ppid = 1 } },
                { .proc = { .pid = 30, .ppid = 20 } },
                { .proc = { .pid = 40, .ppid = 1 } },
                { .proc = { .pid = 50, .ppid = 60 } },
                { .proc = { .pid = 60, .ppid = 20 } },
                { .proc = { .pid = 70, .ppid = 30 } },
                { .proc = { .pid = 80, .ppid = 90 } },
        };
        struct reader reader = { .v = rows, .n = sizeof(rows) / sizeof(rows[0]) };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char *got;

                reader.keeper = cases[i].keeper;
                got = ties(&reader);
                assert_string_equal(got, cases[i].ties);
                free(got);
        }
        reader.inside = true;
        for (size_t i = 0; i < reader.n; i++)
                rows[i].tie = TIE_UNKNOWN;
        reader_tie(&reader);
        for (size_t i = 0; i < reader.n; i++)
                assert_int_equal(rows[i].tie, TIE_YES);
}

static void a_ring_of_parents_ends(void **state)
{
        struct seen rows[] = {
                { .proc = { .pid = 2, .ppid = 4 } },
                { .proc = { .pid = 3, .ppid = 2 } },
                { .proc = { .pid = 4, .ppid = 3 } },
                { .proc = { .pid = 5, .ppid = 5 } },
        };
        struct reader reader = { .v = rows, .n = sizeof(rows) / sizeof(rows[0]), .keeper = 9 };
        char *got = ties(&reader);

        (void)state;
        assert_string_equal(got, "nnnn");
        free(got);
}

/* Each process the child of the one with the next larger number: walked anew for each it would take minutes.
 */
static void a_long_chain_is_walked_once_and_details_are_bounded(void **state)
{
        enum { N = 60000 };
        struct seen *rows = xcalloc(N, sizeof(*rows));
        struct reader reader = { .v = rows, .n = N, .keeper = N };
        size_t tied = 0;

        (void)state;
        for (int i = 0; i < N; i++)
                rows[i].proc = (struct proc){ .pid = i + 1, .ppid = i + 2 };
        reader_tie(&reader);
        for (int i = 0; i < N; i++)
                tied += rows[i].tie == TIE_YES;
        assert_int_equal(tied, TIES_MOST);
        assert_int_equal(rows[0].tie, TIE_YES);
        free(rows);
}

/* Its number may stand behind thousands of others, inside and outside; so may all of the container, where it
 * sees the machine's processes. */
static void init_is_tied_wherever_it_stands(void **state)
{
        enum { N = TIES_MOST + 10, KEEPER = N - 1, INIT = N };
        struct seen *rows = xcalloc(N, sizeof(*rows));
        struct reader reader = { .v = rows, .n = N };

        (void)state;
        for (int i = 0; i < N; i++)
                rows[i].proc = (struct proc){ .pid = i + 1, .ppid = 1 };
        rows[INIT - 1].proc.ppid = KEEPER;
        reader.keeper = 1; /* a container of that many */
        reader_tie(&reader);
        assert_int_equal(rows[INIT - 1].tie, TIE_NO);
        reader.init = INIT;
        reader_tie(&reader);
        assert_int_equal(rows[INIT - 1].tie, TIE_YES);
        reader.keeper = KEEPER - 1; /* which is nobody's parent */
        reader_tie(&reader);
        assert_int_equal(rows[INIT - 1].tie, TIE_NO);

        reader = (struct reader){ .v = rows, .n = N, .inside = true };
        reader_tie(&reader);
        assert_int_equal(rows[TIES_MOST - 1].tie, TIE_YES);
        assert_int_equal(rows[TIES_MOST].tie, TIE_NO);
        reader.init = INIT;
        reader_tie(&reader);
        assert_int_equal(rows[INIT - 1].tie, TIE_YES);
        reader.keeper = KEEPER;
        reader_tie(&reader);
        assert_int_equal(rows[KEEPER - 1].tie, TIE_YES);
        assert_int_equal(rows[TIES_MOST - 3].tie, TIE_YES);
        assert_int_equal(rows[TIES_MOST - 2].tie, TIE_NO);
        free(rows);
}

static void a_row_is_found_by_its_pid(void **state)
{
        struct seen rows[] = { { .proc.pid = 3 }, { .proc.pid = 5 }, { .proc.pid = 9 } };
        struct reader reader = { .v = rows, .n = 3 };

        (void)state;
        for (pid_t pid = 0; pid < 12; pid++) {
                const struct seen *row = reader_find(&reader, pid);

                assert_int_equal(row ? row->proc.pid : 0, pid == 3 || pid == 5 || pid == 9 ? pid : 0);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(descendants_of_the_keeper_are_tied),
                cmocka_unit_test(a_ring_of_parents_ends),
                cmocka_unit_test(a_long_chain_is_walked_once_and_details_are_bounded),
                cmocka_unit_test(init_is_tied_wherever_it_stands),
                cmocka_unit_test(a_row_is_found_by_its_pid),
        };

        return cmocka_run_group_tests_name("eye_tie", tests, NULL, NULL);
}
