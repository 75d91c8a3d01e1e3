/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/escapes.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* The same as ESC 8, but libvterm then looks whether the cursor is within the screen, which may have become
 * smaller. */
#define RESTORE_CURSOR "\033[?1048l"

enum {
        BYTE_BEL = 0x07,
        BYTE_CAN = 0x18,
        BYTE_SUB = 0x1a,
        BYTE_ESC = 0x1b,
        BYTE_DEL = 0x7f,
        DIGITS_MOST = 4,
        SEPARATORS_MOST = 14,
        REPEATS_MOST = 1000,
        PRIVATE_FIRST = 0xe000,
        PRIVATE_LAST = 0xf8ff
};

static void pass_text(struct escapes *escapes, const char *bytes, size_t n, struct str *ret)
{
        str_add_n(ret, bytes, n);
        memcpy(escapes->last, bytes, n);
        escapes->last_n = n;
}

/* libvterm before 0.2 writes beyond its buffer where bytes are no UTF-8: it gets none such. What has no width
 * is left out, as no cell would show it. */
static void pass_character(struct escapes *escapes, struct str *ret)
{
        uint32_t c = 0;
        size_t n = escapes->character_n;
        bool whole = text_decode(escapes->character, n, &c) == n;

        escapes->character_n = 0;
        if (!whole || (c >= PRIVATE_FIRST && c <= PRIVATE_LAST))
                pass_text(escapes, "?", 1, ret);
        else if (text_char_width(c) > 0)
                pass_text(escapes, escapes->character, n, ret);
}

