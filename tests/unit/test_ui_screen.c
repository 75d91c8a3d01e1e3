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
#include "ui_scene.h"

static void the_first_scene_is_the_mock_up(void **state)
{
        static const char expected[] =
                " same as: docker run ubuntu sleep 3600                          ● running 00:42\n"
                "┌ HOST  this machine: 74 processes ──────┐┌ CONTAINER  sees 1 process ─────────┐\n"
                "│     PID   PPID USER   COMMAND          ││    PID  PPID USER     COMMAND      │\n"
                "│       1      0 root   systemd          ││ one process, two numbers (PIDs):   │\n"
                "│    3299   3290 root   vitrine keeper   ││ 3301 on the machine, 1 in here     │\n"
                "│►   3301   3299 root   sleep 3600 ═same═╪╪═══   1     0 root     sleep 3600   │\n"
                "│    3340      1 alice  firefox          ││ the other 73 are invisible here    │\n"
                "└────────────────────────────────────────┘└────────────────────────────────────┘\n"
                " USER  in here: uid 0 root   on the machine: uid 0 root   the same root\n"
                "┌ CAPABILITIES  root in 41 pieces: 14 held ─────── effective 00000000a80425fb ─┐\n"
                "│ effective, read down; 1 = held  ● held   ○ allowed, not held   · not allowed │\n"
                "│ 0 0000                                                   ·checkpoint_restore │\n"
                "│ 0 0000 ·bpf              ·perfmon          ·audit_read       ·block_suspend  │\n"
                "│ 0 0000 ·wake_alarm       ·syslog           ·mac_admin        ·mac_override   │\n"
                "│ a 1010 ●SETFCAP          ·audit_control    ●AUDIT_WRITE      ·lease          │\n"
                "│ 8 1000 ●MKNOD            ·sys_tty_config   ·sys_time         ·sys_resource   │\n"
                "│ 0 0000 ·sys_nice         ·sys_boot         ·sys_admin        ·sys_pacct      │\n"
                "│ 4 0100 ·sys_ptrace       ●SYS_CHROOT       ·sys_rawio        ·sys_module     │\n"
                "│ 2 0010 ·ipc_owner        ·ipc_lock         ●NET_RAW          ·net_admin      │\n"
                "│ 5 0101 ·net_broadcast    ●NET_BIND_SERVICE ·linux_immutable  ●SETPCAP        │\n"
                "│ f 1111 ●SETUID           ●SETGID           ●KILL             ●FSETID         │\n"
                "│ b 1011 ●FOWNER           ·dac_read_search  ●DAC_OVERRIDE     ●CHOWN          │\n"
                "└ KILL (bit 5) signal other users' processes   space: drop it ─────────────────┘\n"
                " u: stop being root   ↑↓←→ pick, space: add or drop   l:lessons ?:help  q:quit\n";
        struct cast_of cast = first_cast();
        struct scene scene;
        char *text;

        (void)state;
        open_scene(&scene, &cast);
        text = screen_text(&scene.view, 80, 24);
        assert_string_equal(text, expected);
        free(text);
        close_scene(&scene);
}

