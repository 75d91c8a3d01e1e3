/* SPDX-License-Identifier: MIT */
/* What `vitrine build` makes: a configuration on a root that is there. Its text is JSON, with the names of
 * the OCI image configuration where there are such. Pure. */
#pragma once

#include <jv.h>
#include <stdbool.h>
#include <stdint.h>

#include "spec/resolve.h"

/* Owned strings, never NULL after built_init. */
struct built {
        char *name;       /* in full: "base:latest"; "" for what is not kept */
        char *root;       /* a root file system's path; "": the demo root */
        char *missing;    /* the name for which the demo root stands in, or "" */
        bool default_cmd; /* no CMD was said on the demo root: it is the shell that the machine has */
        int64_t created;  /* seconds since 1970 */
        struct image_config config;
        struct strv shell;  /* SHELL; none: /bin/sh -c */
        struct strv labels; /* name, value, name, value ... */
        struct strv exposed, volumes, on_build;
        struct strv health; /* what stands behind HEALTHCHECK, as words; none: nothing was said */
        char *stop_signal, *author;
};

void built_init(struct built *built);
void built_finish(struct built *built);
void built_copy(struct built *to, const struct built *from);

enum { BUILT_WHY = 160, BUILT_LIST_MAX = 1024 };

/* The object that is kept and that `images --json` prints. */
jv built_json(const struct built *built);

/* Reads such a text; on failure the reason is in why. Nothing is taken on trust: kinds, a version that is too
 * new, NUL characters, an environment without names, a root that is no absolute path, lists of more than
 * 1024. */
bool built_parse(const char *text, struct built *ret, char why[static BUILT_WHY]);
