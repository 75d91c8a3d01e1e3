/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/str.h"
#include "ui/lines.h"

enum { ROWS_MAX = 8 };

/* A row as the join makes it: pid, the tied PID, the depth in its tree. pid 0 ends a list. */
struct given {
        pid_t pid, tied;
        int depth;
};

struct sides {
        struct proc procs[2][ROWS_MAX];
        struct row rows[2][ROWS_MAX];
        struct snapshot snapshot;
};

static size_t fill(struct sides *sides, int side, const struct given *given)
{
        size_t n = 0;

        for (; n < ROWS_MAX && given[n].pid; n++) {
                sides->procs[side][n].pid = given[n].pid;
                sides->rows[side][n] = (struct row){ .proc = &sides->procs[side][n],
                                                     .tied = given[n].tied,
                                                     .user = "root",
                                                     .depth = given[n].depth };
        }
        return n;
}

static void make(struct sides *sides, const struct given *host, const struct given *container, pid_t init)
{
        *sides = (struct sides){ 0 };
        sides->snapshot.n_host = fill(sides, 0, host);
        sides->snapshot.n_container = fill(sides, 1, container);
        sides->snapshot.host = sides->rows[0];
        sides->snapshot.container = sides->rows[1];
        sides->snapshot.init_host = init;
}

/* "1:- 7:1" and so on; owned by the caller. */
static char *text_of(const struct sides *sides, const struct lines *lines)
{
        struct str text = { 0 };

        for (size_t i = 0; i < lines->n; i++) {
                const struct line *line = &lines->v[i];

                str_add(&text, i ? " " : "");
                if (line->host >= 0)
                        str_add_f(&text, "%d", sides->procs[0][line->host].pid);
                str_add(&text, ":");
                if (line->container >= 0)
                        str_add_f(&text, "%d", sides->procs[1][line->container].pid);
        }
        return str_take(&text);
}

