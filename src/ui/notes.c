/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/notes.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/facts.h"

enum { NOTE_SIZE = 200, NAMES_MAX = 2 };

/* Adds the long form where it fits, else the short one. */
static void add(struct strv *notes, int width, const char *full, const char *brief)
{
        strv_add(notes, text_width(full) <= width ? full : brief);
}

static const char *number_word(size_t n, char buf[static NOTE_SIZE])
{
        static const char *const words[] = { "no",  "one",   "two",   "three", "four", "five",
                                             "six", "seven", "eight", "nine",  "ten" };

        if (n < sizeof(words) / sizeof(words[0]))
                return words[n];
        snprintf(buf, NOTE_SIZE, "%zu", n);
        return buf;
}

static size_t count_tied(const struct snapshot *now)
{
        size_t n = 0;

        for (size_t i = 0; i < now->n_host; i++)
                n += now->host[i].tied != 0;
        return n;
}

/* How many there are inside. As a rule those that are tied: the tables are read one after the other. */
static size_t count_inside(const struct snapshot *now)
{
        size_t tied = count_tied(now), inside = proc_table_count(&now->container_table);

        return tied >= TIES_MOST && inside > tied ? inside : tied;
}

static void add_shared(struct strv *notes, const struct snapshot *now, int width)
{
        add(notes, width, "pid namespace shared: same number", "pid shared: same number");
        if (now->n_container > 0 &&
            proc_table_count(&now->container_table) == proc_table_count(&now->host_table))
                add(notes, width, "nothing is invisible here", "nothing is invisible");
}

static void add_end(struct strv *notes, const struct snapshot *now, int width)
{
        char full[NOTE_SIZE], brief[NOTE_SIZE];

        snprintf(full, sizeof(full), "%d ended: this was the last view", now->init_host);
        snprintf(brief, sizeof(brief), "%d ended", now->init_host);
        add(notes, width, full, brief);
}

static void add_tie(struct strv *notes, const struct snapshot *now, int width)
{
        char full[NOTE_SIZE], brief[NOTE_SIZE], word[NOTE_SIZE];
        size_t tied = count_tied(now), inside = count_inside(now);

        if (tied == 0)
                return;
        if (tied == 1) {
                add(notes, width, "one process, two numbers (PIDs):", "one process, two numbers:");
                if (!now->init_seen)
                        return;
                snprintf(full, sizeof(full), "%d on the machine, %d in here", now->init_host,
                         now->init_container);
                snprintf(brief, sizeof(brief), "%d outside, %d in here", now->init_host, now->init_container);
                add(notes, width, full, brief);
                return;
        }
        snprintf(full, sizeof(full), "%.40s processes, two numbers each", number_word(inside, word));
        snprintf(brief, sizeof(brief), "%zu: two numbers each", inside);
        add(notes, width, full, brief);
        if (inside > tied) {
                snprintf(full, sizeof(full), "%zu of them are tied here", tied);
                snprintf(brief, sizeof(brief), "%zu tied here", tied);
                add(notes, width, full, brief);
        }
}

static void add_invisible(struct strv *notes, const struct snapshot *now, int width)
{
        size_t all = proc_table_count(&now->host_table), inside = count_inside(now);
        size_t others = all > inside ? all - inside : 0;
        char full[NOTE_SIZE], brief[NOTE_SIZE];

        if (others == 0)
                return;
        snprintf(full, sizeof(full), "the other %zu %s invisible here", others, others == 1 ? "is" : "are");
        snprintf(brief, sizeof(brief), "the other %zu: invisible", others);
        add(notes, width, full, brief);
}

/* Names while they are few, else how many. */
static void name_caps(uint64_t mask, char buf[static NOTE_SIZE])
{
        size_t used = 0;

        if (caps_count(mask) > NAMES_MAX) {
                snprintf(buf, NOTE_SIZE, "%u", caps_count(mask));
                return;
        }
        buf[0] = '\0';
        for (unsigned bit = 0; bit < 64 && used < NOTE_SIZE; bit++)
                if (mask & caps_bit(bit)) {
                        const char *name = facts_cap_name(bit);

                        used += (size_t)snprintf(buf + used, NOTE_SIZE - used, "%s%s", used ? ", " : "",
                                                 *name ? name : "unknown");
                }
}

/* One line for capabilities that went or came; *count is their number before, and after it after. */
static void add_caps(struct strv *notes, uint64_t mask, const char *verb, bool come, const char *state,
                     unsigned *count, int width)
{
        char names[NOTE_SIZE], full[2 * NOTE_SIZE], brief[2 * NOTE_SIZE];
        unsigned before = *count;

        if (!mask)
                return;
        *count = come ? before + caps_count(mask) : before - caps_count(mask);
        name_caps(mask, names);
        snprintf(full, sizeof(full), "%s %s: %u %s, now %u", names, verb, before, state, *count);
        snprintf(brief, sizeof(brief), "%s %s: %u, now %u", names, verb, before, *count);
        if (text_width(brief) > width)
                snprintf(brief, sizeof(brief), "%u %s: %u, now %u", caps_count(mask), verb, before, *count);
        add(notes, width, full, brief);
}

