/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/derive.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"

static enum ns_choice choice(const struct ns_ids *ns, enum ns_type type)
{
        return ns->container[type] && ns->container[type] == ns->host[type] ? NS_HOST : NS_OWN;
}

/* As a line would say it: ALL where everything is there, and where nothing is. */
static void derive_caps(uint64_t bounding, uint64_t known, uint64_t base, struct cap_request *ret)
{
        bounding &= known;
        base &= known;
        ret->add_all = bounding == known;
        ret->drop_all = bounding == 0;
        ret->add = ret->add_all ? 0 : bounding & ~base;
        ret->drop = ret->drop_all ? 0 : base & ~bounding;
}

enum { OVERFLOW_ID = 65534 };

/* Every group but the user's own, which a line with UID:GID, and root's without a user, gives by itself. What
 * is not mapped into the container's user namespace reads as the overflow id: no line could ask for it. */
static void derive_groups(const struct status *inside, bool own_userns, struct strv *ret)
{
        for (unsigned i = 0; i < inside->n_groups; i++) {
                bool said = inside->groups[i] == inside->gid[1];

                for (unsigned j = 0; j < i; j++)
                        said = said || inside->groups[j] == inside->groups[i];
                if (!said && !(own_userns && inside->groups[i] == OVERFLOW_ID))
                        strv_add_take(ret, xasprintf("%u", inside->groups[i]));
        }
}

void derive_spec(const struct status *inside, const struct ns_ids *ns, uint64_t known, enum engine engine,
                 struct spec *ret)
{
        struct spec spec;

        spec_init(&spec);
        spec.engine = engine;
        if (inside->uid[1] != 0 || inside->gid[1] != 0) {
                free(spec.user);
                spec.user = xasprintf("%u:%u", inside->uid[1], inside->gid[1]);
        }
        derive_groups(inside, choice(ns, NS_T_USER) != NS_HOST, &spec.group_add);
        derive_caps(inside->caps.bounding, known, caps_rules(engine)->base, &spec.caps);
        spec.no_new_privileges = inside->no_new_privs;
        if (inside->seccomp == 0) {
                free(spec.seccomp);
                spec.seccomp = xstrdup("unconfined");
        }
        spec.network = choice(ns, NS_T_NET);
        spec.uts = choice(ns, NS_T_UTS);
        spec.ipc = choice(ns, NS_T_IPC);
        spec.cgroupns = choice(ns, NS_T_CGROUP);
        spec.userns = choice(ns, NS_T_USER);
        *ret = spec;
}

static bool is_every_id(const struct id_map *map)
{
        return map->n == 1 && map->v[0].inside == 0 && map->v[0].outside == 0 &&
               map->v[0].count == UINT32_MAX;
}

enum cage_mode derive_mode(const struct ns_ids *ns, const struct id_map *uid_map)
{
        const bool unknown = !ns->container[NS_T_USER] || !ns->host[NS_T_USER];
        uint64_t ids = 0;

        if (choice(ns, NS_T_USER) == NS_HOST || (unknown && is_every_id(uid_map)))
                return MODE_ROOT;
        for (unsigned i = 0; i < uid_map->n; i++)
                ids += uid_map->v[i].count;
        return ids > 1 ? MODE_RANGE : MODE_ONE_ID;
}

static jv set(jv object, const char *key, jv value)
{
        return jv_object_set(object, jv_string(key), value);
}

/* What others chose to be called holds any byte. */
static jv text_json(const char *text)
{
        own_free char *safe = text ? text_escape(text, strlen(text), false) : NULL;

        return safe && *safe ? jv_string(safe) : jv_null();
}

static jv forget_unknown(jv spec, const struct attached *attached)
{
        static const char *const unknown[] = { "image",   "root",      "entrypoint",  "hostname", "env",
                                               "workdir", "read_only", "interactive", "tty" };

        for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
                spec = set(spec, unknown[i], jv_null());
        spec = set(spec, "name", text_json(attached->name));
        return set(spec, "engine", text_json(attached->engine));
}

jv derive_json(const struct snapshot *snapshot, const struct snapshot_extra *extra,
               const struct attached *attached)
{
        jv object = snapshot_json(snapshot, extra);
        jv spec = jv_object_get(jv_copy(object), jv_string("spec"));
        jv who = set(jv_object(), "pid", jv_number(attached->pid));

        who = set(who, "engine", text_json(attached->engine));
        who = set(who, "id", text_json(attached->id));
        who = set(who, "name", text_json(attached->name));
        object = set(object, "spec", forget_unknown(spec, attached));
        object = set(object, "equivalent", jv_null());
        return set(object, "attached", who);
}
