/* SPDX-License-Identifier: MIT */
/* Where built images are kept: one file an image, $XDG_DATA_HOME/vitrine/images/NAME.json. A file is written
 * whole or not at all, and what is broken is named and left alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "image/built.h"

/* The folder: below $XDG_DATA_HOME where that is an absolute path, else below $HOME/.local/share. Owned by
 * the caller; fails with 125 where neither says one. */
bool store_folder(char **ret, struct fault *fault);

enum store_answer { STORE_NONE, STORE_FOUND, STORE_FAULT };

/* Reads an image by its full name (reference_full). A folder that is not there, or may not be entered, has no
 * images. STORE_FAULT names the file: a link, no regular file, larger than 1 MiB, no such JSON, another
 * image's. */
enum store_answer store_read(const char *folder, const char *name, struct built *ret, struct fault *fault);

/* Writes built->name's file, over an older one that can be read; one that cannot stays as it is, and is a
 * fault. Makes the folder, 0700. Of two at once one stays, whole. */
bool store_write(const char *folder, const struct built *built, struct fault *fault);

/* Removes one. Without force it must be one that can be read. STORE_NONE when there is none. */
enum store_answer store_remove(const char *folder, const char *name, bool force, struct fault *fault);

struct store_list {
        struct built *images; /* by name */
        size_t n;
        struct fault *broken; /* what is wrong with the others */
        size_t n_broken;
};

/* All of them; fails only when the folder is there and cannot be read. */
bool store_list(const char *folder, struct store_list *ret, struct fault *fault);
void store_list_finish(struct store_list *list);
