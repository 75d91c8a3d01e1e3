/* SPDX-License-Identifier: MIT */
/* One HTML page that holds a recording, the player and the transcript, and asks no network for anything.
 * Without JavaScript it is the transcript. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cast/transcript.h"

/* Any text; nothing in it is taken for HTML. */
struct page {
        const char *title;
        const char *cast; /* the recording (cast_text); a last line without its end is left out */
        size_t cast_len;
        const struct cues *captions, *chapters;
        const struct cues *keys; /* their names, and lines that were typed; a player shows those of the
                                    recording by itself */
};

/* The files that a page is made of. */
struct page_parts {
        char *frame; /* HTML with @TITLE@, @CHAPTERS@, @TRANSCRIPT@, @CAST@, @PLAYER_JS@, … */
        char *player_js, *player_css, *player_licence;
};

/* How every page begins. */
#define PAGE_BEGINS "<!DOCTYPE html>\n<!-- a recording, made by vitrine -->\n"

/* The page, owned by the caller; *ret_len without the NUL. The same recording gives the same page. Pure. */
char *page_text(const struct page *page, const struct page_parts *parts, size_t *ret_len);
