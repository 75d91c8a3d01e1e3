/* SPDX-License-Identifier: MIT */
/* How far a mistyped word is from a known one. Pure. */
#pragma once

/* Letters to change, add or take away to make b out of a, case ignored (Levenshtein). Words of more than 40
 * letters are 40 away. */
unsigned near_distance(const char *a, const char *b);
