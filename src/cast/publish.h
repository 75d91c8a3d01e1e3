/* SPDX-License-Identifier: MIT */
/* Writes what goes with a recording: its transcript and its page, each whole or not at all (file.h says what
 * is written over). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "cast/page.h"

/* The folder with the page's parts: beside the program in a build tree, else where `make install` puts them.
 * Owned by the caller. */
char *publish_assets_dir(void);
/* Whether both can be written, as far as that is known before: the page's parts are there, and so is nothing
 * that must not be written over. NULL: it is not wanted. Writes nothing. */
bool publish_check(const char *vtt_path, const char *page_path, const char *assets_dir, struct fault *fault);
/* end_ms: when the recording ends. */
bool publish_vtt(const char *path, const struct cues *captions, uint64_t end_ms, struct fault *fault);
bool publish_page(const char *path, const char *assets_dir, const struct page *page, struct fault *fault);
