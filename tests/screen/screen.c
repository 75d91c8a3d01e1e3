/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <vterm.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "spawn.h"

enum { DEADLINE_MS = 30000, ENDED_MS = 5000, RETRY_MS = 5 };

struct screen {
        int master, tty; /* tty stays open here: the settings can be read when the program has ended */
        int pidfd;
        pid_t pid;
        bool ended, held;
        int status;
        struct termios before;
        int cols, rows;
        VTerm *vterm;
        VTermScreen *cells;
        struct str raw, text;
        bool alternate, cursor, title;
};

static int on_property(VTermProp prop, VTermValue *value, void *data)
{
        struct screen *screen = data;

        if (prop == VTERM_PROP_ALTSCREEN)
                screen->alternate = value->boolean;
        else if (prop == VTERM_PROP_CURSORVISIBLE)
                screen->cursor = value->boolean;
        else if (prop == VTERM_PROP_TITLE || prop == VTERM_PROP_ICONNAME)
                screen->title = true;
        return 1;
}

static void open_vterm(struct screen *screen)
{
        static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

        screen->vterm = vterm_new(screen->rows, screen->cols > 1 ? screen->cols : 2);
        vterm_set_utf8(screen->vterm, 1);
        screen->cells = vterm_obtain_screen(screen->vterm);
        vterm_screen_enable_altscreen(screen->cells, 1);
        vterm_screen_set_callbacks(screen->cells, &callbacks, screen);
        vterm_screen_reset(screen->cells, 1);
        screen->alternate = false;
        screen->cursor = true;
        screen->title = false;
}

struct screen *screen_start(const struct screen_options *options)
{
        struct screen *screen = xcalloc(1, sizeof(*screen));

        /* What the program leaves behind becomes this process's child, and is found. */
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        screen->cols = options->cols ? options->cols : 80;
        screen->rows = options->rows ? options->rows : 24;
        screen->pid = spawn_on_pty(options, screen->cols, screen->rows, &screen->master, &screen->tty,
                                   &screen->before);
        if (screen->pid < 0)
                fail_msg("cannot start %s on a pty: %s", options->program, strerror(errno));
        screen->pidfd = (int)syscall(SYS_pidfd_open, screen->pid, 0);
        open_vterm(screen);
        return screen;
}

/* Reaps the program, and whatever orphan has become ours. */
static void reap(struct screen *screen)
{
        int status;
        pid_t pid;

        while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
                if (pid != screen->pid)
                        continue;
                screen->ended = true;
                screen->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
}

void screen_finish(struct screen *screen)
{
        if (!screen)
                return;
        if (!screen->ended)
                kill(screen->pid, SIGKILL);
        for (uint64_t end = time_now_ms() + DEADLINE_MS; !screen->ended && time_now_ms() < end;) {
                struct pollfd wait = { .fd = screen->pidfd, .events = POLLIN };

                poll(&wait, 1, RETRY_MS);
                reap(screen);
        }
        fd_close(&screen->pidfd);
        fd_close(&screen->master);
        fd_close(&screen->tty);
        vterm_free(screen->vterm);
        str_finish(&screen->raw);
        str_finish(&screen->text);
        free(screen);
}

pid_t screen_pid(const struct screen *screen)
{
        return screen->pid;
}

/* Waits at most wait_ms for one piece of output or the program's end; false when nothing came. */
static bool pump(struct screen *screen, int wait_ms)
{
        struct pollfd fds[] = { { .fd = screen->held ? -1 : screen->master, .events = POLLIN },
                                { .fd = screen->ended ? -1 : screen->pidfd, .events = POLLIN } };
        char piece[65536];
        ssize_t n;

        if (poll(fds, 2, wait_ms) <= 0)
                return false;
        if (fds[1].revents)
                reap(screen);
        if (!(fds[0].revents & POLLIN))
                return fds[1].revents != 0;
        n = read(screen->master, piece, sizeof(piece));
        if (n <= 0)
                return false;
        str_add_n(&screen->raw, piece, (size_t)n);
        vterm_input_write(screen->vterm, piece, (size_t)n);
        return true;
}

void screen_send_n(struct screen *screen, const char *bytes, size_t n)
{
        if (!io_write_all(screen->master, bytes, n))
                screen_fail(screen, "cannot send keys: %s", strerror(errno));
}

void screen_send(struct screen *screen, const char *keys)
{
        screen_send_n(screen, keys, strlen(keys));
}

/* libvterm before 0.2 may leave the cursor above the first row of the alternate screen, and fall over it: it
 * is put back to where it was. */
static void resize_vterm(struct screen *screen, int cols, int rows)
{
        char home[32];
        int x, y, n;

        screen_cursor(screen, &x, &y);
        vterm_set_size(screen->vterm, rows, cols > 1 ? cols : 2);
        n = snprintf(home, sizeof(home), "\033[%d;%dH", (y < rows ? y : rows - 1) + 1,
                     (x < cols ? x : cols - 1) + 1);
        vterm_input_write(screen->vterm, home, (size_t)n);
}

void screen_resize(struct screen *screen, int cols, int rows)
{
        struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };

        screen_drain(screen);
        screen->cols = cols;
        screen->rows = rows;
        resize_vterm(screen, cols, rows);
        assert_int_equal(ioctl(screen->master, TIOCSWINSZ, &size), 0);
}

