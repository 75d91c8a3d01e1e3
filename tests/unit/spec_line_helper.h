/* SPDX-License-Identifier: MIT */
/* A line as one text, for the tests of spec/. */
#pragma once

#include "spec/spec.h"

/* Parses a line without a command in front, split as a shell would. */
static inline bool parse_text(const char *line, enum engine engine, struct spec *ret, struct fault *fault)
{
        struct strv words = { 0 };
        bool ok;

        if (!spec_split_line(line, &words, fault))
                return false;
        ok = spec_parse_as(engine, (int)words.n, words.v, ret, NULL, NULL, fault);
        strv_finish(&words);
        return ok;
}

/* A small generator whose row of numbers is always the same. */
static inline unsigned next_random(unsigned *seed)
{
        *seed = *seed * 1664525u + 1013904223u;
        return *seed >> 8;
}
