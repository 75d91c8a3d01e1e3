/* SPDX-License-Identifier: MIT */
/* The flags of `docker run` as a table: parsing, help and refusals come from it. Pure. */
#pragma once

#include <stdbool.h>

#include "spec/spec.h"

/* The flags that name a namespace. */
enum ns_flag {
        NS_FLAG_PID,
        NS_FLAG_NETWORK,
        NS_FLAG_UTS,
        NS_FLAG_IPC,
        NS_FLAG_CGROUPNS,
        NS_FLAG_USERNS,
        NS_FLAG_N
};

/* What such a flag said last; both NULL: nothing. */
struct ns_said {
        char *shown, *value;
};

/* What a line is parsed into; the names of capabilities and namespaces wait until the engine is known. */
struct flag_parse {
        struct spec spec;
        struct view_flags views;
        bool has_views; /* whether view flags may stand on this line */
        bool has_trace; /* whether --trace-caps may */
        bool trace;
        bool help;
        struct strv cap_add, cap_drop;
        struct ns_said ns[NS_FLAG_N];
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

/* A bool's word as Go's strconv.ParseBool reads it (1, t, T, true, True, TRUE and their opposites). Returns
 * "true", "false", or NULL. */
const char *flags_bool(const char *value);

/* Turns the capability names that were collected into masks, by the engine's rules. */
bool flags_resolve_caps(struct flag_parse *parse);

/* Remembers what a namespace's flag said, in place of what it said before. Returns true. */
bool flags_keep_ns(struct flag_parse *parse, enum ns_flag flag, const char *shown, const char *value);
/* Turns what was remembered into choices, by the engine's rules (as asked of Docker 20.10 and Podman 4.3: of
 * a flag that is given twice only the last value is looked at). */
bool flags_resolve_ns(struct flag_parse *parse);
void flags_finish_ns(struct flag_parse *parse);
