/* SPDX-License-Identifier: MIT */
/* What full-screen programs cost while nobody touches them. All run at the same time, each on a terminal of
 * 80x24 of its own, so that they look at the same machine; the first is compared with the others:
 *
 *     bench_cpu SECONDS NAME,GOAL COMMAND ARG... --- NAME,GOAL COMMAND ARG... --- ...
 *
 * GOAL: how many times the other's CPU time the first's may take, or nothing; with a % behind it how much of
 * one CPU the command itself may take. $SETTLE seconds (3) go by before. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "proc.h"
#include "spawn.h"
#include "bench.h"

enum { PEERS_MAX = 6, SETTLE_MS = 3000, END_MS = 3000, NUMBER_MAX = 64 * 1024 };

/* Of a program and all that it has started. */
struct usage {
        uint64_t ns; /* when */
        double cpu_s;
        double pss_mb;
        double wakes;
};

struct peer {
        struct command command;
        pid_t pid;
        int master, tty;
        bool ended; /* though it was to run */
        struct usage before, after;
};

static char *read_proc(pid_t pid, const char *name)
{
        own_free char *path = xasprintf("/proc/%d/%s", pid, name);
        char *text;
        size_t n;

        return io_read_file(AT_FDCWD, path, NUMBER_MAX, &text, &n) ? text : NULL;
}

/* The number behind a word at the beginning of a line. */
static double number_after(const char *text, const char *word)
{
        for (const char *line = text; line; line = strchr(line, '\n')) {
                line += *line == '\n';
                if (strncmp(line, word, strlen(word)) == 0)
                        return strtod(line + strlen(word), NULL);
        }
        return 0;
}

/* User and system time of the process, in nanoseconds where the kernel tells it so (its clock ticks are 10
 * ms, much beside what an idle process takes), and of its children that have ended. */
static double cpu_seconds(pid_t pid)
{
        own_free char *stat = read_proc(pid, "stat"), *exact = read_proc(pid, "schedstat");
        const char *at = stat ? strrchr(stat, ')') : NULL;
        double tick = (double)sysconf(_SC_CLK_TCK), own, ended;
        unsigned long utime, stime;
        long cutime, cstime;

        if (!at || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld", &utime, &stime,
                          &cutime, &cstime) != 4)
                return 0;
        own = exact ? strtod(exact, NULL) / 1e9 : (double)(utime + stime) / tick;
        ended = (double)(cutime + cstime) / tick;
        return own + ended;
}

static void add_usage(pid_t pid, struct usage *usage)
{
        own_free char *status = read_proc(pid, "status"), *memory = read_proc(pid, "smaps_rollup");

        usage->cpu_s += cpu_seconds(pid);
        if (status)
                usage->wakes += number_after(status, "voluntary_ctxt_switches:");
        if (memory)
                usage->pss_mb += number_after(memory, "Pss:") / 1024;
}

static struct usage read_usage(const struct peer *peer)
{
        struct usage usage = { .ns = now_ns() };
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(peer->pid, pids);

        add_usage(peer->pid, &usage);
        for (size_t i = 0; i < n; i++)
                add_usage(pids[i], &usage);
        return usage;
}

/* Reads what they write, as a terminal does, for that long. */
static void watch(struct peer *peers, size_t n, uint64_t ms)
{
        struct pollfd fds[PEERS_MAX];
        static char piece[65536];
        uint64_t now = time_now_ms(), end = now + ms;

        for (; now < end; now = time_now_ms()) {
                for (size_t i = 0; i < n; i++)
                        fds[i] = (struct pollfd){ .fd = peers[i].master, .events = POLLIN };
                if (poll(fds, n, (int)(end - now)) <= 0)
                        continue;
                for (size_t i = 0; i < n; i++)
                        if (fds[i].revents && read(peers[i].master, piece, sizeof(piece)) <= 0)
                                fd_close(&peers[i].master);
        }
}

static bool start(struct peer *peer)
{
        struct screen_options options = { .program = peer->command.argv[0],
                                          .args = (const char *const *)peer->command.argv + 1,
                                          .uid = (uid_t)-1 };
        struct termios before;

        peer->pid = spawn_on_pty(&options, 80, 24, &peer->master, &peer->tty, &before);
        if (peer->pid < 0)
                fprintf(stderr, "%s: %s\n", peer->command.argv[0], strerror(errno));
        return peer->pid > 0;
}

