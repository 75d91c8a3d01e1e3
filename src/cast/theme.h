/* SPDX-License-Identifier: MIT */
/* The colours that a scheme stands on in a recording, where there is no terminal of the viewer's own. Pure.
 */
#pragma once

#include "ui/scheme.h"

struct theme {
        const char *fg, *bg; /* "#rrggbb" */
        const char *palette; /* the sixteen, divided by colons (asciicast v2's header) */
};

/* A scheme out of range is the default one. */
const struct theme *theme_of(enum scheme scheme);
