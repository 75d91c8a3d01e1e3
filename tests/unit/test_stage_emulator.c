/* SPDX-License-Identifier: MIT */
/* What a program writes to the shell's terminal, and what comes of it: cells, and the bytes of keys. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "stage/emulator.h"
#include "stage/escapes.h"

enum { COLS = 20, ROWS = 5 };

static void feed(struct emulator *emulator, const char *output)
{
        struct str answer = { 0 };

        emulator_feed(emulator, output, strlen(output), &answer);
        str_finish(&answer);
}

static struct emulator *after(const char *output)
{
        struct emulator *emulator = emulator_create(COLS, ROWS);

        feed(emulator, output);
        return emulator;
}

/* A row as text, a dot for a blank; owned by the caller. */
static char *row_of(struct emulator *emulator, int y)
{
        struct shell_view view = { 0 };
        struct str text = { 0 };

        emulator_look(emulator, &view);
        for (int x = 0; x < view.cols; x++) {
                uint32_t c = view.cells[y * view.cols + x].c;
                char bytes[4];

                if (c != 0)
                        str_add_n(&text, bytes, text_encode(c == ' ' ? '.' : c, bytes));
        }
        return str_take(&text);
}

static void assert_row(const char *output, int y, const char *expected)
{
        struct emulator *emulator = after(output);
        char *row = row_of(emulator, y);

        assert_string_equal(row, expected);
        free(row);
        emulator_destroy(emulator);
}

static void text_and_movement_become_cells(void **state)
{
        (void)state;
        assert_row("one\r\ntwo", 0, "one.................");
        assert_row("one\r\ntwo", 1, "two.................");
        assert_row("\033[3;5Hxy\033[2Dab", 2, "....ab..............");
        assert_row("\033[3;5Hx\033[3Dab", 2, "..abx...............");
        assert_row("abc\033[2J\033[Hd", 0, "d...................");
        /* The other screen, and back. */
        assert_row("main\033[?1049h\033[2J\033[Hother", 0, "other...............");
        assert_row("main\033[?1049hother\033[?1049l", 0, "main................");
        /* Lines of a box. */
        assert_row("\033(0lqk\033(B", 0, "┌─┐.................");
}

static void wide_characters_take_two_cells(void **state)
{
        struct emulator *emulator = after("\344\270\255x\033[1;20H\344\270\255");
        struct shell_view view = { 0 };
        char *row;

        (void)state;
        emulator_look(emulator, &view);
        assert_int_equal(view.cells[0].c, 0x4e2d);
        assert_int_equal(view.cells[1].c, 0);
        assert_int_equal(view.cells[2].c, 'x');
        /* One that does not fit at the end goes to the next line. */
        assert_int_equal(view.cells[COLS - 1].c, ' ');
        assert_int_equal(view.cells[COLS].c, 0x4e2d);
        row = row_of(emulator, 0);
        assert_string_equal(row, "中x.................");
        free(row);
        emulator_destroy(emulator);
}

static void attributes_are_kept_and_colours_are_not(void **state)
{
        static const struct {
                const char *output;
                uint8_t attr;
        } cases[] = {
                { "x", 0 },
                { "\033[1mx", SHELL_BOLD },
                { "\033[7mx", SHELL_REVERSE },
                { "\033[3;4mx", SHELL_ITALIC | SHELL_UNDERLINE },
                { "\033[31mx", 0 },
                { "\033[38;5;200mx", 0 },
                { "\033[40mx", 0 },
                { "\033[44mx", SHELL_REVERSE },
                { "\033[48;2;9;9;9mx", SHELL_REVERSE },
                { "\033[44;7mx", 0 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct emulator *emulator = after(cases[i].output);
                struct shell_view view = { 0 };

                emulator_look(emulator, &view);
                assert_int_equal(view.cells[0].c, 'x');
                assert_int_equal(view.cells[0].attr, cases[i].attr);
                emulator_destroy(emulator);
        }
}

static void every_cell_can_be_printed(void **state)
{
        static const char *const outputs[] = {
                "\342\200\256\342\200\213\357\273\277x", /* bidi, zero width, byte order mark */
                "\302\233\302\205\302\240x",
                "e\314\201a\314\200\314\201\314\202\314\203\314\204\314\205\314\206\314\207",
                "\356\200\200\363\260\200\200x", /* private use */
                "\377\376\200\300\257x",
                "\360\237\221\250\342\200\215\360\237\221\251x",
                "\001\002\003\004\005\006\016\017\020\021x",
        };

        (void)state;
        for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
                struct emulator *emulator = after(outputs[i]);
                struct shell_view view = { 0 };

                emulator_look(emulator, &view);
                for (int k = 0; k < COLS * ROWS; k++) {
                        int width = text_char_width(view.cells[k].c);

                        if (view.cells[k].c == 0) {
                                assert_int_not_equal(k % COLS, 0);
                                assert_int_equal(text_char_width(view.cells[k - 1].c), 2);
                                continue;
                        }
                        assert_in_range(width, 1, 2);
                        if (width == 2)
                                assert_int_equal(view.cells[k + 1].c, 0);
                }
                emulator_destroy(emulator);
        }
}

