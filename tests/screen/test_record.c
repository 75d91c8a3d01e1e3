/* SPDX-License-Identifier: MIT */
/* Recordings of lessons that play themselves, made without a terminal and played again on one (libvterm). */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <jv.h>
#include <signal.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "base/text.h"

enum { FILE_MOST = 8 << 20, STEPS = 6, WAIT_US = 50000, TURNS = 1200 };

/* One for the whole run: the tests' functions have no other place for it. */
static char dir[64];

static const char *const names[STEPS] = { "Alone in there", "One among many",   "Ask from inside",
                                          "One kernel",     "A second process", "Number 1 again" };

static int make_dir(void **state)
{
        (void)state;
        snprintf(dir, sizeof(dir), "/tmp/vitrine-record.XXXXXX");
        return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
        own_free char *line = xasprintf("rm -rf %s", dir);

        (void)state;
        return system(line);
}

/* Starts vitrine with the words of a line, its errors in a file. */
static pid_t start(const char *line)
{
        const char *build = getenv("top_builddir");
        own_free char *command = xasprintf("exec %s/vitrine %s </dev/null >%s/out 2>%s/errors",
                                           build ? build : ".", line, dir, dir);
        pid_t pid = fork();

        if (pid == 0) {
                execl("/bin/sh", "sh", "-c", command, (char *)NULL);
                _exit(127);
        }
        assert_true(pid > 0);
        return pid;
}

