/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/discreet.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { NAME_MOST = 256 };

static bool is_word(uint32_t c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void discreet_text(struct str *out, const char *text, size_t n, const char *name, const char *other)
{
        size_t len = strlen(name);

        for (size_t i = 0; i < n;) {
                bool here = n - i >= len && memcmp(text + i, name, len) == 0 &&
                            (i == 0 || !is_word((unsigned char)text[i - 1])) &&
                            (i + len == n || !is_word((unsigned char)text[i + len]));

                if (here)
                        str_add(out, other);
                else
                        str_add_n(out, text + i, 1);
                i += here ? len : 1;
        }
}

/* The characters of the name's cells; returns how many, 0 where it is none that a terminal shows. */
static size_t cells_of(const char *name, uint32_t ret[static NAME_MOST])
{
        size_t left = strlen(name), n = 0;

        while (left > 0) {
                uint32_t c;
                size_t len = text_decode(name, left, &c);
                int width = len ? text_char_width(c) : 0;

                if (width < 1 || n + 2 > NAME_MOST)
                        return 0;
                ret[n++] = c;
                if (width == 2)
                        ret[n++] = 0;
                name += len;
                left -= len;
        }
        return n;
}

static bool stands_at(const struct shell_cell *cells, size_t at, size_t cols, size_t n,
                      const uint32_t *wanted, size_t len)
{
        if (n - at < len)
                return false;
        for (size_t i = 0; i < len; i++)
                if (cells[at + i].c != wanted[i])
                        return false;
        /* Whether a word goes on in another row cannot be seen. */
        return (at % cols == 0 || !is_word(cells[at - 1].c)) &&
               ((at + len) % cols == 0 || !is_word(cells[at + len].c));
}

void discreet_cells(struct shell_cell *cells, int cols, int rows, const char *name, const char *other)
{
        size_t n = (size_t)cols * (size_t)rows, other_len = strlen(other), len;
        uint32_t wanted[NAME_MOST];

        len = cells_of(name, wanted);
        for (size_t at = 0; len > 0 && at < n; at++) {
                if (!stands_at(cells, at, (size_t)cols, n, wanted, len))
                        continue;
                for (size_t i = 0; i < len; i++)
                        cells[at + i].c = i < other_len ? (unsigned char)other[i] : ' ';
        }
}
