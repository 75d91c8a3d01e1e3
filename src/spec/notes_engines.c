/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/notes_engines.h"

#include <string.h>

#include "base/own.h"
#include "spec/notes.h"

/* The line as the other engine reads it. */
struct other {
        const struct cap_rules *rules;
        uint64_t wanted;
        struct cap_sets sets;
};

static void note_refused(const struct other *other, int clash, struct strv *ret)
{
        if (clash < 0)
                strv_add_take(ret, xasprintf("%s refuses this line: adding all capabilities and dropping all "
                                             "is not allowed there.",
                                             other->rules->name));
        else
                strv_add_take(ret, xasprintf("%s refuses this line: %s cannot be dropped and added there.",
                                             other->rules->name, caps_info((unsigned)clash)->name));
}

static void note_bounding(const struct other *other, const struct resolved *resolved, struct strv *ret)
{
        uint64_t less = resolved->wanted & ~other->wanted, more = other->wanted & ~resolved->wanted;
        own_free char *without = notes_cap_names(less), *with = notes_cap_names(more);
        struct str note = { 0 };

        if (!less && !more)
                return;
        str_add_f(&note, "%s would give %u capabilities where this line gives %u: ", other->rules->name,
                  caps_count(other->wanted), caps_count(resolved->wanted));
        if (less)
                str_add_f(&note, "not %s", without);
        if (more)
                str_add_f(&note, "%s%s more", less ? "; " : "", with);
        str_add_c(&note, '.');
        strv_add_take(ret, str_take(&note));
}

static void note_effective(const struct other *other, const struct resolved *resolved, struct strv *ret)
{
        own_free char *theirs = notes_cap_names(other->sets.effective);
        own_free char *ours = notes_cap_names(resolved->caps.effective);
        bool all = caps_count(other->sets.effective) > 20 || caps_count(resolved->caps.effective) > 20;

        if (resolved->uid == 0 || other->sets.effective == resolved->caps.effective)
                return;
        if (other->sets.effective)
                strv_add_take(ret, xasprintf("%s would make %s effective and ambient for uid %u: there "
                                             "--cap-add gives another user than root the power itself. The "
                                             "%s line that comes nearest adds nothing.",
                                             other->rules->name, all ? "all of it" : theirs, resolved->uid,
                                             other->rules->engine));
        else
                strv_add_take(ret, xasprintf("%s would give uid %u no effective capability: %s would be in "
                                             "the bounding set alone. No %s line gives it more.",
                                             other->rules->name, resolved->uid, all ? "all of it" : ours,
                                             other->rules->engine));
}

static void note_groups(const struct spec *spec, const struct other *other, const struct resolved *resolved,
                        struct strv *ret)
{
        bool podman = spec->engine == ENGINE_PODMAN, lists_own = false;

        for (size_t i = 0; i < resolved->n_groups; i++)
                lists_own = lists_own || resolved->groups[i] == resolved->gid;
        if (podman && !lists_own)
                strv_add_take(ret, xasprintf("%s would list group %u among the supplementary groups too.",
                                             other->rules->name, resolved->gid));
        else if (!podman && resolved->uid == 0 && !*spec->user)
                strv_add_take(ret, xasprintf("%s would not list group %u among the supplementary groups, as "
                                             "neither --user nor the image's USER names root.",
                                             other->rules->name, resolved->gid));
}

/* With the machine's name and a network of its own, docker's variable is the container's id. */
static void note_hostname(const struct spec *spec, const struct other *other, struct strv *ret)
{
        if (spec->uts != NS_HOST || spec->network == NS_HOST)
                return;
        for (size_t i = 0; i < spec->env.n; i++)
                if (strcspn(spec->env.v[i], "=") == 8 && strncmp(spec->env.v[i], "HOSTNAME", 8) == 0)
                        return;
        strv_add_take(ret, xasprintf("%s would set HOSTNAME to the %s.", other->rules->name,
                                     spec->engine == ENGINE_PODMAN ? "container's id" : "machine's name"));
}

/* podman's --read-only-tmpfs, which is on unless it is said. */
static void note_read_only(const struct spec *spec, struct strv *ret)
{
        if (!spec->read_only)
                return;
        if (spec->engine == ENGINE_PODMAN)
                strv_add(ret,
                         "Podman leaves /tmp, /run and /var/tmp writable beside --read-only. vitrine does "
                         "not, and neither does Docker: for Podman that is --read-only-tmpfs=false.");
        else
                strv_add_take(ret,
                              xasprintf("%s would leave /tmp, /run and /var/tmp writable, each with a tmpfs "
                                        "of its own: there --read-only-tmpfs=false is to be said too.",
                                        caps_rules(ENGINE_PODMAN)->name));
}

static void note_lists(const struct spec *spec, const struct other *other, struct strv *ret)
{
        bool several = caps_count(spec->caps.add) > 1 || caps_count(spec->caps.drop) > 1;

        if (several && !other->rules->comma_lists)
                strv_add_take(ret, xasprintf("%s takes one capability a flag: names joined with a comma are "
                                             "refused there.",
                                             other->rules->name));
}

void notes_engines(const struct spec *spec, const struct machine *machine, const struct resolved *resolved,
                   struct strv *ret)
{
        bool podman = spec->engine == ENGINE_PODMAN;
        struct other other = { .rules = caps_rules(podman ? ENGINE_DOCKER : ENGINE_PODMAN) };
        int clash;

        note_read_only(spec, ret);
        if (!caps_wanted(other.rules, &spec->caps, machine->known, &other.wanted, &clash)) {
                note_refused(&other, clash, ret);
                return;
        }
        other.sets = caps_apply(other.rules, &spec->caps, other.wanted, machine->grantable, resolved->uid);
        note_bounding(&other, resolved, ret);
        note_effective(&other, resolved, ret);
        note_groups(spec, &other, resolved, ret);
        note_hostname(spec, &other, ret);
        note_lists(spec, &other, ret);
}
