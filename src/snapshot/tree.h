/* SPDX-License-Identifier: MIT */
/* The tree that the ppids of a table make. Pure. */
#pragma once

#include <stddef.h>

#include "snapshot/table.h"

#define TREE_NONE ((size_t)-1)

/* Everything by a row's index in the table, but for order. */
struct tree {
        size_t *order;  /* the indexes, children after their parent, by pid */
        size_t *parent; /* TREE_NONE: a root */
        int *depth;     /* of a root 0 */
};

/* A row whose parent is not in the table is a root. A ring of parents (a table is not read in one instant, so
 * a reused pid can make one) is opened at its lowest pid, and stands after the trees. O(n log n). */
void tree_make(const struct proc_table *table, struct tree *ret);
void tree_finish(struct tree *tree);
