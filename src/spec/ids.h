/* SPDX-License-Identifier: MIT */
/* How ids inside a user namespace stand for the machine's: the map that is asked for, and subid(5). Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* As many lines as a snapshot shows of a map. */
enum { ID_RUNS_MAX = 16 };

/* count ids from inside on are count ids of the machine from outside on (user_namespaces(7)). */
struct id_run {
        uint32_t inside, outside, count;
};

struct id_runs {
        struct id_run v[ID_RUNS_MAX];
        uint32_t n;
};

/* Adds the lines of /etc/subuid or /etc/subgid (text) that are this user's, by name (NULL: it has none) or by
 * number, behind what ret holds already, so that ids inside are without a gap. Left out: a line that is none
 * (three fields; decimal numbers), one without an id, past 4294967294, with the machine's root in it, or with
 * an id that is in ret already; lines beyond ID_RUNS_MAX. Returns whether a line was added. */
bool id_runs_add_subids(struct id_runs *ret, const char *text, const char *name, uint32_t uid);

/* Where a new line of such a text could begin: behind all ranges that are there, not before first. 0 where
 * count ids more would pass 2147483647. */
uint32_t id_runs_free(const char *text, uint32_t first, uint32_t count);

/* Adds one run behind what ret holds. Returns false, and adds nothing, by the same rules (but for the root of
 * the machine: that is the caller's word). */
bool id_runs_add(struct id_runs *ret, uint32_t outside, uint32_t count);

/* The machine's id for one inside; false where none stands for it. */
bool id_runs_outside(const struct id_runs *runs, uint32_t inside, uint32_t *ret);
/* Whether one inside stands for the machine's. */
bool id_runs_has_outside(const struct id_runs *runs, uint32_t outside);
/* How many ids there are inside; they begin at 0. */
uint32_t id_runs_count(const struct id_runs *runs);
