/* SPDX-License-Identifier: MIT */
/* Undo and redo: the specs that were there, in a row. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "spec/spec.h"

struct history {
        struct spec *v; /* owned */
        size_t n;
        size_t at; /* the present one */
};

/* Adds a copy after the present one and makes it present; what was undone is forgotten. */
void history_push(struct history *history, const struct spec *spec);
/* The present one becomes another. */
void history_replace(struct history *history, const struct spec *spec);
/* The spec before or after the present one, NULL at the end; owned by the history. Does not move. */
const struct spec *history_before(const struct history *history);
const struct spec *history_after(const struct history *history);
/* Moves the present by one. */
void history_step(struct history *history, bool back);
void history_finish(struct history *history);
