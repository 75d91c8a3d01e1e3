/* SPDX-License-Identifier: MIT */
/* From a place on the screen to what stands there. Pure. */
#pragma once

#include "stage/view.h"

/* On a screen of that size with that view. False where nothing is that a mouse could mean. */
bool ui_hit(const struct view *view, int cols, int rows, int x, int y, struct place *ret);
