/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

/* Between poll and read whoever is inside can take back what is there, or fill what is empty: vitrine's end
 * must not wait for him, for no signal would be heard meanwhile. */
static bool never_wait(int fd)
{
        int flags = fcntl(fd, F_GETFL);

        return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

/* ours: which of the two ends is vitrine's. */
static bool make_pipe(int *ret_read, int *ret_write, const int *ours, struct fault *fault)
{
        int fds[2];

        if (pipe2(fds, O_CLOEXEC) < 0)
                return fault_errno(fault, "", "make a pipe");
        *ret_read = fds[0];
        *ret_write = fds[1];
        return never_wait(*ours) || fault_errno(fault, "", "make a pipe");
}

bool streams_open(struct streams *streams, bool interactive, bool terminal, struct cage_stdio *ret,
                  struct fault *fault)
{
        *streams = (struct streams)STREAMS_NONE;
        streams->interactive = interactive;
        if (terminal && interactive && !isatty(0)) {
                fault_why(fault, "-i -t", "the input device is not a TTY");
                return fault_hint(fault, "leave -t away when standard input is a file or a pipe");
        }
        if (!terminal && interactive &&
            !make_pipe(&streams->in_read, &streams->in_write, &streams->in_write, fault))
                return false;
        if (!terminal && (!make_pipe(&streams->out_read, &streams->out_write, &streams->out_read, fault) ||
                          !make_pipe(&streams->err_read, &streams->err_write, &streams->err_read, fault)))
                return false;
        *ret = (struct cage_stdio){ streams->in_read, streams->out_write, streams->err_write, terminal };
        return true;
}

bool streams_start(struct streams *streams, struct loop *loop, int pty, struct fault *fault)
{
        int in_write = take_fd(&streams->in_write), out_read = take_fd(&streams->out_read), in_read = -1;

        fd_close(&streams->in_read);
        fd_close(&streams->out_write);
        fd_close(&streams->err_write);
        streams->pty = pty;
        if (pty >= 0) {
                never_wait(pty);
                tty_copy_size(pty);
                out_read = fcntl(pty, F_DUPFD_CLOEXEC, 3);
                if (streams->interactive) {
                        in_write = fcntl(pty, F_DUPFD_CLOEXEC, 3);
                        tty_make_raw(&streams->tty);
                }
        }
        if (in_write >= 0 || (pty >= 0 && streams->interactive))
                in_read = fcntl(0, F_DUPFD_CLOEXEC, 3);
        if (out_read < 0 || ((in_write >= 0 || streams->interactive) && (in_read < 0 || in_write < 0))) {
                fault_errno(fault, "", "copy a stream's descriptor");
                fd_close(&in_write);
                fd_close(&out_read);
                fd_close(&in_read);
                return false;
        }
        if (in_write >= 0)
                pump_start(&streams->in, loop, in_read, in_write, true);
        pump_start(&streams->out, loop, out_read, 1, false);
        if (streams->err_read >= 0)
                pump_start(&streams->err, loop, take_fd(&streams->err_read), 2, false);
        return true;
}

void streams_resize(struct streams *streams)
{
        if (streams->pty >= 0)
                tty_copy_size(streams->pty);
}

/* False, with a fault, where a part of what was to be passed on is lost. */
static bool was_passed_on(const struct pump *pump, const char *step, struct fault *fault)
{
        errno = pump->err;
        return pump->err == 0 || fault_errno(fault, "", "%s", step);
}

bool streams_drain(struct streams *streams, const sigset_t *signals, struct fault *fault)
{
        tty_restore(&streams->tty);
        sigprocmask(SIG_UNBLOCK, signals, NULL);
        pump_drain(&streams->out);
        pump_drain(&streams->err);
        return was_passed_on(&streams->out, "pass the command's output on", fault) &&
               was_passed_on(&streams->err, "pass the command's error output on", fault) &&
               was_passed_on(&streams->in, "pass standard input on", fault);
}

void streams_close(struct streams *streams)
{
        tty_restore(&streams->tty);
        fd_close(&streams->in.from);
        fd_close(&streams->in.to);
        fd_close(&streams->out.from);
        fd_close(&streams->err.from);
        fd_close(&streams->in_read);
        fd_close(&streams->in_write);
        fd_close(&streams->out_read);
        fd_close(&streams->out_write);
        fd_close(&streams->err_read);
        fd_close(&streams->err_write);
        fd_close(&streams->pty);
}
