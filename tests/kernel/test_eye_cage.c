/* SPDX-License-Identifier: MIT */
/* The inside eye: what it sees of a PID namespace that is made here, as root and without. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "eye/eye.h"

enum { SOON_MS = 30000 };

/* cmocka's skip() is "not ok" in TAP. */
static void say_skipped(const char *reason)
{
        print_message("# skipped: %s\n", reason);
}

static char *helper(void)
{
        const char *top = getenv("top_builddir");

        return xasprintf("%s/vitrine-eye", top ? top : ".");
}

/* The row of pid in a table that was read after this call. */
static const struct proc *look_for(struct eye *eye, pid_t pid)
{
        struct fault fault = { 0 };

        if (!eye_wait(eye, time_now_ms(), SOON_MS, &fault))
                fail_msg("%s: %s", fault.step, fault.why);
        return proc_table_find(eye_table(eye), pid);
}

static bool write_file(const char *path, const char *text)
{
        own_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

/* The ways of cage/. */
enum way { WAY_ROOT, WAY_ONE_ID, WAY_ONE_ID_ROOT, WAY_REMAP };

static const struct {
        bool userns;
        const char *map; /* NULL: its one id as `inside` */
        uint32_t inside; /* user of PID 1, as the cage's user namespace has it */
} ways[] = {
        [WAY_ROOT] = { .inside = 0 },
        [WAY_ONE_ID] = { .userns = true, .inside = 5 },
        [WAY_ONE_ID_ROOT] = { .userns = true, .inside = 0 },
        [WAY_REMAP] = { .userns = true, .map = "0 1879048192 65536", .inside = 7 },
};

/* In a child: makes the namespaces and waits for the maps; the grandchild is PID 1 there, sends its procfs
 * and its user namespace, and sleeps until the socket ends. */
static _Noreturn void be_cage(int sock, enum way way)
{
        int context, user, fds[2];
        char byte;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (unshare(CLONE_NEWPID | CLONE_NEWNS | (ways[way].userns ? CLONE_NEWUSER : 0)) < 0)
                _exit(77);
        prctl(PR_SET_DUMPABLE, 1); /* the new namespace took it away: the maps would belong to root */
        if (!io_send(sock, "", 1, NULL, 0) || io_recv(sock, &byte, 1, NULL, 0) != 1)
                _exit(1);
        /* Here /proc/self is still this process; in the PID namespace the machine's /proc has no "self". */
        user = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
        if (fork() != 0) {
                close(sock);
                wait(NULL);
                _exit(0);
        }
        prctl(PR_SET_NAME, "the first");
        context = fsopen("proc", FSOPEN_CLOEXEC);
        if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
                _exit(1);
        fds[0] = fsmount(context, FSMOUNT_CLOEXEC, 0);
        fds[1] = user;
        if (way == WAY_REMAP && (setresgid(7, 7, 7) < 0 || setresuid(7, 7, 7) < 0))
                _exit(1);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (fds[0] < 0 || !io_send(sock, "", 1, fds, 2))
                _exit(1);
        while (io_recv(sock, &byte, 1, NULL, 0) > 0)
                ;
        _exit(0);
}

static bool write_maps(pid_t pid, enum way way)
{
        static const char *const names[] = { "gid_map", "uid_map" };
        const unsigned outside[] = { getegid(), geteuid() };
        own_free char *groups = xasprintf("/proc/%d/setgroups", (int)pid);
        bool ok = ways[way].map || write_file(groups, "deny");

        for (int i = 0; i < 2; i++) {
                own_free char *path = xasprintf("/proc/%d/%s", (int)pid, names[i]);
                own_free char *map = ways[way].map ? xstrdup(ways[way].map)
                                                   : xasprintf("%u %u 1", ways[way].inside, outside[i]);

                ok = ok && write_file(path, map);
        }
        return ok;
}

/* Returns the socket to the cage, which ends with it, or -1 where the kernel refuses the namespaces. */
static int make_cage(enum way way, pid_t *ret_pid, int fds[2])
{
        int pair[2], status = 0;
        char byte;

        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
        *ret_pid = fork();
        if (*ret_pid == 0) {
                close(pair[0]);
                be_cage(pair[1], way);
        }
        close(pair[1]);
        if (io_recv(pair[0], &byte, 1, NULL, 0) != 1) {
                waitpid(*ret_pid, &status, 0);
                assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 77);
                close(pair[0]);
                return -1;
        }
        if (ways[way].userns)
                assert_true(write_maps(*ret_pid, way));
        assert_true(io_send(pair[0], "", 1, NULL, 0));
        assert_int_equal(io_recv(pair[0], &byte, 1, fds, 2), 1);
        return pair[0];
}

/* Whoever takes the eye over gets neither root nor a capability with it. */
static void is_powerless(const struct eye *eye, enum way way)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct status status;

        if (!eye_read_status(proc_fd, eye_pid(eye), &status, NULL))
                return say_skipped("/proc is mounted with hidepid");
        assert_true(status.caps.effective == 0 && status.caps.permitted == 0 && status.caps.ambient == 0);
        for (int i = 0; i < 4; i++)
                if (way == WAY_REMAP)
                        assert_int_equal(status.uid[i], 1879048192 + 65530);
                else if (way == WAY_ROOT)
                        assert_int_equal(status.uid[i], 65530);
        if (way == WAY_REMAP || way == WAY_ROOT)
                assert_int_equal(status.n_groups, 0);
}

