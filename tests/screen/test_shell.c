/* SPDX-License-Identifier: MIT */
/* The shell's pane (key x) of the real program: what is typed into it, and what /proc says from outside of
 * the processes that both sides then show. */
#include "config.h"

#include "scene.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"

#define INSIDE "Ctrl-]: back to the screen"
#define OUTSIDE "x: back into the shell"
#define LEAVE "\035"
#define ENTER "\r"
#define ESCAPE "\033"
#define PROMPT "│in> "

enum { STATUS_MAX = 8192, PASTED_LINES = 2000 };

/* Types a line. */
static void enter(struct screen *screen, const char *line)
{
        screen_send(screen, line);
        screen_send(screen, ENTER);
}

/* A prompt that no echo of a line looks like. */
static void go_inside(struct screen *screen)
{
        screen_send(screen, "x");
        screen_wait_text(screen, INSIDE);
        enter(screen, "PS1=in'> '");
        screen_wait_text(screen, PROMPT);
}

static struct screen *open_shell(struct scene *scene, const char *const *args, int cols, int rows)
{
        struct screen *screen = scene_start(scene, args, NULL, cols, rows);

        tie_wait_status(screen, "Name", "sleep");
        go_inside(screen);
        return screen;
}

/* The last number of NSpid: the PID in the innermost namespace. */
static pid_t inner_pid(pid_t pid)
{
        own_free char *path = xasprintf("/proc/%d/status", (int)pid);
        own_free char *text = NULL;
        const char *line;
        size_t n;
        long last = 0;

        if (!io_read_file(AT_FDCWD, path, STATUS_MAX, &text, &n) || !(line = strstr(text, "\nNSpid:")))
                return 0;
        for (char *at = (char *)line + strlen("\nNSpid:"), *end;; at = end) {
                long value = strtol(at, &end, 10);

                if (end == at || *at == '\n')
                        break;
                last = value;
        }
        return (pid_t)last;
}

/* A process that both panes show on one line: its command, and what is found. */
struct pair {
        const char *command;
        pid_t host, container;
};

static bool has_pair(struct screen *screen, const void *data)
{
        struct pair *pair = *(struct pair *const *)data;
        own_free char *tied = xasprintf("%s ═", pair->command);

        for (int y = 2; y < screen_find(screen, "CAPABILITIES"); y++) {
                const char *row = screen_row(screen, y), *tie = strstr(row, "╪═══");

                if (!strstr(row, tied) || !tie || strncmp(row, "│►", strlen("│►")) != 0)
                        continue;
                pair->host = (pid_t)strtol(row + strlen("│►"), NULL, 10);
                pair->container = (pid_t)strtol(tie + strlen("╪═══"), NULL, 10);
                return proc_lives(pair->host) && inner_pid(pair->host) == pair->container;
        }
        return false;
}

static struct pair wait_pair(struct screen *screen, const char *command)
{
        struct pair pair = { .command = command }, *to = &pair;

        screen_wait(screen, has_pair, &to, command);
        return pair;
}

static void x_opens_a_shell_that_both_sides_show(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair shell = wait_pair(screen, "/bin/bash");
        own_free char *own = xasprintf("│I am %d", (int)shell.container);
        char name[32], uid[32];

        assert_true(proc_status(shell.host, "Name", name, sizeof(name)));
        assert_string_equal(name, "bash");
        assert_true(proc_status(shell.host, "Uid", uid, sizeof(uid)));
        if (!scene->user)
                assert_string_equal(uid, "0");
        enter(screen, "echo I am $$");
        screen_wait_text(screen, own);
        enter(screen, "id");
        screen_wait_text(screen, "│uid=0(root) gid=0(root)");
        enter(screen, "clear; ps -e");
        screen_wait_text(screen, " 00:00:00 ps");
        screen_wait_text(screen, "00:00:00 sleep");
        screen_wait_text(screen, "00:00:00 bash");
        /* The mask stays on the screen. */
        screen_wait_text(screen, "┌ CAPABILITIES  root in 41 pieces: ");
        screen_wait_text(screen, "└ SHELL  in the container ");
}