static void a_program_is_told_where_its_cursor_is(void **state)
{
        struct emulator *emulator = emulator_create(COLS, ROWS);
        struct shell_view view = { 0 };
        struct str answer = { 0 };

        (void)state;
        emulator_feed(emulator, "\033[2;7H\033[6n", 10, &answer);
        assert_string_equal(str_text(&answer), "\033[2;7R");
        emulator_look(emulator, &view);
        assert_int_equal(view.cursor_x, 6);
        assert_int_equal(view.cursor_y, 1);
        str_finish(&answer);
        /* One that asks without end is not answered without end. */
        for (int i = 0; i < 5000; i++)
                emulator_feed(emulator, "\033[6n\033[6n\033[6n", 12, &answer);
        assert_in_range(answer.len, 1000, 4096);
        str_finish(&answer);
        emulator_destroy(emulator);
}

static void keys_follow_the_programs_mode(void **state)
{
        static const struct {
                const char *key, *usual, *application;
        } cases[] = {
                { "a", "a", "a" },
                { "é", "é", "é" },
                { "space", " ", " " },
                { "Enter", "\r", "\r" },
                { "Tab", "\t", "\t" },
                { "BackTab", "\033[Z", "\033[Z" },
                { "BackSpace", "\177", "\177" },
                { "Esc", "\033", "\033" },
                { "Up", "\033[A", "\033OA" },
                { "Left", "\033[D", "\033OD" },
                { "Home", "\033[H", "\033OH" },
                { "End", "\033[F", "\033OF" },
                { "Insert", "\033[2~", "\033[2~" },
                { "Delete", "\033[3~", "\033[3~" },
                { "PgUp", "\033[5~", "\033[5~" },
                { "PgDn", "\033[6~", "\033[6~" },
                { "F1", "\033OP", "\033OP" },
                { "F4", "\033OS", "\033OS" },
                { "F5", "\033[15~", "\033[15~" },
                { "F12", "\033[24~", "\033[24~" },
                { "F", "F", "F" },
                { "C-c", "\003", "\003" },
                { "C-z", "\032", "\032" },
                { "C-\\", "\034", "\034" },
                { "C-_", "\037", "\037" },
                { "M-x", "\033x", "\033x" },
                { "M-Enter", "\033\r", "\033\r" },
                { "M-C-a", "\033\001", "\033\001" },
                { "M-", "", "" },
                { "F99", "", "" },
                { "no key", "", "" },
                { "", "", "" },
        };

        (void)state;
        for (int mode = 0; mode < 2; mode++) {
                struct emulator *emulator = after(mode ? "\033[?1h" : "\033[?1l");

                for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                        struct str bytes = { 0 };

                        emulator_key(emulator, cases[i].key, &bytes);
                        assert_string_equal(str_text(&bytes), mode ? cases[i].application : cases[i].usual);
                        str_finish(&bytes);
                }
                emulator_destroy(emulator);
        }
}

static void nul_is_a_key(void **state)
{
        struct emulator *emulator = after("");
        struct str bytes = { 0 };

        (void)state;
        emulator_key(emulator, "C-@", &bytes);
        assert_int_equal(bytes.len, 1);
        assert_int_equal(bytes.s[0], 0);
        str_finish(&bytes);
        emulator_destroy(emulator);
}