static void see_pid_1_alone(enum way way)
{
        own_free char *path = helper();
        own_fd int proc_fd = -1, userns_fd = -1, sock = -1;
        struct fault fault = { 0 };
        struct eye *eye = NULL;
        const struct proc *first;
        int fds[2];
        pid_t cage;

        sock = make_cage(way, &cage, fds);
        if (sock < 0)
                return say_skipped("the kernel refuses the namespaces");
        proc_fd = fds[0];
        userns_fd = fds[1];
        if (!eye_open_cage(path, proc_fd, ways[way].userns ? userns_fd : -1, &eye, &fault) ||
            !eye_wait(eye, 0, SOON_MS, &fault))
                fail_msg("%s %s: %d %s", fault.step, fault.path, fault.err, fault.why);
        is_powerless(eye, way);
        assert_int_equal(eye_table(eye)->n, 1);
        assert_null(eye_table(eye)->trouble);
        first = &eye_table(eye)->v[0];
        assert_int_equal(first->pid, 1);
        assert_int_equal(first->ppid, 0);
        assert_string_equal(first->comm, "the first");
        assert_int_equal(first->uid, ways[way].inside);
        assert_non_null(first->status);
        assert_int_equal(first->status->uid[1], first->uid);
        assert_int_equal(first->status->nspid[0], 1);
        /* The cage ends: its last table is empty. */
        fd_close(&sock);
        waitpid(cage, NULL, 0);
        assert_null(look_for(eye, 1));
        assert_int_equal(eye_table(eye)->n, 0);
        eye_close(eye);
}

static void with_one_id_pid_1_is_seen_alone(void **state)
{
        (void)state;
        see_pid_1_alone(WAY_ONE_ID);
        see_pid_1_alone(WAY_ONE_ID_ROOT);
}

static void as_root_pid_1_is_seen_alone(void **state)
{
        (void)state;
        if (geteuid() != 0)
                return say_skipped("needs root");
        see_pid_1_alone(WAY_ROOT);
}

static void as_root_with_a_range_pid_1_is_seen_alone(void **state)
{
        (void)state;
        if (geteuid() != 0)
                return say_skipped("needs root");
        see_pid_1_alone(WAY_REMAP);
}

/* The machine's procfs is no mount that an eye may move: it says so and ends. */
static void an_eye_that_cannot_begin_says_why(void **state)
{
        own_free char *path = helper();
        own_fd int file = open("/dev/null", O_PATH | O_CLOEXEC);
        struct fault fault = { 0 };
        struct eye *eye = NULL;

        (void)state;
        assert_true(eye_open_cage(path, file, -1, &eye, &fault));
        assert_false(eye_wait(eye, 0, SOON_MS, &fault));
        assert_true(fault.err != 0);
        assert_true(fault.step[0] != '\0');
        eye_close(eye);
}

static void namespaces_and_maps_are_read(void **state)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct id_map uid_map, gid_map;
        struct ns_ids ns;

        (void)state;
        eye_read_ns(proc_fd, getpid(), &ns);
        for (int i = 0; i < NS_T_N; i++) {
                assert_true(ns.host[i] != 0);
                assert_true(ns.container[i] == ns.host[i]);
        }
        assert_true(eye_read_maps(proc_fd, getpid(), &uid_map, &gid_map));
        assert_true(uid_map.n >= 1 && gid_map.n >= 1);
        eye_read_ns(proc_fd, 0x7ffffffe, &ns);
        assert_true(ns.container[NS_T_PID] == 0);
        assert_false(eye_read_maps(proc_fd, 0x7ffffffe, &uid_map, &gid_map));
}

static void write_long_map(pid_t pid, const char *name)
{
        own_free char *path = xasprintf("/proc/%d/%s", (int)pid, name);
        struct str map = { 0 };

        for (unsigned i = 0; i < ID_MAP_MAX; i++)
                str_add_f(&map, "%u %u 1\n", i, 1000 + 2 * i);
        assert_true(write_file(path, str_text(&map)));
        str_finish(&map);
}

static void assert_long_map(const struct id_map *map)
{
        assert_int_equal(map->n, ID_MAP_MAX);
        for (unsigned i = 0; i < ID_MAP_MAX; i++) {
                assert_int_equal(map->v[i].inside, i);
                assert_int_equal(map->v[i].outside, 1000 + 2 * i);
                assert_int_equal(map->v[i].count, 1);
        }
}

static void the_longest_map_is_read_whole(void **state)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct id_map uid_map, gid_map;
        int ends[2];
        char byte;
        pid_t pid;

        (void)state;
        if (geteuid() != 0)
                return say_skipped("needs root");
        assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
        pid = fork();
        if (pid == 0) {
                close(ends[0]);
                if (unshare(CLONE_NEWUSER) == 0 && io_send(ends[1], "", 1, NULL, 0))
                        io_recv(ends[1], &byte, 1, NULL, 0); /* until the test has ended */
                _exit(0);
        }
        close(ends[1]);
        assert_int_equal(io_recv(ends[0], &byte, 1, NULL, 0), 1);
        write_long_map(pid, "uid_map");
        write_long_map(pid, "gid_map");
        assert_true(eye_read_maps(proc_fd, pid, &uid_map, &gid_map));
        assert_long_map(&uid_map);
        assert_long_map(&gid_map);
        close(ends[0]);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(with_one_id_pid_1_is_seen_alone),
                cmocka_unit_test(as_root_pid_1_is_seen_alone),
                cmocka_unit_test(as_root_with_a_range_pid_1_is_seen_alone),
                cmocka_unit_test(an_eye_that_cannot_begin_says_why),
                cmocka_unit_test(namespaces_and_maps_are_read),
                cmocka_unit_test(the_longest_map_is_read_whole),
        };

        return cmocka_run_group_tests_name("eye_cage", tests, NULL, NULL);
}
