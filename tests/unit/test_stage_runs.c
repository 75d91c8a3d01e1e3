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
#include "stage/runs.h"

/* The text in pieces of that many bytes, as a pipe may give it. */
static struct run_entry kept(const char *text, size_t piece)
{
        struct run_entry entry = { .ended = false };
        size_t n = strlen(text);

        for (size_t at = 0; at < n; at += piece)
                runs_keep(&entry, text + at, n - at < piece ? n - at : piece);
        return entry;
}

static size_t count_lines(const char *text)
{
        size_t n = 0;

        for (; *text; text++)
                n += *text == '\n';
        return n;
}

static void the_last_lines_are_kept_whole_and_the_others_counted(void **state)
{
        static const size_t pieces[] = { 1, 7, 4096, 16 * 1024, 1 << 20 };
        struct str all = { 0 };

        (void)state;
        for (int i = 1; i <= 20000; i++)
                str_add_f(&all, "%d\n", i);
        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
                struct run_entry entry = kept(all.s, pieces[i]);
                const char *rest = all.s + all.len - entry.output.len;

                assert_string_equal(entry.output.s, rest);
                assert_int_equal(rest[-1], '\n');
                assert_true(entry.output.len <= RUN_OUTPUT_BYTES && entry.output.len > RUN_OUTPUT_BYTES - 8);
                assert_int_equal(entry.dropped + count_lines(entry.output.s), 20000);
                assert_false(entry.cut);
                str_finish(&entry.output);
        }
        str_finish(&all);
}

static void what_has_room_is_kept_to_the_last_byte(void **state)
{
        own_free char *text = xcalloc(1, RUN_OUTPUT_BYTES + 2);
        struct run_entry entry;

        (void)state;
        memset(text, 'x', RUN_OUTPUT_BYTES);
        text[9] = '\n';
        entry = kept(text, 1000);
        assert_string_equal(entry.output.s, text);
        assert_int_equal(entry.dropped, 0);
        assert_false(entry.cut);
        str_finish(&entry.output);
        /* One byte more, and the first line goes. */
        text[RUN_OUTPUT_BYTES] = '\n';
        entry = kept(text, 1000);
        assert_string_equal(entry.output.s, text + 10);
        assert_int_equal(entry.dropped, 1);
        assert_false(entry.cut);
        str_finish(&entry.output);
}

static void a_line_that_is_longer_loses_its_beginning(void **state)
{
        own_free char *text = xcalloc(1, 3 * RUN_OUTPUT_BYTES);
        struct run_entry entry;

        (void)state;
        strcpy(text, "one\ntwo\n");
        memset(text + 8, 'x', 2 * RUN_OUTPUT_BYTES);
        text[8 + 2 * RUN_OUTPUT_BYTES] = '\n';
        entry = kept(text, 5000);
        assert_int_equal(entry.output.len, RUN_OUTPUT_BYTES);
        assert_int_equal(entry.dropped, 2);
        assert_true(entry.cut);
        /* It goes whole as soon as another one follows. */
        runs_keep(&entry, "end", 3);
        assert_string_equal(entry.output.s, "end");
        assert_int_equal(entry.dropped, 3);
        assert_false(entry.cut);
        str_finish(&entry.output);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_last_lines_are_kept_whole_and_the_others_counted),
                cmocka_unit_test(what_has_room_is_kept_to_the_last_byte),
                cmocka_unit_test(a_line_that_is_longer_loses_its_beginning),
        };

        return cmocka_run_group_tests_name("stage/runs", tests, NULL, NULL);
}
