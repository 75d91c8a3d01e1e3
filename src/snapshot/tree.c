/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/tree.h"

#include <stdlib.h>

/* The rows under construction: lists of children, and which row has its place already. */
struct links {
        size_t *first, *next;
        bool *placed;
        size_t n_placed;
};

static void link_rows(const struct proc_table *table, struct tree *tree, struct links *links)
{
        for (size_t i = 0; i < table->n; i++)
                links->first[i] = links->next[i] = TREE_NONE;
        /* From the last, so that a list of children comes out by pid. */
        for (size_t i = table->n; i-- > 0;) {
                const struct proc *parent = proc_table_find(table, table->v[i].ppid);
                size_t at = parent ? (size_t)(parent - table->v) : TREE_NONE;

                tree->parent[i] = at == i ? TREE_NONE : at;
                if (tree->parent[i] == TREE_NONE)
                        continue;
                links->next[i] = links->first[at];
                links->first[at] = i;
        }
}

static size_t first_free(const struct links *links, size_t at)
{
        while (at != TREE_NONE && links->placed[at])
                at = links->next[at];
        return at;
}

/* Places root and all below it, without a stack: a hostile tree is as deep as the table is long. */
static void place(struct tree *tree, struct links *links, size_t root)
{
        size_t at = root;
        int depth = 0;

        tree->parent[root] = TREE_NONE;
        while (at != TREE_NONE) {
                size_t to;

                links->placed[at] = true;
                tree->order[links->n_placed++] = at;
                tree->depth[at] = depth;
                to = first_free(links, links->first[at]);
                if (to != TREE_NONE)
                        depth++;
                while (to == TREE_NONE && at != root) {
                        to = first_free(links, links->next[at]);
                        if (to == TREE_NONE) {
                                at = tree->parent[at];
                                depth--;
                        }
                }
                at = to;
        }
}

/* From a row that no root leads to, up to the ring that it hangs from, and there to the lowest pid. */
static size_t open_ring(struct tree *tree, size_t at)
{
        size_t lowest;

        while (tree->depth[at] == 0) {
                tree->depth[at] = -1; /* been here; place() gives every such row its true depth */
                at = tree->parent[at];
        }
        lowest = at;
        for (size_t i = tree->parent[at]; i != at; i = tree->parent[i])
                if (i < lowest)
                        lowest = i;
        return lowest;
}

void tree_make(const struct proc_table *table, struct tree *ret)
{
        struct links links = {
                .first = xcalloc(table->n, sizeof(*links.first)),
                .next = xcalloc(table->n, sizeof(*links.next)),
                .placed = xcalloc(table->n, sizeof(*links.placed)),
        };
        struct tree tree = {
                .order = xcalloc(table->n, sizeof(*tree.order)),
                .parent = xcalloc(table->n, sizeof(*tree.parent)),
                .depth = xcalloc(table->n, sizeof(*tree.depth)),
        };

        link_rows(table, &tree, &links);
        for (size_t i = 0; i < table->n; i++)
                if (tree.parent[i] == TREE_NONE)
                        place(&tree, &links, i);
        for (size_t i = 0; i < table->n; i++)
                if (!links.placed[i])
                        place(&tree, &links, open_ring(&tree, i));
        free(links.first);
        free(links.next);
        free(links.placed);
        *ret = tree;
}

void tree_finish(struct tree *tree)
{
        free(tree->order);
        free(tree->parent);
        free(tree->depth);
        *tree = (struct tree){ 0 };
}
