/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/reference.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"

static bool is_lower(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Letters and digits with one of `.`, `_`, `__` or any number of `-` between. */
static bool is_component(const char *s, size_t n)
{
        size_t i = 0;

        for (;;) {
                size_t begin = i;

                while (i < n && is_lower(s[i]))
                        i++;
                if (i == begin)
                        return false;
                if (i == n)
                        return true;
                if (s[i] == '-') {
                        while (i < n && s[i] == '-')
                                i++;
                } else if (s[i] == '_') {
                        i += i + 1 < n && s[i + 1] == '_' ? 2 : 1;
                } else if (s[i] == '.') {
                        i++;
                } else {
                        return false;
                }
        }
}

static bool is_path(const char *s, size_t n)
{
        for (;;) {
                const char *slash = n ? memchr(s, '/', n) : NULL;
                size_t len = slash ? (size_t)(slash - s) : n;

                if (!is_component(s, len))
                        return false;
                if (!slash)
                        return true;
                s += len + 1;
                n -= len + 1;
        }
}

static bool is_host_label(const char *s, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (!isalnum((unsigned char)s[i]) && s[i] != '-')
                        return false;
        return n && s[0] != '-' && s[n - 1] != '-';
}

/* labels.with.dots[:port] */
static bool is_host(const char *s, size_t n)
{
        const char *colon = memchr(s, ':', n);
        size_t len = colon ? (size_t)(colon - s) : n;

        for (size_t i = len + 1; i < n; i++)
                if (!isdigit((unsigned char)s[i]))
                        return false;
        if (colon && len + 1 == n)
                return false;
        for (;;) {
                const char *dot = memchr(s, '.', len);
                size_t label = dot ? (size_t)(dot - s) : len;

                if (!is_host_label(s, label))
                        return false;
                if (!dot)
                        return true;
                s += label + 1;
                len -= label + 1;
        }
}

static bool is_tag(const char *s)
{
        size_t n = strlen(s);

        for (size_t i = 0; i < n; i++)
                if (!isalnum((unsigned char)s[i]) && s[i] != '_' && (i == 0 || !strchr(".-", s[i])))
                        return false;
        return n > 0 && n <= 128;
}

static bool is_digest(const char *s)
{
        const char *colon = strchr(s, ':');

        if (!colon || colon == s ||
            strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789+._-") != (size_t)(colon - s))
                return false;
        return strlen(colon + 1) >= 32 && strspn(colon + 1, "0123456789abcdefABCDEF") == strlen(colon + 1);
}

/* How long the host in front is, with its slash; 0 where the first part is no host. */
static size_t host_length(const char *s, size_t n)
{
        const char *slash = memchr(s, '/', n);
        size_t len = slash ? (size_t)(slash - s) : 0;

        if (!slash)
                return 0;
        if (!memchr(s, '.', len) && !memchr(s, ':', len) && !(len == 9 && memcmp(s, "localhost", 9) == 0))
                return 0;
        return len + 1;
}

static char *refuse(char why[static REFERENCE_WHY], const char *name, size_t n)
{
        bool upper = false;

        for (size_t i = 0; i < n; i++)
                upper = upper || isupper((unsigned char)name[i]);
        if (upper)
                snprintf(why, REFERENCE_WHY,
                         "invalid reference format: repository name (%.80s) must be lowercase", name);
        else
                snprintf(why, REFERENCE_WHY, "invalid reference format");
        return NULL;
}

/* docker.io/x is x, and library/x is x: not where what is left would read as something else. */
static const char *skip_default(const char *name)
{
        static const char *const hosts[] = { "docker.io/", "index.docker.io/" };
        static const char library[] = "library/";

        for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
                size_t n = strlen(hosts[i]);

                if (strncmp(name, hosts[i], n) == 0 && !host_length(name + n, strlen(name + n))) {
                        name += n;
                        break;
                }
        }
        if (strncmp(name, library, strlen(library)) == 0 && !strchr(name + strlen(library), '/'))
                name += strlen(library);
        return name;
}

char *reference_full(const char *name, char why[static REFERENCE_WHY])
{
        const char *at = strchr(name, '@'), *slash = NULL, *colon;
        own_free char *bare = xstrndup(name, at ? (size_t)(at - name) : strlen(name)), *full = NULL;
        const char *path = skip_default(bare);
        size_t n, host;

        slash = strrchr(path, '/');
        colon = strchr(slash ? slash : path, ':');
        n = colon ? (size_t)(colon - path) : strlen(path);
        host = host_length(path, n);
        if ((host && !is_host(path, host - 1)) || !is_path(path + host, n - host))
                return refuse(why, path, n);
        if ((colon && !is_tag(colon + 1)) || (at && !is_digest(at + 1)))
                return refuse(why, "", 0);
        full = xasprintf("%s%s%s", path, colon || at ? "" : ":latest", at ? at : "");
        if (strlen(full) > REFERENCE_MAX) {
                snprintf(why, REFERENCE_WHY, "the name is longer than %d characters", REFERENCE_MAX);
                return NULL;
        }
        return take_ptr(full);
}