static void tied_rows_share_a_line(void **state)
{
        static const struct {
                struct given host[ROWS_MAX], container[ROWS_MAX];
                const char *lines;
                size_t tie, end;
        } cases[] = {
                { { { 1, 0, 0 }, { 5, 0, 1 }, { 7, 1, 2 }, { 9, 0, 1 } },
                  { { 1, 7, 0 } },
                  "1: 5: 7:1 9:",
                  2,
                  3 },
                /* A process that the machine's table does not know yet. */
                { { { 1, 0, 0 }, { 7, 1, 1 }, { 8, 3, 1 } },
                  { { 1, 7, 0 }, { 2, 0, 1 }, { 3, 8, 1 } },
                  "1: 7:1 :2 8:3",
                  1,
                  4 },
                /* The machine's PIDs have wrapped around: its order counts. */
                { { { 1, 0, 0 }, { 3, 6, 1 }, { 7, 1, 1 } },
                  { { 1, 7, 0 }, { 6, 3, 0 } },
                  "1: 3:6 7:1",
                  2,
                  3 },
                /* A shared PID namespace: all is on both sides. */
                { { { 1, 0, 0 }, { 5, 0, 1 }, { 7, 7, 2 } },
                  { { 1, 0, 0 }, { 5, 0, 1 }, { 7, 7, 2 }, { 9, 0, 1 } },
                  "1:1 5:5 7:7 :9",
                  2,
                  3 },
                /* A row whose other half is missing or says otherwise is tied to nothing. */
                { { { 1, 0, 0 }, { 7, 1, 1 } }, { { 2, 0, 0 } }, "1:2 7:", 1, 2 },
                { { { 7, 1, 0 }, { 8, 1, 0 } }, { { 1, 8, 0 } }, "7: 8:1", 0, 2 },
                { { { 1, 0, 0 } }, { { 0, 0, 0 } }, "1:", 0, 0 },
                { { { 0, 0, 0 } }, { { 0, 0, 0 } }, "", 0, 0 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct sides sides;
                struct lines lines;
                char *text;

                make(&sides, cases[i].host, cases[i].container, 7);
                lines_make(&sides.snapshot, false, false, &lines);
                text = text_of(&sides, &lines);
                assert_string_equal(text, cases[i].lines);
                assert_int_equal(lines.tie, cases[i].tie);
                assert_int_equal(lines.tie_end, cases[i].end);
                free(text);
                lines_finish(&lines);
        }
}

static void the_line_mode_keeps_the_tied_and_their_ancestors(void **state)
{
        static const struct given host[ROWS_MAX] = { { 1, 0, 0 }, { 2, 0, 1 }, { 3, 0, 2 }, { 4, 0, 1 },
                                                     { 5, 0, 2 }, { 6, 1, 3 }, { 7, 0, 2 }, { 8, 0, 1 } };
        static const struct given container[ROWS_MAX] = { { 1, 6, 0 } };
        struct sides sides;
        struct lines lines;
        char *text;

        (void)state;
        make(&sides, host, container, 6);
        lines_make(&sides.snapshot, true, false, &lines);
        text = text_of(&sides, &lines);
        assert_string_equal(text, "1: 4: 5: 6:1");
        assert_int_equal(lines.host_shown, 4);
        assert_int_equal(lines.container_shown, 1);
        free(text);
        lines_finish(&lines);
}

static void the_window_follows_the_tie_until_it_is_scrolled(void **state)
{
        static const struct {
                size_t n, tie, end;
                int height, scroll;
                size_t top, focus;
                bool pin;
        } cases[] = {
                { 74, 72, 73, 4, 0, 70, 72, true },
                { 74, 72, 73, 3, 0, 70, 72, true },
                { 5000, 4000, 4003, 10, 0, 3994, 4000, true },
                { 5000, 4000, 4003, 4, 0, 3999, 4000, true },
                { 5000, 4000, 4100, 10, 0, 3999, 4000, true },
                { 10, 4, 5, 20, 0, 0, 4, false },
                { 74, 72, 73, 4, -10, 60, 62, false },
                { 74, 72, 73, 4, -1000000, 0, 2, false },
                { 74, 72, 73, 4, 1000000, 70, 72, false },
                { 74, 10, 11, 4, 1000000, 70, 72, false },
                { 74, 72, 73, 4, 2147483647, 70, 72, false },
                { 74, 0, 0, 4, 0, 0, 2, false },
                { 0, 0, 0, 4, 5, 0, 0, false },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct lines lines = { .n = cases[i].n, .tie = cases[i].tie, .tie_end = cases[i].end };
                struct window window = lines_window(&lines, cases[i].height, cases[i].scroll);

                assert_int_equal(window.top, cases[i].top);
                assert_int_equal(window.focus, cases[i].focus);
                assert_int_equal(window.pin_host, cases[i].pin);
        }
}

static void branches_know_whether_a_sibling_follows(void **state)
{
        static const struct given host[ROWS_MAX] = { { 1, 0, 0 }, { 2, 0, 1 }, { 3, 0, 2 }, { 4, 0, 3 },
                                                     { 5, 0, 2 }, { 6, 0, 1 }, { 0, 0, 0 } };
        static const struct given container[ROWS_MAX] = { { 0, 0, 0 } };
        struct sides sides;
        struct lines lines;
        bool more[4];

        (void)state;
        make(&sides, host, container, 1);
        lines_make(&sides.snapshot, false, false, &lines);
        assert_int_equal(lines_branches(&lines, &sides.snapshot, 0, more, 4), 0);
        assert_int_equal(lines_branches(&lines, &sides.snapshot, 3, more, 4), 3);
        assert_true(more[0] && more[1] && !more[2]);
        assert_int_equal(lines_branches(&lines, &sides.snapshot, 4, more, 4), 2);
        assert_true(more[0] && !more[1]);
        assert_int_equal(lines_branches(&lines, &sides.snapshot, 5, more, 4), 1);
        assert_false(more[0]);
        /* Only the innermost levels where there is no room. */
        assert_int_equal(lines_branches(&lines, &sides.snapshot, 3, more, 2), 2);
        assert_true(more[0] && !more[1]);
        lines_finish(&lines);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(tied_rows_share_a_line),
                cmocka_unit_test(the_line_mode_keeps_the_tied_and_their_ancestors),
                cmocka_unit_test(the_window_follows_the_tie_until_it_is_scrolled),
                cmocka_unit_test(branches_know_whether_a_sibling_follows),
        };

        return cmocka_run_group_tests_name("ui_lines", tests, NULL, NULL);
}
