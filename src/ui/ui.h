/* SPDX-License-Identifier: MIT */
/* The screen: a pure function of state and size to a grid. */
#pragma once

#include "stage/view.h"
#include "ui/grid.h"

enum { UI_MIN_COLS = 60, UI_MIN_ROWS = 16 };

/* Draws into an initialised grid. Any size works: below 60x16 it is one line that says the size needed. */
void ui_draw(const struct view *view, struct grid *grid);
