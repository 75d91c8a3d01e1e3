/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/text.h"

#include <string.h>
#include <wchar.h>

#include "base/str.h"

size_t text_decode(const char *s, size_t n, uint32_t *ret)
{
        const unsigned char *b = (const unsigned char *)s;
        static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
        size_t len;
        uint32_t c;

        if (b[0] < 0x80) {
                *ret = b[0];
                return 1;
        }
        if (b[0] >= 0xc2 && b[0] < 0xe0)
                len = 2, c = b[0] & 0x1fu;
        else if (b[0] >= 0xe0 && b[0] < 0xf0)
                len = 3, c = b[0] & 0x0fu;
        else if (b[0] >= 0xf0 && b[0] < 0xf5)
                len = 4, c = b[0] & 0x07u;
        else
                return 0;
        if (len > n)
                return 0;
        for (size_t i = 1; i < len; i++) {
                if ((b[i] & 0xc0) != 0x80)
                        return 0;
                c = c << 6 | (b[i] & 0x3fu);
        }
        if (c < least[len] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
                return 0;
        *ret = c;
        return len;
}

bool text_is_utf8(const char *s)
{
        size_t n = strlen(s), len;
        uint32_t c;

        for (size_t i = 0; i < n; i += len) {
                len = text_decode(s + i, n - i, &c);
                if (len == 0)
                        return false;
        }
        return true;
}

size_t text_encode(uint32_t c, char *buf)
{
        if (c < 0x80) {
                buf[0] = (char)c;
                return 1;
        }
        if (c < 0x800) {
                buf[0] = (char)(0xc0 | c >> 6);
                buf[1] = (char)(0x80 | (c & 0x3f));
                return 2;
        }
        if (c < 0x10000) {
                buf[0] = (char)(0xe0 | c >> 12);
                buf[1] = (char)(0x80 | (c >> 6 & 0x3f));
                buf[2] = (char)(0x80 | (c & 0x3f));
                return 3;
        }
        buf[0] = (char)(0xf0 | c >> 18);
        buf[1] = (char)(0x80 | (c >> 12 & 0x3f));
        buf[2] = (char)(0x80 | (c >> 6 & 0x3f));
        buf[3] = (char)(0x80 | (c & 0x3f));
        return 4;
}

int text_char_width(uint32_t c)
{
        int width;

        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
                return -1;
        if (c < 0x7f)
                return 1;
        /* Soft hyphen, Arabic letter mark, zero width and bidirectional controls, separators, isolates,
         * the byte order mark, interlinear annotation, tags, private use: invisible or reordering. */
        if (c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
            (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
            (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe000 && c < 0xf900) || c >= 0xe0000)
                return -1;
        width = wcwidth((wchar_t)c);
        return width > 0 ? width : -1;
}

char *text_escape(const char *s, size_t n, bool ascii)
{
        struct str out = { 0 };

        for (size_t i = 0; i < n;) {
                uint32_t c = 0;
                size_t len = text_decode(s + i, n - i, &c);

                if (len == 0 || c < 0x20 || c == 0x7f) {
                        str_add_f(&out, "\\x%02x", (unsigned char)s[i]);
                        i++;
                        continue;
                }
                if (text_char_width(c) < 0 || (ascii && c > 0x7e))
                        str_add_f(&out, "\\u{%x}", c);
                else
                        str_add_n(&out, s + i, len);
                i += len;
        }
        return str_take(&out);
}

int text_width(const char *s)
{
        size_t n = strlen(s);
        int width = 0;

        for (size_t i = 0; i < n;) {
                uint32_t c = 0;
                size_t len = text_decode(s + i, n - i, &c);
                int w = len ? text_char_width(c) : 1;

                width += w > 0 ? w : 0;
                i += len ? len : 1;
        }
        return width;
}

char *text_cut(const char *s, int width, const char *mark)
{
        size_t n = strlen(s), keep = 0;
        int used = 0;

        if (text_width(s) <= width)
                return xstrdup(s);
        if (width <= 0)
                return xstrdup("");
        for (size_t i = 0; i < n;) {
                uint32_t c = 0;
                size_t len = text_decode(s + i, n - i, &c);
                int w = len ? text_char_width(c) : 1;

                if (used + (w > 0 ? w : 0) > width - 1)
                        break;
                used += w > 0 ? w : 0;
                i += len ? len : 1;
                keep = i;
        }
        return xasprintf("%.*s%s", (int)keep, s, mark);
}
