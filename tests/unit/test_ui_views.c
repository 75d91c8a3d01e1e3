/* SPDX-License-Identifier: MIT */
/* Namespaces, what is this?, the forms of the process panes, and what is no longer live. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stage/namespaces.h"
#include "ui/hit.h"
#include "ui_scene.h"

static unsigned entry_of(enum ns_type type)
{
        for (unsigned i = 0; i < NS_T_N; i++)
                if (ns_entries[i].type == type)
                        return i;
        return NS_T_N;
}

static void namespaces_open_over_the_lower_part(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        cast.net_shared = true;
        open_scene(&scene, &cast);
        assert_hides(&scene.view, 80, 24, "NAMESPACES");
        scene.view.focus = PANE_NS;
        assert_shows(&scene.view, 80, 24, "┌ NAMESPACES  its own, or shared with the machine ───");
        assert_shows(&scene.view, 80, 24,
                     "\n│   NAME     STATE   IN HERE     ON MACHINE  THAT MEANS                        │\n"
                     "│ ► pid      own     200         100         sees its own processes alone      │\n"
                     "│   network  shared  105         105         the machine's interfaces, ports   │\n"
                     "│   uts      own     203         103         a host name of its own            │\n");
        assert_shows(&scene.view, 80, 24, "└ space: share the machine's (--pid=host), asks first ─");
        assert_shows(&scene.view, 80, 24, "\n ↑↓←→ pick, space: share or not   Esc, n: leave   ");
        /* The mask and the tie stay on the screen. */
        assert_shows(&scene.view, 80, 24, "effective 00000000a80425fb ─┐");
        assert_shows(&scene.view, 80, 24, "sleep 3600 ═same═╪╪═══   1");
        scene.view.ns = entry_of(NS_T_NET);
        assert_shows(&scene.view, 80, 24, "└ space: give it one of its own again ─");
        scene.view.ns = entry_of(NS_T_USER);
        assert_shows(&scene.view, 80, 24, "└ space: give it one of its own (--userns=remap) ─");
        scene.view.rootless = true;
        assert_shows(&scene.view, 80, 24, "└ without root always its own ─");
        scene.view.rootless = false;
        scene.view.ns = entry_of(NS_T_TIME);
        assert_shows(&scene.view, 80, 24, "└ always the machine's: docker run has no flag for it ─");
        assert_shows(&scene.view, 60, 16, "│ ► time     shared  the machine's clocks                  │");
        assert_shows(&scene.view, 60, 16, "│   mnt      own     its own tree of files                 │");
        assert_hides(&scene.view, 60, 16, "its own processes alone");
        close_scene(&scene);
}

static void an_own_network_holds_lo_alone(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.focus = PANE_NS;
        scene.view.ns = entry_of(NS_T_NET);
        assert_shows(&scene.view, 80, 24,
                     "► network  own     205         105         lo alone, without Docker's bridge");
        assert_shows(&scene.view, 120, 30,
                     "lo alone, without Docker's bridge   205 / 105   space: share the machine's");
        assert_shows(&scene.view, 60, 16, "► network  own     lo alone, without Docker's bridge ");
        assert_shows(&scene.view, 140, 40,
                     "► network  own     205         105         lo alone, without Docker's bridge ");
        /* Which one that somebody else started has, is not known. */
        scene.view.attached = "attached to PID 4242 (docker 3f2a9c0e81d7)";
        assert_hides(&scene.view, 80, 24, "lo alone");
        assert_hides(&scene.view, 120, 30, "lo alone");
        assert_shows(&scene.view, 80, 24,
                     "► network  own     205         105         interfaces and ports of ");
        assert_shows(&scene.view, 120, 30, "interfaces and ports of its own   205 / 105   only looked at");
        close_scene(&scene);
}

static void the_box_lists_namespaces_where_it_has_room(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        assert_shows(&scene.view, 120, 30, "┌ USER AND NAMESPACES ───");
        assert_shows(&scene.view, 120, 30,
                     "own: pid mnt uts ipc net cgroup   shared with the machine: user time");
        assert_hides(&scene.view, 119, 30, "USER AND NAMESPACES");
        assert_hides(&scene.view, 120, 29, "USER AND NAMESPACES");
        scene.view.focus = PANE_NS;
        assert_shows(&scene.view, 120, 30,
                     "│ pid own   network own   uts own   ipc own   cgroupns own   user shared   mnt own   "
                     "time shared ");
        assert_shows(&scene.view, 120, 30,
                     "└ pid: sees its own processes alone   200 / 100   space: share the machine's "
                     "(--pid=host), asks first ─");
        assert_shows(&scene.view, 140, 40, "│ user in here: uid 0 root");
        assert_shows(&scene.view, 140, 40,
                     "│   cgroupns own     206         106         control groups begin at its own ");
        assert_shows(&scene.view, 140, 40, "sleep 3600 ═same═");
        assert_shows(&scene.view, 140, 40, "└ KILL (bit 5)");
        scene.view.mono = true;
        assert_shows(&scene.view, 120, 30, "│ [pid own]   network own ");
        close_scene(&scene);
}

