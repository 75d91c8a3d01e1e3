/* SPDX-License-Identifier: MIT */
/* What is typed into the real program, and what /proc says of the container that it gives. */
#include "config.h"

#include "scene.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"

#define FIRST_LINE "same as: docker run ubuntu sleep 3600"
#define ENTER "\r"
#define ESCAPE "\033"
#define CLEAR "\025" /* C-u */

/* Wide enough for the longest line in the title, rootless or not. */
static struct screen *open_wide(struct scene *scene)
{
        struct screen *screen = scene_start(scene, NULL, NULL, 120, 24);

        screen_wait_text(screen, FIRST_LINE);
        tie_wait_status(screen, "Name", "sleep");
        return screen;
}

/* Opens a line and waits until it is there: the keys before it have been taken then. */
static void open_line(struct screen *screen, const char *key, const char *title)
{
        screen_send(screen, key);
        screen_wait_text(screen, title);
}

static void leave_line(struct screen *screen, const char *title)
{
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, title);
}

/* The container that runs is still that one. */
static void assert_same(struct screen *screen, const struct tie *before)
{
        struct tie now = tie_wait_status(screen, "Name", "sleep");

        assert_int_equal(now.host, before->host);
        assert_true(proc_lives(before->host));
}

static void a_adds_a_capability_by_its_name(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);
        char mask[17];
        int x, y;

        open_line(screen, "a", "add capability:");
        screen_wait_text(screen, "Enter: add   Tab: complete   Esc: leave");
        screen_send(screen, "cap_mac_a");
        screen_wait_text(screen, " add capability: cap_mac_a");
        screen_wait_text(screen, " MAC_ADMIN  ");
        screen_cursor(screen, &x, &y);
        assert_int_equal(x, 26);
        assert_int_equal(y, 23);
        assert_true(screen_shows_cursor(screen));
        screen_send(screen, "dmin" ENTER);
        screen_wait_text(screen, "same as: docker run --cap-add=MAC_ADMIN ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", scene_mask(scene, BIT(CAP_MAC_ADMIN_BIT), 0, mask));
        screen_wait_no_text(screen, "add capability:");
        screen_wait_text(screen, "MAC_ADMIN (bit 33)");
        scene_leave(screen);
}

static void d_drops_a_capability_that_tab_completes(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char mask[17];

        open_line(screen, "d", "drop capability:");
        screen_send(screen, "ki\t");
        screen_wait_text(screen, " drop capability: KILL");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "same as: docker run --cap-drop=KILL ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
        tie_wait_status(screen, "CapBnd", mask);
        /* Added by name it takes the flag back. */
        open_line(screen, "a", "add capability:");
        screen_send(screen, "KILL" ENTER);
        screen_wait_text(screen, FIRST_LINE);
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
}

static void all_is_a_name_too(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);
        char all[32] = "000001ffffffffff";

        open_line(screen, "d", "drop capability:");
        screen_send(screen, "all" ENTER);
        screen_wait_text(screen, "same as: docker run --cap-drop=ALL ubuntu sleep 3600");
        tie_wait_status(screen, "CapBnd", "0000000000000000");
        open_line(screen, "a", "add capability:");
        screen_send(screen, "chown" ENTER);
        screen_wait_text(screen, "docker run --cap-add=CHOWN --cap-drop=ALL ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", "0000000000000001");
        /* All of them give the machine away, as real root. */
        open_line(screen, "a", "add capability:");
        screen_send(screen, "ALL" ENTER);
        if (!scene->user) {
                screen_wait_text(screen, "Launch it?");
                screen_send(screen, "y");
                assert_true(proc_status(getpid(), "CapBnd", all, sizeof(all)));
        }
        screen_wait_text(screen, "same as: docker run --cap-add=ALL ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", all);
}