void screen_hold(struct screen *screen, bool hold)
{
        screen->held = hold;
}

bool screen_is_full(const struct screen *screen)
{
        struct pollfd room = { .fd = screen->tty, .events = POLLOUT };

        return poll(&room, 1, 0) == 0;
}

void screen_hang_up(struct screen *screen)
{
        fd_close(&screen->tty);
        fd_close(&screen->master);
}

static void add_row(struct screen *screen, int y)
{
        size_t begin = screen->text.len;
        VTermScreenCell cell;

        for (VTermPos at = { .row = y, .col = 0 }; at.col < screen->cols; at.col++) {
                char bytes[4];

                if (!vterm_screen_get_cell(screen->cells, at, &cell) || cell.chars[0] == (uint32_t)-1)
                        continue;
                if (cell.chars[0] == 0)
                        str_add_c(&screen->text, ' ');
                for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
                        str_add_n(&screen->text, bytes, text_encode(cell.chars[i], bytes));
        }
        while (screen->text.len > begin && screen->text.s[screen->text.len - 1] == ' ')
                screen->text.s[--screen->text.len] = '\0';
}

const char *screen_row(struct screen *screen, int y)
{
        str_finish(&screen->text);
        add_row(screen, y);
        return str_text(&screen->text);
}

const char *screen_text(struct screen *screen)
{
        str_finish(&screen->text);
        for (int y = 0; y < screen->rows; y++) {
                add_row(screen, y);
                str_add_c(&screen->text, '\n');
        }
        return str_text(&screen->text);
}

int screen_find(struct screen *screen, const char *text)
{
        for (int y = 0; y < screen->rows; y++)
                if (strstr(screen_row(screen, y), text))
                        return y;
        return -1;
}

void screen_cursor(struct screen *screen, int *ret_x, int *ret_y)
{
        VTermPos at;

        vterm_state_get_cursorpos(vterm_obtain_state(screen->vterm), &at);
        *ret_x = at.col;
        *ret_y = at.row;
}

const char *screen_raw(const struct screen *screen, size_t *ret_len)
{
        *ret_len = screen->raw.len;
        return str_text(&screen->raw);
}

void screen_forget_raw(struct screen *screen)
{
        str_finish(&screen->raw);
}

bool screen_is_alternate(const struct screen *screen)
{
        return screen->alternate;
}

bool screen_shows_cursor(const struct screen *screen)
{
        return screen->cursor;
}

bool screen_has_title(const struct screen *screen)
{
        return screen->title;
}

void screen_modes(const struct screen *screen, struct termios *ret_before, struct termios *ret_now)
{
        *ret_before = screen->before;
        assert_int_equal(tcgetattr(screen->tty, ret_now), 0);
}

void screen_drain(struct screen *screen)
{
        while (pump(screen, 0))
                ;
}

void screen_wait(struct screen *screen, screen_condition *condition, const void *data, const char *what)
{
        bool ended = screen->ended;
        uint64_t end = time_now_ms() + (ended ? ENDED_MS : DEADLINE_MS);

        while (!condition(screen, data)) {
                if (time_now_ms() >= end)
                        screen_fail(screen, "%s (status %d): %s",
                                    ended ? "the program has ended before" : "never came", screen->status,
                                    what);
                pump(screen, RETRY_MS);
                if (screen->ended && !ended)
                        end = time_now_ms() + ENDED_MS;
                ended = screen->ended;
        }
        screen_drain(screen);
}

static bool has_text(struct screen *screen, const void *data)
{
        return screen_find(screen, data) >= 0;
}

static bool has_no_text(struct screen *screen, const void *data)
{
        return screen_find(screen, data) < 0;
}

void screen_wait_text(struct screen *screen, const char *text)
{
        screen_wait(screen, has_text, text, text);
}

void screen_wait_no_text(struct screen *screen, const char *text)
{
        screen_wait(screen, has_no_text, text, text);
}

int screen_wait_end(struct screen *screen)
{
        uint64_t end = time_now_ms() + DEADLINE_MS;

        while (!screen->ended) {
                if (time_now_ms() >= end)
                        screen_fail(screen, "the program does not end");
                pump(screen, RETRY_MS);
                reap(screen);
        }
        screen_drain(screen);
        return screen->status;
}

void screen_fail(struct screen *screen, const char *format, ...)
{
        own_free char *text = xstrdup(screen_text(screen));
        char what[512];
        va_list args;

        va_start(args, format);
        vsnprintf(what, sizeof(what), format, args);
        va_end(args);
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
                fprintf(stderr, "# %s\n", line);
        free(take_ptr(text));
        fail_msg("%s", what);
}

bool screen_mask(struct screen *screen, char ret[static SCREEN_MASK_SIZE])
{
        static const char before[] = " effective ";
        int y = screen_find(screen, before);
        const char *row = y < 0 ? "" : screen_row(screen, y), *at = strstr(row, before);

        snprintf(ret, SCREEN_MASK_SIZE, "%.16s", at ? at + strlen(before) : "");
        if (strlen(ret) == SCREEN_MASK_SIZE - 1 && strspn(ret, "0123456789abcdef") == SCREEN_MASK_SIZE - 1)
                return true;
        *ret = '\0';
        return false;
}
