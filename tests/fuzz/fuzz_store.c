/* SPDX-License-Identifier: MIT */
/* A built image's file. What is taken can be written again, and is the same then. */
#include "config.h"

#include <stdlib.h>

#include "base/own.h"
#include "image/built.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        own_free char *text = fuzz_text(data, size);
        struct built built, again;
        char why[BUILT_WHY];
        jv written;

        if (!built_parse(text, &built, why))
                return 0;
        written = jv_dump_string(built_json(&built), 0);
        if (!built_parse(jv_string_value(written), &again, why) ||
            !jv_equal(built_json(&built), built_json(&again)))
                abort();
        jv_free(written);
        built_finish(&built);
        built_finish(&again);
        return 0;
}