static void a_resize_keeps_what_fits(void **state)
{
        struct emulator *emulator = after("one\r\ntwo");
        struct shell_view view = { 0 };
        char *row;
        int cols, rows;

        (void)state;
        assert_false(emulator_resize(emulator, COLS, ROWS));
        assert_true(emulator_resize(emulator, 30, 8));
        row = row_of(emulator, 1);
        assert_string_equal(row, "two...........................");
        free(row);
        for (int i = 0; i < 2000; i++) {
                struct str answer = { 0 };

                emulator_resize(emulator, (i * 7919) % 90 - 5, (i * 104729) % 50 - 5);
                emulator_feed(emulator, "\033[?1049hx\344\270\255\r\n\033[9999;9999H\033[?1049l\033[5;9r", 38,
                              &answer);
                emulator_look(emulator, &view);
                assert_in_range(view.cursor_x, 0, view.cols - 1);
                assert_in_range(view.cursor_y, 0, view.rows - 1);
                str_finish(&answer);
        }
        emulator_resize(emulator, 0, -3);
        emulator_size(emulator, &cols, &rows);
        assert_int_equal(cols, 2);
        assert_int_equal(rows, 1);
        emulator_destroy(emulator);
}

static void assert_passes(const char *output, const char *expected)
{
        struct str whole = { 0 }, pieces = { 0 };
        struct escapes at_once = { 0 }, one_by_one = { 0 };

        escapes_feed(&at_once, output, strlen(output), &whole);
        for (size_t i = 0; output[i]; i++)
                escapes_feed(&one_by_one, output + i, 1, &pieces);
        assert_string_equal(str_text(&whole), expected);
        assert_string_equal(str_text(&pieces), expected);
        str_finish(&whole);
        str_finish(&pieces);
}

/* What a program has set for a larger screen: a cursor to come back to, and rows to scroll. */
static void what_a_smaller_size_leaves_outside_is_not_come_back_to(void **state)
{
        struct emulator *emulator = emulator_create(COLS, 30);
        struct shell_view view = { 0 };
        char *row;

        (void)state;
        feed(emulator, "\033[28;19H\0337\033[?69h\033[15;19s\033[20;28r\033[28;1H");
        emulator_resize(emulator, 10, 6);
        feed(emulator, "\033[6;1Hlast\r\nnext\033[S\033[T");
        row = row_of(emulator, 4);
        assert_string_equal(row, "last......");
        free(row);
        feed(emulator, "\0338x\0338");
        emulator_look(emulator, &view);
        assert_int_equal(view.cursor_y, 5);
        assert_int_equal(view.cursor_x, 9);
        row = row_of(emulator, 5);
        assert_string_equal(row, "next.....x");
        free(row);
        feed(emulator, "\0338a long line that goes round\0338\033D\033M\0338");
        emulator_resize(emulator, COLS, 7);
        emulator_look(emulator, &view);
        assert_in_range(view.cursor_y, 0, 6);
        emulator_destroy(emulator);
}

static void titles_clipboards_and_absurd_numbers_do_not_go_through(void **state)
{
        (void)state;
        assert_passes("a\033]0;title\ab", "ab");
        assert_passes("a\033]52;c;eA==\033\\b", "a\033\\b"); /* the terminator alone means nothing */
        assert_passes("a\033Pdevice\033\\b", "a\033\\b");
        assert_passes("a\033_app\033\\\033^priv\033\\\033Xsos\033\\b", "a\033\\\033\\\033\\b");
        assert_passes("\033]0;cut\030b", "b");
        assert_passes("\033]0;cut\033[1mb", "\033[1mb");
        assert_passes("\033[1;31mred\033[m", "\033[1;31mred\033[m");
        assert_passes("\033[9999H\033[99999H\033[1;10000Hx", "\033[9999Hx");
        assert_passes("\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1mx", "x");
        assert_passes("\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15m",
                      "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15m");
        assert_passes("\033[;;;;;;;;;;;;;;;mx\033[4:3m", "x\033[4:3m");
        assert_passes("\033[?>1hx\033[1?hy\033[ !pz\033((0", "xyz");
        assert_passes("\033[2\r\nJ", "\r\n\033[2J"); /* in the midst */
        assert_passes("\033[2\303\251J", "?J");
        assert_passes("\033(0q\033(B\033#8\033#6\033=\033>\0337\0338\033c",
                      "\033(0q\033(B\033#8\033=\033>\0337\033[?1048l\033c");
        assert_passes("\033[?1049h\033[2 q\033[!p", "\033[?1049h\033[2 q\033[!p");
        assert_passes("\033\033\033[A", "\033[A");
}

