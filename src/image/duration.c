/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/duration.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct unit {
        const char *name;
        int64_t ns;
} units[] = {
        { "ns", 1 },
        { "us", 1000 },
        { "ms", 1000000 },
        { "s", 1000000000 },
        { "m", 60 * 1000000000LL },
        { "h", 3600 * 1000000000LL },
};

static bool fail(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(char *why, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        vsnprintf(why, DURATION_WHY, format, args);
        va_end(args);
        return false;
}

static const struct unit *find_unit(const char *text, size_t n)
{
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
                if (strlen(units[i].name) == n && memcmp(units[i].name, text, n) == 0)
                        return &units[i];
        return NULL;
}

static const char digits[] = "0123456789";

/* whole and fraction are n digits each; false when it does not fit. */
static bool scale(const char *whole, size_t n_whole, const char *fraction, size_t n_fraction, int64_t ns,
                  int64_t *ret)
{
        int64_t value = 0;
        double rest = 0, place = (double)ns;

        for (size_t i = 0; i < n_whole; i++)
                if (__builtin_mul_overflow(value, 10, &value) ||
                    __builtin_add_overflow(value, whole[i] - '0', &value))
                        return false;
        for (size_t i = 0; i < n_fraction; i++) {
                place /= 10;
                rest += (fraction[i] - '0') * place;
        }
        return !__builtin_mul_overflow(value, ns, &value) &&
               !__builtin_add_overflow(value, (int64_t)rest, ret);
}

/* One number with its unit, behind which *at then stands. text is the whole, for the words. */
static bool take_part(const char *text, const char **at, int64_t *ret, char *why)
{
        const char *whole = *at, *fraction = "", *unit = whole + strspn(whole, digits);
        size_t n_whole = (size_t)(unit - whole), n_fraction = 0, n;
        const struct unit *found;

        if (*unit == '.') {
                fraction = unit + 1;
                n_fraction = strspn(fraction, digits);
                unit = fraction + n_fraction;
        }
        if (n_whole + n_fraction == 0)
                return fail(why, "invalid duration \"%.40s\"", text);
        n = strcspn(unit, ".0123456789");
        found = find_unit(unit, n);
        if (n == 0)
                return fail(why, "missing unit in duration \"%.40s\"", text);
        if (!found)
                return fail(why, "unknown unit \"%.*s\" in duration \"%.40s\"", n < 20 ? (int)n : 20, unit,
                            text);
        if (!scale(whole, n_whole, fraction, n_fraction, found->ns, ret))
                return fail(why, "invalid duration \"%.40s\"", text);
        *at = unit + n;
        return true;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): fail writes to it */
bool duration_read(const char *text, int64_t *ret_ns, char why[static DURATION_WHY])
{
        bool minus = *text == '-';
        const char *at = text + (minus || *text == '+');
        int64_t sum = 0, part = 0;

        if (!*at)
                return fail(why, "invalid duration \"%.40s\"", text);
        if (strcmp(at, "0") == 0)
                at++;
        while (*at) {
                if (!take_part(text, &at, &part, why))
                        return false;
                if (__builtin_add_overflow(sum, part, &sum))
                        return fail(why, "invalid duration \"%.40s\"", text);
        }
        *ret_ns = minus ? -sum : sum;
        return true;
}
