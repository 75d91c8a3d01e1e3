/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_MOST = 32 };

static bool same_number(const char *a, const char *b)
{
        char *end_a, *end_b;
        double x = strtod(a, &end_a), y = strtod(b, &end_b);

        return end_a != a && end_b != b && end_a[strspn(end_a, " ")] == '\0' && !*end_b && x == y;
}

bool answer_is_right(const char *typed, const char *right)
{
        size_t n;

        typed += strspn(typed, " ");
        for (n = strlen(typed); n > 0 && typed[n - 1] == ' ';)
                n--;
        if (n == 0)
                return false;
        if (strlen(right) == n && strncasecmp(typed, right, n) == 0)
                return true;
        return n < NUMBER_MOST && same_number(typed, right);
}
