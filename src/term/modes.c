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

/* Signals that end nobody. */
static const int harmless[] = { SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH };

/* Whether a signal that ends this process waits to be read. */
static bool is_to_end(void)
{
        sigset_t pending;

        if (sigpending(&pending) < 0)
                return false;
        for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
                sigdelset(&pending, harmless[i]);
        return sigisemptyset(&pending) == 0;
}

/* A terminal that is not the session's own has no foreground, and stops nobody. */
static bool is_in_front(const struct term *term)
{
        pid_t front = tcgetpgrp(term->output.tty);

        return front < 0 || front == getpgrp();
}

/* Stops this process by that signal until it is continued. False where it was not stopped, as nobody could
 * let it go on. */
static bool stop_here(int sig)
{
        static const struct timespec none = { 0, 0 };
        struct sigaction usual = { .sa_handler = SIG_DFL }, before;
        sigset_t stop, go, mask;

        sigemptyset(&stop);
        sigaddset(&stop, sig);
        sigemptyset(&go);
        sigaddset(&go, SIGCONT);
        sigaction(sig, &usual, &before);
        sigprocmask(SIG_UNBLOCK, &stop, &mask);
        raise(sig);
        sigprocmask(SIG_SETMASK, &mask, NULL);
        sigaction(sig, &before, NULL);
        /* Where it is blocked, to be read later, it has been answered by now. */
        return sigismember(&mask, SIGCONT) == 1 && sigtimedwait(&go, NULL, &none) == SIGCONT;
}

/* Stands still as long as the terminal is somebody else's. The kernel would do that too, in tcsetattr: but
 * over and over, and a signal that waits to be read would never be. False when there is one that ends
 * vitrine. */
static bool come_to_front(const struct term *term)
{
        while (!is_to_end())
                if (is_in_front(term) || !stop_here(SIGTTOU))
                        return true;
        return false;
}

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

static void enter(struct term *term)
{
        term->away = false;
        set_raw(term);
        output_begin();
        keypad(stdscr, TRUE); /* the keys as terminfo has them, though keys.c reads them */
        curs_set(1);
        output_collect(&term->output);
        output_add(&term->output, term->mouse_on, strlen(term->mouse_on));
        term->all = true;
}

void term_enter(struct term *term)
{
        if (come_to_front(term))
                enter(term);
}

void term_leave(struct term *term)
{
        sigset_t stop, mask;

        if (term->away)
                return;
        /* Who ends in the background is not to be stopped by its last words. */
        sigemptyset(&stop);
        sigaddset(&stop, SIGTTOU);
        sigprocmask(SIG_BLOCK, &stop, &mask);
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
        /* There the settings are the shell's own by now. */
        if (is_in_front(term))
                tcsetattr(term->output.tty, TCSANOW, &term->saved);
        sigprocmask(SIG_SETMASK, &mask, NULL);
        term->away = true;
}

void term_suspend(struct term *term)
{
        term_leave(term);
        stop_here(SIGTSTP);
        if (!come_to_front(term))
                return;
        tcgetattr(term->output.tty, &term->saved);
        enter(term);
        term_resized(term);
}

void term_resume(struct term *term)
{
        if (!come_to_front(term)) {
                term_leave(term);
                return;
        }
        endwin();
        enter(term);
        term_resized(term);
}