static void what_is_started_in_it_is_on_both_sides_until_it_is_killed(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair shell = wait_pair(screen, "/bin/bash"), job;
        own_free char *line = NULL;
        char parent[32];

        enter(screen, "sleep 1000 &");
        job = wait_pair(screen, "sleep 1000");
        assert_true(proc_status(job.host, "PPid", parent, sizeof(parent)));
        assert_int_equal(strtol(parent, NULL, 10), shell.host);
        line = xasprintf("kill %d", (int)job.container);
        enter(screen, line);
        wait_gone(screen, job.host);
        screen_wait_no_text(screen, "sleep 1000 ═");
        wait_pair(screen, "/bin/bash");
}

static void it_is_the_containers_user(void **state)
{
        static const char *const args[] = { "--user", "1000", NULL };
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, args, 80, 24);
        struct pair shell = wait_pair(screen, "/bin/bash");
        char uid[32], own[32];

        enter(screen, "id -u");
        screen_wait_text(screen, "│1000 ");
        assert_true(proc_status(shell.host, "Uid", uid, sizeof(uid)));
        assert_true(proc_status(screen_pid(screen), "Uid", own, sizeof(own)));
        assert_string_equal(uid, scene->user ? own : "1000");
}

static void keys_arrive_as_xterm_sends_them(void **state)
{
        static const struct {
                const char *sent, *seen;
        } keys[] = {
                { "\033OA", "^[[A" },   { "\033[D", "^[[D" },     { "\033OH", "^[[H" },
                { "\033[F", "^[[F" },   { "\033[5~", "^[[5~" },   { "\033[3~", "^[[3~" },
                { "\033OP", "^[OP" },   { "\033[15~", "^[[15~" }, { "\033[24~", "^[[24~" },
                { "\033x", "^[x" },     { "\001", "^A" },         { "\032", "^Z" },
                { "\003", "^C" },       { "\303\251", "M-CM-)" }, { "\033[Z", "^[[Z" },
                { "q x K?", "q x K?" },
        };
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);

        /* -isig: what would be a signal is a byte too. */
        enter(screen, "stty -isig -echo; cat -v");
        /* What is typed earlier is the shell's own editor's. */
        wait_pair(screen, "cat -v");
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
                own_free char *seen = xasprintf("│%zu:%s. ", i, keys[i].seen);
                own_free char *begin = xasprintf("%zu:", i);

                screen_send(screen, begin);
                screen_send(screen, keys[i].sent);
                /* What goes with a lone Escape is another key. */
                enter(screen, ".");
                screen_wait_text(screen, seen);
        }
        screen_send(screen, "\004");
        screen_wait_text(screen, PROMPT);
        /* A program that asks for the application's cursor keys gets those. */
        enter(screen, "printf '\\033[?1h'; cat -v");
        wait_pair(screen, "cat -v");
        screen_send(screen, "up:\033[A.");
        enter(screen, "");
        screen_wait_text(screen, "│up:^[OA. ");
}

static void an_editor_works_in_it(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);

        enter(screen, "cd /tmp; busybox vi made");
        screen_wait_text(screen, "│~ ");
        screen_send(screen, "ione" ENTER "three");
        screen_wait_text(screen, "│three ");
        screen_send(screen, ESCAPE);
        screen_wait_text(screen, "│- made [Modified]");
        screen_send(screen, "\033[Aotwo");
        screen_wait_text(screen, "│two ");
        screen_send(screen, ESCAPE);
        screen_wait_text(screen, "│- made [Modified]");
        enter(screen, ":wq");
        screen_wait_text(screen, PROMPT);
        enter(screen, "clear; paste -sd+ made");
        screen_wait_text(screen, "│one+two+three ");
        enter(screen, "seq 500 | busybox less");
        screen_wait_text(screen, "│3 ");
        screen_send(screen, "G");
        screen_wait_text(screen, "│500 ");
        screen_send(screen, "q");
        screen_wait_text(screen, PROMPT);
}

static void ctrl_c_and_ctrl_z_are_the_shells(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair job;

        enter(screen, "sleep 700");
        job = wait_pair(screen, "sleep 700");
        screen_send(screen, "\003\003");
        wait_gone(screen, job.host);
        enter(screen, "sleep 800");
        job = wait_pair(screen, "sleep 800");
        screen_send(screen, "\032");
        screen_wait_text(screen, "Stopped");
        assert_true(proc_lives(job.host));
        enter(screen, "kill -9 %1");
        wait_gone(screen, job.host);
        screen_wait_text(screen, INSIDE);
}