static int end_of(pid_t pid)
{
        int status;

        assert_int_equal(waitpid(pid, &status, 0), pid);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Owned by the caller. */
static char *read_in_dir(const char *name)
{
        own_free char *path = xasprintf("%s/%s", dir, name);
        char *text;
        size_t n;

        if (!io_read_file(AT_FDCWD, path, FILE_MOST, &text, &n))
                fail_msg("cannot read %s", path);
        return text;
}

/* A recording as a test compares it: what a terminal shows at each chapter, its keys, its names. */
struct shown {
        char *screens[STEPS]; /* owned */
        size_t n;
        struct str keys, chapters;
        double end;
};

static void shown_finish(struct shown *shown)
{
        for (size_t i = 0; i < shown->n; i++)
                free(shown->screens[i]);
        str_finish(&shown->keys);
        str_finish(&shown->chapters);
}

static char *screen_of(VTermScreen *screen, int cols, int rows)
{
        struct str text = { 0 };
        VTermScreenCell cell;

        for (int y = 0; y < rows; y++) {
                for (int x = 0; x < cols; x++) {
                        char bytes[8];

                        assert_true(vterm_screen_get_cell(screen, (VTermPos){ .row = y, .col = x }, &cell));
                        if (cell.chars[0])
                                str_add_n(&text, bytes, text_encode(cell.chars[0], bytes));
                        else
                                str_add(&text, " ");
                }
                str_add(&text, "\n");
        }
        return str_take(&text);
}

static int refuse_property(VTermProp prop, VTermValue *value, void *data)
{
        (void)value;
        (void)data;
        assert_true(prop != VTERM_PROP_TITLE && prop != VTERM_PROP_ICONNAME);
        return 1;
}

static int refuse_bell(void *data)
{
        (void)data;
        fail_msg("the terminal was rung");
        return 1;
}

struct player {
        VTerm *vterm;
        VTermScreen *screen;
        int cols, rows;
};

static void take_event(struct player *player, jv event, struct shown *ret)
{
        jv code = jv_array_get(jv_copy(event), 1), data = jv_array_get(jv_copy(event), 2);
        jv at = jv_array_get(event, 0);
        const char *text = jv_string_value(data);

        assert_true(jv_number_value(at) >= ret->end);
        ret->end = jv_number_value(at);
        switch (jv_string_value(code)[0]) {
        case 'o':
                vterm_input_write(player->vterm, text, strlen(text));
                break;
        case 'i':
                str_add(&ret->keys, text);
                break;
        case 'm':
                assert_true(ret->n < STEPS);
                ret->screens[ret->n++] = screen_of(player->screen, player->cols, player->rows);
                str_add_f(&ret->chapters, "%s\n", text);
                break;
        default:
                fail_msg("an event of kind %s", jv_string_value(code));
        }
        jv_free(at);
        jv_free(code);
        jv_free(data);
}

static void replay(const char *cast, int cols, int rows, struct shown *ret)
{
        static const VTermScreenCallbacks callbacks = { .settermprop = refuse_property, .bell = refuse_bell };
        struct player player = { .vterm = vterm_new(rows, cols), .cols = cols, .rows = rows };
        const char *line = strchr(cast, '\n');

        *ret = (struct shown){ 0 };
        vterm_set_utf8(player.vterm, 1);
        player.screen = vterm_obtain_screen(player.vterm);
        vterm_screen_set_callbacks(player.screen, &callbacks, NULL);
        vterm_screen_reset(player.screen, 1);
        while (line && line[1]) {
                size_t n = strcspn(line + 1, "\n");
                own_free char *one = xstrndup(line + 1, n);
                jv event = jv_parse(one);

                if (line[1 + n] != '\n' || jv_get_kind(event) != JV_KIND_ARRAY)
                        fail_msg("no whole event: %s", one);
                take_event(&player, event, ret);
                line += 1 + n;
        }
        vterm_free(player.vterm);
}

/* PIDs, counts and clocks give way to one sign, and so do the spaces and lines that make room for them. */
static char *without_numbers(const char *text)
{
        static const char *const runs[] = { "0123456789", " ", "─", "═" };
        struct str out = { 0 };

        while (*text) {
                size_t n = 0;

                for (size_t i = 0; i < 2 && n == 0; i++)
                        if ((n = strspn(text, runs[i])) > 0)
                                str_add(&out, i == 0 ? "#" : " ");
                for (size_t i = 2; i < 4 && n == 0; i++)
                        while (strncmp(text + n, runs[i], strlen(runs[i])) == 0)
                                n += strlen(runs[i]);
                if (n == 0)
                        str_add_n(&out, text, n = 1);
                text += n;
        }
        return str_take(&out);
}

/* What is said, without when. */
static char *cues_of(const char *vtt)
{
        struct str out = { 0 };

        while (*vtt) {
                size_t n = strcspn(vtt, "\n");
                own_free char *line = xstrndup(vtt, n);

                if (!strstr(line, " --> "))
                        str_add_f(&out, "%s\n", line);
                vtt += n + (vtt[n] == '\n');
        }
        return str_take(&out);
}

static double seconds(const char *time)
{
        int h, m;
        double s;

        assert_int_equal(sscanf(time, "%d:%d:%lf", &h, &m, &s), 3);
        return h * 3600 + m * 60 + s;
}

static void check_cues(const char *vtt)
{
        double last = 0;
        int n = 0;

        for (const char *at = vtt; (at = strstr(at, " --> ")) != NULL; at += 5, n++) {
                double begin = seconds(at - strlen("00:00:00.000")), end = seconds(at + 5);

                assert_true(begin >= last);
                assert_true(end - begin >= 2 - 0.0005);
                last = end;
        }
        /* the title, each step, the question, the end */
        assert_int_equal(n, 1 + STEPS + 1 + 1);
}

static void check_screens(const struct shown *shown)
{
        struct utsname machine;

        assert_int_equal(uname(&machine), 0);
        assert_int_equal(shown->n, STEPS);
        for (int i = 0; i < STEPS; i++) {
                own_free char *step = xasprintf("step %d of %d", i + 1, STEPS);
                const char *screen = shown->screens[i];

                assert_non_null(strstr(screen, names[i]));
                assert_non_null(strstr(screen, step));
                assert_non_null(strstr(screen, "same as: docker run ubuntu sleep 3600"));
                assert_non_null(strstr(screen, "● REC"));
                assert_non_null(strstr(screen, "│►"));
                assert_non_null(strstr(screen, "═╪╪═══   1"));
                assert_non_null(strstr(shown->chapters.s, names[i]));
        }
}

static void record(const char *name, const char *size)
{
        own_free char *line = xasprintf("play 1 --record %s/%s.cast --size %s --speed 50", dir, name, size);
        int status = end_of(start(line));
        own_free char *errors = read_in_dir("errors");

        if (status != 0 || *errors)
                fail_msg("%s: exit %d: %s", line, status, errors);
}

/* HOST's title names the kernel where the count of processes leaves room for it. */
static char *without_kernel(char *screen)
{
        static const char name[] = "  Linux #.#";
        char *at = strstr(screen, name);

        if (at)
                memmove(at, at + strlen(name), strlen(at + strlen(name)) + 1);
        return screen;
}

static void check_twice(const char *size, int cols, int rows)
{
        char *said[2], *keys[2];
        struct shown shown[2];

        for (int i = 0; i < 2; i++) {
                own_free char *text = NULL, *captions = NULL;

                record("x", size);
                text = read_in_dir("x.cast");
                captions = read_in_dir("x.vtt");
                replay(text, cols, rows, &shown[i]);
                check_screens(&shown[i]);
                check_cues(captions);
                said[i] = cues_of(captions);
                keys[i] = without_numbers(str_text(&shown[i].keys));
        }
        for (int i = 0; i < STEPS; i++) {
                own_free char *a = without_kernel(without_numbers(shown[0].screens[i]));
                own_free char *b = without_kernel(without_numbers(shown[1].screens[i]));

                assert_string_equal(a, b);
        }
        assert_string_equal(keys[0], keys[1]);
        assert_non_null(strstr(keys[0], "!ps ax\r!uname -r\r"));
        assert_string_equal(str_text(&shown[0].chapters), str_text(&shown[1].chapters));
        assert_string_equal(said[0], said[1]);
        for (int i = 0; i < 2; i++) {
                free(said[i]);
                free(keys[i]);
                shown_finish(&shown[i]);
        }
}

static void the_same_lesson_gives_the_same_recording_on_80_columns(void **state)
{
        (void)state;
        check_twice("80x24", 80, 24);
}

static void the_same_lesson_gives_the_same_recording_on_120_columns(void **state)
{
        (void)state;
        check_twice("120x36", 120, 36);
}

static void a_page_alone_needs_no_cast(void **state)
{
        own_free char *line = xasprintf("play 1 --html %s/p.html --size 80x24 --speed 100", dir),
                      *page = NULL;

        (void)state;
        assert_int_equal(end_of(start(line)), 0);
        page = read_in_dir("p.html");
        for (int i = 0; i < STEPS; i++)
                assert_non_null(strstr(page, names[i]));
        assert_non_null(strstr(page, "Inside, sleep is alone and is number 1."));
        assert_non_null(strstr(page, "This was: One process, two numbers"));
}

static size_t lines_of(const char *text)
{
        size_t n = 0;

        for (; *text; text++)
                n += *text == '\n';
        return n;
}

/* It is killed in the midst of it: what is there is whole lines, each an event. */
static void a_killed_recorder_leaves_whole_events(void **state)
{
        own_free char *line = xasprintf("play 1 --record %s/k.cast --size 80x24 --speed 20", dir),
                      *text = NULL;
        struct shown shown;
        pid_t pid = start(line);
        size_t n = 0;

        (void)state;
        for (int i = 0; i < TURNS && n < 40; i++) {
                own_free char *path = xasprintf("%s/k.cast", dir), *so_far = NULL;
                size_t len;

                usleep(WAIT_US);
                if (io_read_file(AT_FDCWD, path, FILE_MOST, &so_far, &len))
                        n = lines_of(so_far);
        }
        assert_true(n >= 40);
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(end_of(pid), 128 + SIGKILL);
        text = read_in_dir("k.cast");
        replay(text, 80, 24, &shown);
        assert_true(shown.n >= 1);
        shown_finish(&shown);
}

/* Until the recording has a chapter. */
static void wait_chapter(const char *name)
{
        own_free char *path = xasprintf("%s/%s", dir, name);

        for (int i = 0; i < TURNS; i++) {
                own_free char *text = NULL;
                size_t n;

                usleep(WAIT_US);
                if (io_read_file(AT_FDCWD, path, FILE_MOST, &text, &n) && strstr(text, "\"m\""))
                        return;
        }
        fail_msg("%s: no chapter", path);
}

/* SIGTERM ends it as a person would: whole, with what goes with it; that it is not all of the lesson is said.
 */
static void a_terminated_recorder_writes_what_goes_with_it(void **state)
{
        static const int signals[] = { SIGTERM, SIGINT, SIGUSR1 };

        (void)state;
        for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
                own_free char *line = xasprintf("play 1 --record %s/t.cast --size 80x24", dir), *vtt = NULL;
                own_free char *cast = xasprintf("rm -f %s/t.cast", dir), *said = NULL;
                pid_t pid;

                assert_int_equal(system(cast), 0);
                pid = start(line);
                wait_chapter("t.cast");
                assert_int_equal(kill(pid, signals[i]), 0);
                assert_int_equal(end_of(pid), 128 + signals[i]);
                vtt = read_in_dir("t.vtt");
                assert_non_null(strstr(vtt, "One process, two numbers"));
                assert_non_null(strstr(vtt, "Inside, sleep is alone"));
                said = read_in_dir("errors");
                assert_non_null(strstr(said, "record the lesson: interrupted; "));
                assert_non_null(strstr(said, "t.cast holds the first "));
        }
}

