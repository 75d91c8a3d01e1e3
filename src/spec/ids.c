/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/ids.h"

#include <stdio.h>
#include <string.h>

/* 4294967295 is no id: system calls take it for "leave it as it is". */
static const uint64_t ids_end = UINT32_MAX;

static bool overlaps(const struct id_run *run, uint32_t outside, uint32_t count)
{
        return outside < (uint64_t)run->outside + run->count && run->outside < (uint64_t)outside + count;
}

uint32_t id_runs_count(const struct id_runs *runs)
{
        return runs->n ? runs->v[runs->n - 1].inside + runs->v[runs->n - 1].count : 0;
}

bool id_runs_add(struct id_runs *ret, uint32_t outside, uint32_t count)
{
        uint32_t inside = id_runs_count(ret);

        if (ret->n == ID_RUNS_MAX || count == 0 || (uint64_t)outside + count > ids_end ||
            (uint64_t)inside + count > ids_end)
                return false;
        for (uint32_t i = 0; i < ret->n; i++)
                if (overlaps(&ret->v[i], outside, count))
                        return false;
        ret->v[ret->n++] = (struct id_run){ .inside = inside, .outside = outside, .count = count };
        return true;
}

/* A decimal number that is all of n bytes. */
static bool take_number(const char *text, size_t n, uint32_t *ret)
{
        uint64_t number = 0;

        if (n == 0)
                return false;
        for (size_t i = 0; i < n; i++) {
                if (text[i] < '0' || text[i] > '9')
                        return false;
                number = number * 10 + (uint64_t)(text[i] - '0');
                if (number > UINT32_MAX)
                        return false;
        }
        *ret = (uint32_t)number;
        return true;
}

static bool is_owner(const char *text, size_t n, const char *name, uint32_t uid)
{
        char number[16];

        snprintf(number, sizeof(number), "%u", uid);
        return (name && *name && strlen(name) == n && strncmp(text, name, n) == 0) ||
               (strlen(number) == n && strncmp(text, number, n) == 0);
}

/* OWNER:FIRST:COUNT; ret_owner is the length of the first. */
static bool take_line(const char *line, size_t n, size_t *ret_owner, uint32_t *ret_first, uint32_t *ret_count)
{
        const char *end = line + n, *first = memchr(line, ':', n);
        const char *count = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;

        if (!count)
                return false;
        *ret_owner = (size_t)(first - line);
        return take_number(first + 1, (size_t)(count - first - 1), ret_first) &&
               take_number(count + 1, (size_t)(end - count - 1), ret_count);
}

uint32_t id_runs_free(const char *text, uint32_t first, uint32_t count)
{
        uint64_t free = first;

        while (*text) {
                size_t n = strcspn(text, "\n"), owner;
                uint32_t from, many;

                if (take_line(text, n, &owner, &from, &many) && (uint64_t)from + many > free)
                        free = (uint64_t)from + many;
                text += n + (text[n] == '\n');
        }
        return free + count <= INT32_MAX ? (uint32_t)free : 0;
}

bool id_runs_add_subids(struct id_runs *ret, const char *text, const char *name, uint32_t uid)
{
        bool added = false;

        while (*text) {
                size_t n = strcspn(text, "\n"), owner;
                uint32_t first, count;

                /* The machine's root in a container is what a user namespace is to prevent. */
                if (take_line(text, n, &owner, &first, &count) && is_owner(text, owner, name, uid) &&
                    first > 0)
                        added = id_runs_add(ret, first, count) || added;
                text += n + (text[n] == '\n');
        }
        return added;
}

bool id_runs_outside(const struct id_runs *runs, uint32_t inside, uint32_t *ret)
{
        for (uint32_t i = 0; i < runs->n; i++) {
                if (inside < runs->v[i].inside || inside - runs->v[i].inside >= runs->v[i].count)
                        continue;
                *ret = runs->v[i].outside + (inside - runs->v[i].inside);
                return true;
        }
        return false;
}

bool id_runs_has_outside(const struct id_runs *runs, uint32_t outside)
{
        for (uint32_t i = 0; i < runs->n; i++)
                if (overlaps(&runs->v[i], outside, 1))
                        return true;
        return false;
}