static void an_unreadable_namespace_is_not_called_own(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.now.ns.container[NS_T_IPC] = 0;
        scene.view.focus = PANE_NS;
        assert_shows(&scene.view, 80, 24, "│   ipc      unknown -           104         not readable ");
        /* Nor is its number called 0. */
        scene.view.ns = entry_of(NS_T_IPC);
        assert_shows(&scene.view, 120, 30, "└ ipc: not readable   space: share the machine's (--ipc=host) ─");
        close_scene(&scene);
}

static void the_cursor_stands_on_the_picked_namespace(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        struct grid grid;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.focus = PANE_NS;
        scene.view.ns = 2;
        grid_init(&grid, 80, 24);
        ui_draw(&scene.view, &grid);
        assert_int_equal(grid.cursor_x, 2);
        assert_int_equal(grid_at(&grid, 2, grid.cursor_y)->c, 0x25ba);
        assert_int_equal(grid_at(&grid, 4, grid.cursor_y)->c, 'u');
        assert_true(grid_at(&grid, 4, grid.cursor_y)->attr & ATTR_REVERSE);
        grid_finish(&grid);
        close_scene(&scene);
}

/* A click goes to what is drawn there, not to the capability below. */
static void a_click_finds_the_namespace_that_is_drawn_there(void **state)
{
        static const struct {
                int cols, rows;
        } sizes[] = { { 60, 16 }, { 80, 24 }, { 140, 40 } };
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
                int cols = sizes[i].cols, rows = sizes[i].rows, found = 0;
                struct place place;
                struct grid grid;

                scene.view.focus = PANE_NS;
                scene.view.ns = 5;
                grid_init(&grid, cols, rows);
                ui_draw(&scene.view, &grid);
                for (int y = 0; y < rows; y++) {
                        char *row = grid_row_text(&grid, y);

                        place.ns = -2;
                        if (!ui_hit(&scene.view, cols, rows, 20, y, &place) || place.pane != PANE_NS ||
                            place.ns < 0) {
                                free(row);
                                continue;
                        }
                        found++;
                        assert_non_null(strstr(row, ns_entries[place.ns].name));
                        free(row);
                }
                assert_int_equal(found, rows == 16 ? 4 : NS_T_N);
                grid_finish(&grid);
                scene.view.focus = PANE_CAPS;
                assert_true(ui_hit(&scene.view, cols, rows, 20, rows - 3, &place));
                assert_int_equal(place.pane, PANE_CAPS);
        }
        close_scene(&scene);
}

static void what_is_this_lies_beside_the_thing(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.info_name = "KILL";
        scene.view.info_kind = "capability";
        scene.view.info_text = caps_info(5)->sentence;
        assert_shows(&scene.view, 80, 24, "│┌ KILL  capability ───");
        assert_shows(&scene.view, 80, 24, "││ Sends signals to processes of other users. ");
        assert_shows(&scene.view, 80, 24, "●KILL             ●FSETID");
        assert_shows(&scene.view, 80, 24, "\n ↑↓ another   any other key: close\n");
        assert_shows(&scene.view, 80, 24, "sleep 3600 ═same═╪╪═══   1");
        scene.view.cap = 40;
        assert_shows(&scene.view, 80, 24,
                     "│ 0 0000                                                   ·checkpoint_restore │");
        assert_shows(&scene.view, 60, 16, "┌ KILL  capability ───");
        assert_shows(&scene.view, 60, 16, "sleep 3600 ══╪╪═══   1");
        close_scene(&scene);
}

/* Whatever is explained, on the smallest screen all of it can be read, and no tied row is hidden. */
static void every_sentence_fits_the_smallest_screen(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        for (unsigned bit = 0; bit < CAPS_N; bit++) {
                const char *sentence = caps_info(bit)->sentence, *last = strrchr(sentence, ' ') + 1;

                scene.view.cap = bit;
                scene.view.info_name = caps_info(bit)->name;
                scene.view.info_kind = "capability";
                scene.view.info_text = sentence;
                assert_shows(&scene.view, 60, 16, last);
                assert_shows(&scene.view, 60, 16, "sleep 3600 ══╪╪═══   1");
        }
        close_scene(&scene);
}