static void end(struct peer *peers, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (peers[i].master >= 0)
                        io_write_all(peers[i].master, "q", 1);
        watch(peers, n, END_MS);
        for (size_t i = 0; i < n; i++) {
                if (!peers[i].ended) {
                        kill(peers[i].pid, SIGKILL);
                        waitpid(peers[i].pid, NULL, 0);
                }
                fd_close(&peers[i].master);
                fd_close(&peers[i].tty);
        }
}

static double seconds_of(const struct peer *peer)
{
        return (double)(peer->after.ns - peer->before.ns) / 1e9;
}

static double cpu_of(const struct peer *peer)
{
        return (peer->after.cpu_s - peer->before.cpu_s) / seconds_of(peer);
}

static void print_memory(const struct peer *first, const struct peer *peer, bool goal)
{
        char what[128], figure[96], ratio[32] = "";
        double own = first->after.pss_mb, pss = peer->after.pss_mb;

        if (peer != first && pss > 0)
                snprintf(ratio, sizeof(ratio), ", ratio %.2f", own / pss);
        snprintf(what, sizeof(what), "  %s: memory, wake-ups", peer->command.name);
        snprintf(figure, sizeof(figure), "%.1f MB PSS%s, %.1f/s", pss, ratio,
                 (peer->after.wakes - peer->before.wakes) / seconds_of(peer));
        table_line(what, figure, goal ? "PSS ratio <= 1.00" : "", own <= pss);
}

static void print(const struct peer *first, const struct peer *peer)
{
        double own = cpu_of(first), cpu = cpu_of(peer), wanted = strtod(peer->command.goal, NULL);
        char what[128], figure[96], goal[64] = "";

        snprintf(what, sizeof(what), "  %s: CPU", peer->command.name);
        if (peer->ended) {
                table_line(what, "failed: it has ended by itself", "", false);
                return;
        }
        if (peer == first || cpu <= 0)
                snprintf(figure, sizeof(figure), "%.2f %% of one", cpu * 100);
        else
                snprintf(figure, sizeof(figure), "%.2f %% of one, ratio %.2f", cpu * 100, own / cpu);
        if (strchr(peer->command.goal, '%'))
                snprintf(goal, sizeof(goal), "<= %.0f %% of one", wanted);
        else if (wanted > 0)
                snprintf(goal, sizeof(goal), "ratio <= %.2f", wanted);
        table_line(what, figure, goal,
                   strchr(peer->command.goal, '%') ? cpu * 100 <= wanted
                                                   : !first->ended && own <= wanted * cpu);
        print_memory(first, peer, wanted > 0 && !strchr(peer->command.goal, '%'));
}

int main(int argc, char **argv)
{
        static struct peer peers[PEERS_MAX];
        struct command commands[PEERS_MAX];
        double seconds = argc > 1 ? strtod(argv[1], NULL) : 0;
        const char *settle = getenv("SETTLE");
        size_t n = argc > 3 ? commands_split(argc - 2, argv + 2, commands, PEERS_MAX) : 0, started = 0;

        if (n == 0 || seconds <= 0) {
                fprintf(stderr, "usage: bench_cpu SECONDS NAME,GOAL COMMAND... --- ...\n");
                return 2;
        }
        for (size_t i = 0; i < n; i++)
                peers[i].command = commands[i];
        while (started < n && start(&peers[started]))
                started++;
        watch(peers, started, settle ? (uint64_t)(strtod(settle, NULL) * 1000) : SETTLE_MS);
        for (size_t i = 0; i < started; i++)
                peers[i].before = read_usage(&peers[i]);
        watch(peers, started, (uint64_t)(seconds * 1000));
        for (size_t i = 0; i < started; i++)
                peers[i].after = read_usage(&peers[i]);
        for (size_t i = 0; i < started; i++)
                peers[i].ended = waitpid(peers[i].pid, NULL, WNOHANG) != 0;
        for (size_t i = 0; i < started; i++)
                print(&peers[0], &peers[i]);
        end(peers, started);
        return started == n ? 0 : 1;
}
