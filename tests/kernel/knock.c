/* SPDX-License-Identifier: MIT */
/* knock NAME: says what the abstract socket NAME of a keeper answers: "answered", "turned away" or "nobody
 * there". */
#include "config.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cage/plan.h"

int main(int argc, char **argv)
{
        struct sockaddr_un addr = { .sun_family = AF_UNIX };
        struct visit visit = { .kind = VISIT_ASK };
        struct report report;
        int sock = socket(AF_UNIX, SOCK_SEQPACKET, 0);
        size_t n = argc > 1 ? strlen(argv[1]) : 0;

        if (n == 0 || n >= sizeof(addr.sun_path) - 1)
                return 2;
        memcpy(addr.sun_path + 1, argv[1], n);
        if (connect(sock, (struct sockaddr *)&addr,
                    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + n)) < 0) {
                puts("nobody there");
                return 0;
        }
        if (send(sock, &visit, sizeof(visit), MSG_NOSIGNAL) == sizeof(visit) &&
            recv(sock, &report, sizeof(report), 0) == sizeof(report) && report.kind == REPORT_CAGE)
                puts("answered");
        else
                puts("turned away");
        return 0;
}