static void an_unknown_name_is_refused_in_the_command_lines_words(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);
        struct tie before;
        char mask[17];

        before = tie_wait_status(screen, "Name", "sleep");
        open_line(screen, "a", "add capability:");
        screen_send(screen, "mac_admn" ENTER);
        screen_wait_text(screen, " --cap-add mac_admn: unknown capability: \"CAP_MAC_ADMN\"");
        screen_wait_text(screen, "MAC_ADMIN?");
        screen_wait_text(screen, " add capability: mac_admn");
        assert_same(screen, &before);
        /* It can be mended in place. */
        screen_send(screen, "\177in" ENTER);
        screen_wait_text(screen, "--cap-add=MAC_ADMIN");
        tie_wait_status(screen, "CapEff", scene_mask(scene, BIT(CAP_MAC_ADMIN_BIT), 0, mask));
        open_line(screen, "d", "drop capability:");
        screen_send(screen, "kil" ENTER);
        screen_wait_text(screen, " --cap-drop kil: unknown capability: \"CAP_KIL\"");
        screen_send(screen, CLEAR ENTER);
        screen_wait_text(screen, "a capability's name as in capabilities(7), or ALL");
        screen_send(screen, "sys_admin" ENTER);
        screen_wait_text(screen, "is not allowed already");
        leave_line(screen, "drop capability:");
        screen_wait_text(screen, "?:help");
}

static void under_privileged_there_is_nothing_to_add(void **state)
{
        static const char *const args[] = { "--privileged", NULL };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 80, 24);

        if (!scene->user) {
                screen_wait_text(screen, "Launch it?");
                screen_send(screen, "y");
        }
        tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "a");
        screen_wait_text(screen, "--privileged holds every capability");
        assert_int_equal(screen_find(screen, "add capability:"), -1);
}

/* By podman's rules it makes the capability effective for who is not root, though it is allowed already. */
static void a_name_counts_for_the_images_own_user(void **state)
{
        static const char dockerfile[] = "FROM demo\nUSER student\n";
        static const char *const args[] = { "--engine=podman", NULL };
        struct scene *scene = *state;
        char dir[] = "/tmp/vitrine-built.XXXXXX", mask[17];
        own_free char *home = NULL, *line = NULL, *path = NULL, *gone = NULL;
        own_fd int fd = -1;
        struct screen *screen;

        assert_non_null(mkdtemp(dir));
        assert_int_equal(chmod(dir, 0777), 0);
        path = xasprintf("%s/Dockerfile", dir);
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        assert_true(fd >= 0 && io_write_all(fd, dockerfile, sizeof(dockerfile) - 1));
        home = xasprintf("XDG_DATA_HOME=%s", dir);
        screen = scene_start(scene, args, (const char *const[]){ home, NULL }, 120, 24);
        screen_wait_text(screen, "same as: podman run ubuntu sleep 3600");
        open_line(screen, "c", " line: ");
        line = xasprintf(CLEAR "podman build -t mine %s" ENTER, dir);
        screen_send(screen, line);
        screen_wait_text(screen, "built mine:latest on the demo root");
        open_line(screen, "c", " line: ");
        screen_send(screen, CLEAR "podman run mine sleep 3600" ENTER);
        screen_wait_text(screen, " USER  in here: uid 1000 student");
        tie_wait_status(screen, "CapEff", "0000000000000000");
        open_line(screen, "a", "add capability:");
        screen_send(screen, "kill" ENTER);
        screen_wait_text(screen, "same as: podman run --cap-add=KILL mine sleep 3600");
        snprintf(mask, sizeof(mask), "%016llx", (unsigned long long)BIT(CAP_KILL_BIT));
        tie_wait_status(screen, "CapEff", mask);
        scene_leave(screen);
        gone = xasprintf("rm -rf %s", dir);
        assert_int_equal(system(gone), 0);
}

/* The uid on the machine of who is that uid inside. */
static const char *uid_outside(struct scene *scene, struct screen *screen, const char *inside, char *own,
                               size_t size)
{
        /* Without root there is one id on the machine: the user's own. */
        if (!scene->user)
                return inside;
        assert_true(proc_status(screen_pid(screen), "Uid", own, size));
        return own;
}

