/* SPDX-License-Identifier: MIT */
/* impostor UID [WORD]: listens where a keeper of that user would, as cage 0123456789ab (or WORD), says
 * "listening", and then "caught" when somebody has sent it something. impostor UID crowd N: takes N names
 * there, listens at none and says "taken"; goes on until its input ends. */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { NUMBER = 12 };

static int take(const char *uid, const char *word)
{
        struct sockaddr_un addr = { .sun_family = AF_UNIX };
        int n = snprintf(addr.sun_path + 1, sizeof(addr.sun_path) - 1, "vitrine/%s/%s", uid, word);
        int sock = socket(AF_UNIX, SOCK_SEQPACKET, 0);

        if (sock >= 0 && bind(sock, (struct sockaddr *)&addr,
                              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n)) < 0) {
                close(sock);
                return -1;
        }
        return sock;
}

/* As many processes as the limit of descriptors wants. */
static int crowd(const char *uid, long n)
{
        struct rlimit limit;
        char word[NUMBER], byte;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return 2;
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        for (long i = 0; i < n; i++) {
                snprintf(word, sizeof(word), "%08lx", (unsigned long)i);
                if (take(uid, word) >= 0)
                        continue;
                if (errno != EMFILE)
                        return 2;
                switch (fork()) {
                case -1:
                        return 2;
                case 0:
                        syscall(SYS_close_range, 3u, ~0u, 0u);
                        i--;
                        break;
                default:
                        while (read(0, &byte, 1) > 0)
                                ;
                        return 0;
                }
        }
        puts("taken");
        fflush(stdout);
        while (read(0, &byte, 1) > 0)
                ;
        return 0;
}

int main(int argc, char **argv)
{
        int sock;

        if (argc > 3 && strcmp(argv[2], "crowd") == 0)
                return crowd(argv[1], strtol(argv[3], NULL, 10));
        sock = take(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "0123456789ab");
        if (sock < 0 || listen(sock, 4) < 0)
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
