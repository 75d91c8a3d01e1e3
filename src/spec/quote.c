/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/quote.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* Characters that mean nothing to a shell. */
static bool is_plain(const char *s)
{
        static const char plain[] =
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

        return *s && strspn(s, plain) == strlen(s);
}

/* The length of a character that may be shown as it is, 0 where it must be escaped. */
static size_t shown_length(const char *s, size_t n, bool ascii)
{
        uint32_t c;
        size_t len = text_decode(s, n, &c);

        return len && text_char_width(c) >= 0 && !(ascii && c > 0x7e) ? len : 0;
}

static bool is_shown(const char *s, bool ascii)
{
        size_t n = strlen(s), len;

        for (size_t i = 0; i < n; i += len) {
                len = shown_length(s + i, n - i, ascii);
                if (!len)
                        return false;
        }
        return true;
}

static void add_single(struct str *line, const char *s)
{
        str_add_c(line, '\'');
        for (; *s; s++) {
                if (*s == '\'')
                        str_add(line, "'\\''");
                else
                        str_add_c(line, *s);
        }
        str_add_c(line, '\'');
}

/* \n and \t, which one meets; two hexadecimal digits a byte for the rest. */
static void add_escaped(struct str *line, const char *s, bool ascii)
{
        size_t n = strlen(s), len;

        str_add(line, "$'");
        for (size_t i = 0; i < n; i += len ? len : 1) {
                len = shown_length(s + i, n - i, ascii);
                if (s[i] == '\'' || s[i] == '\\')
                        str_add_f(line, "\\%c", s[i]);
                else if (s[i] == '\n' || s[i] == '\t')
                        str_add_f(line, "\\%c", s[i] == '\n' ? 'n' : 't');
                else if (len)
                        str_add_n(line, s + i, len);
                else
                        str_add_f(line, "\\x%02x", (unsigned char)s[i]);
        }
        str_add_c(line, '\'');
}

void quote_add(struct str *line, const char *word, bool ascii)
{
        if (is_plain(word))
                str_add(line, word);
        else if (is_shown(word, ascii))
                add_single(line, word);
        else
                add_escaped(line, word, ascii);
}

static int digit(char c)
{
        static const char digits[] = "0123456789abcdef";
        const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);

        return c && at ? (int)(at - digits) : 16;
}

/* At most max digits of that base; returns how many there are. */
static int take_number(const char *s, int max, int base, uint32_t *ret)
{
        int n = 0;

        for (*ret = 0; n < max && digit(s[n]) < base; n++)
                *ret = *ret * (uint32_t)base + (uint32_t)digit(s[n]);
        return n;
}

/* \xHH, \uHHHH, \UHHHHHHHH behind the letter; returns how many bytes they are, 0 where they name nothing. */
static int take_hex(const char *s, char letter, char buf[static 5])
{
        uint32_t c;
        int n = take_number(s, letter == 'x' ? 2 : letter == 'u' ? 4 : 8, 16, &c);

        if (!n || c > 0x10ffff)
                return 0;
        if (letter == 'x')
                buf[0] = (char)c;
        else
                buf[text_encode(c, buf)] = '\0';
        return n;
}

/* What stands behind a backslash, into buf (which is all NUL); returns how many bytes it was, 0 where the
 * backslash is one. */
static int take_escape(const char *s, char buf[static 5])
{
        static const char letters[] = "abeEfnrtv\\'\"?", bytes[] = "\a\b\x1b\x1b\f\n\r\t\v\\'\"?";
        const char *at = *s ? strchr(letters, *s) : NULL;
        uint32_t c;
        int n;

        if (at) {
                buf[0] = bytes[at - letters];
                return 1;
        }
        if (*s == 'x' || *s == 'u' || *s == 'U') {
                n = take_hex(s + 1, *s, buf);
                return n ? n + 1 : 0;
        }
        if (*s == 'c' && s[1] && s[1] != '\'') {
                buf[0] = (char)(s[1] & 0x1f);
                return 2;
        }
        n = take_number(s, 3, 8, &c);
        buf[0] = (char)c;
        return n;
}

bool quote_take(const char **at, struct str *word)
{
        bool ended = false;

        while (**at && **at != '\'') {
                char buf[5] = "";
                int n = **at == '\\' ? take_escape(*at + 1, buf) : 0;

                if (!n)
                        buf[0] = **at;
                ended = ended || !buf[0];
                if (!ended)
                        str_add(word, buf);
                *at += n + 1;
        }
        if (!**at)
                return false;
        (*at)++;
        return true;
}