static void u_types_a_user(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);
        char own[32], mask[17];
        struct tie before;

        open_line(screen, "U", "user:");
        screen_wait_text(screen, "root  student  nobody");
        screen_send(screen, "stu\t" ENTER);
        screen_wait_text(screen, "same as: docker run --user=student ubuntu sleep 3600");
        tie_wait_status(screen, "Uid", uid_outside(scene, screen, "1000", own, sizeof(own)));
        tie_wait_status(screen, "CapEff", "0000000000000000");
        screen_wait_text(screen, " USER  in here: uid 1000 student");
        open_line(screen, "U", "user:");
        screen_send(screen, "nosuch" ENTER);
        screen_wait_text(screen, "unable to find user nosuch: no matching entries in passwd file");
        before = tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, CLEAR "-1" ENTER);
        screen_wait_text(screen, "uids and gids must be in range 0-2147483647");
        assert_same(screen, &before);
        screen_send(screen, CLEAR "1000:1000" ENTER);
        screen_wait_text(screen, "same as: docker run --user=1000:1000 ubuntu sleep 3600");
        tie_wait_status(screen, "Uid", uid_outside(scene, screen, "1000", own, sizeof(own)));
        open_line(screen, "U", "user:");
        screen_send(screen, ENTER);
        screen_wait_text(screen, FIRST_LINE);
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, 0, mask));
}

static bool has_command(pid_t pid, const char *wanted, size_t n)
{
        own_free char *path = xasprintf("/proc/%d/cmdline", (int)pid);
        own_free char *text = NULL;
        own_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
        size_t len;

        return fd >= 0 && io_read_all(fd, 4096, &text, &len) && len == n && memcmp(text, wanted, n) == 0;
}

static void c_launches_a_whole_docker_line(void **state)
{
        static const char command[] = "sleep\0001000";
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);
        struct tie before, now;
        char own[32];

        before = tie_wait_status(screen, "Name", "sleep");
        open_line(screen, "c", " line: docker run ubuntu sleep 3600");
        screen_send(screen, CLEAR "docker run --user 1000 --cap-drop ALL ubuntu sleep 1000" ENTER);
        screen_wait_text(screen, "same as: docker run --user=1000 --cap-drop=ALL ubuntu sleep 1000");
        now = tie_wait_other(screen, before.host);
        tie_wait_status(screen, "CapBnd", "0000000000000000");
        now = tie_wait_status(screen, "Uid", uid_outside(scene, screen, "1000", own, sizeof(own)));
        assert_true(has_command(now.host, command, sizeof(command)));
        screen_wait_no_text(screen, " line: ");
        scene_leave(screen);
}

static void c_reads_a_line_as_it_is_pasted(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);

        open_line(screen, "c", " line: docker run ubuntu sleep 3600");
        screen_send(screen, CLEAR "run --cap-drop KILL ubuntu sleep 1001" ENTER);
        screen_wait_text(screen, "same as: docker run --cap-drop=KILL ubuntu sleep 1001");
        open_line(screen, "c", " line: docker run --cap-drop=KILL ubuntu sleep 1001");
        screen_send(screen, CLEAR "$ docker run --cap-drop CHOWN ubuntu sleep 1002" ENTER);
        screen_wait_text(screen, "same as: docker run --cap-drop=CHOWN ubuntu sleep 1002");
        open_line(screen, "c", " line: docker run --cap-drop=CHOWN ubuntu sleep 1002");
        screen_send(screen, CLEAR "docker run -e A=$HOME ubuntu sleep 1003" ENTER);
        screen_wait_text(screen, "nothing takes the place of $HOME");
        screen_send(screen, ESCAPE);
        screen_wait_no_text(screen, " line: ");
        scene_leave(screen);
}

static void the_lines_that_ran_come_back(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);
        char mask[17];

        screen_send(screen, "K");
        screen_wait_text(screen, "same as: docker run --cap-drop=KILL ubuntu");
        screen_send(screen, "u");
        screen_wait_text(screen, "same as: docker run --user=1000 --cap-drop=KILL ubuntu");
        open_line(screen, "c", " line: docker run --user=1000 --cap-drop=KILL ubuntu sleep 3600");
        screen_send(screen, "\033OA");
        screen_wait_text(screen, " line: docker run --cap-drop=KILL ubuntu sleep 3600");
        screen_send(screen, "\033OA");
        screen_wait_text(screen, " line: docker run ubuntu sleep 3600");
        screen_send(screen, "\033OA\033OB");
        screen_wait_text(screen, " line: docker run --cap-drop=KILL ubuntu sleep 3600");
        screen_send(screen, ENTER);
        screen_wait_text(screen, "same as: docker run --cap-drop=KILL ubuntu");
        tie_wait_status(screen, "CapEff", scene_mask(scene, 0, BIT(CAP_KILL_BIT), mask));
}

