/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "term/copy.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

/* Three bytes, of which n are there, as four digits. */
static void add_group(struct str *out, const char *bytes, size_t n)
{
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        uint32_t group = 0;

        for (size_t i = 0; i < 3; i++)
                group = group << 8 | (i < n ? (unsigned char)bytes[i] : 0);
        for (size_t i = 0; i < 4; i++)
                str_add_c(out, (char)(i <= n ? digits[group >> (18 - 6 * i) & 63] : '='));
}

char *copy_sequence(const char *text)
{
        size_t n = strlen(text);
        struct str out = { 0 };

        if (n > COPY_BYTES)
                return NULL;
        str_add(&out, "\033]52;c;");
        for (size_t i = 0; i < n; i += 3)
                add_group(&out, text + i, n - i < 3 ? n - i : 3);
        str_add(&out, "\a");
        return str_take(&out);
}
