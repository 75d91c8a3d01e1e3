/* SPDX-License-Identifier: MIT */
/* `vitrine learn --plain`: the tutorial as lines that are printed and lines that are typed. No escape
 * sequence, no drawing; for screen readers, braille displays, dumb terminals and slow lines. */
#pragma once

#include "spec/flags.h"

/* word: LESSON or LESSON/STEP, or NULL: the list. Goes on until the learner leaves or standard input ends.
 * Returns the exit status. */
int plain_learn(const char *word, const struct view_flags *views);
