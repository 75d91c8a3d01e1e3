/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

void shelf_put(struct image_shelf *shelf, struct built *built)
{
        for (size_t i = 0; i < shelf->n; i++)
                if (strcmp(shelf->v[i].name, built->name) == 0) {
                        built_finish(&shelf->v[i]);
                        shelf->v[i] = *built;
                        return;
                }
        shelf->v = xrealloc(shelf->v, shelf->n + 1, sizeof(*shelf->v));
        shelf->v[shelf->n++] = *built;
}

const struct built *shelf_find(const struct image_shelf *shelf, const char *full)
{
        for (size_t i = 0; i < shelf->n; i++)
                if (strcmp(shelf->v[i].name, full) == 0)
                        return &shelf->v[i];
        return NULL;
}

void shelf_finish(struct image_shelf *shelf)
{
        for (size_t i = 0; i < shelf->n; i++)
                built_finish(&shelf->v[i]);
        free(shelf->v);
        *shelf = (struct image_shelf){ 0 };
}