static void user_1000_without_kill_is_the_mock_up(void **state)
{
        static const char expected[] =
                " same as: docker run --user=1000 --cap-drop=KILL ubuntu sleep 3600      ● 00:03\n"
                "┌ HOST  this machine: 74 processes ──────┐┌ CONTAINER  sees 1 process ─────────┐\n"
                "│     PID   PPID USER   COMMAND          ││    PID  PPID USER     COMMAND      │\n"
                "│       1      0 root   systemd          ││ 3318 ended; NEW container: 3324    │\n"
                "│    3322   3290 root   vitrine keeper   ││ KILL dropped: 14 allowed, now 13   │\n"
                "│►   3324   3322 alice  sleep 3600 ═same═╪╪═══   1     0 student  sleep 3600   │\n"
                "│    3340      1 alice  firefox          ││ not root: 13 held became 0         │\n"
                "└────────────────────────────────────────┘└────────────────────────────────────┘\n"
                " USER  in here: uid 1000 student   on the machine: uid 1000 alice   same number\n"
                "┌ CAPABILITIES  0 held: effective 0000000000000000 ── 13 ○: bounding a80425db ─┐\n"
                "│ effective, read down; 1 = held  ● held   ○ allowed, not held   · not allowed │\n"
                "│ 0 0000                                                   ·checkpoint_restore │\n"
                "│ 0 0000 ·bpf              ·perfmon          ·audit_read       ·block_suspend  │\n"
                "│ 0 0000 ·wake_alarm       ·syslog           ·mac_admin        ·mac_override   │\n"
                "│ 0 0000 ○setfcap          ·audit_control    ○audit_write      ·lease          │\n"
                "│ 0 0000 ○mknod            ·sys_tty_config   ·sys_time         ·sys_resource   │\n"
                "│ 0 0000 ·sys_nice         ·sys_boot         ·sys_admin        ·sys_pacct      │\n"
                "│ 0 0000 ·sys_ptrace       ○sys_chroot       ·sys_rawio        ·sys_module     │\n"
                "│ 0 0000 ·ipc_owner        ·ipc_lock         ○net_raw          ·net_admin      │\n"
                "│ 0 0000 ·net_broadcast    ○net_bind_service ·linux_immutable  ○setpcap        │\n"
                "│ 0 0000 ○setuid           ○setgid           ·kill             ○fsetid         │\n"
                "│ 0 0000 ○fowner           ·dac_read_search  ○dac_override     ○chown          │\n"
                "└ KILL (bit 5) signal other users' processes   space: allow it again ──────────┘\n"
                " z: undo  u: next user  ↑↓←→ pick, space: add or drop  l:lessons ?:help  q:quit\n";
        struct cast_of cast = first_cast(), old = first_cast();
        struct scene scene;
        char *text;

        (void)state;
        old.init = 3318;
        old.keeper = 3316;
        cast.init = 3324;
        cast.keeper = 3322;
        cast.uid = 1000;
        cast.bounding = MASK_NO_KILL;
        cast.effective = 0;
        open_scene(&scene, &cast);
        open_before(&scene, &old);
        scene.spec.caps.drop = caps_bit(5);
        scene.view.line = "docker run --user=1000 --cap-drop=KILL ubuntu sleep 3600";
        scene.view.clock_ms = 103999;
        text = screen_text(&scene.view, 80, 24);
        assert_string_equal(text, expected);
        free(text);
        close_scene(&scene);
}

static void ascii_needs_no_other_characters(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;
        char *text;

        (void)state;
        cast.effective = 0;
        cast.uid = 1000;
        open_scene(&scene, &cast);
        scene.view.ascii = true;
        scene.view.line = "docker run ubuntu r\303\251sum\303\251";
        for (int help = 0; help < 2; help++) {
                scene.view.help = help;
                text = screen_text(&scene.view, 120, 40);
                for (size_t i = 0; text[i]; i++)
                        assert_in_range((unsigned char)text[i], '\n', 0x7e);
                free(text);
        }
        scene.view.help = false;
        assert_shows(&scene.view, 80, 24,
                     "|>   3301   3299 alice  sleep 3600 =same=++===   1     0 student  ");
        assert_shows(&scene.view, 80, 24, "osetuid           osetgid          [okill]            ofsetid");
        assert_shows(&scene.view, 140, 40, "|-vitrine");
        assert_shows(&scene.view, 80, 24, "arrows: pick, space: add or drop");
        close_scene(&scene);
}

