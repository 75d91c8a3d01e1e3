/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/json_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum { DEPTH_MAX = 32 };

const char *json_space(const char *s)
{
        return s + strspn(s, " \t\n\r");
}

static bool read_hex(const char *s, uint32_t *ret)
{
        uint32_t value = 0;

        for (int i = 0; i < 4; i++) {
                static const char digits[] = "0123456789abcdef";
                const char *at = s[i] ? strchr(digits, tolower((unsigned char)s[i])) : NULL;

                if (!at)
                        return false;
                value = value * 16 + (uint32_t)(at - digits);
        }
        *ret = value;
        return true;
}

/* \uXXXX from behind the u, with its other half; half a pair alone is U+FFFD, as for Go. */
static const char *take_unicode(const char *s, struct str *out)
{
        uint32_t c, low;
        char bytes[4];

        if (!read_hex(s, &c))
                return NULL;
        s += 4;
        if (c >= 0xd800 && c < 0xe000) {
                bool pair = c < 0xdc00 && s[0] == '\\' && s[1] == 'u' && read_hex(s + 2, &low) &&
                            low >= 0xdc00 && low < 0xe000;

                c = pair ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
                s += pair ? 6 : 0;
        }
        str_add_n(out, bytes, text_encode(c, bytes));
        return s;
}

const char *json_string(const char *s, struct str *out)
{
        static const char plain[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";

        while (*s != '"') {
                const char *at;

                if ((unsigned char)*s < 0x20)
                        return NULL;
                if (*s != '\\') {
                        str_add_c(out, *s++);
                        continue;
                }
                s++;
                if (*s == 'u') {
                        s = take_unicode(s + 1, out);
                        if (!s)
                                return NULL;
                        continue;
                }
                at = *s ? strchr(plain, *s) : NULL;
                if (!at)
                        return NULL;
                str_add_c(out, means[at - plain]);
                s++;
        }
        return s + 1;
}

static const char *skip_digits(const char *s)
{
        size_t n = strspn(s, "0123456789");

        return n ? s + n : NULL;
}

static const char *skip_number(const char *s)
{
        s += *s == '-';
        s = *s == '0' ? s + 1 : skip_digits(s);
        if (s && *s == '.')
                s = skip_digits(s + 1);
        if (!s || (*s != 'e' && *s != 'E'))
                return s;
        s++;
        return skip_digits(s + (*s == '+' || *s == '-'));
}

static const char *skip_string(const char *s)
{
        struct str out = { 0 };

        s = *s == '"' ? json_string(s + 1, &out) : NULL;
        str_finish(&out);
        return s;
}

/* NOLINTBEGIN(misc-no-recursion): each bracket takes one off depth, and at 0 json_skip ends it */

/* From behind an opening bracket to behind its closing one. */
static const char *skip_members(const char *s, char close, unsigned depth)
{
        s = json_space(s);
        if (*s == close)
                return s + 1;
        for (;;) {
                if (close == '}') {
                        s = skip_string(s);
                        s = s ? json_space(s) : NULL;
                        if (!s || *s != ':')
                                return NULL;
                        s = json_space(s + 1);
                }
                s = json_skip(s, depth);
                if (!s)
                        return NULL;
                s = json_space(s);
                if (*s == close)
                        return s + 1;
                if (*s != ',')
                        return NULL;
                s = json_space(s + 1);
        }
}

const char *json_skip(const char *s, unsigned depth)
{
        static const char *const words[] = { "true", "false", "null" };

        if (depth == 0)
                return NULL;
        if (*s == '"')
                return skip_string(s);
        if (*s == '[' || *s == '{')
                return skip_members(s + 1, *s == '[' ? ']' : '}', depth - 1);
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (strncmp(s, words[i], strlen(words[i])) == 0)
                        return s + strlen(words[i]);
        return skip_number(s);
}

/* NOLINTEND(misc-no-recursion) */

bool json_is_value(const char *text)
{
        text = json_skip(json_space(text), DEPTH_MAX);
        return text && !*json_space(text);
}