static size_t length_of(unsigned char lead)
{
        if (lead < 0xc2 || lead > 0xf4)
                return 1;
        return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/* A byte above ASCII. */
static void feed_character(struct escapes *escapes, unsigned char c, struct str *ret)
{
        bool goes_on = c < 0xc0;

        if (escapes->character_n && !goes_on)
                pass_character(escapes, ret); /* it was cut short */
        escapes->character[escapes->character_n++] = (char)c;
        if (escapes->character_n == length_of((unsigned char)escapes->character[0]))
                pass_character(escapes, ret);
}

static void begin(struct escapes *escapes)
{
        escapes->state = ESCAPES_ESC;
        escapes->n = 0;
        escapes->bad = false;
}

static void keep(struct escapes *escapes, char c)
{
        if (escapes->n < sizeof(escapes->bytes))
                escapes->bytes[escapes->n++] = c;
        else
                escapes->bad = true;
}

/* The digits, ; and : from there on; returns how many bytes, or -1 when there are too many numbers or digits.
 * libvterm before 0.2 counts no numbers: it writes the seventeenth beyond its table. A screen has at most a
 * thousand columns: a longer number means no place on it. */
static int numbers_bytes(const struct escapes *escapes, size_t from)
{
        int digits = 0, separators = 0;
        size_t at = from;

        for (; at < escapes->n; at++) {
                char c = escapes->bytes[at];

                if (c >= '0' && c <= '9') {
                        digits++;
                } else if (c == ';' || c == ':') {
                        separators++;
                        digits = 0;
                } else {
                        break;
                }
                if (digits > DIGITS_MOST || separators > SEPARATORS_MOST)
                        return -1;
        }
        return (int)(at - from);
}

/* ESC [, at most one of < = > ?, numbers, at most one intermediate byte; or ESC and one of those. */
static bool is_usual(const struct escapes *escapes)
{
        size_t at = 0;
        int numbers;

        if (escapes->bad)
                return false;
        if (at < escapes->n && escapes->bytes[0] == '[') {
                at++;
                if (at < escapes->n && escapes->bytes[at] >= '<' && escapes->bytes[at] <= '?')
                        at++;
                numbers = numbers_bytes(escapes, at);
                if (numbers < 0)
                        return false;
                at += (size_t)numbers;
        }
        if (at < escapes->n && escapes->bytes[at] >= ' ' && escapes->bytes[at] <= '/')
                at++;
        return at == escapes->n;
}

/* ESC [ N b, the last character N times more, is written out here: where there was none libvterm would repeat
 * nothing for ever. */
static void repeat(const struct escapes *escapes, struct str *ret)
{
        int n = 0;

        for (size_t i = 1; i < escapes->n; i++) {
                if (escapes->bytes[i] < '0' || escapes->bytes[i] > '9')
                        return;
                n = n * 10 + escapes->bytes[i] - '0'; /* DIGITS_MOST of them */
        }
        for (int i = 0; i < (n < 1 ? 1 : n) && i < REPEATS_MOST; i++)
                str_add_n(ret, escapes->last, escapes->last_n);
}

static void pass(struct escapes *escapes, char final, struct str *ret)
{
        escapes->state = ESCAPES_TEXT;
        if (!is_usual(escapes))
                return;
        if (final == 'b' && escapes->n > 0 && escapes->bytes[0] == '[') {
                repeat(escapes, ret);
                return;
        }
        escapes->last_n = 0;
        if (final == '8' && escapes->n == 0) {
                str_add(ret, RESTORE_CURSOR);
                return;
        }
        str_add_c(ret, BYTE_ESC);
        str_add_n(ret, escapes->bytes, escapes->n);
        str_add_c(ret, final);
}

static void feed_esc(struct escapes *escapes, unsigned char c, struct str *ret)
{
        if (escapes->n == 0 && c == '[') {
                keep(escapes, '[');
                escapes->state = ESCAPES_CSI;
        } else if (escapes->n == 0 && (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')) {
                escapes->state = ESCAPES_STRING;
        } else if (c < 0x30) {
                keep(escapes, (char)c);
        } else if (escapes->n > 0 && (strchr("[]PX^_", c) || (escapes->bytes[0] == '#' && c != '8'))) {
                /* With a byte between libvterm begins the same string as without; and lines of double width
                 * and height no grid has. */
                escapes->state = ESCAPES_TEXT;
        } else {
                pass(escapes, (char)c, ret);
        }
}

static void feed(struct escapes *escapes, unsigned char c, struct str *ret)
{
        if (c <= BYTE_DEL && escapes->character_n)
                pass_character(escapes, ret);
        if (c == BYTE_ESC) {
                begin(escapes);
                return;
        }
        if (c == BYTE_CAN || c == BYTE_SUB) {
                escapes->state = ESCAPES_TEXT;
                return;
        }
        switch (escapes->state) {
        case ESCAPES_STRING:
                if (c == BYTE_BEL)
                        escapes->state = ESCAPES_TEXT;
                return;
        case ESCAPES_ESC:
        case ESCAPES_CSI:
                if (c < 0x20) {
                        str_add_c(ret, (char)c); /* carried out in the midst of a sequence */
                        return;
                }
                if (c == BYTE_DEL)
                        return;
                if (c > BYTE_DEL) { /* no sequence has such a byte */
                        escapes->state = ESCAPES_TEXT;
                        return;
                }
                if (escapes->state == ESCAPES_ESC)
                        feed_esc(escapes, c, ret);
                else if (c < 0x40)
                        keep(escapes, (char)c);
                else
                        pass(escapes, (char)c, ret);
                return;
        case ESCAPES_TEXT:
                break;
        }
        if (c > BYTE_DEL)
                feed_character(escapes, c, ret);
        else if (c >= ' ' && c < BYTE_DEL)
                pass_text(escapes, &(const char){ (char)c }, 1, ret);
        else if (c != '\0') {
                escapes->last_n = 0;
                str_add_c(ret, (char)c);
        }
}

void escapes_feed(struct escapes *escapes, const char *data, size_t n, struct str *ret)
{
        for (size_t i = 0; i < n; i++)
                feed(escapes, (unsigned char)data[i], ret);
}
