/* SPDX-License-Identifier: MIT */
/* Whatever a program writes to the shell's terminal: it ends in cells that can be printed, and nothing but
 * text and short sequences gets as far as the emulator. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "stage/emulator.h"
#include "stage/escapes.h"
#include "tests/fuzz/fuzz.h"

enum { SEQUENCE_MOST = ESCAPES_BYTES + 2 };

/* Behind each ESC there is a whole sequence that is no string. */
static void check_harmless(const uint8_t *data, size_t size)
{
        struct escapes escapes = { 0 };
        struct str out = { 0 };

        escapes_feed(&escapes, (const char *)data, size, &out);
        for (size_t i = 0; i < out.len; i++) {
                size_t end = i + 1;

                if (out.s[i] != '\033')
                        continue;
                if (end == out.len || strchr("]PX^_", out.s[end]))
                        abort();
                end += out.s[end] == '[' ? 1 : 0;
                while (end < out.len && out.s[end] >= 0x20 &&
                       out.s[end] < (out.s[i + 1] == '[' ? 0x40 : 0x30))
                        end++;
                if (end == out.len || end - i > SEQUENCE_MOST)
                        abort();
                if (out.s[i + 1] != '[' && strchr("[]PX^_", out.s[end]))
                        abort();
                if (out.s[i + 1] == '[' && out.s[end] == 'b')
                        abort();
        }
        str_finish(&out);
}

/* The first two bytes are the size, and the place in the output at which it changes; at its end it is as it
 * was. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct shell_view view = { 0 };
        struct str answer = { 0 };
        struct emulator *emulator;
        size_t half;

        if (size < 2)
                return 0;
        check_harmless(data + 2, size - 2);
        emulator = emulator_create(2 + data[0] % 100, 1 + data[1] % 40);
        half = 2 + data[0] * (size - 2) / 256;
        emulator_feed(emulator, (const char *)data + 2, half - 2, &answer);
        emulator_resize(emulator, 2 + data[1] % 100, 1 + data[0] % 40);
        emulator_feed(emulator, (const char *)data + half, size - half, &answer);
        emulator_resize(emulator, 2 + data[0] % 100, 1 + data[1] % 40);
        emulator_look(emulator, &view);
        for (int i = 0; i < view.cols * view.rows; i++)
                if (view.cells[i].c != 0 && text_char_width(view.cells[i].c) < 1)
                        abort();
        if (view.cursor_x < 0 || view.cursor_x >= view.cols || view.cursor_y < 0 ||
            view.cursor_y >= view.rows)
                abort();
        str_finish(&answer);
        emulator_destroy(emulator);
        return 0;
}
