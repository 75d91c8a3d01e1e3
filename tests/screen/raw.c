/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "raw.h"

#include <string.h>

struct colours {
        bool any, background;
};

/* The parameters of one sequence that ends in m. */
static void add_rendition(const char *from, const char *end, struct colours *ret)
{
        while (from < end) {
                int value = 0;

                for (; from < end && *from >= '0' && *from <= '9'; from++)
                        value = value < 1000 ? value * 10 + (*from - '0') : value;
                from++;
                if ((value >= 30 && value <= 38) || (value >= 90 && value <= 97))
                        ret->any = true;
                if ((value >= 40 && value <= 48) || (value >= 100 && value <= 107))
                        ret->any = ret->background = true;
                if (value == 38 || value == 48)
                        return; /* what follows says which */
        }
}

static struct colours find_colours(const char *raw, size_t n)
{
        struct colours ret = { false, false };
        const char *end = raw + n;

        for (const char *at = raw; at + 1 < end; at++) {
                const char *last = at + 2;

                if (at[0] != '\033' || at[1] != '[')
                        continue;
                while (last < end && strchr("0123456789;:", *last) && *last)
                        last++;
                if (last < end && *last == 'm')
                        add_rendition(at + 2, last, &ret);
        }
        return ret;
}

bool raw_sets_colour(const char *raw, size_t n)
{
        return find_colours(raw, n).any;
}

bool raw_sets_background(const char *raw, size_t n)
{
        return find_colours(raw, n).background;
}

bool raw_leaves_ascii(const char *raw, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if ((unsigned char)raw[i] > 0x7e)
                        return true;
        return false;
}
