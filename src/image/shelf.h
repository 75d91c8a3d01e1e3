/* SPDX-License-Identifier: MIT */
/* Built images that are kept in memory alone, for as long as somebody needs them. */
#pragma once

#include <stddef.h>

#include "image/built.h"

/* {0} is an empty one. */
struct image_shelf {
        struct built *v;
        size_t n;
};

/* Takes built over, in the place of an older one of that name. */
void shelf_put(struct image_shelf *shelf, struct built *built);
/* By its full name; NULL when there is none. Valid until the shelf changes. */
const struct built *shelf_find(const struct image_shelf *shelf, const char *full);
void shelf_finish(struct image_shelf *shelf);
