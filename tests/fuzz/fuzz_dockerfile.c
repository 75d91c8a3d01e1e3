/* SPDX-License-Identifier: MIT */
/* A Dockerfile from text to configuration, which must be one that can be kept. */
#include "config.h"

#include <stdlib.h>

#include "base/own.h"
#include "image/build.h"
#include "tests/fuzz/fuzz.h"

static bool find(void *data, const char *name, struct built *ret, struct fault *fault)
{
        (void)data, (void)name, (void)fault;
        built_init(ret);
        strv_add(&ret->on_build, "USER $A");
        return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        own_free char *text = fuzz_text(data, size);
        struct strv args = { 0 }, unused = { 0 };
        struct build_request request = { "D", &args, NULL, find, NULL };
        struct dockerfile file;
        struct fault fault;
        struct built built;

        strv_add(&args, "A=1");
        if (dockerfile_parse("D", text, &file, &fault)) {
                if (build_evaluate(&file, &request, &built, &unused, &fault)) {
                        jv_free(built_json(&built));
                        built_finish(&built);
                }
                dockerfile_finish(&file);
        }
        strv_finish(&args);
        strv_finish(&unused);
        return 0;
}
