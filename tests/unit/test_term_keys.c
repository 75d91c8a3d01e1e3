/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "term/keys.h"

enum { NOTHING = -1, CODES_MAX = 24 };

/* Feeds the codes as the terminal's reader does; the names, each ended by a space. Owned by the caller. */
static char *names_of(struct key_reader *reader, const int *codes, size_t n)
{
        struct str names = { 0 };

        for (size_t i = 0; i < n;) {
                char name[KEY_NAME_SIZE] = "";
                enum key_got got = keys_feed(reader, codes[i], name);

                if (got == KEY_GOT_NAME || got == KEY_GOT_AGAIN)
                        str_add_f(&names, "%s ", name);
                i += got == KEY_GOT_NAME || got == KEY_GOT_MORE;
        }
        return str_take(&names);
}

static void codes_have_their_names(void **state)
{
        static const struct {
                int codes[CODES_MAX];
                const char *names;
        } cases[] = {
                { { 'K', ' ', 'q', NOTHING }, "K space q " },
                { { '\r', '\n', 0x1b, 'O', 'M', '\t', 0x1b, '[', 'Z', NOTHING },
                  "Enter Enter Enter Tab BackTab " },
                { { 0x7f, '\b', NOTHING }, "BackSpace BackSpace " },
                { { 0x1b, '[', 'C', 0x1b, 'O', 'D', 0x1b, '[', 'D', NOTHING }, "Right Left Left " },
                { { 0x1b, '[', 'H', 0x1b, 'O', 'F', 0x1b, '[', '4', '~', NOTHING }, "Home End End " },
                { { 0x1b, '[', '[', 'A', 0x1b, '[', '[', 'E', 0x1b, 'O', 'P', NOTHING }, "F1 F5 F1 " },
                { { 0x1b, '[', '[', 'F', 0x1b, '[', '[', '[', 'j', NOTHING }, "j " },
                { { 1, 3, 12, 26, 0x1c, NOTHING }, "C-a C-c C-l C-z C-\\ " },
                { { 0x1b, NOTHING }, "Esc " },
                { { 0x1b, 0x1b, NOTHING }, "Esc Esc " },
                { { 0x1b, NOTHING, 'x', NOTHING }, "Esc x " },
                { { 0x1b, 0x1b, '[', 'A', NOTHING }, "Esc Up " },
                { { 0x1b, 'x', 0x1b, '\r', NOTHING }, "M-x M-Enter " },
                { { 0x1b, '[', 'A', 0x1b, 'O', 'B', NOTHING }, "Up Down " },
                { { 0x1b, '[', '6', '~', 0x1b, '[', '2', '4', '~', NOTHING }, "PgDn F12 " },
                { { 0x1b, '[', NOTHING, 'A', 'j', NOTHING }, "Up j " },
                { { 0x1b, '[', '1', ';', '5', 'A', 'j', NOTHING }, "j " },
                { { 0x1b, '[', '9', '9', '~', 0x1b, '[', '3', 'M', 'j', NOTHING }, "j " },
                { { 0x1b, '[', '1', 3, 'j', NOTHING }, "C-c j " },
                { { 0xc3, 0xa9, 0xe6, 0xbc, 0xa2, NOTHING }, "\xc3\xa9 \xe6\xbc\xa2 " },
                { { 0xc3, NOTHING, 0xa9, NOTHING }, "\xc3\xa9 " },
                { { 0xc3, 'j', NOTHING }, "j " },
                { { 0xc3, 0xc3, 0xa9, NOTHING }, "\xc3\xa9 " },
                { { 0xff, 0x80, 0xc0, 0xaf, 'j', NOTHING }, "j " },
                { { 0xed, 0xa0, 0x80, 0xe2, 0x80, 0xae, 0xc2, 0x9b, 'j', NOTHING }, "j " },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct key_reader reader = { 0 };
                size_t n = CODES_MAX;
                char *names;

                while (cases[i].codes[n - 1] != NOTHING)
                        n--;
                names = names_of(&reader, cases[i].codes, n);
                assert_string_equal(names, cases[i].names);
                free(names);
        }
}

/* Both ways in which terminals report the mouse; a release, other buttons and motions are no keys. */
static void the_mouse_has_names(void **state)
{
        static const struct {
                const char *bytes, *names;
        } cases[] = {
                { "\033[<0;13;6M\033[<0;13;6mj", "click 12 5 j " },
                { "\033[<0;1;1M", "click 0 0 " },
                { "\033[<64;1000;1000M\033[<65;2;3M", "wheel-up 999 999 wheel-down 1 2 " },
                { "\033[<4;2;2M\033[<80;2;2M", "click 1 1 wheel-up 1 1 " },
                { "\033[<1;2;2M\033[<2;2;2M\033[<32;2;2M\033[<66;2;2M\033[<128;2;2Mj", "j " },
                { "\033[<0;0;1M\033[<0;1M\033[<0;1;1;1M\033[<;;M\033[<-1;1;1M\033[<0;99999;1Mj", "j " },
                { "\033[0;1;1M\033[<99999999999999999999;1;1Mj", "j " },
                { "\033[M -&\033[M`-&\033[Ma-&", "click 12 5 wheel-up 12 5 wheel-down 12 5 " },
                { "\033[M#-&\033[M!!!j", "j " },
                { "\033[M \003j", "C-c j " },
                { "\033[M \xff\xfe", "click 222 221 " },
                { "\033[<64;9999;9999M", "wheel-up 9998 9998 " },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct key_reader reader = { 0 };
                int codes[256];
                size_t n = strlen(cases[i].bytes);
                char *names;

                for (size_t k = 0; k < n; k++)
                        codes[k] = (unsigned char)cases[i].bytes[k];
                names = names_of(&reader, codes, n);
                assert_string_equal(names, cases[i].names);
                free(names);
        }
}

static void a_sequence_without_end_takes_no_room(void **state)
{
        struct key_reader reader = { 0 };
        char name[KEY_NAME_SIZE] = "";

        (void)state;
        keys_feed(&reader, 0x1b, name);
        keys_feed(&reader, '[', name);
        for (int i = 0; i < 100000; i++)
                assert_int_equal(keys_feed(&reader, '0' + i % 10, name), KEY_GOT_MORE);
        assert_int_equal(keys_feed(&reader, '~', name), KEY_GOT_MORE);
        assert_int_equal(keys_feed(&reader, 'j', name), KEY_GOT_NAME);
        assert_string_equal(name, "j");
}

/* Any codes in any order: no name is empty, holds a control character or is cut within a character. */
static void any_input_gives_printable_names(void **state)
{
        struct key_reader reader = { 0 };
        uint32_t random = 1;

        (void)state;
        for (int i = 0; i < 200000; i++) {
                char name[KEY_NAME_SIZE] = "";
                enum key_got got;
                int code;

                random = random * 1664525u + 1013904223u;
                code = (int)(random >> 8) % 257 - 1;
                do
                        got = keys_feed(&reader, code, name);
                while (got == KEY_GOT_RETRY);
                if (got == KEY_GOT_MORE)
                        continue;
                assert_true(*name && mbstowcs(NULL, name, 0) != (size_t)-1);
                for (const char *c = name; *c; c++)
                        assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(codes_have_their_names),
                cmocka_unit_test(the_mouse_has_names),
                cmocka_unit_test(a_sequence_without_end_takes_no_room),
                cmocka_unit_test(any_input_gives_printable_names),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
