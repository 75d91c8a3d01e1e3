/* SPDX-License-Identifier: MIT */
/* A docker line from text to what a container would be, and back to a line that says the same. */
#include "config.h"

#include <stdlib.h>

#include "base/own.h"
#include "spec/explain.h"
#include "tests/fuzz/fuzz.h"

static void explain(const struct spec *spec)
{
        const struct users users = { "root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/home/u:\n",
                                     "root:x:0:\ng:x:5:u\n" };
        const struct machine machine = { .mode = MODE_ROOT,
                                         .known = 0x1ffffffffff,
                                         .grantable = 0xfffffffff };
        struct image_config config = { 0 };
        struct resolved resolved;
        struct fault fault;

        if (!spec_resolve(spec, &config, &users, &machine, "0123456789ab", true, NULL, &resolved, &fault))
                return;
        free(explain_text(spec, "", &machine, &resolved));
        jv_free(explain_json(spec, "demo", &machine, &resolved));
        resolved_finish(&resolved);
}

/* The shortest line of a spec means the same spec. */
static void parse_again(const struct spec *spec)
{
        own_free char *line = spec_line(spec, "vitrine");
        enum engine engine = ENGINE_DOCKER;
        struct strv words = { 0 };
        struct spec again;
        struct fault fault;
        int skip;

        if (!spec_split_line(line, &words, &fault))
                abort();
        skip = spec_line_prefix(&words, &engine, &fault);
        if (skip < 0 ||
            !spec_parse_as(engine, (int)words.n - skip, words.v + skip, &again, NULL, NULL, &fault) ||
            !spec_equal(spec, &again))
                abort();
        spec_finish(&again);
        strv_finish(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        own_free char *text = fuzz_text(data, size);
        enum engine engine = ENGINE_DOCKER;
        struct view_flags views = { 0 };
        struct strv words = { 0 };
        struct fault fault;
        struct spec spec;
        bool help = false;
        int skip;

        if (!spec_split_line(text, &words, &fault) || !words.n)
                return 0;
        skip = spec_line_prefix(&words, &engine, &fault);
        if (skip >= 0 &&
            spec_parse_as(engine, (int)words.n - skip, words.v + skip, &spec, &views, &help, &fault)) {
                explain(&spec);
                if (*spec.image && !help)
                        parse_again(&spec);
                spec_finish(&spec);
        }
        strv_finish(&words);
        return 0;
}
