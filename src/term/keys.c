/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "term/keys.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { BYTE_ESC = 0x1b, BYTE_DEL = 0x7f };

static enum key_got named(char name[static KEY_NAME_SIZE], const char *is)
{
        snprintf(name, KEY_NAME_SIZE, "%s", is);
        return KEY_GOT_NAME;
}

static enum key_got feed_ascii(int c, char name[static KEY_NAME_SIZE])
{
        if (c == '\r' || c == '\n')
                return named(name, "Enter");
        if (c == '\t')
                return named(name, "Tab");
        if (c == '\b' || c == BYTE_DEL)
                return named(name, "BackSpace");
        if (c == ' ')
                return named(name, "space");
        if (c < ' ')
                snprintf(name, KEY_NAME_SIZE, "C-%c", c >= 1 && c <= 26 ? c + 'a' - 1 : c + '@');
        else
                snprintf(name, KEY_NAME_SIZE, "%c", c);
        return KEY_GOT_NAME;
}

/* Buttons as xterm numbers them, without the modifiers; x and y from 1. A release, another button and a
 * motion are none. */
static enum key_got name_mouse(int button, int x, int y, char name[static KEY_NAME_SIZE])
{
        enum { MODIFIERS = 4 | 8 | 16, LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65, MOST = 9999 };
        const char *what;

        button &= ~MODIFIERS;
        what = button == LEFT         ? "click"
               : button == WHEEL_UP   ? "wheel-up"
               : button == WHEEL_DOWN ? "wheel-down"
                                      : NULL;
        if (!what || x < 1 || y < 1 || x > MOST || y > MOST)
                return KEY_GOT_MORE;
        snprintf(name, KEY_NAME_SIZE, "%s %d %d", what, x - 1, y - 1);
        return KEY_GOT_NAME;
}

/* "<BUTTON;X;Y"; a report with bytes in place of numbers never gets here. */
static enum key_got name_report(const struct key_reader *reader, char name[static KEY_NAME_SIZE])
{
        const char *at = reader->bytes + 1;
        int values[3];

        if (reader->bytes[0] != '<' || reader->n >= sizeof(reader->bytes) - 1)
                return KEY_GOT_MORE;
        for (int i = 0; i < 3; i++) {
                size_t digits = strspn(at, "0123456789");

                if (digits < 1 || digits > 4 || at[digits] != (i < 2 ? ';' : '\0'))
                        return KEY_GOT_MORE;
                values[i] = (int)strtol(at, NULL, 10);
                at += digits + 1;
        }
        return name_mouse(values[0], values[1], values[2], name);
}

/* Three bytes, each 32 more than its value. */
static enum key_got feed_mouse(struct key_reader *reader, int code, char name[static KEY_NAME_SIZE])
{
        enum { OFFSET = 32 };
        const unsigned char *bytes = (const unsigned char *)reader->bytes;

        if (code < 0)
                return KEY_GOT_MORE;
        if (code < OFFSET) {
                reader->state = KEYS_NONE;
                return KEY_GOT_RETRY;
        }
        reader->bytes[reader->n++] = (char)code;
        if (reader->n < 3)
                return KEY_GOT_MORE;
        reader->state = KEYS_NONE;
        return name_mouse(bytes[0] - OFFSET, bytes[1] - OFFSET, bytes[2] - OFFSET, name);
}

/* In either cursor mode, and those of xterm, rxvt, screen, tmux, the VT220 and the console, which agree.
 * Unknown ones and modifiers are left out: their letters must not be taken for keys. */
static enum key_got name_sequence(const struct key_reader *reader, int final, char name[static KEY_NAME_SIZE])
{
        static const struct {
                char final;
                int number; /* before ~; 0: any letter but ~ */
                const char *name;
        } sequences[] = {
                { 'A', 0, "Up" },   { 'B', 0, "Down" },   { 'C', 0, "Right" },   { 'D', 0, "Left" },
                { 'H', 0, "Home" }, { 'F', 0, "End" },    { 'Z', 0, "BackTab" }, { 'M', 0, "Enter" },
                { 'P', 0, "F1" },   { 'Q', 0, "F2" },     { 'R', 0, "F3" },      { 'S', 0, "F4" },
                { '~', 1, "Home" }, { '~', 2, "Insert" }, { '~', 3, "Delete" },  { '~', 4, "End" },
                { '~', 5, "PgUp" }, { '~', 6, "PgDn" },   { '~', 7, "Home" },    { '~', 8, "End" },
                { '~', 11, "F1" },  { '~', 12, "F2" },    { '~', 13, "F3" },     { '~', 14, "F4" },
                { '~', 15, "F5" },  { '~', 17, "F6" },    { '~', 18, "F7" },     { '~', 19, "F8" },
                { '~', 20, "F9" },  { '~', 21, "F10" },   { '~', 23, "F11" },    { '~', 24, "F12" },
                { 'w', 0, "Home" }, { 'y', 0, "PgUp" },   { 'q', 0, "End" },     { 's', 0, "PgDn" },
        };
        bool plain =
                reader->n < sizeof(reader->bytes) - 1 && strspn(reader->bytes, "0123456789") == reader->n;
        int number = plain ? (int)strtol(reader->bytes, NULL, 10) : -1;

