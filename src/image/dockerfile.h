/* SPDX-License-Identifier: MIT */
/* A Dockerfile's text as a list of instructions (BuildKit's dockerfile/parser). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/str.h"

enum instruction_kind {
        INSTRUCTION_ADD,
        INSTRUCTION_ARG,
        INSTRUCTION_CMD,
        INSTRUCTION_COPY,
        INSTRUCTION_ENTRYPOINT,
        INSTRUCTION_ENV,
        INSTRUCTION_EXPOSE,
        INSTRUCTION_FROM,
        INSTRUCTION_HEALTHCHECK,
        INSTRUCTION_LABEL,
        INSTRUCTION_MAINTAINER,
        INSTRUCTION_ONBUILD,
        INSTRUCTION_RUN,
        INSTRUCTION_SHELL,
        INSTRUCTION_STOPSIGNAL,
        INSTRUCTION_USER,
        INSTRUCTION_VOLUME,
        INSTRUCTION_WORKDIR,
        INSTRUCTIONS_N
};

struct instruction {
        enum instruction_kind kind;
        unsigned line;     /* where it begins, from 1 */
        struct strv flags; /* the words in front that begin with -- */
        char *text;        /* the rest, its lines joined; "" when there is none */
};

struct dockerfile {
        struct instruction *v;
        size_t n;
        char escape; /* \ or ` */
};

const char *instruction_name(enum instruction_kind kind);

/* Reads a text; name is how faults call it. Fails with 125 and "NAME:LINE: …" (Docker's words, and the
 * instruction that is near to an unknown one) for an unknown instruction, a bad escape directive, and where
 * there is no instruction at all. */
bool dockerfile_parse(const char *name, const char *text, struct dockerfile *ret, struct fault *fault);
void dockerfile_finish(struct dockerfile *dockerfile);
