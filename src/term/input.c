/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "term/term_state.h"

enum { ESC = 0x1b, AHEAD_LEAST = 64 /* waiting: more than anybody types */ };

/* curses reads byte by byte, with a poll before each: a pasted megabyte would take seconds. What a paste has
 * in store is read at once; from an escape sequence on it goes back, for curses to find there. */
static void read_ahead(struct term *term)
{
        unsigned char *esc;
        int waiting = 0;
        ssize_t n;

        term->ahead_at = term->ahead_n = 0;
        if (ioctl(STDIN_FILENO, FIONREAD, &waiting) < 0 || waiting < AHEAD_LEAST)
                return;
        n = read(STDIN_FILENO, term->ahead, sizeof(term->ahead));
        if (n <= 0)
                return;
        esc = memchr(term->ahead, ESC, (size_t)n);
        term->ahead_n = esc ? (size_t)(esc - term->ahead) : (size_t)n;
        for (size_t i = (size_t)n; i-- > term->ahead_n;)
                ungetch(term->ahead[i]);
}

int term_code(struct term *term)
{
        int code;

        if (term->ahead_at < term->ahead_n)
                return term->ahead[term->ahead_at++];
        code = wgetch(term->input);
        if (term->keys.state == KEYS_NONE && code >= ' ' && code < 0x7f)
                read_ahead(term);
        return code;
}
