/* SPDX-License-Identifier: MIT */
/* How fast a demo goes: as a person types and reads. Times are milliseconds; speed divides them. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Any time, at that speed. */
uint64_t pace_ms(uint64_t ms, double speed);
/* How long what is said stands once all has settled: 2 s, and 0.35 s for each word. */
uint64_t pace_hold_ms(const char *say, double speed);
/* How long a person takes for the character that begins at byte at of a line: longer where a word begins,
 * never twice the same in a row, and the same for the same line. */
uint64_t pace_type_ms(const char *line, size_t at, double speed);
/* Reads a speed: a number from 0.1 to 100. */
bool pace_read_speed(const char *word, double *ret);
