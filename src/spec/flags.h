/* SPDX-License-Identifier: MIT */
/* The flags of `docker run` as a table: parsing, help and refusals come from it. Pure. */
#pragma once

#include <stdbool.h>

#include "spec/spec.h"

/* What a line is parsed into; capability names wait until the engine is known. */
struct flag_parse {
        struct spec spec;
        struct view_flags views;
        bool has_views; /* whether view flags may stand on this line */
        bool has_trace; /* whether --trace-caps may */
        bool trace;
        bool help;
        struct strv cap_add, cap_drop;
        struct fault *fault;
};

/* How a flag's value is written. A bool takes one only with `=`. */
enum flag_kind { FLAG_VALUE, FLAG_BOOL };

struct flag {
        const char *name; /* without -- */
        char letter;      /* 0: none */
        enum flag_kind kind;
        /* Takes the value ("true" or "false", checked, for a bool); shown is the flag as typed with its
         * value. NULL: refused. */
        bool (*take)(struct flag_parse *parse, const char *shown, const char *value);
        const char *meta;   /* the value's name in the help */
        const char *text;   /* taken: the help's sentence; refused: the reason */
        const char *remedy; /* refused: what to do instead */
};

extern const struct flag run_flags[];
extern const unsigned run_flags_n;
extern const struct flag view_flags_table[];
extern const unsigned view_flags_n;
/* --trace-caps, which is vitrine run's alone. */
extern const struct flag trace_flag;

/* The flag of a long name of n bytes, or of a letter; NULL when there is none on such a line. Names that
 * docker hides (--net) are found too. */
const struct flag *flags_find(const struct flag_parse *parse, const char *name, size_t n);
const struct flag *flags_find_letter(char letter);
/* The known name nearest to one that is none, or NULL when nothing is near. */
const char *flags_near(const struct flag_parse *parse, const char *name);

/* Turns the capability names that were collected into masks, by the engine's rules. */
bool flags_resolve_caps(struct flag_parse *parse);
