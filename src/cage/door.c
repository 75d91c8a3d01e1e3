/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/door.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/enter_find.h"
#include "cage/plan.h"

enum { DOOR_BACKLOG = 16 };

/* An abstract address of at most 107 bytes; a longer name is held by its beginning. */
static int bind_abstract(const char *kind, const char *word)
{
        struct sockaddr_un addr = { .sun_family = AF_UNIX };
        own_fd int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        int n = snprintf(addr.sun_path + 1, sizeof(addr.sun_path) - 1, DOOR_PREFIX "%u/%s%s",
                         (unsigned)geteuid(), kind, word);
        size_t len = (size_t)n < sizeof(addr.sun_path) - 1 ? (size_t)n : sizeof(addr.sun_path) - 2;

        if (sock < 0 || bind(sock, (struct sockaddr *)&addr,
                             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len)) < 0)
                return -1;
        return take_fd(&sock);
}

/* An abstract name is anybody's to take: another user's too, and a container's with the machine's network. */
static bool is_a_cages(const char *name)
{
        struct enter_cages cages = { 0 };
        bool found = false;

        enter_list(&cages);
        for (size_t i = 0; i < cages.n; i++)
                found = found || strcmp(cages.v[i].name, name) == 0;
        enter_cages_finish(&cages);
        return found;
}

bool door_hold_name(const char *name, int *ret, struct fault *fault)
{
        int held = *name ? bind_abstract("name:", name) : -1;
        own_free char *step = NULL;

        if (*name && held < 0) {
                if (errno != EADDRINUSE)
                        return fault_errno(fault, "", "make the container's socket");
                step = xasprintf("--name %.100s", name);
                if (is_a_cages(name)) {
                        fault_why(fault, step, "a container of yours that runs has this name");
                        return fault_hint(fault, "end that one, or take another name");
                }
                fault_why(fault, step,
                          "another process of this machine holds this name, and no container of yours that "
                          "answers has it");
                return fault_hint(fault, "take another name");
        }
        *ret = held;
        return true;
}

bool door_open(const char *id, const char *name, struct door *ret, struct fault *fault)
{
        own_fd int sock = -1, held = -1;

        if (!door_hold_name(name, &held, fault))
                return false;
        sock = bind_abstract("", id);
        if (sock < 0 || listen(sock, DOOR_BACKLOG) < 0)
                return fault_errno(fault, "", "make the container's socket");
        ret->sock = take_fd(&sock);
        ret->name = take_fd(&held);
        return true;
}

void door_close(struct door *door)
{
        fd_close(&door->sock);
        fd_close(&door->name);
}
