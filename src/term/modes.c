/* SPDX-License-Identifier: MIT */
/* The terminal is taken over and given back: at the beginning and the end, and when the program is suspended.
 */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/own.h"
#include "term/term_state.h"

enum { GIVE_BACK_MS = 1000, LAST_WORD_MS = 100 };

/* curses writes into memory and so cannot do this itself. It moves the cursor with tabs and line feeds: both
 * must arrive as they are. */
static void set_raw(struct term *term)
{
        struct termios raw_modes = term->saved;

        raw_modes.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | BRKINT | PARMRK | ISTRIP);
        raw_modes.c_oflag &= ~(tcflag_t)(ONLCR | OCRNL | ONLRET | TABDLY);
        raw_modes.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
        raw_modes.c_cc[VMIN] = 1;
        raw_modes.c_cc[VTIME] = 0;
        if (tcsetattr(term->output.tty, TCSANOW, &raw_modes) < 0)
                output_note(&term->output); /* keys would come by lines */
}

void term_enter(struct term *term)
{
        set_raw(term);
        output_begin();
        keypad(stdscr, TRUE); /* the keys as terminfo has them, though keys.c reads them */
        curs_set(1);
        output_collect(&term->output);
        output_add(&term->output, term->mouse_on, strlen(term->mouse_on));
        term->all = true;
}

void term_leave(struct term *term)
{
        output_begin();
        output_collect(&term->output);
        output_add(&term->output, term->mouse_off, strlen(term->mouse_off));
        output_begin();
        endwin();
        output_collect(&term->output);
        if (!output_drain(&term->output, GIVE_BACK_MS) || term->output.err) {
                output_drop(&term->output);
                output_add(&term->output, term->restore, strlen(term->restore));
                output_drain(&term->output, LAST_WORD_MS);
        }
        tcsetattr(term->output.tty, TCSANOW, &term->saved);
}

static void stop_here(void)
{
        static const struct timespec none = { 0, 0 };
        struct sigaction usual = { .sa_handler = SIG_DFL }, before;
        sigset_t stop, go, mask;

        sigemptyset(&stop);
        sigaddset(&stop, SIGTSTP);
        sigemptyset(&go);
        sigaddset(&go, SIGCONT);
        sigaction(SIGTSTP, &usual, &before);
        sigprocmask(SIG_UNBLOCK, &stop, &mask);
        raise(SIGTSTP);
        sigprocmask(SIG_SETMASK, &mask, NULL);
        sigaction(SIGTSTP, &before, NULL);
        /* Where it is blocked, to be read later, it has been answered by now. */
        if (sigismember(&mask, SIGCONT) == 1)
                sigtimedwait(&go, NULL, &none);
}

void term_suspend(struct term *term)
{
        term_leave(term);
        stop_here();
        tcgetattr(term->output.tty, &term->saved);
        term_enter(term);
        term_resized(term);
}

void term_resume(struct term *term)
{
        endwin();
        term_enter(term);
        term_resized(term);
}
