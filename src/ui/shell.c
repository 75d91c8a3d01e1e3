/* SPDX-License-Identifier: MIT */
/* The shell's pane: where it stands, and its cells. */
#include "config.h"

#include "ui/layout.h"
#include "ui/parts.h"

enum {
        BESIDE_COLS = 162, /* from then on both the rest and the shell have eighty columns */
        LEFT_LEAST = 80,
        COLUMN_MOST = 122,
        ROWS_WHOLE = 24 + 2, /* of the pane, with its borders: what a program expects of a terminal */
        ROWS_LEAST = 10 + 2,
        PROCESSES_KEEP = 13, /* lines of the process panes that it does not take, with borders and heads */
        PROCESSES_LEAST = 8,
};

int layout_shell_cols(const struct view *view, int cols)
{
        int width = cols - LEFT_LEAST;

        if (!view->shell || view->lesson || cols < BESIDE_COLS)
                return 0;
        return width < COLUMN_MOST ? width : COLUMN_MOST;
}

/* How many lines it takes from the processes. Where there are few, it gives some to them: what is started in
 * it is to be seen there. */
static int lines_taken(const struct layout *layout)
{
        int spare = layout->host.h - PROCESSES_KEEP, wanted = ROWS_WHOLE - layout->caps.h;
        int missing = PROCESSES_LEAST - layout->host.h, given = layout->caps.h - ROWS_LEAST;

        if (missing > 0)
                return given <= 0 ? 0 : missing < given ? -missing : -given;
        if (spare <= 0 || wanted <= 0)
                return 0;
        return spare < wanted ? spare : wanted;
}

static void share_lines(struct layout *layout)
{
        int more = lines_taken(layout);

        layout->host.h -= more;
        layout->container.h -= more;
        layout->user.y -= more;
        layout->caps.y -= more;
        layout->caps.h += more;
        if (layout->lesson.h == 1)
                layout->lesson.y -= more;
}

void layout_shell(const struct view *view, int cols, struct layout *layout)
{
        int width = layout_shell_cols(view, cols);

        if (!view->shell)
                return;
        if (width > 0) {
                layout->shell = (struct rect){ cols - width, 1, width, layout->bar.y - 1 };
                layout->shell_beside = true;
                layout->title.w = layout->bar.w = cols;
                return;
        }
        /* Whoever has left it and goes through the capabilities, or a lesson, sees those. */
        if (!view->shell->inside && (view->lesson || view->focus > PANE_CONTAINER))
                return;
        share_lines(layout);
        layout->shell = layout->caps;
        layout->shell.y++; /* the title stays */
        layout->shell.h--;
}

/* The borders at both sides and below are there in each case, the one above where it is a box of its own. */
static struct rect inside_of(const struct layout *layout)
{
        const struct rect *rect = &layout->shell;
        int above = layout->shell_beside ? 1 : 0;

        return (struct rect){ rect->x + 1, rect->y + above, rect->w - 2, rect->h - 1 - above };
}

void layout_shell_room(const struct view *view, int cols, int rows, int *ret_cols, int *ret_rows)
{
        static const struct shell_view open = { .inside = true };
        struct view other = *view;
        struct layout layout;
        struct rect rect;

        other.shell = &open;
        other.focus = PANE_N;
        layout_of(&other, cols, rows, &layout);
        rect = inside_of(&layout);
        *ret_cols = rect.w;
        *ret_rows = rect.h;
}

/* What ASCII has for a line of a box; ? for all else. */
static uint32_t to_ascii(uint32_t c)
{
        enum { BOX_FIRST = 0x2500, BOX_LAST = 0x257f };

        if (c < 0x7f)
                return c;
        if (c < BOX_FIRST || c > BOX_LAST)
                return '?';
        switch (c) {
        case 0x2500:
        case 0x2501:
        case 0x2550:
                return '-';
        case 0x2502:
        case 0x2503:
        case 0x2551:
                return '|';
        default:
                return '+';
        }
}

static uint8_t attributes(uint8_t attr)
{
        return (uint8_t)((attr & SHELL_BOLD ? ATTR_BOLD : 0) | (attr & SHELL_REVERSE ? ATTR_REVERSE : 0) |
                         (attr & SHELL_ITALIC ? ATTR_ITALIC : 0) |
                         (attr & SHELL_UNDERLINE ? ATTR_UNDERLINE : 0));
}

static void draw_cells(const struct pen *pen, const struct shell_view *shell, const struct rect *rect)
{
        for (int y = 0; y < shell->rows && y < rect->h; y++)
                for (int x = 0; x < shell->cols && x < rect->w; x++) {
                        const struct shell_cell *from = &shell->cells[y * shell->cols + x];
                        struct cell *to = grid_at(pen->grid, rect->x + x, rect->y + y);
                        bool halved = x == rect->w - 1 && x + 1 < shell->cols && from[1].c == 0;

                        if (!to)
                                continue;
                        to->c = halved ? ' ' : from->c;
                        if (pen->view->ascii)
                                to->c = from->c ? to_ascii(to->c) : ' ';
                        to->attr = attributes(from->attr);
                }
}

static void draw_borders(const struct pen *pen, const struct layout *layout, bool inside)
{
        const char *below = inside ? "Ctrl-] leaves it" : "x goes back into it";
        const struct rect *rect = &layout->shell;
        /* In the other place the line above is the capabilities' title. */
        struct rect box = { rect->x, rect->y - 1, rect->w, rect->h + 1 };
        enum role role = inside ? ROLE_FOCUS : ROLE_BORDER;
        int right = rect->x + rect->w - 1, bottom = rect->y + rect->h - 1;

        if (layout->shell_beside) {
                pen_box(pen, rect, inside);
                pen_box_text(pen, rect, false, false, "SHELL  in the container", ROLE_TITLE);
                pen_box_text(pen, rect, true, false, below, ROLE_TITLE);
                return;
        }
        grid_fill(pen->grid, rect->x, rect->y, rect->w, rect->h, ' ', ROLE_TEXT, 0);
        for (int y = rect->y; y < bottom; y++) {
                pen_repeat(pen, rect->x, y, 1, pen->glyphs->v, role, 0);
                pen_repeat(pen, right, y, 1, pen->glyphs->v, role, 0);
        }
        pen_repeat(pen, rect->x, bottom, rect->w, pen->glyphs->h, role, 0);
        pen_repeat(pen, rect->x, bottom, 1, pen->glyphs->bl, role, 0);
        pen_repeat(pen, right, bottom, 1, pen->glyphs->br, role, 0);
        pen_box_text(pen, &box, true, false, "SHELL  in the container", ROLE_TITLE);
        pen_box_text(pen, &box, true, true, below, ROLE_TITLE);
}

void part_shell(const struct pen *pen, const struct layout *layout)
{
        const struct shell_view *shell = pen->view->shell;
        struct reach *reach = pen->view->reach;
        struct rect rect;

        if (reach)
                layout_shell_room(pen->view, pen->grid->cols, pen->grid->rows, &reach->shell_cols,
                                  &reach->shell_rows);
        if (!shell || layout->shell.w == 0)
                return;
        rect = inside_of(layout);
        draw_borders(pen, layout, shell->inside);
        draw_cells(pen, shell, &rect);
        if (!shell->inside)
                return;
        pen->grid->cursor_x = rect.x + (shell->cursor_x < rect.w ? shell->cursor_x : rect.w - 1);
        pen->grid->cursor_y = rect.y + (shell->cursor_y < rect.h ? shell->cursor_y : rect.h - 1);
}
