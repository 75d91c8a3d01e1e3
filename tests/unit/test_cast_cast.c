/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <jv.h>

#include "base/io.h"
#include "base/own.h"
#include "cast/cast.h"
#include "cast/key_bytes.h"
#include "cast_grids.h"
#include "cast_replay.h"
#include "tree.h"

enum { MAX_BYTES = 64 << 20, PAGE = 4096 };

static const struct cast_settings plain = { .scheme = SCHEME_DEFAULT };

/* A file's or a recording's lines, each parsed. */
struct lines {
        char *text;
        size_t len;
        jv *v;
        size_t n;
};

static void lines_parse(struct lines *lines)
{
        char *end;

        for (char *at = lines->text; *at; at = end + 1) {
                end = strchr(at, '\n');
                if (!end)
                        fail_msg("the last line is not whole: %.80s", at);
                lines->v = xrealloc(lines->v, lines->n + 1, sizeof(*lines->v));
                lines->v[lines->n] = jv_parse_sized(at, (int)(end - at));
                if (!jv_is_valid(lines->v[lines->n++]))
                        fail_msg("no JSON: %.*s", (int)(end - at), at);
        }
}

static void lines_read(struct lines *lines, const char *path)
{
        *lines = (struct lines){ 0 };
        assert_true(io_read_file(AT_FDCWD, path, MAX_BYTES, &lines->text, &lines->len));
        lines_parse(lines);
}

static void lines_of(struct lines *lines, struct cast *cast)
{
        *lines = (struct lines){ 0 };
        assert_true(cast_text(cast, &lines->text, &lines->len, NULL));
        lines_parse(lines);
}

static void lines_finish(struct lines *lines)
{
        for (size_t i = 0; i < lines->n; i++)
                jv_free(lines->v[i]);
        free(lines->v);
        free(lines->text);
}

/* Of the event on a line: its time in seconds, its code, its data (valid while the lines are). */
static double event(const struct lines *lines, size_t at, char *ret_code, const char **ret_data,
                    size_t *ret_n)
{
        jv time = jv_array_get(jv_copy(lines->v[at]), 0), code = jv_array_get(jv_copy(lines->v[at]), 1),
           data = jv_array_get(jv_copy(lines->v[at]), 2);
        double seconds = jv_number_value(time);

        assert_int_equal(jv_array_length(jv_copy(lines->v[at])), 3);
        assert_int_equal(jv_get_kind(data), JV_KIND_STRING);
        *ret_code = jv_string_value(code)[0];
        *ret_data = jv_string_value(data);
        *ret_n = (size_t)jv_string_length_bytes(jv_copy(data));
        jv_free(time);
        jv_free(code);
        jv_free(data); /* the line keeps it */
        return seconds;
}

static void assert_event(const struct lines *lines, size_t at, double time, char code, const char *data)
{
        const char *got;
        char got_code;
        size_t n;
        double seconds = event(lines, at, &got_code, &got, &n);

        assert_true(seconds > time - 1e-9 && seconds < time + 1e-9);
        assert_int_equal(got_code, code);
        assert_string_equal(got, data);
}

/* Plays the events from a line on, up to the end or the first after a time. */
static size_t play(const struct lines *lines, size_t from, double until, struct replay *replay)
{
        size_t at = from;

        for (; at < lines->n; at++) {
                const char *data;
                int cols, rows;
                char code;
                size_t n;

                if (event(lines, at, &code, &data, &n) > until + 1e-9)
                        return at;
                if (code == 'o')
                        replay_feed(replay, data, n);
                else if (code == 'r') {
                        assert_int_equal(sscanf(data, "%dx%d", &cols, &rows), 2);
                        replay_resize(replay, cols, rows);
                }
        }
        return at;
}

static void record_random(const char *path, unsigned seed, unsigned frames, uint64_t end_ms)
{
        struct dice dice = { seed };
        struct cast *cast;
        struct grid grid;

        grid_init(&grid, 80, 24);
        assert_true(cast_open(path, 80, 24, &plain, &cast, NULL));
        for (unsigned i = 0; i < frames; i++) {
                dice_cells(&dice, &grid, i % 5 ? 30 : 3000);
                assert_true(cast_frame(cast, &grid, i * 100ull, NULL));
                assert_true(cast_key(cast, "K", i * 100ull, NULL));
        }
        assert_true(cast_close(cast, end_ms, NULL));
        grid_finish(&grid);
}

