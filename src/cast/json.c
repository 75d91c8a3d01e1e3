/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/json.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { WIDEST = 8 }; /* \u001b and its NUL */

static size_t one(uint32_t c, char buf[static WIDEST])
{
        const char *shortest = c ? strchr("\"\\\nn\rr\tt", (int)c) : NULL;

        if (c == '"' || c == '\\')
                return (size_t)snprintf(buf, WIDEST, "\\%c", (char)c);
        if (c < 0x20 && shortest)
                return (size_t)snprintf(buf, WIDEST, "\\%c", shortest[1]);
        if (c < 0x20 || c == 0x7f)
                return (size_t)snprintf(buf, WIDEST, "\\u%04x", c);
        return text_encode(c, buf);
}

size_t json_add_some(struct str *out, const char *s, size_t n, size_t room)
{
        size_t i = 0;

        while (i < n) {
                char buf[WIDEST];
                uint32_t c = 0xfffd;
                size_t len = text_decode(s + i, n - i, &c), wide = one(c, buf);

                if (wide > room)
                        break;
                str_add_n(out, buf, wide);
                room -= wide;
                i += len ? len : 1;
        }
        return i;
}

void json_add(struct str *out, const char *s)
{
        str_add_c(out, '"');
        json_add_some(out, s, strlen(s), SIZE_MAX);
        str_add_c(out, '"');
}
