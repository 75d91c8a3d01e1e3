/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/heard.h"

#include <string.h>

#include "base/str.h"
#include "caps/caps.h"

enum {
        DAC_OVERRIDE = 1,
        DAC_READ_SEARCH = 2,
        NET_ADMIN = 12,
        NET_RAW = 13,
        SYS_ADMIN = 21,
        SYSLOG = 34,
        PERFMON = 38,
        BPF = 39,
        CHECKPOINT_RESTORE = 40
};

/* The kernel asks for the lesser one first, and when that is denied for the other one. */
static const struct {
        unsigned lesser, other;
} pairs[] = {
        { DAC_READ_SEARCH, DAC_OVERRIDE }, /* fs/namei.c, generic_permission */
        { NET_RAW, NET_ADMIN },            /* net/core/sock.c, SO_MARK */
        { SYSLOG, SYS_ADMIN },             /* kernel/printk, before 6.0 */
        { PERFMON, SYS_ADMIN },            /* include/linux/capability.h, perfmon_capable */
        { BPF, SYS_ADMIN },                /* bpf_capable */
        { CHECKPOINT_RESTORE, SYS_ADMIN }, /* checkpoint_restore_ns_capable */
};

static bool is_lesser(unsigned cap)
{
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
                if (pairs[i].lesser == cap)
                        return true;
        return false;
}

static bool is_pair(unsigned lesser, unsigned other)
{
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
                if (pairs[i].lesser == lesser && pairs[i].other == other)
                        return true;
        return false;
}

static void ask(struct heard *heard, unsigned cap)
{
        heard->asked |= caps_bit(cap);
}

/* What of the same process was denied last was to be had by that one alone, unless this one stands in. */
static void note_asked(struct heard *heard, const struct klog_record *record)
{
        bool in_place = false;

        for (size_t i = 0; i < HEARD_OPEN; i++) {
                unsigned lesser = heard->open[i].cap;

                if (heard->open[i].pid != record->pid)
                        continue;
                if (is_pair(lesser, record->cap))
                        in_place = !record->allowed;
                if (!is_pair(lesser, record->cap) || !record->allowed)
                        ask(heard, lesser);
                heard->open[i].pid = 0;
        }
        if (in_place)
                return;
        if (record->allowed || !is_lesser(record->cap)) {
                ask(heard, record->cap);
                return;
        }
        if (heard->open[heard->next_open].pid)
                ask(heard, heard->open[heard->next_open].cap);
        heard->open[heard->next_open].pid = record->pid;
        heard->open[heard->next_open].cap = record->cap;
        heard->next_open = (heard->next_open + 1) % HEARD_OPEN;
}

/* A loop's commands are one after another another process: they are told as one. */
static bool same(const struct klog_record *a, const struct klog_record *b)
{
        return a->cap == b->cap && a->allowed == b->allowed && strcmp(a->name, b->name) == 0;
}

void heard_add(struct heard *heard, const struct klog_record *record)
{
        struct klog_record fresh = *record;
        size_t at = 0;

        if (record->kind == KLOG_LOST)
                heard->lost = record->number;
        if (record->kind != KLOG_CHECK || record->cap >= CAPS_N)
                return;
        note_asked(heard, record);
        while (at < heard->n && !same(&heard->entries[at], record))
                at++;
        if (at < heard->n)
                fresh.times += heard->entries[at].times;
        else if (heard->n < HEARD_MAX)
                heard->n++;
        else
                heard->forgotten++;
        if (at == HEARD_MAX)
                at--;
        memmove(heard->entries + 1, heard->entries, at * sizeof(heard->entries[0]));
        heard->entries[0] = fresh;
}

void heard_begin(struct heard *heard)
{
        heard->asked = 0;
        memset(heard->open, 0, sizeof(heard->open));
}

uint64_t heard_list(const struct heard *heard)
{
        uint64_t list = heard->asked;

        for (size_t i = 0; i < HEARD_OPEN; i++)
                if (heard->open[i].pid)
                        list |= caps_bit(heard->open[i].cap);
        return list;
}

char *heard_line(const struct heard *heard)
{
        uint64_t list = heard_list(heard);
        struct str line = { 0 };

        if (!list)
                return xstrdup("no capability");
        str_add(&line, "--cap-drop=ALL");
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (list & caps_bit(bit))
                        str_add_f(&line, " --cap-add=%s", caps_info(bit)->name);
        return str_take(&line);
}
