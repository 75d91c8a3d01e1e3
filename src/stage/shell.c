/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/shell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/own.h"
#include "cage/enter.h"
#include "stage/emulator.h"

/* A turn of the loop takes no more than that from the shell, so that a flood of output holds up no key and no
 * pane; what it cannot be rid of waits in the kernel, and the shell with it. */
enum { TURN_BYTES = 16 * 1024, WAITING_MOST = 256 * 1024, NOT_FOUND = 127, KILLED = 137 };

struct shell {
        struct loop *loop;
        struct enter *enter;
        char *id;
        size_t path; /* which of the shells it is */
        int pty;     /* -1 until it has started */
        struct emulator *emulator;
        struct str out; /* what the shell has not yet read, from out_at on */
        size_t out_at;
        bool ended, failed;
        int status;
        struct fault fault; /* when failed */
        void (*changed)(void *data);
        void *data;
};

static void on_pty(void *data, int fd, short events);

static void watch(struct shell *shell)
{
        if (shell->pty < 0)
                return;
        loop_watch(shell->loop, shell->pty, (short)(shell->out.len ? POLLIN | POLLOUT : POLLIN), on_pty,
                   shell);
}

/* Hands over as much as the terminal takes now. */
static void flush(struct shell *shell)
{
        while (shell->pty >= 0 && shell->out_at < shell->out.len) {
                ssize_t n = write(shell->pty, shell->out.s + shell->out_at, shell->out.len - shell->out_at);

                if (n <= 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        break;
                shell->out_at += (size_t)n;
        }
        if (shell->out_at == shell->out.len) {
                str_finish(&shell->out);
                shell->out_at = 0;
        }
        watch(shell);
}

static void on_pty(void *data, int fd, short events)
{
        struct shell *shell = data;
        struct str answer = { 0 };
        char bytes[TURN_BYTES];
        ssize_t n;

        if (events & POLLOUT)
                flush(shell);
        n = read(fd, bytes, sizeof(bytes));
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
                return;
        if (n <= 0) {
                /* Nobody has it open. That the shell has ended comes from its keeper. */
                loop_forget(shell->loop, fd);
                return;
        }
        emulator_feed(shell->emulator, bytes, (size_t)n, &answer);
        if (answer.len && shell->out.len - shell->out_at < WAITING_MOST) {
                str_add_n(&shell->out, answer.s, answer.len);
                flush(shell);
        }
        str_finish(&answer);
        shell->changed(shell->data);
}

static const char *const paths[] = { "/bin/bash", "/bin/sh" };

static void on_enter(void *data, int fd, short events);

/* Asks for it; whoever is inside may hold it up, and the screen does not wait for that. */
static bool ask(struct shell *shell, struct fault *fault)
{
        struct strv argv = { 0 }, env = { 0 };
        struct enter_request request = { .user = "", .workdir = "", .env = &env, .argv = &argv };
        struct cage_stdio terminal = { -1, -1, -1, true };
        bool ok;

        strv_add(&argv, paths[shell->path]);
        ok = enter_open(shell->id, &shell->enter, fault) &&
             enter_ask(shell->enter, &request, &terminal, fault);
        strv_finish(&argv);
        if (ok)
                loop_watch(shell->loop, enter_fd(shell->enter), POLLIN, on_enter, shell);
        return ok;
}

static void tell_size(const struct shell *shell)
{
        struct winsize size = { 0 };
        int cols, rows;

        emulator_size(shell->emulator, &cols, &rows);
        size.ws_col = (unsigned short)cols;
        size.ws_row = (unsigned short)rows;
        if (shell->pty >= 0)
                ioctl(shell->pty, TIOCSWINSZ, &size);
}

static void begin(struct shell *shell)
{
        shell->pty = enter_take_pty(shell->enter);
        if (shell->pty < 0)
                return;
        fcntl(shell->pty, F_SETFL, O_NONBLOCK);
        tell_size(shell);
        flush(shell);
}

/* Returns whether the next one is asked for. */
static bool try_next(struct shell *shell, struct fault *fault)
{
        if (fault->exit_code != NOT_FOUND || shell->path + 1 >= sizeof(paths) / sizeof(paths[0]))
                return false;
        enter_close(shell->enter);
        shell->enter = NULL;
        shell->path++;
        *fault = (struct fault){ 0 };
        return ask(shell, fault);
}

static void on_enter(void *data, int fd, short events)
{
        struct shell *shell = data;
        struct fault fault = { 0 };
        bool started = enter_pid(shell->enter) > 0;
        int status = KILLED, got = enter_read(shell->enter, &status, &fault);

        (void)events;
        if (got == ENTER_NOTHING)
                return;
        if (got == ENTER_STARTED) {
                begin(shell);
                shell->changed(shell->data);
                return;
        }
        loop_forget(shell->loop, fd);
        if (!started && try_next(shell, &fault))
                return;
        shell->failed = !started;
        shell->fault = fault;
        shell->status = got > 0 ? status : KILLED; /* else its container has ended */
        shell->ended = true;
        shell->changed(shell->data); /* may have closed it */
}

bool shell_open(const char *id, struct loop *loop, int cols, int rows, void (*changed)(void *data),
                void *data, struct shell **ret, struct fault *fault)
{
        struct shell *shell = xcalloc(1, sizeof(*shell));

        shell->id = xstrdup(id);
        shell->loop = loop;
        shell->pty = -1;
        shell->emulator = emulator_create(cols, rows);
        shell->changed = changed;
        shell->data = data;
        if (!ask(shell, fault)) {
                shell_close(shell);
                return false;
        }
        *ret = shell;
        return true;
}

void shell_close(struct shell *shell)
{
        if (!shell)
                return;
        if (shell->pty >= 0)
                loop_forget(shell->loop, shell->pty);
        if (shell->enter)
                loop_forget(shell->loop, enter_fd(shell->enter));
        fd_close(&shell->pty);
        enter_close(shell->enter);
        emulator_destroy(shell->emulator);
        str_finish(&shell->out);
        free(shell->id);
        free(shell);
}

bool shell_press(struct shell *shell, const char *key)
{
        if (shell->out.len - shell->out_at >= WAITING_MOST)
                return false;
        emulator_key(shell->emulator, key, &shell->out);
        flush(shell);
        return true;
}

bool shell_resize(struct shell *shell, int cols, int rows)
{
        if (!emulator_resize(shell->emulator, cols, rows))
                return false;
        tell_size(shell);
        return true;
}

bool shell_has_ended(const struct shell *shell, int *ret_status)
{
        if (shell->ended)
                *ret_status = shell->status;
        return shell->ended;
}

const struct fault *shell_fault(const struct shell *shell)
{
        return shell->failed ? &shell->fault : NULL;
}

void shell_look(struct shell *shell, struct shell_view *ret)
{
        emulator_look(shell->emulator, ret);
}
