/* SPDX-License-Identifier: MIT */
/* From instructions to an image's configuration: what `docker build` keeps of them (daemon's
 * builder/dockerfile/dispatchers.go), without layers. Pure. */
#pragma once

#include "image/built.h"
#include "image/dockerfile.h"

/* Finds what FROM names. */
typedef bool build_find(void *data, const char *name, struct built *ret, struct fault *fault);

struct build_request {
        const char *file_name;   /* how faults call the Dockerfile */
        const struct strv *args; /* --build-arg: NAME=VALUE, or NAME for the caller's own variable */
        char *const *environ;    /* the caller's; may be NULL */
        build_find *find;
        void *data;
};

/* Evaluates the stages and yields the last one, without a name and a date. unused gets the names of build
 * arguments that no ARG has declared. Fails with 125 and "FILE:LINE: …": Docker's words; RUN, COPY and ADD,
 * which need a layer, with the way out. */
bool build_evaluate(const struct dockerfile *file, const struct build_request *request, struct built *ret,
                    struct strv *unused, struct fault *fault);
