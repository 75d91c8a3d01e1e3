/* SPDX-License-Identifier: MIT */
/* The terminal part alone, for the tests: shows the last key's name, in every role, and dies as asked. */
#include "config.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "term/term.h"

static void put(struct grid *grid, int x, int y, const char *text, enum role role)
{
        size_t n = strlen(text);

        while (n > 0 && y < grid->rows && x < grid->cols) {
                struct cell *cell = grid->cells + (size_t)y * (size_t)grid->cols + (size_t)x;
                uint32_t c;
                size_t len = text_decode(text, n, &c);

                if (len == 0)
                        return;
                *cell = (struct cell){ .c = c, .role = (uint8_t)role };
                if (text_char_width(c) == 2 && x + 1 < grid->cols)
                        cell[1] = (struct cell){ .c = 0, .role = (uint8_t)role };
                x += text_char_width(c) == 2 ? 2 : 1;
                text += len;
                n -= len;
        }
}

static void show(struct term *term, const char *key, int count, bool all)
{
        struct grid grid = { 0 };
        size_t n;
        char line[80];

        term_size(term, &grid.cols, &grid.rows);
        n = (size_t)grid.cols * (size_t)grid.rows;
        grid.cells = xcalloc(n, sizeof(*grid.cells));
        for (size_t i = 0; i < n; i++)
                grid.cells[i].c = ' ';
        snprintf(line, sizeof(line), "%dx%d key %d <%s> %s %s", grid.cols, grid.rows, count, key,
                 term_is_ascii(term) ? "ascii" : "utf8", term_is_mono(term) ? "mono" : "colour");
        put(&grid, 0, 0, line, ROLE_TEXT);
        for (int role = 0; role < ROLE_N; role++)
                put(&grid, role, 1, "x", (enum role)role);
        put(&grid, 0, 2, term_is_ascii(term) ? "> * o" : "► ● ○ ═ │ 漢字", ROLE_TIE);
        if (grid.rows > 3)
                grid.cells[3 * (size_t)grid.cols].c = 0x1b; /* must not reach the terminal */
        grid.cursor_x = 3;
        grid.cursor_y = 1;
        term_draw(term, &grid, all);
        free(grid.cells);
}

static int (*volatile recurse)(volatile char *);

static int overrun(volatile char *above)
{
        volatile char more[4096];

        more[0] = above[0];
        return recurse(more) + more[0];
}

/* The fault is to reach the kernel, not a sanitizer that checks before. */
__attribute__((no_sanitize("undefined", "address"))) static void die(const char *key)
{
        static volatile int zero;

        if (strcmp(key, "S") == 0)
                *(volatile int *)(uintptr_t)zero = 1;
        else if (strcmp(key, "O") == 0)
                recurse((volatile char[]){ 1 });
        else if (strcmp(key, "A") == 0)
                abort();
        else if (strcmp(key, "B") == 0)
                kill(getpid(), SIGBUS);
        else if (strcmp(key, "F") == 0)
                raise(SIGFPE);
        else if (strcmp(key, "I") == 0)
                raise(SIGILL);
        else if (strcmp(key, "Y") == 0)
                raise(SIGSYS);
        else if (strcmp(key, "T") == 0)
                raise(SIGTRAP);
}

/* A stop that waits to be read while a frame is drawn: is it there still? */
static const char *stop_over_a_frame(struct term *term)
{
        sigset_t stop, pending;

        sigemptyset(&stop);
        sigaddset(&stop, SIGTSTP);
        sigprocmask(SIG_BLOCK, &stop, NULL);
        raise(SIGTSTP);
        show(term, "", 0, true);
        sigpending(&pending);
        return sigismember(&pending, SIGTSTP) ? "kept" : "lost";
}

static int run(struct term *term, int signals)
{
        struct pollfd fds[] = { { .fd = term_fd(term), .events = POLLIN },
                                { .fd = signals, .events = POLLIN } };
        char key[32] = "";
        int count = 0;

        show(term, key, count, false);
        while (poll(fds, 2, -1) > 0) {
                struct signalfd_siginfo info;

                if (fds[0].revents & (POLLHUP | POLLERR))
                        return 0;
                if (read(signals, &info, sizeof(info)) > 0)
                        term_resized(term);
                while (term_key(term, key, sizeof(key))) {
                        count++;
                        die(key);
                        if (strcmp(key, "q") == 0)
                                return 0;
                }
                if (strcmp(key, "Z") == 0)
                        snprintf(key, sizeof(key), "%s", stop_over_a_frame(term));
                show(term, key, count, strcmp(key, "C-l") == 0);
        }
        return 1;
}

int main(int argc, char **argv)
{
        struct term_settings settings = { 0 };
        struct fault fault = { 0 };
        struct term *term = NULL;
        own_fd int signals = -1;
        sigset_t set;
        int ret;

        setlocale(LC_ALL, "");
        recurse = overrun;
        sigemptyset(&set);
        sigaddset(&set, SIGWINCH);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        for (int i = 1; i < argc; i++) {
                settings.ascii = settings.ascii || strcmp(argv[i], "ascii") == 0;
                settings.mono = settings.mono || strcmp(argv[i], "mono") == 0;
                if (strcmp(argv[i], "pipe") == 0)
                        dup2(signals, STDOUT_FILENO);
        }
        if (!term_open(&settings, &term, &fault)) {
                fprintf(stderr, "%s\n%s\n%s\n", fault.step, fault.why, fault.hint);
                return fault.exit_code;
        }
        ret = run(term, signals);
        term_close(term);
        return ret;
}
