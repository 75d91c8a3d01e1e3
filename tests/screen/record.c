/* SPDX-License-Identifier: MIT */
/* Writes the tables of tests/screen/recorded/: a machine that never was, as its two eyes would send it, in
 * three moments of one container: `first`, `no-kill` (relaunched without KILL) and `student` (as uid 1000).
 *
 *     record FOLDER */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "snapshot/table.h"

enum { PROCESSES = 74, KEEPER_PARENT = 3290, READ_MS = 1000, STUDENT = 1000 };

#define MASK_DEFAULT UINT64_C(0xa80425fb)
#define MASK_NO_KILL UINT64_C(0xa80425db)

struct moment {
        const char *name;
        pid_t keeper, init;
        uint32_t uid;
        uint64_t bounding, effective;
};

static const struct moment moments[] = {
        { "first", 3299, 3301, 0, MASK_DEFAULT, MASK_DEFAULT },
        { "no-kill", 3322, 3324, 0, MASK_NO_KILL, MASK_NO_KILL },
        { "student", 3340, 3342, STUDENT, MASK_DEFAULT, 0 },
};

static const char *const services[] = { "clockd", "mailer",        "printerd",     "cache node",
                                        "backup", "watcher --all", "indexer -n 4", "radio" };
enum { SERVICES_N = sizeof(services) / sizeof(services[0]) };

/* What no terminal may get as it is: an escape sequence, broken UTF-8, a wide character, right to left. */
static const char hostile[] = "\033]0;title\a\xff\xc3 \xe6\xbc\xa2\xe5\xad\x97 \xe2\x80\xae txt";

static struct proc *add(struct proc_table *table, pid_t pid, pid_t ppid, uint32_t uid, const char *cmdline)
{
        size_t word = strcspn(cmdline, " ");
        struct proc *proc;

        table->v = xrealloc(table->v, table->n + 1, sizeof(*table->v));
        proc = &table->v[table->n++];
        *proc = (struct proc){ .pid = pid,
                               .ppid = ppid,
                               .uid = uid,
                               .state = 'S',
                               .comm = xstrndup(cmdline, word < 15 ? word : 15),
                               .cmdline = xstrdup(cmdline) };
        return proc;
}

/* One of the container's, or the keeper: with its status. */
static void tell(struct proc *proc, const struct moment *moment, pid_t inside)
{
        struct status *status = xcalloc(1, sizeof(*status));

        *status = (struct status){ .pid = proc->pid,
                                   .ppid = proc->ppid,
                                   .nspid = { proc->pid, inside },
                                   .n_nspid = inside ? 2 : 1,
                                   .caps = { .bounding = moment->bounding,
                                             .effective = moment->effective,
                                             .permitted = moment->effective },
                                   .seccomp = 2,
                                   .state = 'S' };
        for (unsigned i = 0; i < 4; i++)
                status->uid[i] = status->gid[i] = proc->uid;
        snprintf(status->comm, sizeof(status->comm), "%.60s", proc->comm);
        proc->status = status;
}

static void fill_host(struct proc_table *host, const struct moment *moment)
{
        add(host, 1, 0, 0, "init");
        tell(add(host, moment->keeper, KEEPER_PARENT, 0, "vitrine keeper"), moment, 0);
        tell(add(host, moment->init, moment->keeper, moment->uid, "sleep 3600"), moment, 1);
        tell(add(host, moment->init + 3, moment->init, STUDENT, hostile), moment, 7);
        add(host, KEEPER_PARENT, 1, 0, "vitrine");
        for (pid_t i = 0; host->n < PROCESSES; i++)
                add(host, 100 + 13 * i, i > 0 && i % 5 == 0 ? 100 : 1,
                    i % 3 ? (uint32_t)(STUDENT + i % 2) : 0, services[(size_t)i % SERVICES_N]);
        proc_table_sort(host);
}

static void fill_container(struct proc_table *container, const struct moment *moment)
{
        tell(add(container, 1, 0, moment->uid, "sleep 3600"), moment, 0);
        tell(add(container, 7, 1, STUDENT, hostile), moment, 0);
}

static bool save(const char *folder, const struct moment *moment, const char *side,
                 const struct proc_table *table)
{
        own_free char *path = xasprintf("%s/%s-%s.table", folder, moment->name, side);
        own_fd int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        struct str bytes = { 0 };
        bool ok;

        proc_table_pack(table, &bytes);
        ok = fd >= 0 && io_write_all(fd, bytes.s, bytes.len);
        if (!ok)
                perror(path);
        str_finish(&bytes);
        return ok;
}

int main(int argc, char **argv)
{
        bool ok = argc == 2;

        if (!ok)
                fprintf(stderr, "usage: record FOLDER\n");
        for (size_t i = 0; ok && i < sizeof(moments) / sizeof(moments[0]); i++) {
                struct proc_table host = { .read_ms = READ_MS }, container = { .read_ms = READ_MS };

                fill_host(&host, &moments[i]);
                fill_container(&container, &moments[i]);
                ok = save(argv[1], &moments[i], "host", &host) &&
                     save(argv[1], &moments[i], "container", &container);
                proc_table_finish(&host);
                proc_table_finish(&container);
        }
        return ok ? 0 : 1;
}
