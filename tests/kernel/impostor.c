/* SPDX-License-Identifier: MIT */
/* impostor UID [WORD]: listens where a keeper of that user would, as cage 0123456789ab (or WORD), says
 * "listening", and then "caught" when somebody has sent it something. */
#include "config.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
        struct sockaddr_un addr = { .sun_family = AF_UNIX };
        int sock = socket(AF_UNIX, SOCK_SEQPACKET, 0);
        int n = snprintf(addr.sun_path + 1, sizeof(addr.sun_path) - 1, "vitrine/%s/%s",
                         argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "0123456789ab");

        if (bind(sock, (struct sockaddr *)&addr,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n)) < 0 ||
            listen(sock, 4) < 0)
                return 2;
        puts("listening");
        fflush(stdout);
        for (;;) {
                char bytes[64];
                int visitor = accept(sock, NULL, NULL);

                if (visitor >= 0 && recv(visitor, bytes, sizeof(bytes), 0) > 0) {
                        puts("caught");
                        fflush(stdout);
                }
                close(visitor);
        }
}