/* The bounding set, in the words of who may use it: root holds what is in it, others are allowed it, where
 * anything can be regained. */
static const char *bounding_word(const struct view *view)
{
        struct powers powers = facts_powers(view->now, facts_init(view->now));

        if (powers.root)
                return "held";
        return powers.allowed == (powers.bounding & ~powers.held) ? "allowed" : "bounding";
}

static void add_bounding(struct strv *notes, const struct view *view, const struct snapshot_diff *diff,
                         int width)
{
        const struct status *old = facts_init(view->before);
        const char *state = bounding_word(view);
        uint64_t gone = diff->bounding_gone, come = diff->bounding_come, base = view->rules->base;
        unsigned count = caps_count(old->caps.bounding);
        char full[NOTE_SIZE];

        /* What the engine gives unasked is dropped and comes back; the rest is added and removed. Both at
         * once is what goes with --privileged or ALL, and not one request more. */
        if (gone & base && gone & ~base) {
                add_caps(notes, gone, "gone", false, state, &count, width);
        } else {
                add_caps(notes, gone & base, "dropped", false, state, &count, width);
                add_caps(notes, gone & ~base, "removed", false, state, &count, width);
        }
        if (come && view->spec->caps.privileged) {
                snprintf(full, sizeof(full), "--privileged: %u %s, now %u", count, state,
                         count + caps_count(come));
                strv_add(notes, full);
                return;
        }
        add_caps(notes, come & base, "back", true, state, &count, width);
        add_caps(notes, come & ~base, "added", true, state, &count, width);
}

static void add_user(struct strv *notes, const struct view *view, const struct snapshot_diff *diff, int width)
{
        const struct status *old = facts_init(view->before), *new = facts_init(view->now);
        char full[NOTE_SIZE], brief[NOTE_SIZE], who[NOTE_SIZE / 2];
        unsigned from, to = caps_count(new->caps.effective);

        if (!diff->uid_changed)
                return;
        /* From what would be held without this change, so that the number follows from the line above. */
        from = caps_count(diff->old_uid == 0 ? new->caps.bounding : old->caps.effective);
        if (diff->new_uid == 0)
                snprintf(who, sizeof(who), "root");
        else if (diff->old_uid == 0)
                snprintf(who, sizeof(who), "not root");
        else
                snprintf(who, sizeof(who), "user %u, not %u", diff->new_uid, diff->old_uid);
        if (from == to) {
                snprintf(full, sizeof(full), "%s: %u held, as before", who, to);
                snprintf(brief, sizeof(brief), "%s: %u held", who, to);
        } else {
                snprintf(full, sizeof(full), "%s: %u held became %u", who, from, to);
                snprintf(brief, sizeof(brief), "%s: %u became %u", who, from, to);
        }
        add(notes, width, full, brief);
}

static void add_fences(struct strv *notes, const struct view *view, const struct snapshot_diff *diff,
                       int width)
{
        const struct status *new = facts_init(view->now);
        char full[NOTE_SIZE];

        if (diff->nnp_changed && new->no_new_privs)
                add(notes, width, "no-new-privs on: none regainable", "no-new-privs on");
        else if (diff->nnp_changed && facts_powers(view->now, new).allowed)
                add(notes, width, "no-new-privs off: regainable again", "no-new-privs off");
        else if (diff->nnp_changed)
                strv_add(notes, "no-new-privs off");
        if (diff->seccomp_changed)
                strv_add(notes, new->seccomp == 0 ? "no seccomp filter now" : "a seccomp filter now");
        for (unsigned i = 0; i < NS_T_N; i++) {
                bool before = snapshot_shares(view->before, i), now = snapshot_shares(view->now, i);

                if (before == now)
                        continue;
                snprintf(full, sizeof(full), "%s namespace: %s", ns_type_names[i],
                         now ? "the machine's" : "its own");
                add(notes, width, full, full);
        }
}

static void add_change(struct strv *notes, const struct view *view, int width)
{
        struct snapshot_diff diff = snapshot_compare(view->before, view->now);
        char full[NOTE_SIZE], brief[NOTE_SIZE];

        if (diff.old_init && diff.new_init) {
                snprintf(full, sizeof(full), "%d ended; NEW container: %d", diff.old_init, diff.new_init);
                snprintf(brief, sizeof(brief), "%d ended; NEW: %d", diff.old_init, diff.new_init);
                add(notes, width, full, brief);
        }
        /* In the order of the keys. */
        if (facts_init(view->before) && facts_init(view->now)) {
                add_bounding(notes, view, &diff, width);
                add_user(notes, view, &diff, width);
                add_fences(notes, view, &diff, width);
        }
}

void ui_notes(const struct view *view, int width, struct strv *ret)
{
        bool shared;

        if (!view->now)
                return;
        shared = snapshot_shares(view->now, NS_T_PID);
        if (shared)
                add_shared(ret, view->now, width);
        if (view->state == RUN_ENDED)
                add_end(ret, view->now, width);
        if (view->before)
                add_change(ret, view, width);
        if (!shared && ret->n == 0)
                add_tie(ret, view->now, width);
        if (!shared)
                add_invisible(ret, view->now, width);
        while (ret->n > NOTES_SHOWN)
                strv_remove(ret, ret->n - 1);
}
