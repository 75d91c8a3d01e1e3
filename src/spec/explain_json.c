/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "spec/equivalent.h"
#include "spec/notes.h"

static jv with(jv object, const char *key, jv value)
{
        return jv_object_set(object, jv_string(key), value);
}

static jv with_text(jv object, const char *key, const char *text)
{
        return with(object, key, jv_string(text));
}

static jv with_bool(jv object, const char *key, bool value)
{
        return with(object, key, jv_bool(value));
}

/* Takes text over. */
static jv with_taken(jv object, const char *key, char *text)
{
        object = with_text(object, key, text);
        free(text);
        return object;
}

static jv list_json(const struct strv *list)
{
        jv array = jv_array();

        for (size_t i = 0; i < list->n; i++)
                array = jv_array_append(array, jv_string(list->v[i]));
        return array;
}

static jv with_names(jv array, uint64_t mask)
{
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (mask & caps_bit(bit))
                        array = jv_array_append(array, jv_string(caps_info(bit)->name));
        return array;
}

jv caps_names_json(uint64_t mask)
{
        return with_names(jv_array(), mask);
}

static jv with_mask(jv object, const char *key, uint64_t mask)
{
        char hex[17];

        caps_hex(mask, hex);
        return with_text(object, key, hex);
}

jv caps_sets_json(const struct cap_sets *sets)
{
        jv object = jv_object();

        object = with_mask(object, "effective", sets->effective);
        object = with_mask(object, "permitted", sets->permitted);
        object = with_mask(object, "inheritable", sets->inheritable);
        object = with_mask(object, "bounding", sets->bounding);
        object = with_mask(object, "ambient", sets->ambient);
        object = with(object, "effective_names", caps_names_json(sets->effective));
        return with(object, "bounding_names", caps_names_json(sets->bounding));
}

static jv caps_said_json(bool all, uint64_t mask)
{
        jv array = jv_array();

        if (all)
                array = jv_array_append(array, jv_string("ALL"));
        return with_names(array, mask);
}

static jv with_ns(jv object, const char *key, enum ns_choice choice)
{
        static const char *const words[] = {
                [NS_OWN] = "private", [NS_HOST] = "host", [NS_NONE] = "none", [NS_REMAP] = "remap"
        };

        return with_text(object, key, words[choice]);
}

jv spec_json(const struct spec *spec, const char *root, const struct strv *command)
{
        jv object = jv_object();

        object = with_text(object, "image", spec->image);
        object = with_text(object, "root", root);
        object = with(object, "command", list_json(command));
        object = with(object, "entrypoint", spec->has_entrypoint ? jv_string(spec->entrypoint) : jv_null());
        object = with_text(object, "user", spec->user);
        object = with(object, "group_add", list_json(&spec->group_add));
        object = with(object, "cap_add", caps_said_json(spec->caps.add_all, spec->caps.add));
        object = with(object, "cap_drop", caps_said_json(spec->caps.drop_all, spec->caps.drop));
        object = with_bool(object, "privileged", spec->caps.privileged);
        object = with_bool(object, "no_new_privileges", spec->no_new_privileges);
        object = with_text(object, "seccomp", spec->seccomp);
        object = with_ns(object, "pid", spec->pid);
        object = with_ns(object, "network", spec->network);
        object = with_ns(object, "uts", spec->uts);
        object = with_ns(object, "ipc", spec->ipc);
        object = with_ns(object, "cgroupns", spec->cgroupns);
        object = with_ns(object, "userns", spec->userns);
        object = with_text(object, "hostname", spec->hostname);
        object = with_text(object, "name", spec->name);
        object = with(object, "env", list_json(&spec->env));
        object = with_text(object, "workdir", spec->workdir);
        object = with_bool(object, "read_only", spec->read_only);
        object = with_bool(object, "interactive", spec->interactive);
        object = with_bool(object, "tty", spec->tty);
        return with_text(object, "engine", caps_rules(spec->engine)->engine);
}

jv spec_equivalent_json(const struct spec *spec, uint32_t uid)
{
        jv object = jv_object();

        object = with_taken(object, "docker", equivalent_line(spec, ENGINE_DOCKER, uid));
        object = with_taken(object, "podman", equivalent_line(spec, ENGINE_PODMAN, uid));
        object = with_taken(object, "kubernetes", equivalent_kubernetes(spec));
        return with_taken(object, "compose", equivalent_compose(spec));
}

