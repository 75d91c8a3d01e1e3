/* SPDX-License-Identifier: MIT */
/* What the programs of the bench share: commands to compare, times, lines of the table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TIMES_MAX = 4096 };

/* Nanoseconds; what comes after TIMES_MAX is left out. */
struct times {
        uint64_t ns[TIMES_MAX];
        size_t n;
};

/* CLOCK_MONOTONIC. */
uint64_t now_ns(void);

void times_add(struct times *times, uint64_t ns);
/* The time that part (0 to 1) of all do not exceed, in milliseconds; 0 when there is none. Sorts. */
double times_part(struct times *times, double part);

/* A command with its name in the table and its goal: how many times this one's figure the first command's may
 * be ("1", "0.25"), or "". All within the argument vector that it was split from. */
struct command {
        const char *name, *goal;
        char **argv;
};

/* Splits "NAME,GOAL COMMAND ARG... --- NAME,GOAL COMMAND..." (the words are changed); at most max. */
size_t commands_split(int argc, char **argv, struct command *commands, size_t max);

/* One line: what was measured, the figure as text, the goal as text ("" when there is none), whether it is
 * met. */
void table_line(const char *what, const char *figure, const char *goal, bool met);
/* Median and 99th percentile against goals in milliseconds; a goal of 0 is none. */
void table_times(const char *what, struct times *times, double goal_median, double goal_p99);
