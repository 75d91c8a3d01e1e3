/* SPDX-License-Identifier: MIT */
/* A lesson as a test. */
#pragma once

#include "stage/player.h"

/* Carries the lesson out on real containers and holds its checks against them; TAP on standard output. Takes
 * the source over. Returns the exit status: 0, 1 where something is not as the lesson says, 128 + SIGPIPE
 * where nobody reads any more. */
int play_check(struct player_source *source);

/* What is wrong with the file, as TAP. Returns 1. */
int play_check_error(const char *name, const struct lesson_error *error);
