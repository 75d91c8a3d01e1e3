/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "proc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool proc_status(pid_t pid, const char *field, char *ret, size_t size)
{
        char path[64], line[512];
        size_t len = strlen(field);
        bool found = false;
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
        file = fopen(path, "re");
        if (!file)
                return false;
        while (!found && fgets(line, sizeof(line), file)) {
                if (strncmp(line, field, len) != 0 || line[len] != ':')
                        continue;
                found = true;
                line[strcspn(line, "\n")] = '\0';
                snprintf(ret, size, "%s", line + len + 1 + strspn(line + len + 1, " \t"));
                if (strcmp(field, "Name") != 0)
                        ret[strcspn(ret, " \t")] = '\0';
        }
        fclose(file);
        return found;
}

bool proc_lives(pid_t pid)
{
        char state[16];

        return proc_status(pid, "State", state, sizeof(state)) && *state != 'Z' && *state != 'X';
}

struct link {
        pid_t pid, parent;
        bool in;
};

static size_t read_links(struct link *links, size_t max)
{
        DIR *dir = opendir("/proc");
        struct dirent *entry;
        size_t n = 0;

        while (dir && n < max && (entry = readdir(dir))) {
                pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
                char parent[16];

                if (pid > 0 && proc_lives(pid) && proc_status(pid, "PPid", parent, sizeof(parent)))
                        links[n++] = (struct link){ pid, (pid_t)strtol(parent, NULL, 10), false };
        }
        if (dir)
                closedir(dir);
        return n;
}

static int compare_pid(const void *a, const void *b)
{
        const struct link *one = a, *other = b;

        return (one->pid > other->pid) - (one->pid < other->pid);
}

static bool is_in(const struct link *links, size_t n, pid_t pid)
{
        struct link key = { .pid = pid };
        const struct link *found = bsearch(&key, links, n, sizeof(*links), compare_pid);

        return found && found->in;
}

size_t proc_descendants(pid_t of, pid_t ret[static PROC_MAX])
{
        enum { LINKS_MAX = 16384 };
        struct link *links = calloc(LINKS_MAX, sizeof(*links));
        size_t n = links ? read_links(links, LINKS_MAX) : 0, found = 0;
        bool more = true;

        if (n)
                qsort(links, n, sizeof(*links), compare_pid);
        while (more) {
                more = false;
                for (size_t i = 0; i < n; i++) {
                        if (links[i].in || (links[i].parent != of && !is_in(links, n, links[i].parent)))
                                continue;
                        links[i].in = more = true;
                        if (found < PROC_MAX)
                                ret[found++] = links[i].pid;
                }
        }
        free(links);
        return found;
}

size_t proc_named(pid_t of, const char *name)
{
        pid_t pids[PROC_MAX];
        size_t n = proc_descendants(of, pids), named = 0;
        char is[64];

        for (size_t i = 0; i < n; i++)
                named += proc_status(pids[i], "Name", is, sizeof(is)) && strcmp(is, name) == 0;
        return named;
}