static void the_picked_column_is_marked(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        struct grid grid;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.focus = PANE_CONTAINER;
        scene.view.column[PANE_CONTAINER] = 2;
        grid_init(&grid, 80, 24);
        ui_draw(&scene.view, &grid);
        assert_int_equal(grid_at(&grid, 57, 2)->c, 'U');
        assert_true(grid_at(&grid, 57, 2)->attr & ATTR_REVERSE);
        assert_false(grid_at(&grid, 24, 2)->attr & ATTR_REVERSE);
        assert_int_equal(grid.cursor_x, 57);
        grid_finish(&grid);
        scene.view.mono = true;
        assert_shows(&scene.view, 80, 24, "││    PID  PPID[USER]    COMMAND      │");
        scene.view.column[PANE_CONTAINER] = 0;
        assert_shows(&scene.view, 80, 24, "││   [PID] PPID USER     COMMAND      │");
        close_scene(&scene);
}

static void the_title_says_what_the_host_is(void **state)
{
        static const struct {
                const char *kind;
                int cols;
                const char *says;
        } cases[] = {
                { "machine", 80, "┌ HOST  this machine: 74 processes ──────┐┌" },
                { "container", 80, "┌ HOST  this container: 74 processes ────┐┌" },
                { "virtual machine", 80, "┌ HOST  this machine: 74 processes ──────┐┌" },
                { "virtual machine", 84, "┌ HOST  this virtual machine: 74 processes ┐┌" },
                { "virtual machine", 110, "┌ HOST  this virtual machine: 74 processes ───── Linux 6.18 ─┐┌" },
                { "machine", 140,
                  "HOST  this machine: 74 processes, without arguments ────────────── Linux 6.18 ─┐┌" },
                { "container", 60, "┌ HOST  74 processes ─────────┐┌" },
        };
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.kernel = "Linux 6.18";
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                scene.view.host_kind = cases[i].kind;
                scene.view.host_mode = HOST_NAMES;
                assert_shows(&scene.view, cases[i].cols, 24, cases[i].says);
        }
        scene.view.host_kind = "container";
        scene.view.host_mode = HOST_LINE;
        assert_shows(&scene.view, 140, 40, "HOST  this container: 74 processes, 70 not shown ");
        close_scene(&scene);
}

static void nothing_old_is_without_its_age(void **state)
{
        static const struct {
                uint64_t age_s;
                const char *host, *container;
        } cases[] = {
                { 0, "┌ HOST  this machine: 74 processes ─", "┌ CONTAINER  sees 1 process ─" },
                { 4, "┌ HOST  74 processes, 4 s old ─", "┌ CONTAINER  sees 1 process, 4 s old ┐" },
                { 12, "┌ HOST  74 processes, 12 s old ─", "┌ CONTAINER  1 process, 12 s old ─" },
                { 119, "processes, 119 s old ─", "process, 119 s old " },
                { 120, "processes, 2 min old ─", "process, 2 min old " },
                { 7300, "processes, 2 h old ─", "process, 2 h old " },
        };
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                scene.view.age_s[PANE_HOST] = scene.view.age_s[PANE_CONTAINER] = cases[i].age_s;
                assert_shows(&scene.view, 80, 24, cases[i].host);
                assert_shows(&scene.view, 80, 24, cases[i].container);
        }
        scene.view.age_s[PANE_HOST] = scene.view.age_s[PANE_CONTAINER] = 12;
        assert_shows(&scene.view, 140, 40, "HOST  this machine: 74 processes, without arguments, 12 s old ─");
        assert_shows(&scene.view, 140, 40, "CONTAINER  sees 1 process, 12 s old ─");
        assert_shows(&scene.view, 60, 16, "┌ HOST, 12 s old ─");
        assert_shows(&scene.view, 60, 16, "┌ CONTAINER, 12 s old ─");
        scene.view.host_mode = HOST_LINE;
        assert_shows(&scene.view, 60, 16, "HOST  4 of 74, 12 s old");
        close_scene(&scene);
}

static void an_ended_container_says_how_long_ago(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        assert_shows(&scene.view, 200, 40, "x: shell");
        scene.view.state = RUN_ENDED;
        assert_hides(&scene.view, 200, 40, "x: shell");
        scene.view.age_s[PANE_HOST] = scene.view.age_s[PANE_CONTAINER] = 12;
        assert_shows(&scene.view, 140, 40, "CONTAINER  ended 12 s ago: it saw 1 process ─");
        assert_shows(&scene.view, 80, 24, "CONTAINER  ended: it saw 1 process ┐");
        assert_shows(&scene.view, 80, 24, "HOST  74 processes, 12 s old ─");
        assert_shows(&scene.view, 80, 24, "sleep 3600 ended═╪╪═══   1     0 root     sleep … ended│");
        assert_shows(&scene.view, 80, 24, " r: start again ");
        close_scene(&scene);
}