static void a_recording_shows_each_grid_at_its_time(void **state)
{
        static const int sizes[][2] = { { 80, 24 }, { 40, 10 }, { 200, 60 }, { 1, 1 }, { 80, 24 } };
        struct replay_mode mode = { SCHEME_DEFAULT, false, false };
        struct dice dice = { 7 };
        struct lines lines;
        struct replay replay;
        struct cast *cast;
        struct grid grids[50];
        size_t at = 1;

        (void)state;
        assert_true(cast_open(NULL, 80, 24, &plain, &cast, NULL));
        for (unsigned i = 0; i < 50; i++) {
                grid_init(&grids[i], sizes[i / 10][0], sizes[i / 10][1]);
                dice_cells(&dice, &grids[i], 200);
                assert_true(cast_frame(cast, &grids[i], i * 40ull, NULL));
        }
        lines_of(&lines, cast);
        assert_true(cast_close(cast, 0, NULL));
        replay_open(&replay, 80, 24);
        for (unsigned i = 0; i < 50; i++) {
                at = play(&lines, at, i * 0.04, &replay);
                replay_compare(&replay, &mode, &grids[i]);
                grid_finish(&grids[i]);
        }
        assert_int_equal(at, lines.n);
        replay_close(&replay);
        lines_finish(&lines);
}

static void the_header_says_what_it_is(void **state)
{
        static const char *const env[] = { "TERM=xterm-256color", "A=\"b\\\n", NULL };
        const struct cast_settings settings = { .title = "One \"process\"\033]0;x\a <b>",
                                                .scheme = SCHEME_LIGHT,
                                                .env = env,
                                                .timestamp = 1700000000 };
        struct lines lines;
        struct cast *cast;
        jv header, expected;

        (void)state;
        assert_true(cast_open(NULL, 100, 30, &settings, &cast, NULL));
        lines_of(&lines, cast);
        assert_int_equal(lines.n, 1);
        header = jv_object_delete(jv_copy(lines.v[0]), jv_string("theme"));
        expected = jv_parse("{\"version\":2,\"width\":100,\"height\":30,\"timestamp\":1700000000,"
                            "\"title\":\"One \\\"process\\\"\\\\x1b]0;x\\\\x07 <b>\","
                            "\"env\":{\"TERM\":\"xterm-256color\",\"A\":\"\\\"b\\\\\\n\"}}");
        assert_true(jv_equal(header, expected));
        header = jv_object_get(jv_copy(lines.v[0]), jv_string("theme"));
        expected = jv_object_get(jv_copy(header), jv_string("bg"));
        assert_string_equal(jv_string_value(expected), "#ffffff");
        jv_free(expected);
        expected = jv_string_split(jv_object_get(header, jv_string("palette")), jv_string(":"));
        assert_int_equal(jv_array_length(expected), 16);
        lines_finish(&lines);
        assert_true(cast_close(cast, 0, NULL));
}

static void without_a_timestamp_no_clock_is_written(void **state)
{
        struct lines lines;
        struct cast *cast;

        (void)state;
        assert_true(cast_open(NULL, 80, 24, &plain, &cast, NULL));
        lines_of(&lines, cast);
        assert_null(strstr(lines.text, "timestamp"));
        assert_null(strstr(lines.text, "title"));
        assert_null(strstr(lines.text, "env"));
        lines_finish(&lines);
        assert_true(cast_close(cast, 0, NULL));
}

static void keys_chapters_and_times_are_events(void **state)
{
        struct lines lines;
        struct cast *cast;

        (void)state;
        assert_true(cast_open(NULL, 80, 24, &plain, &cast, NULL));
        assert_true(cast_key(cast, "K", 1500, NULL));
        assert_true(cast_key(cast, "no such key", 1600, NULL));
        assert_true(cast_marker(cast, "Drop \"KILL\"\n</script>", 2001, NULL));
        assert_true(cast_key(cast, "PgDn", 1000, NULL)); /* before the last: as the last */
        assert_true(cast_key(cast, "Enter", 3599999, NULL));
        lines_of(&lines, cast);
        assert_int_equal(lines.n, 5);
        assert_event(&lines, 1, 1.5, 'i', "K");
        assert_event(&lines, 2, 2.001, 'm', "Drop \"KILL\"\\x0a</script>");
        assert_event(&lines, 3, 2.001, 'i', "\033[6~");
        assert_event(&lines, 4, 3599.999, 'i', "\r");
        assert_non_null(strstr(lines.text, "[3599.999000, \"i\", \"\\r\"]\n"));
        lines_finish(&lines);
        assert_true(cast_close(cast, 0, NULL));
}

