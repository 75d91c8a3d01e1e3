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

#include "ui_scene.h"

static void a_wide_screen_adds_tree_numbers_and_namespaces(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        cast.extra = "sh";
        open_scene(&scene, &cast);
        assert_shows(&scene.view, 140, 40, "│    3290      1 root       ├─vitrine ");
        assert_shows(&scene.view, 140, 40, "│    3299   3290 root       │ └─vitrine keeper ");
        assert_shows(&scene.view, 140, 40, "│►   3301   3299 0 root     │   ├─sleep 3600 ═same═");
        assert_shows(&scene.view, 140, 40, "╪╪═══   1     0 0 root       sleep 3600");
        assert_shows(&scene.view, 140, 40, "│   └─sh ═same═");
        assert_shows(&scene.view, 140, 40, "╪╪═══   6     0 1000 student sh");
        assert_shows(&scene.view, 140, 40, "│    3340      1 alice      └─firefox ");
        assert_shows(&scene.view, 140, 40,
                     "own: pid mnt uts ipc net cgroup   shared with the machine: user time");
        assert_shows(&scene.view, 140, 40,
                     "K: KILL  M: MAC_ADMIN  p: privileged  N: no new privileges  l:lessons ?:help");
        assert_shows(&scene.view, 140, 40, "│ two processes, two numbers each ");
        close_scene(&scene);
}

static void what_processes_call_themselves_is_escaped(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        char *text;

        (void)state;
        cast.extra = "sh \033]0;title\a\xff \342\200\256 x";
        open_scene(&scene, &cast);
        text = screen_text(&scene.view, 200, 40);
        assert_null(strchr(text, '\033'));
        assert_null(strchr(text, '\a'));
        assert_non_null(strstr(text, "sh \\x1b]0;title\\x07\\xff \\u{202e} x"));
        free(text);
        close_scene(&scene);
}

static void the_host_pane_obeys_its_mode(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        cast.pid_shared = true;
        open_scene(&scene, &cast);
        for (size_t i = 0; i < scene.now.n_host; i++) {
                struct proc *proc = &scene.now.host_table.v[i];

                if (proc->pid == 3340) {
                        free(proc->cmdline);
                        proc->cmdline = xstrdup("firefox --private");
                }
        }
        assert_hides(&scene.view, 120, 40, "--private");
        assert_shows(&scene.view, 120, 40, "HOST  this machine: 74 processes, without arguments");
        scene.view.host_mode = HOST_FULL;
        assert_shows(&scene.view, 120, 40, "firefox --private");
        assert_shows(&scene.view, 80, 24, "││ pid namespace shared: same number  │");
        assert_shows(&scene.view, 80, 24,
                     "│►   3301   3299 root   sleep 3600 ═same═╪╪══ 3301  3299 root     sleep 3600");
        scene.view.host_mode = HOST_LINE;
        assert_shows(&scene.view, 80, 24, "┌ HOST  4 of this machine's 74 processes ┐");
        assert_shows(&scene.view, 140, 40, "HOST  this machine: 74 processes, 70 not shown");
        assert_shows(&scene.view, 140, 40, "CONTAINER  sees 74 processes, 70 not shown");
        assert_hides(&scene.view, 140, 40, "firefox");
        close_scene(&scene);
}

static void processes_that_are_not_read_yet_are_counted_and_not_drawn(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.now.host_table.unread = 4926;
        assert_shows(&scene.view, 80, 24, "HOST  this machine: 5000 processes");
        assert_shows(&scene.view, 80, 24, "the other 4999 are invisible here");
        assert_shows(&scene.view, 80, 24, "CONTAINER  sees 1 process ");
        scene.view.host_mode = HOST_LINE;
        assert_shows(&scene.view, 140, 40, "HOST  this machine: 5000 processes, 4996 not shown");
        close_scene(&scene);
}

static void a_scrolled_pane_leaves_the_tie_and_comes_back(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        cast.fillers = 3000;
        open_scene(&scene, &cast);
        assert_shows(&scene.view, 80, 24, "sleep 3600 ═same═╪╪═══   1");
        scene.view.focus = PANE_HOST;
        scene.view.scroll[PANE_HOST] = -1000;
        assert_hides(&scene.view, 80, 24, "═same═");
        assert_shows(&scene.view, 80, 24, "││►     1     0 root     sleep 3600   │");
        assert_shows(&scene.view, 80, 24, "=: back to the tie");
        scene.view.scroll[PANE_HOST] = -100000;
        assert_shows(&scene.view, 80, 24, "│       1      0 root   systemd          ││ one");
        close_scene(&scene);
}

static void the_cursor_stands_on_what_has_the_focus(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        struct grid grid;

        (void)state;
        open_scene(&scene, &cast);
        grid_init(&grid, 80, 24);
        scene.view.focus = PANE_HOST;
        ui_draw(&scene.view, &grid);
        assert_int_equal(grid.cursor_x, 1);
        assert_int_equal(grid.cursor_y, 5);
        scene.view.focus = PANE_CONTAINER;
        ui_draw(&scene.view, &grid);
        assert_int_equal(grid.cursor_x, 43);
        assert_int_equal(grid.cursor_y, 5);
        grid_finish(&grid);
        close_scene(&scene);
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

/* Where the machine's processes are shared and few of them shown, the first of them is one of those. */
static void a_row_is_shown_once(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        char *text;
        int ties = 0;

        (void)state;
        cast.pid_shared = true;
        open_scene(&scene, &cast);
        for (int both = 0; both < 2; both++, ties = 0) {
                scene.view.filter[both ? PANE_CONTAINER : PANE_HOST] = "no such process";
                text = screen_text(&scene.view, 140, 40);
                for (const char *at = strstr(text, "│►"); at; at = strstr(at + 1, "│►"))
                        ties += strncmp(at, "│►   3301   3299", strlen("│►   3301   3299")) == 0;
                assert_int_equal(ties, 1);
                assert_non_null(strstr(text, "═same═")); /* beside it, whatever the notes would keep free */
                free(text);
        }
        close_scene(&scene);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_wide_screen_adds_tree_numbers_and_namespaces),
                cmocka_unit_test(what_processes_call_themselves_is_escaped),
                cmocka_unit_test(the_host_pane_obeys_its_mode),
                cmocka_unit_test(processes_that_are_not_read_yet_are_counted_and_not_drawn),
                cmocka_unit_test(a_scrolled_pane_leaves_the_tie_and_comes_back),
                cmocka_unit_test(the_cursor_stands_on_what_has_the_focus),
                cmocka_unit_test(a_row_is_shown_once),
        };

        return cmocka_run_group_tests_name("ui_panes", tests, use_utf8, NULL);
}
