/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

bool lines_match(const struct row *row, const char *text)
{
        char pid[16];

        if (!text || !*text)
                return true;
        snprintf(pid, sizeof(pid), "%d", row->proc->pid);
        return strstr(pid, text) || strcasestr(row->user, text) || strcasestr(row->proc->comm, text) ||
               strcasestr(row->proc->cmdline, text);
}

/* One side's rows in the order in which they are shown. */
struct side {
        int *v;
        size_t n;
};

struct by_pid {
        pid_t pid;
        int row;
};

static int compare_pid(const void *a, const void *b)
{
        const struct by_pid *one = a, *other = b;

        return (one->pid > other->pid) - (one->pid < other->pid);
}

/* All rows, or only what is tied and its ancestors: from below, a row is one when it stands less deep than
 * all since the last that was kept. */
static struct side select_rows(const struct row *rows, size_t n, bool line_only, const char *filter)
{
        struct side side = { .v = xcalloc(n, sizeof(*side.v)) };
        int need = 0;

        for (size_t i = n; i-- > 0;) {
                if (line_only && rows[i].tied == 0 && rows[i].depth >= need)
                        continue;
                need = rows[i].depth;
                if (rows[i].tied == 0 && !lines_match(&rows[i], filter))
                        continue;
                side.v[side.n++] = (int)i;
        }
        for (size_t i = 0; i < side.n / 2; i++) {
                int swap = side.v[i];

                side.v[i] = side.v[side.n - 1 - i];
                side.v[side.n - 1 - i] = swap;
        }
        return side;
}

static void sort_by_pid(struct side *side, const struct row *rows)
{
        struct by_pid *index = xcalloc(side->n, sizeof(*index));

        for (size_t i = 0; i < side->n; i++)
                index[i] = (struct by_pid){ rows[side->v[i]].proc->pid, side->v[i] };
        if (side->n)
                qsort(index, side->n, sizeof(*index), compare_pid);
        for (size_t i = 0; i < side->n; i++)
                side->v[i] = index[i].row;
        free(index);
}

/* For each row of the host the row of the container that it is tied to, or -1; names each of them once. */
static int *find_ties(const struct snapshot *snapshot, const struct side *host, const struct side *container)
{
        int *ties = xcalloc(host->n, sizeof(*ties));
        struct by_pid *index = xcalloc(container->n, sizeof(*index));
        bool *taken = xcalloc(snapshot->n_container, sizeof(*taken));

        for (size_t i = 0; i < container->n; i++)
                index[i] = (struct by_pid){ snapshot->container[container->v[i]].proc->pid, container->v[i] };
        if (container->n)
                qsort(index, container->n, sizeof(*index), compare_pid);
        for (size_t i = 0; i < host->n; i++) {
                const struct row *row = &snapshot->host[host->v[i]];
                struct by_pid key = { .pid = row->tied };
                struct by_pid *found = NULL;

                if (row->tied && container->n)
                        found = bsearch(&key, index, container->n, sizeof(*index), compare_pid);
                ties[i] = -1;
                if (!found || taken[found->row] || snapshot->container[found->row].tied != row->proc->pid)
                        continue;
                taken[found->row] = true;
                ties[i] = found->row;
        }
        free(index);
        free(taken);
        return ties;
}

/* Puts the container's tied rows into the order of the host's, in the places that tied rows have. PIDs wrap
 * around on one side and not on the other. */
static void follow_host(struct side *container, const int *ties, size_t n_host, size_t n_rows)
{
        bool *tied = xcalloc(n_rows, sizeof(*tied));
        size_t next = 0;

        for (size_t i = 0; i < n_host; i++)
                if (ties[i] >= 0)
                        tied[ties[i]] = true;
        for (size_t i = 0; i < container->n; i++) {
                if (!tied[container->v[i]])
                        continue;
                while (next < n_host && ties[next] < 0)
                        next++;
                container->v[i] = ties[next++];
        }
        free(tied);
}

static void add_line(struct lines *lines, int host, int container)
{
        lines->v[lines->n++] = (struct line){ host, container };
}

/* The rows of both sides up to the next tie: beside each other, close to the tie above them; the first ones
 * close to the tie below. */
static void add_gap(struct lines *lines, const int *host, size_t n_host, const int *container,
                    size_t n_container, bool first)
{
        size_t n = n_host > n_container ? n_host : n_container;
        size_t skip_host = first ? n - n_host : 0, skip_container = first ? n - n_container : 0;

        for (size_t i = 0; i < n; i++) {
                bool has_host = i >= skip_host && i - skip_host < n_host;
                bool has_container = i >= skip_container && i - skip_container < n_container;

                add_line(lines, has_host ? host[i - skip_host] : -1,
                         has_container ? container[i - skip_container] : -1);
        }
}