static void its_terminal_has_the_panes_size(void **state)
{
        static const struct {
                int cols, rows;
                const char *size;
        } cases[] = { { 80, 24, "11 78" }, { 100, 30, "12 98" }, { 60, 16, "5 58" }, { 164, 40, "36 82" } };
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *line = xasprintf("until test \"$(stty size)\" = \"%s\"; do sleep 0.1; done; "
                                                "clear; echo it is %zu",
                                                cases[i].size, i);
                own_free char *said = xasprintf("│it is %zu ", i);

                screen_resize(screen, cases[i].cols, cases[i].rows);
                enter(screen, line);
                screen_wait_text(screen, said);
                screen_wait_text(screen, "Ctrl-] leaves it");
        }
}

static void ten_thousand_lines_hold_up_neither_keys_nor_panes(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair job;

        enter(screen, "seq 10000; echo all; sleep 900 & ");
        screen_send(screen, LEAVE "?");
        screen_wait_text(screen, "KEYS");
        screen_send(screen, ESCAPE);
        screen_wait_text(screen, OUTSIDE);
        wait_pair(screen, "sleep 900");
        screen_send(screen, "x");
        screen_wait_text(screen, "│10000 ");
        screen_wait_text(screen, "│all ");
        /* A flood that never ends. */
        enter(screen, "clear; kill %1; yes flood");
        job = wait_pair(screen, "yes flood");
        screen_wait_text(screen, "│flood ");
        screen_send(screen, LEAVE "e");
        screen_wait_text(screen, "IN OTHER WORDS");
        screen_send(screen, ESCAPE);
        screen_wait_text(screen, OUTSIDE);
        screen_send(screen, "x");
        screen_wait_text(screen, INSIDE);
        screen_send(screen, "\003");
        wait_gone(screen, job.host);
        enter(screen, "clear; echo over");
        screen_wait_text(screen, "│over ");
}

static void a_long_paste_arrives_whole(void **state)
{
        static const char line[] = "0123456789012345678901234567890123456789\r";
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct str paste = { 0 };

        enter(screen, "cat > /tmp/pasted");
        for (int i = 0; i < PASTED_LINES; i++)
                str_add(&paste, line);
        screen_send_n(screen, paste.s, paste.len);
        screen_send(screen, "\004");
        enter(screen, "clear; wc -c < /tmp/pasted");
        screen_wait_text(screen, "│82000 ");
        str_finish(&paste);
}

static void ctrl_bracket_leaves_it_and_x_goes_back(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair shell = wait_pair(screen, "/bin/bash"), again;

        enter(screen, "echo still the 's'ame");
        screen_wait_text(screen, "│still the same ");
        screen_send(screen, LEAVE);
        screen_wait_text(screen, OUTSIDE);
        /* The capabilities are there again, and the keys are the screen's. */
        screen_wait_text(screen, "KILL (bit 5)");
        screen_send(screen, "\033OA");
        screen_wait_text(screen, "(bit 9)");
        /* Beside the process panes the shell is seen. */
        screen_send(screen, "\t");
        screen_wait_text(screen, "│still the same ");
        screen_wait_text(screen, "x goes back into it");
        screen_send(screen, "x");
        screen_wait_text(screen, INSIDE);
        screen_wait_text(screen, "│still the same ");
        enter(screen, "echo and lives");
        screen_wait_text(screen, "│and lives ");
        again = wait_pair(screen, "/bin/bash");
        assert_int_equal(shell.host, again.host);
}

static void its_end_closes_the_pane(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair shell = wait_pair(screen, "/bin/bash");

        enter(screen, "exit 7");
        screen_wait_text(screen, "shell ended: exit 7");
        wait_gone(screen, shell.host);
        screen_wait_text(screen, "KILL (bit 5)");
        screen_wait_no_text(screen, "/bin/bash ═");
        /* Another one can be opened. */
        go_inside(screen);
        shell = wait_pair(screen, "/bin/bash");
        enter(screen, "kill -9 $$");
        screen_wait_text(screen, "shell ended: exit 137");
        wait_gone(screen, shell.host);
        scene_leave(screen);
}

