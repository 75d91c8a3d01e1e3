/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/machine_range.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/idtool.h"

enum {
        TABLE_MAX = 16 * 1024 * 1024,
        REMAP_FIRST = 1879048192, /* what no distribution gives out (systemd's UIDS-GIDS) */
        REMAP_COUNT = 65536,
};

static const char subuid[] = "/etc/subuid", subgid[] = "/etc/subgid";

/* A table of the machine's, through a link as well; NULL where there is none that can be read. Owned by the
 * caller. */
static char *read_table(const char *path)
{
        own_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        char *text = NULL;
        struct stat st;
        size_t n;

        return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && io_read_all(fd, TABLE_MAX, &text, &n)
                       ? text
                       : NULL;
}

/* By which name the tables may know the user. /etc/passwd first: the name service may have to ask a server.
 */
static void find_name(uint32_t uid, char *name, size_t size)
{
        own_free char *passwd = read_table("/etc/passwd");
        struct users users = { .passwd = passwd ? passwd : "", .group = "" };
        const struct passwd *entry;

        if (users_name_of_uid(&users, uid, name, size))
                return;
        entry = getpwuid(uid);
        snprintf(name, size, "%s", entry ? entry->pw_name : "");
}

static bool add_table(const char *path, const char *name, uint32_t uid, struct id_runs *ret)
{
        own_free char *text = read_table(path);

        if (!text)
                return false;
        errno = 0;
        return id_runs_add_subids(ret, text, name, uid);
}

static bool say_why(struct machine *machine, const char *why)
{
        snprintf(machine->one_id_why, sizeof(machine->one_id_why), "%s", why);
        return false;
}

/* A table that is not there, or may not be read, has no line either. One that could not be read this time may
 * have one: errno is 0 where it was. */
static bool say_no_line(struct machine *machine, const char *path, struct fault *fault)
{
        char why[64];

        if (errno == EIO || errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == EFBIG)
                return fault_errno(fault, path, "look for a range of ids in %s", path);
        snprintf(why, sizeof(why), "%s has no line for you", path);
        return say_why(machine, why);
}

bool machine_find_range(struct machine *machine, struct fault *fault)
{
        struct id_runs uids = { 0 }, gids = { 0 };
        char name[256] = "", path[64], why[IDTOOL_WHY];

        find_name(machine->uid, name, sizeof(name));
        id_runs_add(&uids, machine->uid, 1);
        id_runs_add(&gids, machine->gid, 1);
        if (!add_table(subuid, name, machine->uid, &uids))
                return say_no_line(machine, subuid, fault);
        if (!add_table(subgid, name, machine->uid, &gids))
                return say_no_line(machine, subgid, fault);
        if (!idtool_find("newuidmap", path, sizeof(path), why) ||
            !idtool_find("newgidmap", path, sizeof(path), why))
                return say_why(machine, why);
        machine->uids = uids;
        machine->gids = gids;
        return true;
}

/* Whether a user namespace around this process has all the ids of the runs. */
static bool are_ours(const char *path, const struct id_runs *runs)
{
        own_free char *text = read_table(path);
        unsigned long first, outside, count;
        const char *line = text ? text : "0 0 4294967295\n";
        uint64_t have = 0, want = 0;

        for (uint32_t i = 0; i < runs->n; i++)
                want += runs->v[i].count;
        for (; sscanf(line, "%lu %lu %lu", &first, &outside, &count) == 3; line += strcspn(line, "\n") + 1) {
                for (uint32_t i = 0; i < runs->n; i++) {
                        uint64_t from = runs->v[i].outside, to = from + runs->v[i].count;

                        from = from < first ? first : from;
                        to = to > (uint64_t)first + count ? (uint64_t)first + count : to;
                        have += to > from ? to - from : 0;
                }
                if (!line[strcspn(line, "\n")])
                        break;
        }
        return have == want;
}

bool machine_find_remap(struct machine *machine, struct fault *fault)
{
        struct id_runs uids = { 0 }, gids = { 0 };

        /* Both or neither: half of an administrator's arrangement is none. */
        if (!add_table(subuid, "root", 0, &uids) || !add_table(subgid, "root", 0, &gids)) {
                uids = gids = (struct id_runs){ 0 };
                id_runs_add(&uids, REMAP_FIRST, REMAP_COUNT);
                id_runs_add(&gids, REMAP_FIRST, REMAP_COUNT);
        }
        if (!are_ours("/proc/self/uid_map", &uids) || !are_ours("/proc/self/gid_map", &gids)) {
                fault_why(fault, "--userns remap",
                          "the user namespace around vitrine has not got the ids from %u on",
                          uids.v[0].outside);
                return fault_hint(fault, "a line for root in /etc/subuid and /etc/subgid with ids that it "
                                         "has, or leave --userns remap away");
        }
        machine->uids = uids;
        machine->gids = gids;
        return true;
}

static _Noreturn void be_mapped(int sock)
{
        char go;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_DUMPABLE, 1);
        if (unshare(CLONE_NEWUSER) == 0 && io_send(sock, "u", 1, NULL, 0))
                (void)!io_recv(sock, &go, 1, NULL, 0);
        _exit(0);
}

bool machine_try_range(struct machine *machine)
{
        char why[IDTOOL_WHY] = "", word;
        own_fd int ours = -1, theirs = -1;
        int pair[2];
        bool ok;
        pid_t pid;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                return say_why(machine, strerror(errno));
        ours = pair[0];
        theirs = pair[1];
        pid = fork();
        if (pid == 0) {
                fd_close(&ours);
                be_mapped(take_fd(&theirs));
        }
        fd_close(&theirs);
        if (pid < 0)
                return say_why(machine, strerror(errno));
        /* Where there is no user namespace at all, the launch itself says so. */
        ok = io_recv(ours, &word, 1, NULL, 0) != 1 ||
             idtool_map(pid, &machine->uids, &machine->gids, -1, why);
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
                ;
        return ok || say_why(machine, why);
}
