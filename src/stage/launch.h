/* SPDX-License-Identifier: MIT */
/* From a spec to a running container, and what it was made from. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "cage/cage.h"
#include "image/image.h"
#include "spec/resolve.h"
#include "spec/spec.h"

enum { LAUNCH_ID_SIZE = 13 }; /* 12 hexadecimal digits, as an engine shortens its ids */

struct launch {
        struct spec spec;
        struct image image;
        struct machine machine;
        struct resolved resolved;
        struct cage *cage; /* NULL until launch_start */
        bool keep_open;
        bool makes_do; /* with one id, for machine.one_id_why: a range was refused in earnest, which no look
                          ahead has told */
        char id[65];   /* the name that it has where none was asked for */
};

/* Writes a new random id. */
void launch_new_id(char id[static LAUNCH_ID_SIZE]);

/* Opens the image and decides everything; launches nothing. keep_open: `sleep 3600` stands in for a missing
 * command. On failure ret is untouched. */
bool launch_prepare(const struct spec *spec, const char *id, bool keep_open, struct launch *ret,
                    struct fault *fault);
/* The same with images that are kept in memory. */
bool launch_prepare_from(const struct image_shelf *shelf, const struct spec *spec, const char *id,
                         bool keep_open, struct launch *ret, struct fault *fault);
/* The same for who will not launch: what a launch would meet is tried (whether a range of ids can be mapped).
 */
bool launch_foresee(const struct spec *spec, const char *id, struct launch *ret, struct fault *fault);
/* Runs the command; returns when its exec has succeeded. Where a range of ids is refused it has one id, and
 * launch says so. door: as for cage_launch. */
bool launch_start(struct launch *launch, const char *id, const struct cage_stdio *stdio, int door,
                  struct fault *fault);
/* Ends the container if it runs; accepts a zeroed one. */
void launch_finish(struct launch *launch);

/* The path of a program that is installed beside vitrine ("vitrine-keeper"): in the build tree or in
 * pkglibexecdir. Owned by the caller. */
char *launch_helper(const char *name);