static void a_relaunch_asks_before_it_ends_the_shell(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair shell = wait_pair(screen, "/bin/bash");
        struct tie first = tie_wait_status(screen, "Name", "sleep");

        screen_send(screen, LEAVE "K");
        screen_wait_text(screen, "End what runs inside?");
        screen_wait_text(screen, "The shell ends with this container");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "End what runs inside?");
        assert_true(proc_lives(shell.host));
        assert_true(proc_lives(first.host));
        screen_send(screen, "Ky");
        screen_wait_text(screen, "docker run --cap-drop=KILL ubuntu");
        tie_wait_other(screen, first.host);
        wait_gone(screen, shell.host);
        screen_wait_no_text(screen, OUTSIDE);
        /* Nothing is left to be lost. */
        screen_send(screen, "K");
        screen_wait_text(screen, "same as: docker run ubuntu sleep 3600");
        scene_leave(screen);
}

static void a_relaunch_asks_before_it_ends_what_a_shell_has_left_behind(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair job;

        enter(screen, "sleep 1000 &");
        job = wait_pair(screen, "sleep 1000");
        enter(screen, "exit");
        screen_wait_text(screen, "shell ended: exit 0");
        screen_wait_no_text(screen, "/bin/bash ═");
        screen_send(screen, "u");
        screen_wait_text(screen, "A process that was started inside ends");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "A process that");
        assert_true(proc_lives(job.host));
        screen_send(screen, "uy");
        wait_gone(screen, job.host);
        screen_wait_text(screen, "--user=1000");
        scene_leave(screen);
}

static void q_asks_while_a_shell_is_open(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        struct pair shell = wait_pair(screen, "/bin/bash");

        screen_send(screen, LEAVE "q");
        screen_wait_text(screen, "A shell is open inside");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "A shell is open inside");
        assert_true(proc_lives(shell.host));
        screen_send(screen, "qy");
        assert_int_equal(screen_wait_end(screen), 0);
        wait_gone(screen, shell.host);
        scene_assert_restored(screen);
}

static void assert_frame(struct screen *screen)
{
        assert_false(screen_has_title(screen));
        assert_true(screen_is_alternate(screen));
        assert_string_equal(screen_row(screen, 23), " " INSIDE ", the shell goes on   exit ends it");
        assert_int_equal(strncmp(screen_row(screen, 0), " same as: docker run ubuntu sleep 3600 ", 39), 0);
        for (int y = 12; y < 22; y++) {
                const char *row = screen_row(screen, y);

                assert_int_equal(strncmp(row, "│", strlen("│")), 0);
                assert_string_equal(row + strlen(row) - strlen("│"), "│");
        }
}

struct marker {
        char echo[32], mark[32];
        uint64_t again_ms;
};

/* What the terminal answers to a question lies in the shell's line, sooner or later: Ctrl-U empties it, and
 * what was typed behind it before is typed anew. */
static bool is_marked(struct screen *screen, const void *data)
{
        struct marker *marker = (struct marker *)(uintptr_t)data;

        if (screen_find(screen, marker->mark) >= 0)
                return true;
        if (time_now_ms() >= marker->again_ms) {
                screen_send(screen, "\025");
                enter(screen, marker->echo);
                marker->again_ms = time_now_ms() + 5000;
        }
        return false;
}

static void hostile_output_stays_in_the_pane(void **state)
{
        static const char *const lines[] = {
                "printf '\\033]0;evil\\a\\033]2;evil\\033\\\\'",
                "printf '\\033]52;c;ZXZpbA==\\a'",
                "printf '\\033P$qm\\033\\\\\\033_evil\\033\\\\\\033^evil\\033\\\\'",
                "printf '\\033[?1049h\\033[999;999Hx\\033[?1049l'",
                "printf '\\033[99999999999999999999;99999999999H\\033[2147483647B\\033[2147483647@'",
                "printf '\\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1m\\033[6n\\033[c\\n'",
                "printf '\\033[1;1H\\033[2J\\033[3J\\033[?3h\\033[8;5;5t\\033#6\\033c'",
                "printf '\\033[?1000h\\033[?1006h\\033[?25l\\033(0lqk\\033(B\\033[5i\\033[7m'",
                "printf "
                "'\\302\\233\\302\\205\\342\\200\\256\\342\\200\\213\\357\\273\\277\\377\\376\\200\\n'",
                "head -c 200000 /dev/urandom; printf '\\030\\033c\\033[m\\n'",
                "printf '\\033]0;never ended'; sleep 0.1; printf '\\a\\n'",
                "head -c 3000000 /dev/zero | tr '\\0' ';' | sed 's/^/\\x1b[/'; printf 'm\\n'",
        };
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 80, 24);
        const char *raw;
        size_t n;

        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
                struct marker marker = { .again_ms = 0 };

                snprintf(marker.mark, sizeof(marker.mark), "mark %zu ", i);
                snprintf(marker.echo, sizeof(marker.echo), "echo m'ark' %zu", i);
                screen_send(screen, "\025");
                enter(screen, lines[i]);
                screen_wait(screen, is_marked, &marker, marker.mark);
                assert_frame(screen);
        }
        raw = screen_raw(screen, &n);
        assert_null(memmem(raw, n, "\033]", 2));
        assert_null(memmem(raw, n, "\033P", 2));
        assert_null(memmem(raw, n, "\033_", 2));
        assert_null(memmem(raw, n, "\302\233", 2));
        assert_null(memmem(raw, n, "\033[8;5;5t", 8));
        screen_send(screen, LEAVE "qy");
        assert_int_equal(screen_wait_end(screen), 0);
        scene_assert_restored(screen);
}

