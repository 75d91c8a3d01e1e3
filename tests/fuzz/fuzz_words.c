/* SPDX-License-Identifier: MIT */
/* How lines are split into words, and texts are made fit for a terminal. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "image/dockerfile_words.h"
#include "image/reference.h"
#include "spec/spec.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        own_free char *text = fuzz_text(data, size);
        own_free char *safe = text_escape((const char *)data, size, false), *cut = text_cut(safe, 10, "~");
        char why[REFERENCE_WHY];
        own_free char *full = reference_full(text, why), *again = full ? reference_full(full, why) : NULL;
        struct strv words = { 0 }, list = { 0 };
        struct fault fault;

        if (text_width(cut) > 10 || text_width(safe) < 0)
                abort();
        /* A full name is its own full name, and the name of a file. */
        if (full && (!again || strcmp(full, again) != 0 || *full == '.' || strstr(full, "/.") ||
                     strlen(full) > REFERENCE_MAX))
                abort();
        spec_check_signs(text, &fault);
        if (spec_split_line(text, &words, &fault))
                strv_finish(&words);
        dockerfile_split(text, '\\', &list);
        dockerfile_split_space(text, &list);
        strv_finish(&list);
        dockerfile_json(text, &list);
        strv_finish(&list);
        return 0;
}
