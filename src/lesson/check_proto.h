/* SPDX-License-Identifier: MIT */
/* The wire between vitrine and its checking program: records of fixed size over a SOCK_SEQPACKET pair, longer
 * texts beside them in a memfd. Both ends are of one build. */
#pragma once

#include <stdint.h>

#include "base/helper.h"

enum { CHECK_CONTROL = HELPER_CONTROL };    /* the program's end */
enum { CHECK_TEXT_MAX = 64 * 1024 * 1024 }; /* of one memfd */
enum { CHECK_IDS_MAX = 64, CHECK_WORDS = 256 };

enum check_ask_kind {
        CHECK_ASK_PRELUDE = 1, /* with a memfd: the text of vitrine.jq; answered */
        CHECK_ASK_COMPILE,     /* with a memfd: an expression for ids[0]; answered */
        CHECK_ASK_EVAL,        /* with a memfd: JSON for n_ids expressions; answered once for each */
        CHECK_ASK_FORGET,      /* all expressions; not answered */
};

struct check_ask {
        uint32_t kind;
        uint32_t n_ids;
        uint32_t ids[CHECK_IDS_MAX];
};

enum check_outcome {
        CHECK_SAYS_TRUE = 1,
        CHECK_SAYS_NOT_YET,
        CHECK_SAYS_READY, /* the prelude is read, the expression compiled */
        CHECK_SAYS_WRONG, /* it does not compile, or gave a jq error: words says which */
};

struct check_answer {
        uint32_t kind; /* enum check_outcome */
        uint32_t id;
        uint32_t has_value;      /* one output, a non-null scalar that fits into value */
        char value[CHECK_WORDS]; /* as jq -r prints it */
        char words[CHECK_WORDS];
};
