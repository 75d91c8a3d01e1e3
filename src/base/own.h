/* SPDX-License-Identifier: MIT */
/* Ownership by attribute: a local that owns carries own_fd or own_free from its declaration (-1 or NULL at
 * first) and hands over with take_fd or take_ptr. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

/* NOLINTNEXTLINE(readability-non-const-parameter): cleanup hands over the variable as it is */
static inline void own_fd_close(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}

static inline void own_ptr_free(void *p)
{
        free(*(void **)p);
}

#define own_fd __attribute__((cleanup(own_fd_close)))
#define own_free __attribute__((cleanup(own_ptr_free)))

/* Returns *fd and leaves -1 there: the caller owns it now. */
static inline int take_fd(int *fd)
{
        int taken = *fd;

        *fd = -1;
        return taken;
}

/* Closes *fd if it is open and leaves -1 there. errno is kept. */
void fd_close(int *fd);

#define take_ptr(p)                         \
        ({                                  \
                __typeof__(p) taken_ = (p); \
                (p) = NULL;                 \
                taken_;                     \
        })
