/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/port_text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/own.h"
#include "base/str.h"

enum { PORT_MAX = 65535 };

/* Reads digits up to the end or to stop, behind which *text then stands. */
static bool take_port(const char **text, char stop, unsigned *ret)
{
        const char *c = *text;
        unsigned port = 0;

        if (!isdigit((unsigned char)*c))
                return false;
        for (; isdigit((unsigned char)*c); c++) {
                port = port * 10 + (unsigned)(*c - '0');
                if (port > PORT_MAX)
                        return false;
        }
        if (*c && *c != stop)
                return false;
        *text = c + (*c != '\0');
        *ret = port;
        return true;
}

/* PORT or FIRST-LAST; *ret_more is the number of ports behind the first. */
static bool is_range(const char *text, unsigned *ret_more)
{
        bool two = strchr(text, '-') != NULL;
        unsigned first, last;

        if (!take_port(&text, '-', &first))
                return false;
        last = first;
        if (two && !take_port(&text, '\0', &last))
                return false;
        *ret_more = last - first;
        return last >= first;
}

/* An address, in brackets or not; nothing is one too. */
static bool is_address(char *text)
{
        unsigned char address[sizeof(struct in6_addr)];
        size_t n = strlen(text);

        if (*text == '[') {
                if (text[n - 1] != ']')
                        return false;
                text[n - 1] = '\0';
                text++;
        } else if (strchr(text, ':')) {
                return false;
        }
        return !*text || inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static bool is_protocol(const char *text)
{
        static const char *const protocols[] = { "tcp", "udp", "sctp" };

        for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
                if (strcasecmp(text, protocols[i]) == 0)
                        return true;
        return false;
}

/* Cuts at the last c; what stands behind it comes back, or the whole, and front is then NULL. */
static char *cut_last(char *text, char c, char **ret_front)
{
        char *at = strrchr(text, c);

        *ret_front = at ? text : NULL;
        if (!at)
                return text;
        *at = '\0';
        return at + 1;
}

static char *refuse(char why[static PORT_WHY], const char *what, const char *text)
{
        snprintf(why, PORT_WHY, "%s: %.60s", what, text);
        return NULL;
}

char *port_text_read(const char *text, char why[static PORT_WHY])
{
        own_free char *copy = xstrdup(text);
        char *front, *address = NULL, *host, *port = cut_last(copy, ':', &front), *protocol;
        unsigned more, host_more = 0;

        host = front ? cut_last(front, ':', &address) : NULL;
        protocol = strchr(port, '/');
        if (protocol) {
                *protocol++ = '\0';
                protocol[strcspn(protocol, "/")] = '\0';
        }
        if (address && !is_address(address))
                return refuse(why, "Invalid ip address", text);
        if (!*port)
                return refuse(why, "No port specified", text);
        if (!is_range(port, &more))
                return refuse(why, "Invalid containerPort", port);
        if (host && *host && !is_range(host, &host_more))
                return refuse(why, "Invalid hostPort", host);
        if (host && *host && more && more != host_more) {
                snprintf(why, PORT_WHY,
                         "Invalid ranges specified for container and host Ports: %.40s and %.40s", port,
                         host);
                return NULL;
        }
        if (!protocol || !*protocol)
                return xstrdup(port);
        if (!is_protocol(protocol))
                return refuse(why, "Invalid proto", protocol);
        return xasprintf("%s/%s", port, protocol);
}
