/* SPDX-License-Identifier: MIT */
/* Who is at the other end of a keeper's socket. */
#pragma once

#include <stdbool.h>

/* The same user as this process, and in the same mount namespace: whoever runs in a cage, or in a mount
 * namespace that he made there, has another one, which he cannot leave. With the machine's network a cage
 * reaches these sockets, and takes names for its own; as real root it is the same uid. Of a listening socket
 * it is who began to listen (unix(7), SO_PEERCRED). */
bool peer_is_outside(int sock);