static void what_goes_on_beside_an_ended_container_is_not_called_ended(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        cast.pid_shared = true;
        open_scene(&scene, &cast);
        scene.view.state = RUN_ENDED;
        assert_shows(&scene.view, 140, 40, "sleep 3600 ended═same═");
        assert_shows(&scene.view, 140, 40, "3299 0 root   sleep 3600 ended ");
        assert_shows(&scene.view, 140, 40, "3290 root     vitrine keeper ");
        assert_hides(&scene.view, 140, 40, "vitrine keeper ended");
        assert_hides(&scene.view, 140, 40, "firefox ended");
        close_scene(&scene);
}

static void a_reader_that_has_ended_is_named(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.image_note = "image ubuntu is not on this machine: demo root";
        scene.view.blind[PANE_HOST] = "the program that reads /proc has ended";
        assert_shows(&scene.view, 140, 40, "└ not readable: the program that reads /proc has ended ─");
        assert_shows(&scene.view, 140, 40, "└ image ubuntu is not on this machine: demo root ─");
        assert_shows(&scene.view, 80, 24, "└ not readable: the program that reads … ┘└");
        assert_shows(&scene.view, 80, 24, "sleep 3600 ═same═╪╪═══   1");
        scene.view.blind[PANE_CONTAINER] = "the program \033[31mends";
        assert_shows(&scene.view, 80, 24, "┘└ not readable: the program \\x1b[31… ┘");
        /* Without rows it stands in their place. */
        scene.now.n_container = 0;
        assert_shows(&scene.view, 80, 24, "││ not readable: the program ");
        close_scene(&scene);
}

static void big_is_bold_with_fewer_columns(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        struct grid grid;

        (void)state;
        cast.init = 2;
        cast.keeper = 3;
        open_scene(&scene, &cast);
        assert_shows(&scene.view, 80, 24, "PPID");
        scene.view.big = true;
        assert_hides(&scene.view, 80, 24, "PPID");
        assert_hides(&scene.view, 140, 40, "├─");
        assert_shows(&scene.view, 80, 24, "│     PID USER   COMMAND ");
        assert_shows(&scene.view, 80, 24, "●NET_BIND_SERVICE ·linux_immutable");
        grid_init(&grid, 80, 24);
        ui_draw(&scene.view, &grid);
        for (int i = 0; i < 80 * 24; i++) {
                assert_true(grid.cells[i].attr & ATTR_BOLD);
                assert_int_not_equal(grid.cells[i].role, ROLE_NOT);
                assert_int_not_equal(grid.cells[i].role, ROLE_BORDER);
        }
        grid_finish(&grid);
        close_scene(&scene);
}

static void the_last_key_stands_at_the_right_of_the_bar(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        assert_hides(&scene.view, 80, 24, "[K]");
        scene.view.key = "K";
        assert_shows(&scene.view, 80, 24,
                     " u: stop being root   ↑↓←→ pick, space: add or drop   ?:help  q:quit        [K]\n");
        scene.view.key = "space";
        assert_shows(&scene.view, 80, 24, " [space]\n");
        assert_shows(&scene.view, 60, 16, " [space]\n");
        scene.view.trouble = "nothing to undo";
        assert_shows(&scene.view, 80, 24, "\n nothing to undo ");
        assert_shows(&scene.view, 80, 24, " [space]\n");
        scene.view.key = "\033";
        assert_shows(&scene.view, 80, 24, "[\\x1b]\n");
        close_scene(&scene);
}

static void flat_is_by_pid_and_ties_still_meet(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        char *text, *keeper, *init, *low;

        (void)state;
        cast.fillers = 3;
        cast.init = 50;
        cast.keeper = 3300;
        open_scene(&scene, &cast);
        text = screen_text(&scene.view, 140, 40);
        keeper = strstr(text, "vitrine keeper");
        init = strstr(text, "═same═");
        assert_true(keeper && init && keeper < init);
        assert_non_null(strstr(text, "└─sleep 3600"));
        free(text);
        scene.view.flat = true;
        text = screen_text(&scene.view, 140, 40);
        keeper = strstr(text, "vitrine keeper");
        init = strstr(text, "═same═");
        low = strstr(text, "│     100      1 root   daemon");
        assert_true(keeper && init && low && init < low && low < keeper);
        assert_null(strstr(text, "─sleep 3600"));
        assert_null(strstr(text, "├─"));
        assert_non_null(strstr(text, "HOST  this machine: 8 processes, without arguments, by PID ─"));
        assert_non_null(strstr(text, "╪╪═══   1     0 0 root   sleep 3600"));
        free(text);
        close_scene(&scene);
}

