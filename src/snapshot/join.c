/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot/names.h"
#include "snapshot/tree.h"

/* One side while it is joined. By index in the table. */
struct side {
        struct proc_table *table;
        struct tree tree;
        pid_t *tied;
        const char **users;
};

static void side_make(struct side *side, struct proc_table *table)
{
        side->table = table;
        tree_make(table, &side->tree);
        side->tied = xcalloc(table->n, sizeof(*side->tied));
        side->users = xcalloc(table->n, sizeof(*side->users));
}

static struct row *side_finish(struct side *side)
{
        size_t n = side->table->n;
        struct row *rows = xcalloc(n, sizeof(*rows));

        for (size_t i = 0; i < n; i++) {
                size_t at = side->tree.order[i];

                rows[i] = (struct row){ .proc = &side->table->v[at],
                                        .tied = side->tied[at],
                                        .user = side->users[at],
                                        .depth = side->tree.depth[at] };
        }
        tree_finish(&side->tree);
        free(side->tied);
        free(side->users);
        return rows;
}

/* Which rows descend from the keeper, without itself. Its children are known by their ppid, not by its row:
 * with hidepid the row of a process that is not dumpable is hidden. New, owned by the caller. */
static bool *find_descendants(const struct side *side, pid_t keeper)
{
        bool *cage = xcalloc(side->table->n, sizeof(*cage));

        if (keeper <= 0)
                return cage;
        for (size_t i = 0; i < side->table->n; i++) {
                size_t at = side->tree.order[i], parent = side->tree.parent[at];
                const struct proc *proc = &side->table->v[at];

                if (proc->pid != keeper)
                        cage[at] = proc->ppid == keeper || (parent != TREE_NONE && cage[parent]);
        }
        return cage;
}

/* The same for a cage without a keeper: those whose status the host's eye has read. */
static bool *find_read(const struct side *side)
{
        bool *cage = xcalloc(side->table->n, sizeof(*cage));

        for (size_t i = 0; i < side->table->n; i++)
                cage[i] = side->table->v[i].status != NULL;
        return cage;
}

/* The PID that a process of the machine has inside; 0: none. level: of the cage's PID namespace, counted from
 * the machine's, -1: not known. */
static pid_t pid_inside(const struct proc *proc, int level, bool pid_shared)
{
        if (pid_shared)
                return proc->pid;
        if (level < 0 || !proc->status || proc->status->n_nspid <= (unsigned)level)
                return 0;
        return proc->status->nspid[level];
}

/* Both rows must be there: the tables are read at two instants, and half a tie is none. */
static void tie_one(struct side *host, size_t at, struct side *container, pid_t inside)
{
        const struct proc *outer = &host->table->v[at];
        const struct proc *inner = inside > 0 ? proc_table_find(container->table, inside) : NULL;
        pid_t *back;

        if (!inner)
                return;
        back = &container->tied[inner - container->table->v];
        /* A PID inside that was given anew while the table was read: two rows say it, the last one has it. */
        if (*back)
                host->tied[proc_table_find(host->table, *back) - host->table->v] = 0;
        *back = outer->pid;
        host->tied[at] = inner->pid;
}

static void tie_sides(struct side *host, struct side *container, const struct snapshot_input *input,
                      int level)
{
        bool *cage = input->joined ? find_read(host) : find_descendants(host, input->keeper);

        for (size_t i = 0; i < host->table->n; i++)
                if (cage[i])
                        tie_one(host, i, container, pid_inside(&host->table->v[i], level, input->pid_shared));
        free(cage);
}

static void copy_status(const struct proc_table *table, pid_t pid, struct status *ret)
{
        const struct proc *proc = pid > 0 ? proc_table_find(table, pid) : NULL;

        if (proc && proc->status)
                *ret = *proc->status;
}

/* Finds init on both sides; returns the level of its PID namespace, -1 where it is not known. */
static int find_init(struct snapshot *made, bool pid_shared)
{
        const struct proc *init = proc_table_find(&made->host_table, made->init_host);
        int level = init && init->status ? (int)init->status->n_nspid - 1 : -1;

        copy_status(&made->host_table, made->init_host, &made->init_outside);
        if (pid_shared)
                made->init_container = made->init_host;
        else if (init)
                made->init_container = pid_inside(init, level, false);
        copy_status(&made->container_table, made->init_container, &made->init_inside);
        made->init_seen = made->init_outside.pid > 0 && made->init_inside.pid > 0;
        return level;
}

static void share_table(const struct proc_table *from, struct proc_table *to)
{
        if (from)
                proc_table_share(to, from);
        if (!to->sharers) /* what is shared was sorted when it was unpacked */
                proc_table_sort(to);
}

void snapshot_join(const struct snapshot_input *input, struct snapshot *ret)
{
        struct snapshot made = { .init_host = input->init_host,
                                 .keeper = input->keeper,
                                 .mode = input->mode,
                                 .remap = input->remap,
                                 .missing = input->missing };
        struct side host = { 0 }, container = { 0 };
        int level;

        share_table(input->host, &made.host_table);
        share_table(input->container, &made.container_table);
        if (input->ns)
                made.ns = *input->ns;
        if (input->uid_map)
                made.uid_map = *input->uid_map;
        if (input->gid_map)
                made.gid_map = *input->gid_map;
        /* As old as its older half. */
        made.read_ms = made.host_table.read_ms < made.container_table.read_ms ? made.host_table.read_ms
                                                                              : made.container_table.read_ms;
        side_make(&host, &made.host_table);
        side_make(&container, &made.container_table);
        level = find_init(&made, input->pid_shared);
        tie_sides(&host, &container, input, level);
        names_from_host(host.table, input->host_names, &made.names, host.users);
        names_from_image(container.table, input->users, &made.names, container.users);
        made.n_host = made.host_table.n;
        made.n_container = made.container_table.n;
        made.host = side_finish(&host);
        made.container = side_finish(&container);
        *ret = made;
}

void snapshot_finish(struct snapshot *snapshot)
{
        proc_table_finish(&snapshot->host_table);
        proc_table_finish(&snapshot->container_table);
        free(snapshot->host);
        free(snapshot->container);
        strv_finish(&snapshot->names);
        *snapshot = (struct snapshot){ 0 };
}
