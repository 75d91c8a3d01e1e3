/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "term/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"

enum { PIECE = 256, KEEP = 1024 * 1024 };

static bool same_terminal(int a, int b)
{
        unsigned one, other;

        return ioctl(a, TIOCGDEV, &one) == 0 && ioctl(b, TIOCGDEV, &other) == 0 && one == other;
}

/* A description of its own: O_NONBLOCK on the one that came with the program would be the shell's as well.
 * After su the terminal belongs to another user and can be opened under its general name alone. */
static int open_tty(void)
{
        static const char *const names[] = { "/proc/self/fd/1", "/dev/tty" };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                own_fd int fd = open(names[i], O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

                if (fd >= 0 && same_terminal(fd, STDOUT_FILENO))
                        return take_fd(&fd);
        }
        return -1;
}

bool output_open(struct output *output, struct fault *fault)
{
        own_fd int memory = memfd_create("frame", MFD_CLOEXEC);
        own_fd int tty = open_tty();
        bool blocks = tty < 0;
        FILE *file;

        if (blocks)
                tty = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
        if (memory < 0 || tty < 0)
                return fault_errno(fault, "", "open the terminal");
        file = fdopen(memory, "w");
        if (!file)
                return fault_errno(fault, "", "open the terminal");
        take_fd(&memory);
        *output = (struct output){ .file = file, .tty = take_fd(&tty), .blocks = blocks };
        return true;
}

void output_close(struct output *output)
{
        if (output->file)
                fclose(output->file);
        fd_close(&output->tty);
        free(output->bytes);
        *output = (struct output){ .tty = -1 };
}

static char *make_room(struct output *output, size_t n)
{
        if (output->from == output->len)
                output->from = output->len = 0;
        if (output->len + n > output->size) {
                output->size = output->len + n;
                output->bytes = xrealloc(output->bytes, output->size, 1);
        }
        return output->bytes + output->len;
}

void output_add(struct output *output, const char *bytes, size_t n)
{
        if (n == 0)
                return;
        memcpy(make_room(output, n), bytes, n);
        output->len += n;
}

void output_note(struct output *output)
{
        struct pollfd look = { .fd = output->tty };
        int err = errno;

        if (poll(&look, 1, 0) <= 0 || !(look.revents & (POLLHUP | POLLERR)))
                output->err = err;
}

void output_begin(void)
{
        errno = 0;
}

void output_collect(struct output *output)
{
        int fd = fileno(output->file), lost = errno == EIO || errno == ENOSPC || errno == EFBIG ? errno : 0;
        off_t n = lseek(fd, 0, SEEK_CUR), at = 0;

        while (at < n) {
                ssize_t got = pread(fd, make_room(output, (size_t)(n - at)), (size_t)(n - at), at);

                if (got <= 0)
                        break;
                output->len += (size_t)got;
                at += got;
        }
        if (!lost && (n < 0 || at < n))
                lost = errno ? errno : EIO;
        if (lseek(fd, 0, SEEK_SET) < 0 && !lost)
                lost = errno;
        output->err = lost ? lost : output->err;
        if (n > KEEP && ftruncate(fd, 0) < 0)
                return; /* memory that is kept, no more */
}

size_t output_waiting(const struct output *output)
{
        return output->len - output->from;
}

static bool takes_some(const struct output *output, int timeout_ms)
{
        struct pollfd wait = { .fd = output->tty, .events = POLLOUT };

        return poll(&wait, 1, timeout_ms) > 0;
}

bool output_flush(struct output *output)
{
        while (output_waiting(output) > 0) {
                size_t n = output_waiting(output);
                ssize_t done;

                if (output->blocks && !takes_some(output, 0))
                        return false;
                if (output->blocks && n > PIECE)
                        n = PIECE;
                done = write(output->tty, output->bytes + output->from, n);
                if (done < 0 && errno == EINTR)
                        continue;
                if (done < 0 && errno == EAGAIN)
                        return false;
                if (done < 0)
                        output_note(output);
                /* A terminal that is gone takes everything. */
                output->from = done < 0 ? output->len : output->from + (size_t)done;
        }
        return true;
}

bool output_drain(struct output *output, int timeout_ms)
{
        uint64_t end = time_now_ms() + (uint64_t)timeout_ms;

        while (!output_flush(output)) {
                uint64_t now = time_now_ms();

                if (now >= end)
                        return false;
                takes_some(output, (int)(end - now));
        }
        return true;
}

void output_drop(struct output *output)
{
        /* CAN ends a control sequence, ST a string; by themselves they do nothing. */
        static const char end[] = "\030\033\\";

        output->from = output->len;
        tcflush(output->tty, TCOFLUSH);
        output_add(output, end, sizeof(end) - 1);
}