static void where_there_is_room_it_stands_beside_the_rest(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 164, 36);

        screen_wait_text(screen, "┌ SHELL  in the container ");
        screen_wait_text(screen, "└ KILL (bit 5)");
        screen_wait_text(screen, "●CHOWN");
        wait_pair(screen, "/bin/bash");
        screen_send(screen, LEAVE);
        screen_wait_text(screen, "└ x goes back into it");
        screen_wait_text(screen, PROMPT);
}

static void a_click_goes_in_and_out(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_shell(scene, NULL, 164, 36);

        screen_send(screen, "\033[<0;10;5M\033[<0;10;5m");
        screen_wait_text(screen, OUTSIDE);
        screen_send(screen, "\033[<0;120;9M\033[<0;120;9m");
        screen_wait_text(screen, INSIDE);
        enter(screen, "echo cl'i'cked");
        screen_wait_text(screen, "│clicked ");
}

static void without_a_container_there_is_none(void **state)
{
        static const char *const args[] = { "ubuntu", "true", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);

        screen_wait_text(screen, "exited (0)");
        screen_send(screen, "x");
        screen_wait_text(screen, "no container runs: r starts it again");
        scene_leave(screen);
}

/* PID 1 heeds only signals that it has a handler for: a shell with a trap ends when it is asked. */
static void it_ends_with_its_container(void **state)
{
        static const char *const args[] = { "ubuntu", "bash", "-c", "trap 'exit 5' TERM; sleep 3600 & wait",
                                            NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);
        struct pair shell;

        tie_wait_status(screen, "Name", "bash");
        go_inside(screen);
        shell = wait_pair(screen, "/bin/bash");
        enter(screen, "kill 1");
        screen_wait_text(screen, "exited (5)");
        wait_gone(screen, shell.host);
        screen_wait_no_text(screen, INSIDE);
        screen_wait_no_text(screen, OUTSIDE);
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(x_opens_a_shell_that_both_sides_show),
                cmocka_unit_test(what_is_started_in_it_is_on_both_sides_until_it_is_killed),
                cmocka_unit_test(it_is_the_containers_user),
                cmocka_unit_test(keys_arrive_as_xterm_sends_them),
                cmocka_unit_test(an_editor_works_in_it),
                cmocka_unit_test(ctrl_c_and_ctrl_z_are_the_shells),
                cmocka_unit_test(its_terminal_has_the_panes_size),
                cmocka_unit_test(ten_thousand_lines_hold_up_neither_keys_nor_panes),
                cmocka_unit_test(a_long_paste_arrives_whole),
                cmocka_unit_test(ctrl_bracket_leaves_it_and_x_goes_back),
                cmocka_unit_test(its_end_closes_the_pane),
                cmocka_unit_test(a_relaunch_asks_before_it_ends_the_shell),
                cmocka_unit_test(a_relaunch_asks_before_it_ends_what_a_shell_has_left_behind),
                cmocka_unit_test(q_asks_while_a_shell_is_open),
                cmocka_unit_test(hostile_output_stays_in_the_pane),
                cmocka_unit_test(where_there_is_room_it_stands_beside_the_rest),
                cmocka_unit_test(a_click_goes_in_and_out),
                cmocka_unit_test(without_a_container_there_is_none),
                cmocka_unit_test(it_ends_with_its_container),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
