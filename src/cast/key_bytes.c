/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/key_bytes.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct {
        const char *name, *bytes;
} named[] = {
        { "space", " " },        { "Enter", "\r" },       { "Tab", "\t" },       { "BackTab", "\033[9;2u" },
        { "BackSpace", "\177" }, { "Esc", "\033" },       { "Up", "\033[A" },    { "Down", "\033[B" },
        { "Right", "\033[C" },   { "Left", "\033[D" },    { "Home", "\033[H" },  { "End", "\033[F" },
        { "Insert", "\033[2~" }, { "Delete", "\033[3~" }, { "PgUp", "\033[5~" }, { "PgDn", "\033[6~" },
        { "F1", "\033OP" },      { "F2", "\033OQ" },      { "F3", "\033OR" },    { "F4", "\033OS" },
        { "F5", "\033[15~" },    { "F6", "\033[17~" },    { "F7", "\033[18~" },  { "F8", "\033[19~" },
        { "F9", "\033[20~" },    { "F10", "\033[21~" },   { "F11", "\033[23~" }, { "F12", "\033[24~" },
};

/* The mouse in xterm's SGR form, from 1. */
static size_t mouse_bytes(const char *name, char ret[static KEY_BYTES_SIZE])
{
        static const struct {
                const char *name;
                int button;
        } kinds[] = { { "click ", 0 }, { "wheel-up ", 64 }, { "wheel-down ", 65 } };

        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
                size_t n = strlen(kinds[i].name);
                int x, y, end = 0;

                if (strncmp(name, kinds[i].name, n) == 0 &&
                    sscanf(name + n, "%4d %4d%n", &x, &y, &end) == 2 && !name[n + (size_t)end] && x >= 0 &&
                    y >= 0)
                        return (size_t)snprintf(ret, KEY_BYTES_SIZE, "\033[<%d;%d;%dM", kinds[i].button,
                                                x + 1, y + 1);
        }
        return 0;
}

size_t key_bytes(const char *name, char ret[static KEY_BYTES_SIZE])
{
        size_t n = strlen(name);
        uint32_t c;

        for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
                if (strcmp(name, named[i].name) == 0)
                        return (size_t)snprintf(ret, KEY_BYTES_SIZE, "%s", named[i].bytes);
        if (n == 3 && name[0] == 'C' && name[1] == '-' && name[2] >= '@' && name[2] < 0x7f) {
                ret[0] = (char)(name[2] & 0x1f);
                return 1;
        }
        if (n > 0 && n <= 4 && text_decode(name, n, &c) == n && text_char_width(c) > 0)
                return (size_t)snprintf(ret, KEY_BYTES_SIZE, "%s", name);
        return mouse_bytes(name, ret);
}
