/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/snapshot.h"

#include <ctype.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "spec/explain.h"

static jv set(jv object, const char *key, jv value)
{
        return jv_object_set(object, jv_string(key), value);
}

/* What others chose to be called holds any byte; JSON gets what may be shown. */
static jv text_json(const char *text)
{
        own_free char *safe = text_escape(text, strlen(text), false);

        return jv_string(safe);
}

/* 0 stands for "not there". */
static jv pid_json(pid_t pid)
{
        return pid > 0 ? jv_number(pid) : jv_null();
}

static jv ns_id_json(uint64_t id)
{
        return id ? jv_number((double)id) : jv_null();
}

static jv state_json(char state)
{
        const char text[2] = { isalpha((unsigned char)state) && (unsigned char)state < 0x80 ? state : '?' };

        return jv_string(text);
}

static jv row_json(const struct row *row, const char *tie_key)
{
        const struct proc *proc = row->proc;
        jv object = jv_object();

        object = set(object, "pid", jv_number(proc->pid));
        object = set(object, "ppid", jv_number(proc->ppid));
        object = set(object, "uid", jv_number(proc->uid));
        object = set(object, "user", text_json(row->user));
        object = set(object, "state", state_json(proc->state));
        object = set(object, "comm", text_json(proc->comm));
        object = set(object, "cmdline", text_json(proc->cmdline));
        return set(object, tie_key, pid_json(row->tied));
}

static jv rows_json(const struct row *rows, size_t n, const char *tie_key)
{
        jv array = jv_array();

        for (size_t i = 0; i < n; i++)
                array = jv_array_append(array, row_json(&rows[i], tie_key));
        return array;
}

/* Whether two are one is not known where one of them is not. */
static jv namespaces_json(const struct ns_ids *ns)
{
        jv array = jv_array();

        for (unsigned i = 0; i < NS_T_N; i++) {
                bool known = ns->container[i] && ns->host[i];
                jv object = set(jv_object(), "type", jv_string(ns_type_names[i]));

                object = set(object, "container", ns_id_json(ns->container[i]));
                object = set(object, "host", ns_id_json(ns->host[i]));
                object = set(object, "shared", known ? jv_bool(ns->container[i] == ns->host[i]) : jv_null());
                array = jv_array_append(array, object);
        }
        return array;
}

static jv map_json(const struct id_map *map)
{
        jv array = jv_array();

        for (unsigned i = 0; i < map->n; i++) {
                jv extent = jv_array_append(jv_array(), jv_number(map->v[i].inside));

                extent = jv_array_append(extent, jv_number(map->v[i].outside));
                extent = jv_array_append(extent, jv_number(map->v[i].count));
                array = jv_array_append(array, extent);
        }
        return array;
}

static jv id_json(const struct status *inside, const uint32_t *in, const struct status *outside,
                  const uint32_t *out)
{
        jv object = set(jv_object(), "container", inside->pid ? jv_number(*in) : jv_null());

        return set(object, "host", outside->pid ? jv_number(*out) : jv_null());
}

static jv groups_json(const struct status *status)
{
        jv array = jv_array();

        for (unsigned i = 0; i < status->n_groups; i++)
                array = jv_array_append(array, jv_number(status->groups[i]));
        return array;
}

static jv init_json(const struct snapshot *snapshot)
{
        const struct status *in = &snapshot->init_inside, *out = &snapshot->init_outside;
        jv object = set(jv_object(), "pid_host", pid_json(snapshot->init_host));

        object = set(object, "pid_container", pid_json(snapshot->init_container));
        object = set(object, "uid", id_json(in, &in->uid[1], out, &out->uid[1]));
        object = set(object, "gid", id_json(in, &in->gid[1], out, &out->gid[1]));
        object = set(object, "groups", in->pid ? groups_json(in) : jv_null());
        object = set(object, "caps", in->pid ? caps_sets_json(&in->caps) : jv_null());
        object = set(object, "missing_caps", caps_names_json(snapshot->missing));
        object = set(object, "no_new_privs", in->pid ? jv_bool(in->no_new_privs) : jv_null());
        return set(object, "seccomp", in->pid && in->seccomp >= 0 ? jv_number(in->seccomp) : jv_null());
}

jv snapshot_json(const struct snapshot *snapshot, const struct snapshot_extra *extra)
{
        bool exited = strcmp(extra->state, "exited") == 0;
        jv object = set(jv_object(), "schema", jv_number(1));
        jv userns = set(jv_object(), "uid_map", map_json(&snapshot->uid_map));

        userns = set(userns, "gid_map", map_json(&snapshot->gid_map));
        object = set(object, "kernel", set(jv_object(), "release", text_json(extra->kernel_release)));
        object = set(object, "mode", jv_string(cage_mode_name(snapshot->mode)));
        object = set(object, "spec", spec_json(extra->spec, extra->root, extra->command));
        object = set(object, "equivalent", spec_equivalent_json(extra->spec, extra->uid));
        object = set(object, "state", jv_string(extra->state));
        object = set(object, "exit_status", exited ? jv_number(extra->exit_status) : jv_null());
        object = set(object, "init", init_json(snapshot));
        object = set(object, "namespaces", namespaces_json(&snapshot->ns));
        object = set(object, "userns", userns);
        object = set(object, "exec", jv_array());
        object = set(object, "host", rows_json(snapshot->host, snapshot->n_host, "container_pid"));
        return set(object, "container", rows_json(snapshot->container, snapshot->n_container, "host_pid"));
}
