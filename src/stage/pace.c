/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/pace.h"

#include <stdlib.h>
#include <string.h>

enum { HOLD_MS = 2000, WORD_MS = 350, TYPE_LEAST_MS = 45, TYPE_SPREAD_MS = 60, WORD_BEGINS_MS = 70 };

static const double slowest = 0.1, fastest = 100;

uint64_t pace_ms(uint64_t ms, double speed)
{
        return (uint64_t)((double)ms / speed);
}

static bool is_space(char c)
{
        return c == ' ' || c == '\n' || c == '\t';
}

uint64_t pace_hold_ms(const char *say, double speed)
{
        uint64_t words = 0;

        for (size_t i = 0; say[i]; i++)
                words += !is_space(say[i]) && (i == 0 || is_space(say[i - 1]));
        return pace_ms(HOLD_MS + WORD_MS * words, speed);
}

uint64_t pace_type_ms(const char *line, size_t at, double speed)
{
        /* As uneven as it looks, without a die that falls otherwise the next time. */
        uint64_t uneven = (at * 37 + (size_t)(unsigned char)line[at] * 11) % TYPE_SPREAD_MS;
        bool begins = at > 0 && is_space(line[at - 1]);

        return pace_ms(TYPE_LEAST_MS + uneven + (begins ? WORD_BEGINS_MS : 0), speed);
}

bool pace_read_speed(const char *word, double *ret)
{
        char *end;
        double speed;

        if (!*word || strspn(word, "0123456789.") != strlen(word))
                return false;
        speed = strtod(word, &end);
        if (*end || !(speed >= slowest && speed <= fastest))
                return false;
        *ret = speed;
        return true;
}