/* Ctrl-Z where there is no terminal to give back. */
static void a_recorder_can_be_stopped(void **state)
{
        own_free char *line = xasprintf("play 1 --record %s/z.cast --size 80x24 --speed 20", dir);
        pid_t pid = start(line);
        int status;

        (void)state;
        wait_chapter("z.cast");
        assert_int_equal(kill(pid, SIGTSTP), 0);
        assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
        assert_true(WIFSTOPPED(status));
        assert_int_equal(kill(pid, SIGCONT), 0);
        assert_int_equal(end_of(pid), 0);
}

static bool is_word(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool has_word(const char *text, const char *word)
{
        for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
                if ((at == text || !is_word(at[-1])) && !is_word(at[strlen(word)]))
                        return true;
        return false;
}

/* The machine's name reaches a container that shares it; the recording says "host". */
static void a_recording_does_not_name_the_machine(void **state)
{
        static const char lesson[] =
                "# Names\n\n```vitrine-lesson\nstart: docker run --uts host ubuntu sleep "
                "600\n```\n\n## Who\n\n```vitrine-step\ndo: exec uname -n\n"
                "check: last_exec.exit == 0\nsay: Named.\nhint: Press !.\n```\n";
        own_free char *path = xasprintf("%s/names.md", dir), *cast = NULL;
        own_free char *line = xasprintf("play %s --record %s/n.cast --size 80x24 --speed 20", path, dir);
        struct utsname machine;
        struct shown shown;
        FILE *file = fopen(path, "w");

        (void)state;
        assert_non_null(file);
        assert_true(fputs(lesson, file) >= 0 && fclose(file) == 0);
        assert_int_equal(end_of(start(line)), 0);
        cast = read_in_dir("n.cast");
        replay(cast, 80, 24, &shown);
        assert_int_equal(shown.n, 1);
        assert_non_null(strstr(shown.keys.s, "!uname -n\r"));
        shown_finish(&shown);
        assert_non_null(strstr(cast, "uname -n"));
        assert_int_equal(uname(&machine), 0);
        if (strcmp(machine.nodename, "host") != 0 && strlen(machine.nodename) > 1 &&
            has_word(cast, machine.nodename))
                fail_msg("the recording names %s", machine.nodename);
}

static void check_refusal(const char *words, const char *first, const char *second)
{
        int status = end_of(start(words));
        own_free char *errors = read_in_dir("errors");

        if (status != 125 || !strstr(errors, first) || !strstr(errors, second))
                fail_msg("vitrine %s: exit %d: %s", words, status, errors);
}

static void assert_missing(const char *name)
{
        own_free char *path = xasprintf("%s/%s", dir, name);

        if (access(path, F_OK) == 0)
                fail_msg("%s was left", path);
}

static void what_cannot_be_written_is_said_before_it_plays(void **state)
{
        own_free char *foreign = xasprintf("play 1 --size 80x24 --record %s/mine.txt", dir);
        own_free char *no_vtt = xasprintf("play 1 --size 80x24 --record %s/mine.cast", dir);
        own_free char *no_page = xasprintf("play 1 --size 80x24 --html %s/mine.txt", dir);
        own_free char *both =
                xasprintf("play 1 --size 80x24 --record %s/both.cast --html %s/mine.txt", dir, dir);
        own_free char *old =
                xasprintf("play 1 --size 80x24 --record %s/old.cast --html %s/mine.txt", dir, dir);
        own_free char *before = NULL, *after = NULL;
        own_free char *no_dir = xasprintf("play 1 --size 80x24 --record %s/none/x.cast", dir);
        own_free char *line = xasprintf(
                "cd %s && echo mine >mine.txt && echo mine >mine.vtt && echo '{\"version\": 2}' >old.cast",
                dir);
        own_free char *mine = NULL;

        (void)state;
        assert_int_equal(system(line), 0);
        check_refusal(foreign, "mine.txt", "none of vitrine's recordings");
        check_refusal(no_vtt, "mine.vtt", "none of vitrine's recordings");
        assert_missing("mine.cast");
        check_refusal(no_page, "mine.txt", "none of vitrine's recordings");
        check_refusal(both, "mine.txt", "none of vitrine's recordings");
        assert_missing("both.cast");
        assert_missing("both.vtt");
        before = read_in_dir("old.cast");
        check_refusal(old, "mine.txt", "none of vitrine's recordings");
        after = read_in_dir("old.cast");
        assert_string_equal(before, after);
        check_refusal(no_dir, "none/x.cast", "No such file or directory");
        check_refusal("play 1 --size 80x24 --record /proc/x.cast", "/proc/x.cast", "");
        mine = read_in_dir("mine.txt");
        assert_string_equal(mine, "mine\n");
}

static void a_line_that_makes_no_sense_is_refused(void **state)
{
        (void)state;
        check_refusal("play 1 --size 80x24", "--size", "--record");
        check_refusal("play 1 --record x.cast --size 80", "--size", "80x24");
        check_refusal("play 1 --record x.cast --size 20x10", "--size", "60x16");
        check_refusal("play 1 --speed 0", "--speed", "0.1");
        check_refusal("play 1 --speed fast", "--speed", "0.1");
        check_refusal("play 1 --record x.cast --size 80x24 --step", "--step", "");
        check_refusal("play 1 --check --record x.cast", "--check", "recorded");
        check_refusal("play 1 --html x.html --check", "--check", "recorded");
        check_refusal("snapshot --record x.cast demo", "--record", "recorded");
        check_refusal("probe --record x.cast demo", "--record", "recorded");
        check_refusal("explain --record x.cast docker run demo", "--record", "recorded");
        check_refusal("play", "names no lesson", "");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_same_lesson_gives_the_same_recording_on_80_columns),
                cmocka_unit_test(the_same_lesson_gives_the_same_recording_on_120_columns),
                cmocka_unit_test(a_page_alone_needs_no_cast),
                cmocka_unit_test(a_killed_recorder_leaves_whole_events),
                cmocka_unit_test(a_terminated_recorder_writes_what_goes_with_it),
                cmocka_unit_test(a_recorder_can_be_stopped),
                cmocka_unit_test(a_recording_does_not_name_the_machine),
                cmocka_unit_test(what_cannot_be_written_is_said_before_it_plays),
                cmocka_unit_test(a_line_that_makes_no_sense_is_refused),
        };

        return cmocka_run_group_tests_name("record", tests, make_dir, remove_dir);
}