/* Back through the reader of term/ (tests/unit/test_term_keys.c has the names). */
static void every_key_has_the_bytes_that_a_terminal_sends(void **state)
{
        static const struct {
                const char *name, *bytes;
        } cases[] = { { "K", "K" },
                      { "space", " " },
                      { "Enter", "\r" },
                      { "Up", "\033[A" },
                      { "BackTab", "\033[9;2u" },
                      { "F1", "\033OP" },
                      { "F12", "\033[24~" },
                      { "C-l", "\f" },
                      { "C-c", "\003" },
                      { "Esc", "\033" },
                      { "?", "?" },
                      { "\303\251", "\303\251" },
                      { "BackSpace", "\177" },
                      { "click 0 4", "\033[<0;1;5M" },
                      { "wheel-up 9 2", "\033[<64;10;3M" },
                      { "", "" },
                      { "up", "" },
                      { "C-", "" },
                      { "\033", "" },
                      { "ab", "" },
                      { "click 1", "" },
                      { "click 1 2 3", "" },
                      { "\342\200\256", "" } };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char bytes[KEY_BYTES_SIZE] = "";
                size_t n = key_bytes(cases[i].name, bytes);

                assert_int_equal(n, strlen(cases[i].bytes));
                assert_memory_equal(bytes, cases[i].bytes, n);
        }
}

static void closing_keeps_the_last_frame_until_the_end(void **state)
{
        struct lines lines;
        struct tree tree;
        char path[80];

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/a.cast", tree.path);
        record_random(path, 1, 3, 9000);
        lines_read(&lines, path);
        assert_event(&lines, lines.n - 1, 9, 'o', "");
        lines_finish(&lines);
        tree_close(&tree);
}

static void the_same_frames_give_the_same_bytes(void **state)
{
        struct lines one, two;
        struct tree tree;
        char path[80], other[80];

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/a.cast", tree.path);
        snprintf(other, sizeof(other), "%s/b.cast", tree.path);
        record_random(path, 3, 40, 5000);
        record_random(other, 4, 400, 50000); /* is written over */
        record_random(other, 3, 40, 5000);
        lines_read(&one, path);
        lines_read(&two, other);
        assert_int_equal(one.len, two.len);
        assert_memory_equal(one.text, two.text, one.len);
        lines_finish(&one);
        lines_finish(&two);
        tree_close(&tree);
}

static void no_line_crosses_a_page(void **state)
{
        struct lines lines;
        struct tree tree;
        char path[80];

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/a.cast", tree.path);
        record_random(path, 5, 300, 50000);
        lines_read(&lines, path);
        assert_true(lines.len > (size_t)50 * PAGE);
        for (const char *at = lines.text; *at;) {
                const char *next = strchr(at, '\n') + 1;

                assert_int_equal((at - lines.text) / PAGE, (next - 1 - lines.text) / PAGE);
                at = next;
        }
        lines_finish(&lines);
        tree_close(&tree);
}

/* Records until it is killed; says over the pipe when some frames are written. */
static _Noreturn void record_for_ever(const char *path, unsigned seed, int begun)
{
        struct dice dice = { seed };
        struct cast *cast;
        struct grid grid;

        grid_init(&grid, 200, 60);
        if (!cast_open(path, 200, 60, &plain, &cast, NULL))
                _exit(1);
        for (uint64_t at = 0;; at++) {
                dice_cells(&dice, &grid, 2000);
                if (!cast_frame(cast, &grid, at, NULL) || (at == 2 + seed % 5 && write(begun, "x", 1) != 1))
                        _exit(1);
        }
}

/* SIGKILL at any moment: each line that is there is whole. */
static void a_killed_recording_is_whole_to_its_last_event(void **state)
{
        struct tree tree;
        char path[80];

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/a.cast", tree.path);
        for (unsigned i = 0; i < 30; i++) {
                struct timespec wait = { 0, (long)(i % 10) * 70111 };
                struct lines lines;
                int begun[2];
                pid_t child;
                char x;

                assert_int_equal(pipe2(begun, O_CLOEXEC), 0);
                child = fork();
                if (child == 0)
                        record_for_ever(path, i, begun[1]);
                close(begun[1]);
                assert_int_equal(read(begun[0], &x, 1), 1);
                close(begun[0]);
                nanosleep(&wait, NULL);
                kill(child, SIGKILL);
                assert_int_equal(waitpid(child, NULL, 0), child);
                lines_read(&lines, path);
                assert_true(lines.n > 3);
                lines_finish(&lines);
        }
        tree_close(&tree);
}

static void assert_refused(const char *path, int err, const char *why)
{
        struct cast *cast = NULL;
        struct fault fault = { 0 };

        assert_false(cast_open(path, 80, 24, &plain, &cast, &fault));
        assert_null(cast);
        assert_int_equal(fault.err, err);
        assert_int_equal(fault.exit_code, EXIT_VITRINE);
        assert_string_equal(fault.step, "write the recording");
        if (!why)
                return;
        assert_non_null(strstr(fault.why, why));
        assert_string_not_equal(fault.hint, "");
}