static void what_is_typed_is_undone_and_redone(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);
        char whole[17], without[17];

        scene_mask(scene, 0, 0, whole);
        scene_mask(scene, 0, BIT(CAP_KILL_BIT), without);
        screen_send(screen, "dKILL" ENTER);
        tie_wait_status(screen, "CapEff", without);
        screen_send(screen, "Ustudent" ENTER);
        screen_wait_text(screen, "same as: docker run --user=student --cap-drop=KILL ubuntu");
        screen_send(screen, "c" CLEAR "docker run --hostname h ubuntu sleep 1000" ENTER);
        screen_wait_text(screen, "same as: docker run --hostname=h ubuntu sleep 1000");
        tie_wait_status(screen, "CapEff", whole);
        screen_send(screen, "z");
        screen_wait_text(screen, "same as: docker run --user=student --cap-drop=KILL ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", "0000000000000000");
        screen_send(screen, "z");
        screen_wait_text(screen, "same as: docker run --cap-drop=KILL ubuntu sleep 3600");
        tie_wait_status(screen, "CapEff", without);
        screen_send(screen, "z");
        screen_wait_text(screen, FIRST_LINE);
        tie_wait_status(screen, "CapEff", whole);
        screen_send(screen, "ZZZ");
        screen_wait_text(screen, "same as: docker run --hostname=h ubuntu sleep 1000");
        tie_wait_status(screen, "CapEff", whole);
}

/* The machine's PID namespace is asked for in every mode, by a typed line, and by undo and redo as well. */
static void undo_and_redo_ask_before_the_machines_processes_are_shared(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);
        struct tie before;

        before = tie_wait_status(screen, "Name", "sleep");
        screen_send(screen, "c" CLEAR "docker run --pid host ubuntu sleep 3600" ENTER);
        screen_wait_text(screen, "Launch it?");
        assert_int_equal(screen_find(screen, " line: "), -1);
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Launch it?");
        screen_wait_text(screen, FIRST_LINE);
        assert_same(screen, &before);
        screen_send(screen, "c" CLEAR "docker run --pid host ubuntu sleep 3600" ENTER);
        screen_wait_text(screen, "Launch it?");
        screen_send(screen, "y");
        screen_wait_text(screen, "same as: docker run --pid=host ubuntu sleep 3600");
        screen_send(screen, "z");
        screen_wait_text(screen, FIRST_LINE);
        screen_wait_text(screen, "CONTAINER  sees 1 process ");
        screen_wait_text(screen, "● running");
        assert_true(proc_lives(tie_wait_status(screen, "Name", "sleep").host));
        screen_send(screen, "Z");
        screen_wait_text(screen, "Launch it?");
        screen_send(screen, "n");
        screen_wait_no_text(screen, "Launch it?");
        screen_wait_text(screen, FIRST_LINE);
        screen_send(screen, "Z");
        screen_wait_text(screen, "Launch it?");
        screen_send(screen, "y");
        screen_wait_text(screen, "same as: docker run --pid=host ubuntu sleep 3600");
        scene_leave(screen);
}