static void merge(struct lines *lines, const struct side *host, const struct side *container, const int *ties)
{
        size_t from_host = 0, from_container = 0;
        bool any = false;

        for (size_t i = 0; i < host->n; i++) {
                size_t at = from_container;

                if (ties[i] < 0)
                        continue;
                while (container->v[at] != ties[i])
                        at++;
                add_gap(lines, host->v + from_host, i - from_host, container->v + from_container,
                        at - from_container, !any);
                add_line(lines, host->v[i], container->v[at]);
                from_host = i + 1;
                from_container = at + 1;
                any = true;
        }
        add_gap(lines, host->v + from_host, host->n - from_host, container->v + from_container,
                container->n - from_container, false);
}

static void find_focus(struct lines *lines, const struct snapshot *snapshot)
{
        bool any = false, init = false;

        for (size_t i = 0; i < lines->n; i++) {
                const struct row *host = lines->v[i].host >= 0 ? &snapshot->host[lines->v[i].host] : NULL;

                if (!host || host->tied == 0)
                        continue;
                if (!any || (!init && host->proc->pid == snapshot->init_host)) {
                        lines->tie = i;
                        init = host->proc->pid == snapshot->init_host;
                }
                any = true;
                lines->tie_end = i + 1;
        }
}

void lines_make(const struct snapshot *snapshot, bool line_only, bool pid_shared, struct lines *ret)
{
        lines_make_of(snapshot, line_only, pid_shared, false, NULL, NULL, ret);
}

void lines_make_of(const struct snapshot *snapshot, bool line_only, bool pid_shared, bool flat,
                   const char *host_filter, const char *container_filter, struct lines *ret)
{
        struct side host = select_rows(snapshot->host, snapshot->n_host, line_only, host_filter);
        struct side container = select_rows(snapshot->container, snapshot->n_container,
                                            line_only && pid_shared, container_filter);
        int *ties;

        if (flat) {
                sort_by_pid(&host, snapshot->host);
                sort_by_pid(&container, snapshot->container);
        }
        ties = find_ties(snapshot, &host, &container);
        *ret = (struct lines){ .host_shown = host.n, .container_shown = container.n };
        ret->v = xcalloc(host.n + container.n, sizeof(*ret->v));
        follow_host(&container, ties, host.n, snapshot->n_container);
        merge(ret, &host, &container, ties);
        find_focus(ret, snapshot);
        free(ties);
        free(host.v);
        free(container.v);
}

void lines_finish(struct lines *lines)
{
        free(lines->v);
        *lines = (struct lines){ 0 };
}

struct window lines_window(const struct lines *lines, int height, int scroll)
{
        long span = (long)(lines->tie_end - lines->tie), n = (long)lines->n;
        long at = height * 2L / 3, below = height - span - (height > 3 ? 1 : 0);
        long base, top, last = n > height ? n - height : 0;

        /* Two thirds down: above stand the ancestors, and beside them there is room for the notes. */
        if (at > below)
                at = below;
        if (at < 1)
                at = height > 1 ? 1 : 0;
        base = (long)lines->tie - at;
        if (base < 0 || span == 0)
                base = 0;
        top = base + scroll;
        if (last < base)
                last = base;
        top = top < 0 ? 0 : top > last ? last : top;
        return (struct window){
                .top = (size_t)top,
                .focus = top == base && span ? lines->tie : (size_t)top + (size_t)(n - top > at ? at : 0),
                .follows = scroll == 0,
                .pin_host = scroll == 0 && top > 0 && height > 2,
        };
}

void lines_reach(const struct lines *lines, bool host, int height, int *ret_least, int *ret_most)
{
        long top = (long)lines_window(lines, height, 0).top, first = -1, last = -1;

        for (size_t i = 0; i < lines->n; i++) {
                if ((host ? lines->v[i].host : lines->v[i].container) < 0)
                        continue;
                first = first < 0 ? (long)i : first;
                last = (long)i;
        }
        *ret_least = first >= 0 && first < top ? (int)(first - top) : 0;
        *ret_most = last >= 0 && last + 1 - height > top ? (int)(last + 1 - height - top) : 0;
}

size_t lines_branches(const struct lines *lines, const struct snapshot *snapshot, size_t at, bool *ret,
                      size_t max)
{
        int depth = snapshot->host[lines->v[at].host].depth, least = depth + 1;
        size_t n = (size_t)(depth < 0 ? 0 : depth), skip;

        n = n > max ? max : n;
        skip = (size_t)(depth < 0 ? 0 : depth) - n;
        memset(ret, 0, n * sizeof(*ret));
        /* The next row that is less deep than all since closes its level and opens none above. */
        for (size_t i = at + 1; i < lines->n && least > 1; i++) {
                int below;

                if (lines->v[i].host < 0)
                        continue;
                below = snapshot->host[lines->v[i].host].depth;
                if (below >= least)
                        continue;
                least = below;
                if (below >= 1 && (size_t)below <= n + skip && (size_t)below > skip)
                        ret[(size_t)below - 1 - skip] = true;
        }
        return n;
}
