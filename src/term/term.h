/* SPDX-License-Identifier: MIT */
/* The terminal: grid out, key names in. The only folder that includes <curses.h>. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "ui/grid.h"
#include "ui/scheme.h"

struct term;

struct term_settings {
        bool ascii; /* asked for; also where the locale has no UTF-8 */
        bool mono;  /* NO_COLOR (not empty), or a terminal without colours */
        bool mouse; /* asks the terminal for its mouse */
        enum scheme scheme;
};

/* Takes the terminal over. Refuses with a fault where there is no terminal (the hint names `vitrine
 * snapshot`), or TERM is unset, dumb or unknown. The terminal is given back by term_close, and from a handler
 * on a signal that a fault of its own raises (crash.h). */
bool term_open(const struct term_settings *settings, struct term **ret, struct fault *fault);
void term_close(struct term *term);
/* What holds after opening: whether marks must be ASCII, whether there is no colour. */
bool term_is_ascii(const struct term *term);
bool term_is_mono(const struct term *term);
void term_size(const struct term *term, int *ret_cols, int *ret_rows);
/* After SIGWINCH: asks the terminal for its size. */
void term_resized(struct term *term);
/* Shows the grid; writes what differs from what is shown. all: everything anew (Ctrl-L). Never waits for the
 * terminal: while the last frame has not gone out, this one is left out (all is kept), and the caller draws
 * again when term_flush has said so. */
void term_draw(struct term *term, const struct grid *grid, bool all);
/* Goes on writing; true when nothing waits any more. The descriptor to poll for that (POLLOUT). */
bool term_flush(struct term *term);
int term_out_fd(const struct term *term);
/* errno where the terminal is there and has not done what was asked (what was to be shown is lost, keys come
 * by lines); else 0. */
int term_error(const struct term *term);
/* Hands a text to the clipboard through the terminal (OSC 52), without an answer. Returns false when it is
 * too long for that, the terminal takes no output now, or is one that would print it. */
bool term_copy(struct term *term, const char *text);
/* Gives the terminal back and stops this process, as Ctrl-Z does; returns when it goes on, with the terminal
 * taken over again and its size asked anew. Where nobody could let it go on, the kernel does not stop it.
 * In the background it stands still, here as in term_open and term_resume; where a blocked signal that ends
 * it waits to be read they return without the terminal, and nothing is read or shown from then on. */
void term_suspend(struct term *term);
/* After a SIGCONT that term_suspend did not wait for: somebody else has used the terminal meanwhile. */
void term_resume(struct term *term);
/* The descriptor to poll for keys. */
int term_fd(const struct term *term);
/* The next key's name ("K", "space", "Up", "Esc", "C-l", "F1", "PgDn") in buf; false when there is none yet.
 * The mouse is a key too: "click X Y" (the left button is pressed), "wheel-up X Y", "wheel-down X Y", column
 * and row from 0. Never blocks. */
bool term_key(struct term *term, char *buf, size_t size);