static void a_line_that_is_none_is_refused_where_it_stands(void **state)
{
        static const struct {
                const char *line, *words;
        } cases[] = {
                { "docker run 'ubuntu", "the quote ' is not closed" },
                { "docker run --cap-dorp ALL ubuntu", "did you mean --cap-drop?" },
                { "docker run -v /:/host ubuntu", "-v /:/host: " },
                { "docker ps", "docker ps: only a `run` line says what a container is to be" },
                { "docker run --cap-drop KIL ubuntu", "did you mean KILL?" },
                { "docker run --cap-drop ALL", "the line names no image" },
                { "docker run --user nosuch ubuntu", "unable to find user nosuch" },
                { "docker run ubuntu /no/such/program", "/no/such/program" },
                /* What the command line prints as a hint. */
                { "docker run --security-opt seccomp=/nonexist.json ubuntu",
                  "seccomp=unconfined takes none" },
                { "docker run dir:/nonexist true", "the root of a file system (with bin, etc, usr)" },
                { "docker run --help ubuntu", "`vitrine run --help` lists the flags" },
                { "", "the line names no image" },
        };
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before;

        before = tie_wait_status(screen, "Name", "sleep");
        open_line(screen, "c", " line: docker run ubuntu sleep 3600");
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                own_free char *shown = xasprintf(" line:%s%s", *cases[i].line ? " " : "", cases[i].line);

                screen_send(screen, CLEAR);
                screen_send(screen, cases[i].line);
                screen_send(screen, ENTER);
                screen_wait_text(screen, cases[i].words);
                screen_wait_text(screen, shown);
                assert_same(screen, &before);
        }
        leave_line(screen, " line:");
        screen_wait_text(screen, FIRST_LINE);
        assert_same(screen, &before);
        scene_leave(screen);
}

/* A line that is broken over several, as it stands in a manual. */
static void a_broken_line_can_be_pasted(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);

        open_line(screen, "c", " line: ");
        screen_send(screen, CLEAR);
        screen_send(screen, "docker run \\\n  --cap-drop ALL \\\n  ubuntu sleep 1000\n");
        screen_wait_text(screen, "same as: docker run --cap-drop=ALL ubuntu sleep 1000");
        tie_wait_status(screen, "CapBnd", "0000000000000000");
}

static void a_name_is_held_while_its_container_is_shown(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);

        screen_send(screen, "c" CLEAR "docker run --name one ubuntu sleep 3600" ENTER);
        screen_wait_text(screen, "same as: docker run --name=one ubuntu sleep 3600");
        screen_send(screen, "c" CLEAR "docker run --name two ubuntu sleep 3600" ENTER);
        screen_wait_text(screen, "same as: docker run --name=two ubuntu sleep 3600");
        screen_send(screen, "z");
        screen_wait_text(screen, "same as: docker run --name=one ubuntu sleep 3600");
        screen_send(screen, "K");
        screen_wait_text(screen, "--cap-drop=KILL --name=one ubuntu sleep 3600");
        scene_leave(screen);
}

/* What ends at once may not have been seen: the container before it is not shown in its place. */
static void what_ends_at_once_is_not_shown_as_what_was_before(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = open_wide(scene);

        open_line(screen, "c", "line:");
        screen_send(screen, CLEAR "docker run --user=1000 --cap-drop=ALL ubuntu true" ENTER);
        screen_wait_text(screen, "exited (0)");
        screen_drain(screen);
        assert_int_equal(screen_find(screen, "uid 0 root"), -1);
        assert_int_equal(screen_find(screen, "14 held"), -1);
        assert_int_equal(screen_find(screen, "sleep 3600"), -1);
        if (screen_find(screen, "ended: not seen") < 0)
                assert_true(screen_find(screen, "it saw 1 process") >= 0);
        assert_true(screen_find(screen, "r: ") >= 0);
        screen_send(screen, "z");
        tie_wait_status(screen, "Name", "sleep");
        scene_leave(screen);
}