static void a_change_is_marked_from_old_to_new(void **state)
{
        struct cast_of cast = first_cast(), old = first_cast();
        struct scene scene;

        (void)state;
        cast.effective = cast.bounding = MASK_NO_KILL;
        open_scene(&scene, &cast);
        open_before(&scene, &old);
        assert_shows(&scene.view, 100, 24,
                     "┌ CAPABILITIES  root in 41 pieces: 13 held  -KILL: …fb → …db ───");
        assert_hides(&scene.view, 100, 24, "root → ");
        close_scene(&scene);
        cast = first_cast();
        cast.uid = 1000;
        cast.effective = 0;
        open_scene(&scene, &cast);
        open_before(&scene, &old);
        assert_hides(&scene.view, 80, 24, "root → student");
        assert_shows(&scene.view, 100, 24, "alice   same number   root → student\n");
        assert_shows(&scene.view, 140, 40, "alice   same number   root → student ");
        scene.view.ascii = true;
        assert_shows(&scene.view, 100, 24, "same number   root -> student\n");
        close_scene(&scene);
        cast.uid = 4242;
        open_scene(&scene, &cast);
        open_before(&scene, &old);
        assert_shows(&scene.view, 100, 24, "root → 4242\n");
        close_scene(&scene);
}

static void every_view_stays_inside_every_size(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.kernel = "Linux 6.18";
        for (int cols = 1; cols <= 300; cols += cols < 150 ? 3 : 29)
                for (int rows = 1; rows <= 100; rows += rows < 45 ? 1 : 11) {
                        scene.view.focus = (enum pane)((cols + rows) % PANE_N);
                        scene.view.ns = (unsigned)rows % NS_T_N;
                        scene.view.info_name = rows % 3 == 0 ? "SYS_ADMIN" : NULL;
                        scene.view.info_kind = "capability";
                        scene.view.info_text = caps_info(31)->sentence;
                        scene.view.column[0] = scene.view.column[1] = (unsigned)cols % 4;
                        scene.view.big = cols % 2;
                        scene.view.flat = rows % 2;
                        scene.view.mono = cols % 5 == 0;
                        scene.view.key = rows % 4 == 0 ? "space" : NULL;
                        scene.view.host_kind = cols % 2 ? "virtual machine" : "container";
                        scene.view.age_s[0] = (uint64_t)(cols * rows);
                        scene.view.blind[1] = cols % 3 ? NULL : "the program that reads /proc has ended";
                        free(screen_text(&scene.view, cols, rows));
                }
        scene.view.now = NULL;
        for (int focus = 0; focus < PANE_N; focus++) {
                scene.view.focus = (enum pane)focus;
                free(screen_text(&scene.view, 80, 24));
                free(screen_text(&scene.view, 140, 40));
        }
        close_scene(&scene);
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(namespaces_open_over_the_lower_part),
                cmocka_unit_test(an_own_network_holds_lo_alone),
                cmocka_unit_test(the_box_lists_namespaces_where_it_has_room),
                cmocka_unit_test(an_unreadable_namespace_is_not_called_own),
                cmocka_unit_test(the_cursor_stands_on_the_picked_namespace),
                cmocka_unit_test(a_click_finds_the_namespace_that_is_drawn_there),
                cmocka_unit_test(what_is_this_lies_beside_the_thing),
                cmocka_unit_test(every_sentence_fits_the_smallest_screen),
                cmocka_unit_test(the_picked_column_is_marked),
                cmocka_unit_test(the_title_says_what_the_host_is),
                cmocka_unit_test(nothing_old_is_without_its_age),
                cmocka_unit_test(an_ended_container_says_how_long_ago),
                cmocka_unit_test(what_goes_on_beside_an_ended_container_is_not_called_ended),
                cmocka_unit_test(a_reader_that_has_ended_is_named),
                cmocka_unit_test(big_is_bold_with_fewer_columns),
                cmocka_unit_test(the_last_key_stands_at_the_right_of_the_bar),
                cmocka_unit_test(flat_is_by_pid_and_ties_still_meet),
                cmocka_unit_test(a_change_is_marked_from_old_to_new),
                cmocka_unit_test(every_view_stays_inside_every_size),
        };

        return cmocka_run_group_tests_name("ui_views", tests, use_utf8, NULL);
}
