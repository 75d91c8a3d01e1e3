/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "base/str.h"
#include "term/copy.h"

static void a_text_is_carried_as_base64(void **state)
{
        /* RFC 4648, section 10, and what would end the sequence were it not encoded. */
        static const char *const cases[][2] = {
                { "", "" },
                { "f", "Zg==" },
                { "fo", "Zm8=" },
                { "foo", "Zm9v" },
                { "foob", "Zm9vYg==" },
                { "fooba", "Zm9vYmE=" },
                { "foobar", "Zm9vYmFy" },
                { "\a\033\\", "Bxtc" },
                { "\xff\xfe", "//4=" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *got = copy_sequence(cases[i][0]);
                own_free char *wanted = xasprintf("\033]52;c;%s\a", cases[i][1]);

                assert_string_equal(got, wanted);
        }
}

static void a_text_that_no_terminal_takes_is_refused(void **state)
{
        own_free char *text = xcalloc(COPY_BYTES + 2, 1);
        own_free char *whole = NULL;

        (void)state;
        memset(text, 'x', COPY_BYTES);
        whole = copy_sequence(text);
        assert_non_null(whole);
        text[COPY_BYTES] = 'x';
        assert_null(copy_sequence(text));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_text_is_carried_as_base64),
                cmocka_unit_test(a_text_that_no_terminal_takes_is_refused),
        };

        return cmocka_run_group_tests_name("term_copy", tests, NULL, NULL);
}
