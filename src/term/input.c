/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <poll.h>
#include <unistd.h>

#include "term/term_state.h"

enum { ESC_MS = 25, NOTHING = -1 };

/* Bytes are taken from the terminal in pieces: curses reads them one by one with a poll before each, so that
 * a pasted megabyte takes seconds, and it waits for the rest of a mouse's report. A lone Escape is told from
 * a sequence's first byte by the time after it. */
int term_byte(struct term *term)
{
        struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };
        ssize_t n;

        if (term->ahead_at < term->ahead_n)
                return term->ahead[term->ahead_at++];
        if (poll(&wait, 1, term->keys.state == KEYS_ESC ? ESC_MS : 0) <= 0 || !(wait.revents & POLLIN))
                return NOTHING;
        n = read(STDIN_FILENO, term->ahead, sizeof(term->ahead));
        if (n <= 0)
                return NOTHING;
        term->ahead_n = (size_t)n;
        term->ahead_at = 1;
        return term->ahead[0];
}
