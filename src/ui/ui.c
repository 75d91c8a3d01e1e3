/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/ui.h"

#include "base/own.h"
#include "ui/layout.h"
#include "ui/parts.h"

/* For a projector: everything is bold, and nothing stands back. */
static void enlarge(struct grid *grid)
{
        for (int i = 0; i < grid->cols * grid->rows; i++) {
                struct cell *cell = &grid->cells[i];

                cell->attr |= ATTR_BOLD;
                if (cell->role == ROLE_NOT || cell->role == ROLE_BORDER)
                        cell->role = ROLE_TEXT;
        }
}

/* Whoever is in the shell looks at it; else the result of a command that was run since lies above. */
static void draw_lower(const struct pen *pen, const struct layout *layout)
{
        bool inside = pen->view->shell && pen->view->shell->inside;

        if (inside)
                part_result(pen, layout);
        part_shell(pen, layout);
        if (!inside)
                part_result(pen, layout);
}

/* A question is asked here too: keys answer it. */
static void draw_too_small(const struct pen *pen)
{
        const struct grid *grid = pen->grid;
        own_free char *title = pen_safe(pen, pen->view->dialog_title ? pen->view->dialog_title : "");
        int y = 0;

        if (*title)
                pen_put_f(pen, 0, y++, grid->cols, ROLE_WARNING, ATTR_BOLD, "y/n: %s", title);
        if (y < grid->rows)
                pen_put_f(pen, 0, y, grid->cols, ROLE_WARNING, 0, "needs %dx%d, this is %dx%d", UI_MIN_COLS,
                          UI_MIN_ROWS, grid->cols, grid->rows);
}

void ui_draw(const struct view *view, struct grid *grid)
{
        struct pen pen = { .view = view, .grid = grid, .glyphs = glyphs_of(view->ascii) };
        struct layout layout;

        grid_fill(grid, 0, 0, grid->cols, grid->rows, ' ', ROLE_TEXT, 0);
        grid->cursor_x = grid->cursor_y = 0;
        if (grid->cols < UI_MIN_COLS || grid->rows < UI_MIN_ROWS) {
                draw_too_small(&pen);
                return;
        }
        layout_of(view, grid->cols, grid->rows, &layout);
        part_title(&pen, &layout);
        part_panes(&pen, &layout);
        part_user(&pen, &layout);
        part_caps(&pen, &layout);
        part_log(&pen, &layout);
        part_spot(&pen, &layout);
        part_lesson(&pen, &layout);
        draw_lower(&pen, &layout);
        part_namespaces(&pen, &layout);
        part_dialog_reach(&pen);
        part_bar(&pen, &layout);
        part_info(&pen, &layout);
        part_lessons(&pen);
        part_prompt(&pen);
        if (view->help)
                part_help(&pen);
        if (view->equivalent)
                part_equivalent(&pen);
        if (view->dialog_title)
                part_dialog(&pen);
        if (view->big)
                enlarge(grid);
}
