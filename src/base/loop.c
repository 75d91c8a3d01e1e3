/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/loop.h"

#include <errno.h>
#include <stdlib.h>

#include "base/io.h"

void loop_init(struct loop *loop)
{
        *loop = (struct loop){ 0 };
        for (int i = 0; i < LOOP_MAX; i++)
                loop->watch[i].fd = -1;
}

void loop_forget(struct loop *loop, int fd)
{
        for (int i = 0; i < LOOP_MAX; i++)
                if (fd >= 0 && loop->watch[i].fd == fd)
                        loop->watch[i].fd = -1;
}

void loop_watch(struct loop *loop, int fd, short events, loop_handler *handler, void *data)
{
        loop_forget(loop, fd);
        for (int i = 0; i < LOOP_MAX; i++) {
                if (loop->watch[i].fd >= 0)
                        continue;
                loop->watch[i].fd = fd;
                loop->watch[i].events = events;
                loop->watch[i].handler = handler;
                loop->watch[i].data = data;
                return;
        }
        abort(); /* the table is sized for the program: more is a bug */
}

static int timeout_ms(const struct loop *loop)
{
        uint64_t now = time_now_ms();

        if (loop->wake_ms == 0)
                return -1;
        if (loop->wake_ms <= now)
                return 0;
        return loop->wake_ms - now > 1000000 ? 1000000 : (int)(loop->wake_ms - now);
}

bool loop_step(struct loop *loop)
{
        struct pollfd fds[LOOP_MAX];
        int n;

        for (int i = 0; i < LOOP_MAX; i++)
                fds[i] = (struct pollfd){ .fd = loop->watch[i].fd, .events = loop->watch[i].events };
        n = poll(fds, LOOP_MAX, timeout_ms(loop));
        if (n < 0 && errno == EINTR)
                return true;
        if (n < 0) {
                loop->err = errno;
                return false;
        }
        for (int i = 0; i < LOOP_MAX && n > 0; i++) {
                /* A handler before this one may have closed or replaced the descriptor. */
                if (fds[i].revents == 0 || fds[i].fd < 0 || loop->watch[i].fd != fds[i].fd)
                        continue;
                loop->watch[i].handler(loop->watch[i].data, fds[i].fd, fds[i].revents);
        }
        return true;
}
