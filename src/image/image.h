/* SPDX-License-Identifier: MIT */
/* Images: the built-in demo root, a directory that is never written, and what was built on either. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "image/built.h"
#include "image/shelf.h"
#include "spec/resolve.h"

enum image_kind { IMAGE_DEMO, IMAGE_DIR };

struct image {
        enum image_kind kind;
        bool stands_in; /* the name, or what it was built on, is not on this machine: the demo root stands in
                         */
        char *missing;  /* that name, or "" */
        bool default_cmd;     /* config.cmd is the demo root's shell, which no image asked for */
        char *path;           /* IMAGE_DIR: as given, or as it was when the image was built */
        int root_fd;          /* IMAGE_DIR: O_PATH on the root; -1 */
        char *passwd, *group; /* the texts, which need not be UTF-8; "" when there is none */
        struct image_config config;
};

/* What an image's name stands for: what was built under it, "demo", "dir:PATH", or a bare name, for which
 * demo stands in. Of dir: the path alone is looked at, not what is there. Fails with 125 for "", a name that
 * Docker would not take either, and for a built image whose file is broken. */
bool image_find(const char *name, struct built *ret, struct fault *fault);

/* The same for FROM in a Dockerfile: the path of a dir: is taken from folder (absolute), must be a folder
 * whose path is UTF-8, and comes back absolute and without links. */
bool image_find_base(const char *folder, const char *name, struct built *ret, struct fault *fault);

/* Whether an image of that name was built here. */
bool image_is_built(const char *name);

/* Finds and opens. Fails as image_find does, and for a missing directory, a passwd or group with a NUL,
 * no regular file or larger than 1 MiB, and where the demo root cannot be made here (no /usr/bin/sleep). */
bool image_open(const char *name, struct image *ret, struct fault *fault);
/* The same, but the images of a shelf come first. NULL: none. */
bool image_open_from(const struct image_shelf *shelf, const char *name, struct image *ret,
                     struct fault *fault);
void image_finish(struct image *image);
/* "image ubuntu is not on this machine: demo root", for a terminal; owned by the caller. */
char *image_stand_in(const char *missing);
const char *image_root_name(const struct image *image); /* "demo" or "dir" */
