/* SPDX-License-Identifier: MIT */
/* Images: the built-in demo root, and a directory that is never written. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "spec/resolve.h"

enum image_kind { IMAGE_DEMO, IMAGE_DIR };

struct image {
        enum image_kind kind;
        bool stands_in;       /* the name is not on this machine: the demo root stands in */
        char *path;           /* IMAGE_DIR: as given */
        int root_fd;          /* IMAGE_DIR: O_PATH on the root; -1 */
        char *passwd, *group; /* the texts; "" when there is none */
        struct image_config config;
};

/* Opens what an image's name stands for: "demo", "dir:PATH", or a bare name, for which demo stands in. Fails
 * with 125 for
 * "" , a missing directory, a passwd or group that is no regular file or larger than 1 MiB, and where the
 * demo root cannot be made here (no /usr/bin/sleep). */
bool image_open(const char *name, struct image *ret, struct fault *fault);
void image_finish(struct image *image);
const char *image_root_name(const struct image *image); /* "demo" or "dir" */
