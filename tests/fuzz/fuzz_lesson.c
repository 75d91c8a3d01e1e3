/* SPDX-License-Identifier: MIT */
/* A lesson from anywhere: read, or refused with a place that is in the file. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/lesson.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct lesson_error error = { 0 };
        struct lesson lesson;
        struct fault fault;

        if (!lesson_parse("seed.md", (const char *)data, size, NULL, &lesson, &error)) {
                if (!error.fault.why[0] || (error.line && !error.column))
                        abort();
                lesson_error_finish(&error);
                return 0;
        }
        if (!lesson.title || !lesson.start || !lesson.n_steps)
                abort();
        for (size_t i = 0; i < lesson.n_steps; i++)
                for (size_t k = 0; k < lesson.steps[i].n_checks; k++) {
                        const struct lesson_check *check = &lesson.steps[i].checks[k];

                        /* The place of a check is where it stands. */
                        lesson_check_error(&lesson, check, "x/0 is not defined", &error);
                        if (!error.excerpt || error.line != check->at_line)
                                abort();
                        lesson_error_finish(&error);
                }
        (void)lesson_find_step(&lesson, "1", &fault);
        lesson_finish(&lesson);
        return 0;
}