        if (final == 'M' && reader->state == KEYS_CSI)
                return name_report(reader, name);
        /* the console: ESC [ [ A */
        if (strcmp(reader->bytes, "[") == 0 && final >= 'A' && final <= 'E') {
                snprintf(name, KEY_NAME_SIZE, "F%d", final - 'A' + 1);
                return KEY_GOT_NAME;
        }
        for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
                if (sequences[i].final == final && sequences[i].number == number)
                        return named(name, sequences[i].name);
        return KEY_GOT_MORE;
}

static enum key_got feed_sequence(struct key_reader *reader, int code, char name[static KEY_NAME_SIZE])
{
        enum key_got got;

        if (code < 0)
                return KEY_GOT_MORE;
        if (code < 0x20 || code > 0x7e) {
                reader->state = KEYS_NONE;
                return KEY_GOT_RETRY;
        }
        if (code < 0x40 || (code == '[' && reader->state == KEYS_CSI && reader->n == 0)) {
                if (reader->n < sizeof(reader->bytes) - 1)
                        reader->bytes[reader->n++] = (char)code;
                reader->bytes[reader->n] = '\0';
                return KEY_GOT_MORE;
        }
        if (code == 'M' && reader->state == KEYS_CSI && reader->n == 0) {
                reader->state = KEYS_MOUSE;
                return KEY_GOT_MORE;
        }
        got = name_sequence(reader, code, name);
        reader->state = KEYS_NONE;
        return got;
}

static enum key_got feed_after_esc(struct key_reader *reader, int code, char name[static KEY_NAME_SIZE])
{
        char plain[KEY_NAME_SIZE] = "";

        reader->state = KEYS_NONE;
        if (code == '[' || code == 'O') {
                reader->state = code == '[' ? KEYS_CSI : KEYS_SS3;
                reader->bytes[reader->n = 0] = '\0';
                return KEY_GOT_MORE;
        }
        if (code < 0)
                return named(name, "Esc");
        if (code == BYTE_ESC || code >= 0x80) {
                named(name, "Esc");
                return KEY_GOT_AGAIN;
        }
        feed_ascii(code, plain);
        snprintf(name, KEY_NAME_SIZE, "M-%.*s", KEY_NAME_SIZE - 3, plain);
        return KEY_GOT_NAME;
}

static size_t utf8_length(unsigned char lead)
{
        return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

static enum key_got feed_utf8(struct key_reader *reader, int code, char name[static KEY_NAME_SIZE])
{
        uint32_t c;

        if (code < 0)
                return KEY_GOT_MORE;
        if (code < 0x80 || code > 0xbf) {
                reader->state = KEYS_NONE;
                return KEY_GOT_RETRY;
        }
        reader->bytes[reader->n++] = (char)code;
        if (reader->n < utf8_length((unsigned char)reader->bytes[0]))
                return KEY_GOT_MORE;
        reader->state = KEYS_NONE;
        if (text_decode(reader->bytes, reader->n, &c) != reader->n || text_char_width(c) < 1)
                return KEY_GOT_MORE;
        snprintf(name, KEY_NAME_SIZE, "%.*s", (int)reader->n, reader->bytes);
        return KEY_GOT_NAME;
}

enum key_got keys_feed(struct key_reader *reader, int code, char ret_name[static KEY_NAME_SIZE])
{
        switch (reader->state) {
        case KEYS_ESC:
                return feed_after_esc(reader, code, ret_name);
        case KEYS_CSI:
        case KEYS_SS3:
                return feed_sequence(reader, code, ret_name);
        case KEYS_MOUSE:
                return feed_mouse(reader, code, ret_name);
        case KEYS_UTF8:
                return feed_utf8(reader, code, ret_name);
        case KEYS_NONE:
                break;
        }
        if (code < 0)
                return KEY_GOT_MORE;
        if (code == BYTE_ESC)
                reader->state = KEYS_ESC;
        else if (code < 0x80)
                return feed_ascii(code, ret_name);
        else if (code >= 0xc2 && code <= 0xf4) {
                reader->state = KEYS_UTF8;
                reader->bytes[0] = (char)code;
                reader->n = 1;
        }
        return KEY_GOT_MORE;
}