static void what_is_no_recording_is_not_written_over(void **state)
{
        struct lines lines;
        struct tree tree;
        char path[6][80];
        char *text;
        size_t n;

        (void)state;
        tree_open(&tree);
        for (size_t i = 0; i < 6; i++)
                snprintf(path[i], sizeof(path[i]), "%s/%zu", tree.path, i);
        tree_put(&tree, "0", "# My lesson\n");
        tree_put(&tree, "1", "");
        tree_put(&tree, "2", "->0");
        assert_int_equal(mkfifo(path[3], 0600), 0);
        tree_put(&tree, "5", "{\"vers");
        assert_refused(path[0], 0, "none of vitrine's recordings");
        assert_refused(path[2], 0, "a symbolic link");
        assert_refused(path[3], 0, "a FIFO");
        assert_refused(path[5], 0, "none of vitrine's recordings");
        assert_refused(tree.path, 0, "a folder");
        assert_refused("/dev/null", 0, "a device");
        assert_refused("/proc/self/no/such/a.cast", ENOENT, NULL);
        assert_true(io_read_file(AT_FDCWD, path[0], 100, &text, &n));
        assert_string_equal(text, "# My lesson\n");
        free(text);
        record_random(path[1], 1, 3, 0); /* an empty one is as good as none */
        lines_read(&lines, path[1]);
        assert_true(lines.n > 3);
        lines_finish(&lines);
        record_random(path[4], 1, 3, 0);
        record_random(path[4], 1, 3, 0);
        tree_close(&tree);
}

/* As on a full disk, a write takes a part of the line and then fails. */
static void a_full_disk_is_a_fault_and_leaves_whole_lines(void **state)
{
        struct tree tree;
        struct lines lines;
        char path[80];
        int status;
        pid_t child;

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/a.cast", tree.path);
        child = fork();
        if (child == 0) {
                struct rlimit limit = { 100000, 100000 };
                struct fault fault = { 0 }, again = { 0 };
                struct dice dice = { 1 };
                struct cast *cast;
                struct grid grid;
                int i = 0;

                signal(SIGXFSZ, SIG_IGN);
                setrlimit(RLIMIT_FSIZE, &limit);
                grid_init(&grid, 200, 60);
                if (!cast_open(path, 200, 60, &plain, &cast, NULL))
                        _exit(1);
                do
                        dice_cells(&dice, &grid, 2000);
                while (i++ < 1000 && cast_frame(cast, &grid, (uint64_t)i, &fault));
                if (fault.err != EFBIG || strcmp(fault.path, path) != 0)
                        _exit(2);
                if (cast_marker(cast, "x", 5000, &again) || again.err != EFBIG)
                        _exit(3);
                _exit(cast_close(cast, 6000, &again) || again.err != EFBIG ? 4 : 0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        lines_read(&lines, path);
        assert_true(lines.len > 90000 && lines.len <= 100000);
        lines_finish(&lines);
        tree_close(&tree);
}

static void a_folder_that_cannot_be_written_is_a_fault(void **state)
{
        struct tree tree;
        char path[80];
        int status;
        pid_t child;

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/a.cast", tree.path);
        assert_int_equal(chmod(tree.path, 0555), 0);
        child = fork();
        if (child == 0) {
                struct fault fault = { 0 };
                struct cast *cast;

                if (geteuid() == 0 && seteuid(65534) < 0)
                        _exit(1);
                _exit(cast_open(path, 80, 24, &plain, &cast, &fault) || fault.err != EACCES ? 2 : 0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(chmod(tree.path, 0755), 0);
        tree_close(&tree);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_recording_shows_each_grid_at_its_time),
                cmocka_unit_test(the_header_says_what_it_is),
                cmocka_unit_test(without_a_timestamp_no_clock_is_written),
                cmocka_unit_test(keys_chapters_and_times_are_events),
                cmocka_unit_test(every_key_has_the_bytes_that_a_terminal_sends),
                cmocka_unit_test(closing_keeps_the_last_frame_until_the_end),
                cmocka_unit_test(the_same_frames_give_the_same_bytes),
                cmocka_unit_test(no_line_crosses_a_page),
                cmocka_unit_test(a_killed_recording_is_whole_to_its_last_event),
                cmocka_unit_test(what_is_no_recording_is_not_written_over),
                cmocka_unit_test(a_full_disk_is_a_fault_and_leaves_whole_lines),
                cmocka_unit_test(a_folder_that_cannot_be_written_is_a_fault),
        };

        if (!setlocale(LC_ALL, "C.UTF-8"))
                return 77;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
