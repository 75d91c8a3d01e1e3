/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fault.h"
#include "base/str.h"
#include "spec/spec.h"
#include "stage/answer.h"
#include "stage/builder.h"

static void an_answer_is_right_in_any_case_and_any_form_of_a_number(void **state)
{
        static const struct {
                const char *typed, *right;
                bool is;
        } cases[] = {
                { "9", "9", true },
                { " 9  ", "9", true },
                { "09", "9", true },
                { "9.0", "9", true },
                { "B", "b", true },
                { "Student", "student", true },
                { "8", "9", false },
                { "", "9", false },
                { "  ", "9", false },
                { "", "", false },
                { "9 9", "9", false },
                { "9x", "9", false },
                { "stud", "student", false },
                { "students", "student", false },
                { "1000", "1000", true },
                { "1001", "1000", false },
                { "00000000000000000000000000000000009", "9", false },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                if (answer_is_right(cases[i].typed, cases[i].right) != cases[i].is)
                        fail_msg("\"%s\" for \"%s\"", cases[i].typed, cases[i].right);
}

static void a_build_line_is_told_from_a_run_line(void **state)
{
        static const struct {
                const char *line;
                bool is;
        } cases[] = {
                { "docker build -t a .", true },
                { "podman build .", true },
                { "vitrine build -t a .", true },
                { "docker run ubuntu build", false },
                { "build -t a .", false },
                { "docker", false },
                { "", false },
                { "make build", false },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct strv words = { 0 };
                struct fault fault;

                assert_true(spec_split_line(cases[i].line, &words, &fault));
                assert_int_equal(builder_is_line(&words), cases[i].is);
                strv_finish(&words);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_answer_is_right_in_any_case_and_any_form_of_a_number),
                cmocka_unit_test(a_build_line_is_told_from_a_run_line),
        };

        return cmocka_run_group_tests_name("stage_player", tests, NULL, NULL);
}