static void colour_says_nothing_alone(void **state)
{
        struct cast_of cast = first_cast(), old = first_cast();
        struct scene scene;
        struct grid grid;

        (void)state;
        cast.effective = cast.bounding = MASK_NO_KILL;
        open_scene(&scene, &cast);
        open_before(&scene, &old);
        scene.view.mono = true;
        grid_init(&grid, 80, 24);
        ui_draw(&scene.view, &grid);
        /* The digit d of bits 7 to 4 and its third bit have changed, and KILL's cell, which is selected. */
        assert_int_equal(grid_at(&grid, 2, 20)->c, 'd');
        assert_int_equal(grid_at(&grid, 2, 20)->role, ROLE_CHANGED);
        assert_true(grid_at(&grid, 2, 20)->attr & ATTR_BOLD);
        assert_int_equal(grid_at(&grid, 6, 20)->role, ROLE_CHANGED);
        assert_int_equal(grid_at(&grid, 5, 20)->role, ROLE_TEXT);
        assert_int_equal(grid_at(&grid, 44, 20)->c, '[');
        assert_int_equal(grid_at(&grid, 46, 20)->role, ROLE_CHANGED);
        assert_int_equal(grid_at(&grid, 50, 20)->c, ']');
        assert_int_equal(grid.cursor_x, 45);
        assert_int_equal(grid.cursor_y, 20);
        scene.view.mono = false;
        ui_draw(&scene.view, &grid);
        assert_int_equal(grid_at(&grid, 44, 20)->c, ' ');
        assert_true(grid_at(&grid, 46, 20)->attr & ATTR_REVERSE);
        grid_finish(&grid);
        close_scene(&scene);
}

static void what_space_does_stands_in_the_border(void **state)
{
        struct cast_of cast = first_cast();
        const struct {
                struct cap_request request;
                uint64_t missing;
                unsigned bit;
                const char *says;
        } cases[] = {
                { { 0 }, 0, 5, "KILL (bit 5) signal other users' processes   space: drop it ─" },
                { { 0 }, 0, 33, "MAC_ADMIN (bit 33) change mandatory access rules   space: add it ─" },
                { { .drop = 0x20 }, 0, 5, "   space: allow it again ─" },
                { { .drop_all = true }, 0, 5, "   space: allow it again ─" },
                { { .drop_all = true }, 0, 33, "   space: add it ─" },
                { { .privileged = true }, 0, 5, "   --privileged holds it ─" },
                { { .privileged = true }, 0, 33, "   --privileged: no change ─" },
                { { 0 },
                  1 << 24,
                  24,
                  "SYS_RESOURCE (bit 24) go beyond resource limits   this machine lacks it ─" },
                { { 0 },
                  0,
                  40,
                  "CHECKPOINT_RESTORE (bit 40) freeze and restore processes   space: add it ─" },
        };
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                scene.spec.caps = cases[i].request;
                scene.view.machine_missing = cases[i].missing;
                scene.view.cap = cases[i].bit;
                assert_shows(&scene.view, 80, 24, cases[i].says);
        }
        close_scene(&scene);
}

static void what_cannot_be_regained_is_not_allowed(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        cast.uid = 1000;
        cast.effective = 0;
        for (int i = 0; i < 3; i++) {
                cast.no_new_privs = i == 1;
                cast.mode = i == 2 ? MODE_ONE_ID : MODE_ROOT;
                open_scene(&scene, &cast);
                assert_shows(&scene.view, 80, 24, i == 0 ? "○kill" : "· not allowed");
                assert_shows(&scene.view, 80, 24,
                             i == 0 ? "14 ○: bounding a80425fb" : "0 ○: bounding a80425fb");
                if (i != 0)
                        assert_hides(&scene.view, 80, 24, "○kill");
                close_scene(&scene);
        }
}