/* An id on both sides. */
static jv id_json(uint32_t inside, const struct machine *machine, const struct id_runs *runs, uint32_t own)
{
        jv object = with(jv_object(), "container", jv_number(inside));
        uint32_t outside;

        switch (machine->mode) {
        case MODE_ROOT:
                return with(object, "host", jv_number(inside));
        case MODE_ONE_ID:
                return with(object, "host", jv_number(own));
        case MODE_RANGE:
                break;
        }
        return with(object, "host", id_runs_outside(runs, inside, &outside) ? jv_number(outside) : jv_null());
}

/* With one id the kernel shows the groups of who starts vitrine; of those only the mapped one is known. */
static jv groups_json(const struct resolved *resolved)
{
        jv array = jv_array();

        if (!resolved->groups_settable)
                return jv_array_append(array, jv_number(resolved->gid));
        for (size_t i = 0; i < resolved->n_groups; i++)
                array = jv_array_append(array, jv_number(resolved->groups[i]));
        return array;
}

static jv predicted_json(const struct machine *machine, const struct resolved *resolved)
{
        jv object = jv_object();

        object = with(object, "uid", id_json(resolved->uid, machine, &machine->uids, machine->uid));
        object = with(object, "gid", id_json(resolved->gid, machine, &machine->gids, machine->gid));
        object = with(object, "groups", groups_json(resolved));
        object = with(object, "caps", caps_sets_json(&resolved->caps));
        return with_bool(object, "no_new_privs", resolved->no_new_privileges);
}

jv explain_json(const struct spec *spec, const char *root, const struct machine *machine,
                const struct resolved *resolved)
{
        jv object = with(jv_object(), "schema", jv_number(1));
        struct strv notes = { 0 };

        notes_make(spec, machine, resolved, &notes);
        object = with_text(object, "mode", cage_mode_name(machine->mode));
        object = with(object, "spec", spec_json(spec, root, &resolved->argv));
        object = with(object, "equivalent", spec_equivalent_json(spec, resolved->uid));
        object = with_text(object, "rules", caps_rules(spec->engine)->name);
        object = with(object, "notes", list_json(&notes));
        object = with(object, "predicted", predicted_json(machine, resolved));
        object = with(object, "missing_caps", caps_names_json(resolved->missing));
        strv_finish(&notes);
        return object;
}

/* The names of the errors that launching meets; libc's own table is not everywhere. */
static const struct {
        int err;
        const char *name;
} errno_names[] = {
#define E(name)             \
        {                   \
                name, #name \
        }
        E(EPERM),        E(ENOENT),     E(ESRCH),     E(EINTR),        E(EIO),       E(E2BIG),
        E(ENOEXEC),      E(EBADF),      E(ECHILD),    E(EAGAIN),       E(ENOMEM),    E(EACCES),
        E(EFAULT),       E(EBUSY),      E(EEXIST),    E(EXDEV),        E(ENODEV),    E(ENOTDIR),
        E(EISDIR),       E(EINVAL),     E(ENFILE),    E(EMFILE),       E(ENOTTY),    E(ETXTBSY),
        E(EFBIG),        E(ENOSPC),     E(EROFS),     E(EMLINK),       E(EPIPE),     E(ERANGE),
        E(ENAMETOOLONG), E(ENOSYS),     E(ELOOP),     E(EUSERS),       E(EMSGSIZE),  E(EOPNOTSUPP),
        E(EADDRINUSE),   E(ECONNRESET), E(ETIMEDOUT), E(ECONNREFUSED), E(EOVERFLOW), E(EPROTO),
#undef E
};

static jv errno_json(int err)
{
        for (size_t i = 0; i < sizeof(errno_names) / sizeof(errno_names[0]); i++)
                if (errno_names[i].err == err)
                        return jv_string(errno_names[i].name);
        return err ? jv_string_fmt("%d", err) : jv_null();
}

jv fault_json(const struct fault *fault, const char *hint)
{
        jv error = jv_object(), object = with(jv_object(), "schema", jv_number(1));

        error = with_text(error, "step", fault->step);
        error = with_text(error, "path", fault->path);
        error = with(error, "errno", errno_json(fault->err));
        error = with_text(error, "why", fault->why[0] ? fault->why : fault->err ? strerror(fault->err) : "");
        error = with_text(error, "hint", hint ? hint : "");
        return with(object, "error", error);
}
