/* SPDX-License-Identifier: MIT */
/* `vitrine play LESSON`: the lesson plays itself, on the terminal, into a recording, or both. */
#pragma once

#include "base/fault.h"
#include "spec/spec.h"
#include "stage/demo.h"
#include "stage/player.h"

struct play_request {
        struct view_flags views; /* record: the cast, or "" */
        const char *html;        /* or NULL */
        int cols, rows;          /* 0: the terminal's */
        struct demo_settings demo;
};

/* Takes the source over, also on failure. */
bool play_demo(struct player_source *source, const struct play_request *request, struct fault *fault);
/* COLSxROWS, from 60x16 to 512x512. */
bool play_read_size(const char *word, int *ret_cols, int *ret_rows);
