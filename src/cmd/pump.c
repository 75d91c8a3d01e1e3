/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/pump.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/own.h"

static void pump_stop(struct pump *pump)
{
        loop_forget(pump->loop, pump->from);
        loop_forget(pump->loop, pump->to);
        fd_close(&pump->from);
        if (pump->own_to)
                fd_close(&pump->to);
        pump->to = -1;
}

/* A terminal's hang-up reads as EIO. The end that holds one can see whether it is that, and all is read. */
static bool has_hung_up(int fd, bool reads)
{
        struct pollfd look = { .fd = fd, .events = reads ? POLLIN : 0 };
        unsigned number;

        if (ioctl(fd, TIOCGPTN, &number) < 0)
                return isatty(fd);
        return poll(&look, 1, 0) > 0 && (look.revents & (POLLHUP | POLLIN)) == POLLHUP;
}

/* Notes errno. A reader that has gone is no failure, nor is a hang-up. */
static void pump_fail(struct pump *pump, int fd)
{
        int err = errno;

        if (err != EPIPE && !(err == EIO && has_hung_up(fd, fd == pump->from)))
                pump->err = err;
}

static void pump_read(void *data, int fd, short events);

static void pump_write(void *data, int fd, short events)
{
        struct pump *pump = data;
        ssize_t n = write(pump->to, pump->data + pump->done, pump->len - pump->done);

        (void)fd, (void)events;
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
                return;
        if (n < 0) {
                pump_fail(pump, pump->to);
                pump_stop(pump); /* nobody reads any more: who writes will meet a closed pipe */
                return;
        }
        pump->done += (size_t)n;
        if (pump->done < pump->len)
                return;
        loop_forget(pump->loop, pump->to);
        loop_watch(pump->loop, pump->from, POLLIN, pump_read, pump);
}

static void pump_read(void *data, int fd, short events)
{
        struct pump *pump = data;
        ssize_t n = read(pump->from, pump->data, sizeof(pump->data));

        (void)fd, (void)events;
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
                return;
        if (n < 0)
                pump_fail(pump, pump->from);
        if (n <= 0) {
                pump_stop(pump);
                return;
        }
        pump->len = (size_t)n;
        pump->done = 0;
        loop_forget(pump->loop, pump->from);
        loop_watch(pump->loop, pump->to, POLLOUT, pump_write, pump);
}

void pump_start(struct pump *pump, struct loop *loop, int from, int to, bool own_to)
{
        pump->loop = loop;
        pump->from = from;
        pump->to = to;
        pump->own_to = own_to;
        pump->len = pump->done = 0;
        pump->err = 0;
        loop_watch(loop, from, POLLIN, pump_read, pump);
}

/* What is left, to an end that whoever started vitrine may have made one that does not wait. */
static bool write_rest(struct pump *pump)
{
        while (pump->done < pump->len) {
                struct pollfd room = { .fd = pump->to, .events = POLLOUT };
                ssize_t n = write(pump->to, pump->data + pump->done, pump->len - pump->done);

                if (n >= 0)
                        pump->done += (size_t)n;
                else if (errno == EAGAIN)
                        poll(&room, 1, -1);
                else if (errno != EINTR)
                        return false;
        }
        return true;
}

void pump_drain(struct pump *pump)
{
        if (pump->from < 0)
                return;
        if (fcntl(pump->from, F_SETFL, O_NONBLOCK) < 0) {
                pump_fail(pump, pump->from);
                pump_stop(pump);
                return;
        }
        while (pump->from >= 0 && pump->to >= 0) {
                ssize_t n;

                if (!write_rest(pump)) {
                        pump_fail(pump, pump->to);
                        break;
                }
                n = read(pump->from, pump->data, sizeof(pump->data));
                if (n < 0 && errno == EINTR) {
                        pump->len = pump->done = 0;
                        continue;
                }
                if (n < 0 && errno != EAGAIN)
                        pump_fail(pump, pump->from);
                if (n <= 0)
                        break;
                pump->len = (size_t)n;
                pump->done = 0;
        }
        pump_stop(pump);
}