static void the_user_line_follows_the_ids(void **state)
{
        static const struct {
                uint32_t in, out;
                bool userns, net, nnp;
                int seccomp;
                const char *says;
        } cases[] = {
                { 0, 0, false, false, false, 2, "uid 0 root   on the machine: uid 0 root   the same root\n" },
                { 0, 1001, true, false, false, 2,
                  " USER  in here: uid 0 root   on the machine: uid 1001 alice   root in here only\n" },
                { 0, 0, true, false, false, 2, "on the machine: uid 0 root   root in here only\n" },
                { 1000, 1000, false, false, false, 2, "on the machine: uid 1000 alice   same number\n" },
                { 1000, 1001, true, false, false, 2,
                  "uid 1000 student   on the machine: uid 1001 alice   two numbers\n" },
                { 4242, 4242, false, false, false, 2,
                  "in here: uid 4242   on the machine: uid 4242   same number\n" },
                { 0, 0, false, true, false, 2, "on the machine: uid 0 root   shares: net\n" },
                { 0, 0, false, false, true, 2, "on the machine: uid 0 root   no-new-privs\n" },
                { 0, 0, false, false, false, 0, "on the machine: uid 0 root   no seccomp\n" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct cast_of cast = first_cast();
                struct scene scene;

                cast.uid = cases[i].in;
                cast.uid_outside = cases[i].out;
                cast.own_userns = cases[i].userns;
                cast.net_shared = cases[i].net;
                cast.no_new_privs = cases[i].nnp;
                cast.seccomp = cases[i].seccomp;
                open_scene(&scene, &cast);
                assert_shows(&scene.view, 80, 24, cases[i].says);
                close_scene(&scene);
        }
}

static void the_title_names_the_state(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.rootless = true;
        assert_shows(&scene.view, 80, 24, "sleep 3600                 rootless ● running 00:42\n");
        scene.view.clock_ms = 100000 + 3661000;
        assert_shows(&scene.view, 80, 24, "rootless ● running 1:01:01\n");
        scene.view.line =
                "docker run --user=1000 --cap-add=MAC_ADMIN --cap-drop=KILL --pid=host ubuntu sleep 3600";
        assert_shows(&scene.view, 80, 24,
                     " same as: docker run --user=1000 --cap-add=MAC_ADMIN --cap…  rootless ● 1:01:01\n");
        scene.view.state = RUN_ENDED;
        scene.view.exit_status = 137;
        scene.view.line = "docker run ubuntu sleep 3600";
        assert_shows(&scene.view, 80, 24, "rootless exited (137)\n");
        assert_shows(&scene.view, 80, 24, "││ 3301 ended: this was the last view │");
        assert_shows(&scene.view, 80, 24, "CONTAINER  ended: it saw 1 process");
        assert_shows(&scene.view, 80, 24, "sleep 3600 ended═╪╪═══   1     0 root     sleep … ended│");
        assert_shows(&scene.view, 80, 24, "\n r: start again   u: stop being root");
        close_scene(&scene);
}

static void the_smallest_screen_scrolls_by_digit(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        assert_shows(&scene.view, 60, 16, "│►   3301 root   sleep 3600 ══╪╪═══   1 root     sleep 3600│");
        assert_shows(&scene.view, 60, 16, "┌ CAPABILITIES  14 held ────── effective 00000000a80425fb ─┐");
        assert_shows(&scene.view, 60, 16, "│ f 1111 ●SETUID     ●SETGID     ●KILL       ●FSETID       │");
        assert_shows(&scene.view, 60, 16, "●NET_BIND_…");
        assert_hides(&scene.view, 60, 16, "checkpoint");
        assert_hides(&scene.view, 60, 16, "PPID");
        assert_shows(&scene.view, 60, 16, "\n u: stop being root   space: add or drop   ?:help  q:quit\n");
        assert_shows(&scene.view, 60, 16, "\n USER  in here: 0 root   on the machine: 0 root\n");
        scene.view.cap = 10;
        assert_shows(&scene.view, 60, 16, "└ NET_BIND_SERVICE (bit 10) listen on ");
        assert_shows(&scene.view, 60, 16, "space: drop it ┘");
        scene.view.cap = 40;
        assert_shows(&scene.view, 60, 16, "·checkpoint_restore │");
        assert_shows(&scene.view, 59, 16, "needs 60x16, this is 59x16\n");
        assert_shows(&scene.view, 60, 15, "needs 60x16");
        scene.view.dialog_title = "Privileged?";
        assert_shows(&scene.view, 30, 5, "y/n: Privileged?\nneeds 60x16, this is 30x5\n");
        assert_shows(&scene.view, 8, 1, "y/n: ");
        scene.view.dialog_title = NULL;
        close_scene(&scene);
}

static void a_dialog_and_the_help_lie_over_the_panes(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.dialog_title = "Privileged?";
        scene.view.dialog_text = "What runs inside could load kernel modules. Launch it?";
        assert_shows(&scene.view, 80, 24, "┌ Privileged? ───");
        assert_shows(&scene.view, 80, 24, "│ What runs inside could load kernel modules. Launch it? ");
        assert_shows(&scene.view, 80, 24, "│ y: yes   n, Esc: no ");
        scene.view.dialog_title = NULL;
        scene.view.help = true;
        assert_shows(&scene.view, 80, 24, "┌ KEYS ───");
        assert_shows(&scene.view, 80, 24,
                     "│ u           run as the next user: root, 1000, the image's own (--user)");
        scene.view.help_scroll = 1000000;
        assert_shows(&scene.view, 60, 16, "Ctrl-C");
        assert_shows(&scene.view, 60, 16, "│ mouse       a click picks, the wheel scrolls; ");
        assert_hides(&scene.view, 60, 16, "go to another capability");
        close_scene(&scene);
}

/* Every word can be read, and that there are more is said. */
static void a_dialog_without_room_for_its_text_scrolls(void **state)
{
        struct cast_of cast = first_cast();
        struct reach reach = { .dialog = 0 };
        bool seen[150] = { false };
        struct str text = { 0 };
        struct scene scene;
        int n = sizeof(seen) / sizeof(seen[0]);

        (void)state;
        for (int i = 0; i < n; i++)
                str_add_f(&text, "word%d. ", i);
        str_add(&text, "Launch it?");
        open_scene(&scene, &cast);
        scene.view.reach = &reach;
        scene.view.dialog_title = "Privileged?";
        scene.view.dialog_text = text.s;
        scene.view.dialog_page = true;
        assert_shows(&scene.view, 60, 16, "│ word0. word1. ");
        assert_shows(&scene.view, 60, 16, "─ ↓ more below ─┘");
        assert_true(reach.dialog > 0);
        for (int y = 0; y <= reach.dialog; y++) {
                own_free char *screen = NULL;

                scene.view.dialog_scroll = y;
                screen = screen_text(&scene.view, 60, 16);
                for (int i = 0; i < n; i++) {
                        own_free char *word = xasprintf(" word%d. ", i);

                        seen[i] |= strstr(screen, word) != NULL;
                }
                assert_int_equal(strstr(screen, "↓ more below") != NULL, y < reach.dialog);
                assert_int_equal(strstr(screen, "↑ more above") != NULL, y == reach.dialog);
                assert_int_equal(strstr(screen, "y, PgDn: yes") != NULL, y == reach.dialog);
                assert_int_equal(strstr(screen, "Launch it?") != NULL, y == reach.dialog);
                assert_non_null(strstr(screen, "n, Esc: no"));
        }
        for (int i = 0; i < n; i++)
                assert_true(seen[i]);
        /* A scroll from a smaller screen. */
        scene.view.dialog_scroll = 1000;
        assert_shows(&scene.view, 60, 16, "Launch it?");
        assert_shows(&scene.view, 140, 60, "│ word0. word1. ");
        assert_int_equal(reach.dialog, 0);
        assert_shows(&scene.view, 140, 60, "y, PgDn: yes");
        assert_hides(&scene.view, 140, 60, "more ");
        scene.view.dialog_scroll = 0;
        scene.view.ascii = true;
        assert_shows(&scene.view, 60, 16, "- v more below -");
        str_finish(&text);
        close_scene(&scene);
}

static void trouble_takes_the_bar_and_lines_above_it(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.trouble = "nothing to undo";
        assert_shows(&scene.view, 80, 24, "space: drop it ─────────────────┘\n nothing to undo\n");
        scene.view.trouble =
                "mount /proc in the container: Operation not permitted - this machine refuses it, "
                "and \033]0;nothing\a else";
        assert_shows(&scene.view, 80, 24,
                     "\n mount /proc in the container: Operation not permitted - this machine");
        assert_shows(&scene.view, 80, 24, "\\x1b]0;nothing\\x07 else\n");
        close_scene(&scene);
}

static void what_is_not_as_asked_is_said(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        open_scene(&scene, &cast);
        scene.view.image_note = "image ubuntu is not on this machine: demo root";
        assert_shows(&scene.view, 80, 24, "└ image ubuntu is not on this machine: ──┘└ demo root ────");
        scene.view.image_brief = "no image ubuntu here: demo root";
        assert_shows(&scene.view, 80, 24, "──┘└ no image ubuntu here: demo root ───┘");
        assert_shows(&scene.view, 60, 16, "─┘└ no image here: demo root ─");
        assert_hides(&scene.view, 80, 24, "image ubuntu is not");
        assert_shows(&scene.view, 140, 40, "└ image ubuntu is not on this machine: demo root ───");
        scene.view.machine_missing = caps_bit(24);
        assert_shows(&scene.view, 80, 24,
                     "│ 0 0000 this machine's bounding set lacks SYS_RESOURCE    ·check");
        assert_shows(&scene.view, 80, 24, "!sys_resource");
        assert_shows(&scene.view, 140, 40, "! this machine's own bounding set lacks SYS_RESOURCE");
        scene.now.host_table.trouble = xstrdup("/proc is mounted with hidepid=2: only own processes");
        assert_shows(&scene.view, 80, 24, "└ /proc is mounted with hidepid=2: only…");
        scene.now.n_host = 0;
        assert_shows(&scene.view, 80, 24, "│ not readable: /proc is mounted with ");
        scene.view.now = NULL;
        scene.view.state = RUN_STARTING;
        assert_shows(&scene.view, 80, 24, "○ starting\n");
        close_scene(&scene);
}

static void every_size_stays_inside(void **state)
{
        struct cast_of cast = first_cast();
        struct scene scene;

        (void)state;
        cast.extra = "sh with \345\256\271\345\231\250 wide characters";
        open_scene(&scene, &cast);
        scene.view.image_note = "image ubuntu is not on this machine: demo root";
        for (int cols = 1; cols <= 300; cols += cols < 130 ? 1 : 17)
                for (int rows = 1; rows <= 100; rows += rows < 45 ? 3 : 11) {
                        scene.view.help = (cols + rows) % 3 == 0;
                        scene.view.dialog_title = (cols + rows) % 5 == 0 ? "A question?" : NULL;
                        scene.view.dialog_text =
                                "Many words, and-one-that-is-very-long-indeed-and-goes-on-and-on-"
                                "for-more-than-a-line-of-the-dialog.";
                        scene.view.focus = (enum pane)(rows % 3);
                        scene.view.cap = (unsigned)(cols + rows) % CAPS_N;
                        scene.view.ascii = cols % 2;
                        free(screen_text(&scene.view, cols, rows));
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
                cmocka_unit_test(the_first_scene_is_the_mock_up),
                cmocka_unit_test(user_1000_without_kill_is_the_mock_up),
                cmocka_unit_test(ascii_needs_no_other_characters),
                cmocka_unit_test(colour_says_nothing_alone),
                cmocka_unit_test(what_space_does_stands_in_the_border),
                cmocka_unit_test(what_cannot_be_regained_is_not_allowed),
                cmocka_unit_test(the_user_line_follows_the_ids),
                cmocka_unit_test(the_title_names_the_state),
                cmocka_unit_test(the_smallest_screen_scrolls_by_digit),
                cmocka_unit_test(a_dialog_and_the_help_lie_over_the_panes),
                cmocka_unit_test(a_dialog_without_room_for_its_text_scrolls),
                cmocka_unit_test(trouble_takes_the_bar_and_lines_above_it),
                cmocka_unit_test(what_is_not_as_asked_is_said),
                cmocka_unit_test(every_size_stays_inside),
        };

        return cmocka_run_group_tests_name("ui_screen", tests, use_utf8, NULL);
}
