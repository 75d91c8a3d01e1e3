/* SPDX-License-Identifier: MIT */
/* Grids made by hand and by a seeded generator, for the tests of recordings. */
#pragma once

#include <stdint.h>

#include "ui/grid.h"

struct dice {
        uint64_t state;
};

/* Below n (Knuth's MMIX generator). */
static inline unsigned dice_roll(struct dice *dice, unsigned n)
{
        dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
        return (unsigned)(dice->state >> 33) % n;
}

/* One that a grid may get from anywhere: wide ones, halves of them, what would move the cursor or the text.
 */
static inline uint32_t dice_char(struct dice *dice)
{
        static const uint32_t some[] = { ' ',    ' ',      ' ',    'a',       '~',   0x2500, 0x25cf,
                                         0x5bb9, 0xac00,   0xff21, 0,         0x1b,  0x9b,   '\n',
                                         '\a',   0x7f,     0x202e, 0x200b,    0x301, 0xfeff, 0xd800,
                                         0xffff, 0x110000, 0xe000, UINT32_MAX };

        return some[dice_roll(dice, sizeof(some) / sizeof(some[0]))];
}

static inline void dice_cells(struct dice *dice, struct grid *grid, unsigned n)
{
        for (unsigned i = 0; i < n; i++) {
                struct cell *cell = grid_at(grid, (int)dice_roll(dice, (unsigned)grid->cols),
                                            (int)dice_roll(dice, (unsigned)grid->rows));

                cell->c = dice_char(dice);
                cell->role = (uint8_t)dice_roll(dice, ROLE_N + 2);
                cell->attr = (uint8_t)(dice_roll(dice, 3) ? 0 : dice_roll(dice, 256));
                if ((cell->c == 0x5bb9 || cell->c == 0xac00) && dice_roll(dice, 4) &&
                    cell + 1 < grid->cells + (size_t)grid->cols * (size_t)grid->rows)
                        cell[1].c = 0;
        }
        grid->cursor_x = (int)dice_roll(dice, (unsigned)grid->cols + 2) - 1;
        grid->cursor_y = (int)dice_roll(dice, (unsigned)grid->rows + 2) - 1;
}
