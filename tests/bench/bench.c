/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t now_ns(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

void times_add(struct times *times, uint64_t ns)
{
        if (times->n < TIMES_MAX)
                times->ns[times->n++] = ns;
}

static int compare(const void *a, const void *b)
{
        uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

        return (x > y) - (x < y);
}

double times_part(struct times *times, double part)
{
        size_t at = (size_t)(part * (double)times->n);

        if (times->n == 0)
                return 0;
        qsort(times->ns, times->n, sizeof(times->ns[0]), compare);
        return (double)times->ns[at < times->n ? at : times->n - 1] / 1e6;
}

size_t commands_split(int argc, char **argv, struct command *commands, size_t max)
{
        size_t n = 0;

        for (int i = 0; i + 1 < argc && n < max; n++) {
                char *comma = strchr(argv[i], ',');

                commands[n].name = argv[i];
                commands[n].goal = comma ? comma + 1 : "";
                if (comma)
                        *comma = '\0';
                commands[n].argv = &argv[++i];
                while (i < argc && strcmp(argv[i], "---") != 0)
                        i++;
                argv[i++] = NULL;
        }
        return n;
}

void table_line(const char *what, const char *figure, const char *goal, bool met)
{
        printf("%-48s %-32s %-28s %s\n", what, figure, goal, *goal ? (met ? "yes" : "no") : "");
        fflush(stdout);
}

void table_times(const char *what, struct times *times, double goal_median, double goal_p99)
{
        double median = times_part(times, 0.5), p99 = times_part(times, 0.99);
        char figure[64], goal[64] = "";

        snprintf(figure, sizeof(figure), "%.2f ms, p99 %.2f ms", median, p99);
        if (goal_median > 0 && goal_p99 > 0)
                snprintf(goal, sizeof(goal), "<= %.0f ms, p99 <= %.0f ms", goal_median, goal_p99);
        else if (goal_median > 0)
                snprintf(goal, sizeof(goal), "<= %.0f ms", goal_median);
        table_line(what, figure, goal,
                   times->n > 0 && median <= goal_median && (goal_p99 <= 0 || p99 <= goal_p99));
}