static void c_shows_a_line_whole_that_the_title_cuts(void **state)
{
        static const char *const args[] = {
                "-e", "A=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "ubuntu", "sleep", "4711",
                NULL
        };
        struct scene *scene = *state;
        struct screen *screen = scene_start(scene, args, NULL, 60, 16);

        tie_wait_status(screen, "Name", "sleep");
        screen_wait_text(screen, "…");
        assert_int_equal(screen_find(screen, " ubuntu sleep 4711"), -1);
        open_line(screen, "c", " line: docker run --env=A=bbb");
        screen_wait_text(screen, " ubuntu sleep 4711");
        screen_resize(screen, 100, 30);
        screen_wait_text(screen,
                         "docker run --env=A=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
        leave_line(screen, " line:");
}

static void a_pasted_megabyte_leaves_the_program_alive(void **state)
{
        enum { PIECE = 4000, MEGABYTE = 1000000 };
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        char piece[PIECE];
        struct tie before;

        before = tie_wait_status(screen, "Name", "sleep");
        memset(piece, 'x', sizeof(piece));
        open_line(screen, "c", " line: ");
        for (int sent = 0; sent < MEGABYTE; sent += PIECE) {
                screen_send_n(screen, piece, PIECE);
                screen_drain(screen);
        }
        screen_wait_text(screen, "a line has at most 16384 bytes");
        /* What is left of it is not launched. */
        screen_send(screen, ENTER);
        screen_wait_text(screen, "a line has at most 16384 bytes");
        leave_line(screen, " line:");
        screen_wait_text(screen, FIRST_LINE);
        assert_same(screen, &before);
        scene_leave(screen);
}

/* What is read ahead of a paste is what one key after another would have been. */
static void keys_in_a_paste_are_keys(void **state)
{
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct str paste = { 0 };

        open_line(screen, "c", " line: ");
        screen_send(screen, CLEAR);
        for (int i = 0; i < 90; i++)
                str_add(&paste, "xé");
        str_add(&paste, "\033OD\033[D!\033[3~日\005#");
        screen_send(screen, str_text(&paste));
        screen_wait_text(screen, "éxé!日é#");
        str_finish(&paste);
        leave_line(screen, " line:");
        scene_leave(screen);
}

static void hostile_bytes_are_no_text(void **state)
{
        /* Every control character but those that edit, end or interrupt; C1, bad UTF-8, bidirectional
         * controls. */
        static const char hostile[] =
                "\001\002\004\006\007\013\016\017\021\022\023\024\026\027\030\031"
                "\034\035\036\037\177\x80\x9b\xff\xc0\xaf\xed\xa0\x80\xe2\x80\xae\xc2\x85";
        struct scene *scene = *state;
        struct screen *screen = scene_first(scene);
        struct tie before;

        before = tie_wait_status(screen, "Name", "sleep");
        open_line(screen, "c", " line: ");
        screen_send(screen, CLEAR "x");
        screen_send_n(screen, hostile, sizeof(hostile)); /* and a NUL */
        screen_send(screen, CLEAR "\005"
                                  "still here");
        screen_wait_text(screen, " line: still here");
        screen_send(screen, "\003");
        screen_wait_text(screen, "Ctrl-C again ends vitrine");
        screen_wait_text(screen, " line: still here");
        screen_send(screen, "\014é日");
        screen_wait_text(screen, " line: still hereé日");
        leave_line(screen, " line:");
        assert_false(screen_has_title(screen));
        assert_same(screen, &before);
        scene_leave(screen);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_adds_a_capability_by_its_name),
                cmocka_unit_test(d_drops_a_capability_that_tab_completes),
                cmocka_unit_test(all_is_a_name_too),
                cmocka_unit_test(an_unknown_name_is_refused_in_the_command_lines_words),
                cmocka_unit_test(under_privileged_there_is_nothing_to_add),
                cmocka_unit_test(a_name_counts_for_the_images_own_user),
                cmocka_unit_test(u_types_a_user),
                cmocka_unit_test(c_launches_a_whole_docker_line),
                cmocka_unit_test(c_reads_a_line_as_it_is_pasted),
                cmocka_unit_test(the_lines_that_ran_come_back),
                cmocka_unit_test(what_is_typed_is_undone_and_redone),
                cmocka_unit_test(undo_and_redo_ask_before_the_machines_processes_are_shared),
                cmocka_unit_test(a_line_that_is_none_is_refused_where_it_stands),
                cmocka_unit_test(a_broken_line_can_be_pasted),
                cmocka_unit_test(a_name_is_held_while_its_container_is_shown),
                cmocka_unit_test(what_ends_at_once_is_not_shown_as_what_was_before),
                cmocka_unit_test(c_shows_a_line_whole_that_the_title_cuts),
                cmocka_unit_test(a_pasted_megabyte_leaves_the_program_alive),
                cmocka_unit_test(keys_in_a_paste_are_keys),
                cmocka_unit_test(hostile_bytes_are_no_text),
        };

        return scene_run(tests, sizeof(tests) / sizeof(tests[0]));
}
