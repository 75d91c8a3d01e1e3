/* SPDX-License-Identifier: MIT */
/* What the screen shows of the shell, as plain data: the stage fills it, ui/ draws it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { SHELL_BOLD = 1, SHELL_REVERSE = 2, SHELL_ITALIC = 4, SHELL_UNDERLINE = 8 };

struct shell_cell {
        uint32_t c; /* a character that takes one column, or two; 0: the right half of one that takes two */
        uint8_t attr;
};

struct shell_view {
        int cols, rows;
        const struct shell_cell *cells; /* rows * cols */
        int cursor_x, cursor_y;
        bool inside; /* the keys go to it */
};
