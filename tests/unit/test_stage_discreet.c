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

#include "base/own.h"
#include "stage/discreet.h"
#include "stage/emulator.h"

enum { COLS = 20, ROWS = 4 };

static void text_has_another_word_for_the_name(void **state)
{
        static const struct {
                const char *text, *becomes;
        } cases[] = {
                { "m1", "host" },
                { "Linux m1 6.1\nm1\n", "Linux host 6.1\nhost\n" },
                { "root@m1:/# ", "root@host:/# " },
                { "am1 m12 m1_ m", "am1 m12 m1_ m" },
                { "", "" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct str out = { 0 };

                discreet_text(&out, cases[i].text, strlen(cases[i].text), "m1", "host");
                assert_string_equal(str_text(&out), cases[i].becomes);
                str_finish(&out);
        }
}

/* What a program's output looks like with its cells made discreet: rows, each ended by a bar. Owned by the
 * caller. */
static char *look(const char *output, const char *name)
{
        struct emulator *emulator = emulator_create(COLS, ROWS);
        struct shell_cell cells[COLS * ROWS];
        struct str answer = { 0 }, text = { 0 };
        struct shell_view view;

        emulator_feed(emulator, output, strlen(output), &answer);
        emulator_look(emulator, &view);
        memcpy(cells, view.cells, sizeof(cells));
        discreet_cells(cells, COLS, ROWS, name, "host");
        for (int i = 0; i < COLS * ROWS; i++) {
                if (cells[i].c)
                        str_add_c(&text, cells[i].c < 0x80 ? (char)cells[i].c : '*');
                if (i % COLS == COLS - 1)
                        str_add_c(&text, '|');
        }
        emulator_destroy(emulator);
        str_finish(&answer);
        return str_take(&text);
}

static void cells_keep_their_columns(void **state)
{
        static const struct {
                const char *output, *name, *row;
        } cases[] = {
                { "root@m1:/# m12", "m1", "root@ho:/# m12      |" },
                { "root@m123:/#", "m123", "root@host:/#        |" },
                { "root@machine-1:/#", "machine-1", "root@host     :/#   |" },
                { "machine-12 xmachine-1", "machine-1", "machine-12 xmachine-|1 " },
                { "\033[7mm1\033[m m1", "m1", "ho ho               |" },
                /* over the edge, and at it */
                { "0123456789 root@machine-1:/#", "machine-1", "0123456789 root@host|     :/#" },
                { "0123456789abcdef\r\n               m1234\r\nx", "m1234",
                  "0123456789abcdef    |               host |x" },
                { "\r\n\r\n\r\n                  m1", "m1", "|                  ho|" },
                /* a name of two columns a character */
                { "<\xe6\xa9\x9f>", "\xe6\xa9\x9f", "<ho>                |" },
                /* none that a terminal shows */
                { "<a\x1b[1mb>", "a\x1b", "<ab>                |" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *text = look(cases[i].output, cases[i].name);

                if (!strstr(text, cases[i].row))
                        fail_msg("case %zu: %s", i, text);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(text_has_another_word_for_the_name),
                cmocka_unit_test(cells_keep_their_columns),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
