/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/number.h"

static bool is_blank(char c)
{
        return c == ' ' || c == '\t';
}

bool number_more(const char **at, const char *end)
{
        while (*at < end && is_blank(**at))
                ++*at;
        return *at < end;
}

static unsigned digit_of(char c)
{
        if (c >= '0' && c <= '9')
                return (unsigned)(c - '0');
        if (c >= 'a' && c <= 'f')
                return (unsigned)(c - 'a') + 10;
        if (c >= 'A' && c <= 'F')
                return (unsigned)(c - 'A') + 10;
        return 16;
}

bool number_take(const char **at, const char *end, unsigned base, uint64_t max, uint64_t *ret)
{
        const char *p = *at;
        uint64_t value = 0;

        if (!number_more(&p, end))
                return false;
        for (; p < end && !is_blank(*p); p++) {
                unsigned digit = digit_of(*p);

                if (digit >= base || digit > max || value > (max - digit) / base)
                        return false;
                value = value * base + digit;
        }
        *at = p;
        *ret = value;
        return true;
}
