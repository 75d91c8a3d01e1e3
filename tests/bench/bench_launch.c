/* SPDX-License-Identifier: MIT */
/* Runs commands in turn (A B C A B C ...), so that whatever else the machine does meets all of them alike,
 * and compares the first with the others:
 *
 *     bench_launch ROUNDS WARM NAME,GOAL COMMAND ARG... --- NAME,GOAL COMMAND ARG... --- ...
 *
 * GOAL: how many times the other's median the first's may take ("1", "0.25"), or nothing. */
#include "config.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { PEERS_MAX = 8 };

struct peer {
        struct command command;
        struct times times;
        int status; /* the first one that is not 0 */
};

/* Output goes to /dev/null: where it went to a terminal, the terminal would be measured. */
static int run_once(struct peer *peer, const posix_spawn_file_actions_t *actions, uint64_t *ret_ns)
{
        uint64_t begin = now_ns();
        pid_t pid;
        int status;

        if (posix_spawnp(&pid, peer->command.argv[0], actions, NULL, peer->command.argv, environ) != 0)
                return 127;
        if (waitpid(pid, &status, 0) != pid)
                return 127;
        *ret_ns = now_ns() - begin;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void print(struct peer *first, struct peer *peer)
{
        char what[128], figure[64], goal[64] = "";
        double own = times_part(&first->times, 0.5), median = times_part(&peer->times, 0.5);
        double wanted = strtod(peer->command.goal, NULL);

        snprintf(what, sizeof(what), "  %s", peer->command.name);
        if (peer->status) {
                snprintf(figure, sizeof(figure), "failed: exit status %d", peer->status);
                table_line(what, figure, "", false);
                return;
        }
        if (peer == first || median <= 0)
                snprintf(figure, sizeof(figure), "%.2f ms", median);
        else
                snprintf(figure, sizeof(figure), "%.2f ms, ratio %.2f", median, own / median);
        if (wanted > 0)
                snprintf(goal, sizeof(goal), "ratio <= %.2f", wanted);
        table_line(what, figure, goal, first->status == 0 && own <= wanted * median);
}

int main(int argc, char **argv)
{
        static struct peer peers[PEERS_MAX];
        struct command commands[PEERS_MAX];
        posix_spawn_file_actions_t quiet;
        long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0,
             warm = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
        size_t n = argc > 4 ? commands_split(argc - 3, argv + 3, commands, PEERS_MAX) : 0;

        if (n == 0 || rounds <= 0 || rounds > TIMES_MAX) {
                fprintf(stderr, "usage: bench_launch ROUNDS WARM NAME,GOAL COMMAND... --- ...\n");
                return 2;
        }
        for (size_t i = 0; i < n; i++)
                peers[i].command = commands[i];
        posix_spawn_file_actions_init(&quiet);
        for (int fd = 0; fd < 3; fd++)
                posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_RDWR, 0);
        for (long round = -warm; round < rounds; round++) {
                for (size_t i = 0; i < n; i++) {
                        uint64_t ns = 0;
                        int status = peers[i].status ? peers[i].status : run_once(&peers[i], &quiet, &ns);

                        peers[i].status = status;
                        if (round >= 0 && status == 0)
                                times_add(&peers[i].times, ns);
                }
        }
        for (size_t i = 0; i < n; i++)
                print(&peers[0], &peers[i]);
        posix_spawn_file_actions_destroy(&quiet);
        return 0;
}
