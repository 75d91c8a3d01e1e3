/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/table.h"

#include <stdlib.h>
#include <string.h>

static bool is_shared(const struct proc_texts *texts, const char *text)
{
        return texts && (uintptr_t)text >= (uintptr_t)texts->text &&
               (uintptr_t)text < (uintptr_t)texts->text + texts->size;
}

void proc_table_drop(const struct proc_table *table, struct proc *proc)
{
        if (!is_shared(table->texts, proc->comm))
                free(proc->comm);
        if (!is_shared(table->texts, proc->cmdline))
                free(proc->cmdline);
        free(proc->status);
}

/* Whether this one was not the last that has them. */
static bool leave_to_others(const struct proc_table *table)
{
        if (!table->sharers)
                return false;
        if (--*table->sharers > 0)
                return true;
        free(table->sharers);
        return false;
}

static void drop_rows(struct proc_table *table)
{
        for (size_t i = 0; i < table->n; i++)
                proc_table_drop(table, &table->v[i]);
        if (table->texts && --table->texts->holders == 0)
                free(table->texts);
        free(table->v);
}

void proc_table_finish(struct proc_table *table)
{
        if (!leave_to_others(table))
                drop_rows(table);
        free(table->trouble);
        *table = (struct proc_table){ 0 };
}

size_t proc_table_count(const struct proc_table *table)
{
        return table->n + table->unread;
}

static char *copy_text(const struct proc_texts *texts, char *text)
{
        return is_shared(texts, text) ? text : xstrdup(text ? text : "");
}

void proc_table_copy(struct proc_table *to, const struct proc_table *from)
{
        struct proc_table made = {
                .n = from->n, .unread = from->unread, .read_ms = from->read_ms, .texts = from->texts
        };

        made.v = xcalloc(from->n, sizeof(*made.v));
        for (size_t i = 0; i < from->n; i++) {
                const struct proc *old = &from->v[i];
                struct proc *proc = &made.v[i];

                *proc = *old;
                proc->comm = copy_text(made.texts, old->comm);
                proc->cmdline = copy_text(made.texts, old->cmdline);
                if (old->status) {
                        proc->status = xmalloc(sizeof(*proc->status));
                        *proc->status = *old->status;
                }
        }
        if (made.texts)
                made.texts->holders++;
        if (from->trouble)
                made.trouble = xstrdup(from->trouble);
        *to = made;
}

void proc_table_share(struct proc_table *to, const struct proc_table *from)
{
        if (!from->sharers) {
                proc_table_copy(to, from);
                return;
        }
        ++*from->sharers;
        *to = *from;
        to->trouble = from->trouble ? xstrdup(from->trouble) : NULL;
}

static int by_pid(const void *a, const void *b)
{
        pid_t x = ((const struct proc *)a)->pid, y = ((const struct proc *)b)->pid;

        return x < y ? -1 : x > y;
}

static bool is_sorted(const struct proc_table *table)
{
        for (size_t i = 1; i < table->n; i++)
                if (table->v[i - 1].pid >= table->v[i].pid)
                        return false;
        return true;
}

void proc_table_sort(struct proc_table *table)
{
        size_t kept = 0;

        /* procfs lists in this order: nearly always there is nothing to do. */
        if (is_sorted(table))
                return;
        qsort(table->v, table->n, sizeof(*table->v), by_pid);
        for (size_t i = 0; i < table->n; i++) {
                if (kept > 0 && table->v[kept - 1].pid == table->v[i].pid)
                        proc_table_drop(table, &table->v[i]);
                else
                        table->v[kept++] = table->v[i];
        }
        table->n = kept;
}

const struct proc *proc_table_find(const struct proc_table *table, pid_t pid)
{
        const struct proc key = { .pid = pid };

        if (table->n == 0)
                return NULL;
        return bsearch(&key, table->v, table->n, sizeof(*table->v), by_pid);
}
