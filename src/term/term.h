/* SPDX-License-Identifier: MIT */
/* The terminal: grid out, key names in. The only folder that includes <curses.h>. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "ui/grid.h"

struct term;

struct term_settings {
        bool ascii; /* asked for; also where the locale has no UTF-8 */
        bool mono;  /* NO_COLOR (not empty), or a terminal without colours */
};

/* Takes the terminal over. Refuses with a fault where there is no terminal (the hint names `vitrine
 * snapshot`), or TERM is unset, dumb or unknown. The terminal is given back by term_close, and from a handler
 * on SIGSEGV, SIGBUS, SIGABRT, SIGFPE. */
bool term_open(const struct term_settings *settings, struct term **ret, struct fault *fault);
void term_close(struct term *term);
/* What holds after opening: whether marks must be ASCII, whether there is no colour. */
bool term_is_ascii(const struct term *term);
bool term_is_mono(const struct term *term);
void term_size(const struct term *term, int *ret_cols, int *ret_rows);
/* After SIGWINCH: asks the terminal for its size. */
void term_resized(struct term *term);
/* Shows the grid; writes what differs from what is shown. all: everything anew (Ctrl-L). */
void term_draw(struct term *term, const struct grid *grid, bool all);
/* The descriptor to poll. */
int term_fd(const struct term *term);
/* The next key's name ("K", "space", "Up", "Esc", "C-l", "F1", "PgDn") in buf; false when there is none yet.
 * Never blocks. */
bool term_key(struct term *term, char *buf, size_t size);
