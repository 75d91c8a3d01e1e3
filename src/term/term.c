/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "term/term.h"

#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/own.h"
#include "base/str.h"
#include "term/copy.h"
#include "term/crash.h"
#include "term/term_state.h"
#include "term/terminfo.h"

enum { NO_CODE = -1 };

static bool check_terminal(struct fault *fault)
{
        const char *none = !isatty(STDIN_FILENO)    ? "standard input is no terminal"
                           : !isatty(STDOUT_FILENO) ? "standard output is no terminal"
                                                    : NULL;

        if (!none)
                return terminfo_check(getenv("TERM"), fault);
        fault_why(fault, "open the terminal", "%s", none);
        return fault_hint(fault, "`vitrine snapshot` prints the same as text");
}

/* Marks whose width a terminal may hold for 2 are used only where the C library says 1. */
static bool needs_ascii(void)
{
        static const wchar_t marks[] = L"\u25cf\u25cb\u25ba\u2550\u2502";

        if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
                return true;
        for (const wchar_t *mark = marks; *mark; mark++)
                if (wcwidth(*mark) != 1)
                        return true;
        return false;
}

enum { USUAL_COLS = 80, USUAL_ROWS = 24 };

/* The terminal's size, clamped to what a grid has; the usual one where the terminal does not say. */
static void ask_size(int *ret_cols, int *ret_rows)
{
        struct winsize size;

        *ret_cols = USUAL_COLS;
        *ret_rows = USUAL_ROWS;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0)
                return;
        *ret_cols = size.ws_col < TERM_MAX ? size.ws_col : TERM_MAX;
        *ret_rows = size.ws_row < TERM_MAX ? size.ws_row : TERM_MAX;
}

/* Sets or, with NULL, removes a variable; returns what it was, owned by the caller. */
static char *exchange(const char *name, const char *value)
{
        const char *was = getenv(name);
        char *copy = was ? xstrdup(was) : NULL;

        if (value)
                setenv(name, value, 1);
        else
                unsetenv(name);
        return copy;
}

/* curses allocates for whatever size it finds, and none at all where terminfo has none and the variables are
 * not looked at: it is told one. The user's own $LINES and $COLUMNS do not count, as they do not follow a
 * resize. */
static SCREEN *open_screen(FILE *out)
{
        own_free char *lines = NULL, *columns = NULL;
        char value[16];
        SCREEN *screen;
        int cols, rows;

        ask_size(&cols, &rows);
        snprintf(value, sizeof(value), "%d", rows);
        lines = exchange("LINES", value);
        snprintf(value, sizeof(value), "%d", cols);
        columns = exchange("COLUMNS", value);
        use_env(TRUE);
        use_tioctl(FALSE);
        screen = newterm(NULL, out, stdin);
        free(exchange("LINES", lines));
        free(exchange("COLUMNS", columns));
        return screen;
}

/* curses would catch these, and give the terminal back through its own output. */
static const int caught[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
enum { CAUGHT_N = sizeof(caught) / sizeof(caught[0]) };

static void leave_alone(int sig)
{
        (void)sig;
}

static bool start_curses(struct term *term, struct fault *fault)
{
        /* Where SIGTSTP has the usual disposition, curses would ignore it during every update, and a stop
         * that waits to be read is lost by that. */
        static const struct sigaction unusual = { .sa_handler = leave_alone };
        struct sigaction before[CAUGHT_N];

        if (!output_open(&term->output, fault))
                return false;
        for (int i = 0; i < CAUGHT_N; i++)
                sigaction(caught[i], caught[i] == SIGTSTP ? &unusual : NULL, &before[i]);
        output_begin();
        term->screen = open_screen(term->output.file);
        output_collect(&term->output);
        for (int i = 0; i < CAUGHT_N; i++)
                sigaction(caught[i], &before[i], NULL);
        if (term->screen)
                return true;
        output_close(&term->output);
        return fault_why(fault, "open the terminal", "curses cannot use it");
}

bool term_open(const struct term_settings *settings, struct term **ret, struct fault *fault)
{
        own_free struct term *term = xcalloc(1, sizeof(*term));

        if (!check_terminal(fault))
                return false;
        if (tcgetattr(STDOUT_FILENO, &term->saved) < 0)
                return fault_errno(fault, "", "read the terminal's settings");
        term->again = NO_CODE;
        term->away = true;
        term->ascii = settings->ascii || needs_ascii();
        term->scheme = settings->scheme;
        if (!start_curses(term, fault))
                return false;
        if (!settings->mono && settings->scheme != SCHEME_MONO && has_colors() && start_color() == OK)
                term->depth = scheme_depth(COLORS);
        term_make_pairs(term);
        term->mouse_on = settings->mouse ? terminfo_mouse(true) : "";
        term->mouse_off = settings->mouse ? terminfo_mouse(false) : "";
        term->restore = terminfo_restore(term->depth != DEPTH_MONO, term->mouse_off);
        crash_guard(term->output.tty, term->restore, &term->saved);
        nonl();
        typeahead(-1); /* a frame is whole, whatever is typed meanwhile */
        term_enter(term);
        *ret = take_ptr(term);
        return true;
}

void term_close(struct term *term)
{
        if (!term)
                return;
        term_leave(term);
        crash_unguard();
        delscreen(term->screen);
        output_close(&term->output);
        free(term->restore);
        free(term->shown);
        free(term);
}

bool term_is_ascii(const struct term *term)
{
        return term->ascii;
}

bool term_is_mono(const struct term *term)
{
        return term->depth == DEPTH_MONO;
}

void term_size(const struct term *term, int *ret_cols, int *ret_rows)
{
        (void)term;
        *ret_cols = COLS;
        *ret_rows = LINES;
}

void term_resized(struct term *term)
{
        int cols, rows;

        free(take_ptr(term->shown));
        ask_size(&cols, &rows);
        if (cols != COLS || rows != LINES)
                resizeterm(rows, cols);
        erase();
        term->all = true; /* terminals differ in what they keep, and where */
}

int term_out_fd(const struct term *term)
{
        return term->output.tty;
}

int term_error(const struct term *term)
{
        return term->output.err;
}

bool term_flush(struct term *term)
{
        return output_flush(&term->output);
}

bool term_copy(struct term *term, const char *text)
{
        own_free char *sequence = copy_sequence(text);

        if (!sequence || term->away || !output_flush(&term->output) || !terminfo_copies())
                return false;
        output_add(&term->output, sequence, strlen(sequence));
        output_flush(&term->output);
        return true;
}

int term_fd(const struct term *term)
{
        (void)term;
        return STDIN_FILENO;
}

bool term_key(struct term *term, char *buf, size_t size)
{
        while (!term->away) {
                int code = term->again != NO_CODE ? term->again : term_byte(term);
                char name[KEY_NAME_SIZE] = "";
                enum key_got got = keys_feed(&term->keys, code, name);

                term->again = got == KEY_GOT_AGAIN || got == KEY_GOT_RETRY ? code : NO_CODE;
                if (got == KEY_GOT_NAME || got == KEY_GOT_AGAIN) {
                        snprintf(buf, size, "%s", name);
                        return true;
                }
                if (got == KEY_GOT_MORE && code < 0)
                        return false;
        }
        return false;
}
