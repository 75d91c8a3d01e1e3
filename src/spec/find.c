/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/flags.h"

#include <string.h>

#include "caps/near.h"

/* Names that docker takes and does not list. */
static const struct {
        const char *hidden, *name;
} hidden_names[] = {
        { "dns-opt", "dns-option" },
        { "net", "network" },
        { "net-alias", "network-alias" },
};

static bool same(const char *name, const char *word, size_t n)
{
        return strlen(name) == n && memcmp(name, word, n) == 0;
}

static const struct flag *find_in(const struct flag *table, unsigned count, const char *name, size_t n)
{
        for (unsigned i = 0; i < count; i++)
                if (same(table[i].name, name, n))
                        return &table[i];
        return NULL;
}

/* The engine belongs to every line: without it the capabilities mean nothing. */
static bool is_there(const struct flag_parse *parse, const struct flag *view_flag)
{
        return parse->has_views || strcmp(view_flag->name, "engine") == 0;
}

const struct flag *flags_find(const struct flag_parse *parse, const char *name, size_t n)
{
        const struct flag *flag;

        for (size_t i = 0; i < sizeof(hidden_names) / sizeof(hidden_names[0]); i++) {
                if (!same(hidden_names[i].hidden, name, n))
                        continue;
                name = hidden_names[i].name;
                n = strlen(name);
                break;
        }
        if (parse->has_trace && same(trace_flag.name, name, n))
                return &trace_flag;
        flag = find_in(run_flags, run_flags_n, name, n);
        if (flag)
                return flag;
        flag = find_in(view_flags_table, view_flags_n, name, n);
        return flag && is_there(parse, flag) ? flag : NULL;
}

const struct flag *flags_find_letter(char letter)
{
        for (unsigned i = 0; i < run_flags_n; i++)
                if (run_flags[i].letter && run_flags[i].letter == letter)
                        return &run_flags[i];
        return NULL;
}

const char *flags_near(const struct flag_parse *parse, const char *name)
{
        const char *nearest = NULL;
        unsigned best = 3;

        for (unsigned i = 0; i < run_flags_n + view_flags_n; i++) {
                const struct flag *flag =
                        i < run_flags_n ? &run_flags[i] : &view_flags_table[i - run_flags_n];
                unsigned distance = near_distance(name, flag->name);

                if (i >= run_flags_n && !is_there(parse, flag))
                        continue;
                if (distance >= best || distance >= strlen(flag->name) || distance >= strlen(name))
                        continue;
                best = distance;
                nearest = flag->name;
        }
        if (parse->has_trace && near_distance(name, trace_flag.name) < best)
                nearest = trace_flag.name;
        return nearest;
}