static void a_character_is_repeated_only_where_there_was_one(void **state)
{
        struct emulator *emulator = emulator_create(COLS, ROWS);
        struct str answer = { 0 };
        char *row;

        (void)state;
        assert_passes("\033[9b", "");
        assert_passes("\033.[9b", "9b");
        assert_passes("\033 ]x\a", "x\a");
        assert_passes("x\033[3by", "xxxxy");
        assert_passes("x\033[b\033[0b", "xxx");
        assert_passes("\342\202\254\033[2b", "\342\202\254\342\202\254\342\202\254");
        assert_passes("x\n\033[3bx\033[m\033[3b\033[?3bx\033[1;2b", "x\nx\033[mx");
        /* Resized before anything was written: nothing to repeat, and an end. */
        emulator_feed(emulator, "\033[9", 3, &answer);
        emulator_resize(emulator, COLS + 1, ROWS);
        emulator_feed(emulator, "b.", 2, &answer);
        row = row_of(emulator, 0);
        assert_int_equal(row[0], '.');
        free(row);
        str_finish(&answer);
        emulator_destroy(emulator);
}

static void only_utf8_goes_through(void **state)
{
        (void)state;
        assert_passes("\303\251\344\270\255\360\237\230\200", "\303\251\344\270\255\360\237\230\200");
        assert_passes("\372a\2040\3551\014k", "?a?0?1\014k");
        assert_passes("\344\270x\303\033[mx\300\257\355\240\200", "?x?\033[mx???");
        /* A C1 control, a combining accent, a bidirectional one, a zero-width space; a private character. */
        assert_passes("a\302\233b\314\201c\342\200\256d\342\200\213e\356\202\240f", "abcde?f");
}

static void whatever_comes_ends_in_cells(void **state)
{
        struct emulator *emulator = emulator_create(COLS, ROWS);
        struct shell_view view = { 0 };
        uint64_t random = UINT64_C(88172645463325252);

        (void)state;
        for (int i = 0; i < 3000; i++) {
                struct str answer = { 0 };
                char bytes[64];

                for (size_t k = 0; k < sizeof(bytes); k++) {
                        static const char likely[] = "\033[];0123456789?HJKmABCDhlrLMPX@\a\\\344\270\255(0#";

                        random ^= random << 13;
                        random ^= random >> 7;
                        random ^= random << 17;
                        bytes[k] = random & 256 ? (char)(random >> 20)
                                                : likely[(random >> 20) % (sizeof(likely) - 1)];
                }
                emulator_feed(emulator, bytes, sizeof(bytes), &answer);
                if (i % 50 == 0)
                        emulator_resize(emulator, 2 + (int)(random % 100), 1 + (int)(random % 40));
                emulator_look(emulator, &view);
                for (int k = 0; k < view.cols * view.rows; k++)
                        assert_true(view.cells[k].c == 0 || text_char_width(view.cells[k].c) > 0);
                str_finish(&answer);
        }
        emulator_destroy(emulator);
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(text_and_movement_become_cells),
                cmocka_unit_test(wide_characters_take_two_cells),
                cmocka_unit_test(attributes_are_kept_and_colours_are_not),
                cmocka_unit_test(every_cell_can_be_printed),
                cmocka_unit_test(a_program_is_told_where_its_cursor_is),
                cmocka_unit_test(keys_follow_the_programs_mode),
                cmocka_unit_test(nul_is_a_key),
                cmocka_unit_test(a_resize_keeps_what_fits),
                cmocka_unit_test(what_a_smaller_size_leaves_outside_is_not_come_back_to),
                cmocka_unit_test(titles_clipboards_and_absurd_numbers_do_not_go_through),
                cmocka_unit_test(a_character_is_repeated_only_where_there_was_one),
                cmocka_unit_test(only_utf8_goes_through),
                cmocka_unit_test(whatever_comes_ends_in_cells),
        };

        return cmocka_run_group_tests_name("stage_emulator", tests, use_utf8, NULL);
}
