/* SPDX-License-Identifier: MIT */
/* A build under way, for the parts of it. Pure. */
#pragma once

#include "image/build.h"

enum { BUILD_SPENT_MAX = 4 * 1024 * 1024, BUILD_STAGES_MAX = 256 };

struct build_stage {
        char *name; /* in small letters; "" without AS */
        struct built image;
};

struct build {
        const struct build_request *request;
        const struct instruction *now;
        char escape;
        struct build_stage *stages;
        size_t n_stages;
        struct strv meta_args; /* NAME=VALUE, or NAME without one: of ARG before the first FROM */
        struct strv args;      /* the same, of the stage */
        struct strv used;      /* names that an ARG declared */
        bool cmd_set;          /* the stage has a CMD of its own */
        const char *trigger;   /* the ONBUILD instruction of a base that runs, or NULL */
        size_t spent;          /* bytes of text that instructions have made */
        struct fault *fault;
};

/* Fills the fault with "FILE:LINE: why"; returns false. */
bool build_fault(struct build *build, const char *why, ...) __attribute__((format(printf, 2, 3)));
/* "CMD requires …"; returns false. */
bool build_fault_needs(struct build *build, const char *what);

/* The stage that instructions now change. */
struct built *build_image(struct build *build);

/* A text with the stage's variables put in; owned by the caller. */
bool build_expand(struct build *build, const char *text, char **ret);
/* The same with those of before the first FROM. */
bool build_expand_meta(struct build *build, const char *text, char **ret);

/* Counts text that is kept: what a Dockerfile may make is bounded. */
bool build_spend(struct build *build, size_t n);

/* Sets NAME in a list of NAME=VALUE or NAME; value may be NULL. */
bool build_set(struct build *build, struct strv *list, const char *name, const char *value);
/* The value of a name of n bytes in such a list, NULL when it has none; *ret_there says whether it stands in
 * it. */
const char *build_get(const struct strv *list, const char *name, size_t n, bool *ret_there);

/* ARG, in a stage or before the first. */
bool build_arg(struct build *build, struct strv *args, bool meta);

/* One instruction of a stage, all but FROM. */
bool build_instruction(struct build *build, const struct instruction *instruction);
/* Whether an instruction may stand in a build at all; else the fault says why not. */
bool build_allowed(struct build *build, enum instruction_kind kind);

/* Those that vitrine keeps and gives no effect. */
bool build_label(struct build *build);
bool build_expose(struct build *build);
bool build_volume(struct build *build);
bool build_stopsignal(struct build *build);
bool build_healthcheck(struct build *build);
bool build_onbuild(struct build *build);
bool build_maintainer(struct build *build);

/* NAME=VALUE pairs as names and values by turns, variables put in (ENV, LABEL). */
bool build_pairs(struct build *build, struct strv *ret);
