/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "spec/equivalent.h"
#include "spec/explain_flags.h"
#include "spec/notes.h"
#include "spec/wrap.h"

enum { WIDTH = 78, INDENT = 14 };

struct explain {
        const struct spec *spec;
        const char *missing;
        const struct machine *machine;
        const struct resolved *resolved;
        struct str out;
};

static void say(struct explain *e, const char *head, const char *text)
{
        wrap_add(&e->out, head, INDENT, WIDTH, text);
}

/* The same, taking text over. */
static void say_taken(struct explain *e, const char *head, char *text)
{
        say(e, head, text);
        free(text);
}

/* A line whole, however long it is: it is there to be copied. */
static void add_line(struct explain *e, const char *head, char *line)
{
        str_add_f(&e->out, "%-*s%s\n", INDENT, head, line);
        free(line);
}

static void explain_command(struct explain *e)
{
        const struct strv *argv = &e->resolved->argv;
        struct str command = { 0 };

        for (size_t i = 0; i < argv->n; i++)
                str_add_f(&command, "%s%s", i ? " " : "", argv->v[i]);
        str_add(&command, e->spec->pid == NS_HOST ? " (under the machine's own number)" : " (as PID 1)");
        say_taken(e, "Command", str_take(&command));
}

static void explain_image(struct explain *e)
{
        bool itself = strcmp(e->missing, e->spec->image) == 0;

        say_taken(e, "Image",
                  xasprintf("%s%s%s%s", e->spec->image, *e->missing && !itself ? ": built on " : "",
                            itself ? "" : e->missing,
                            *e->missing ? ": not on this machine, so the demo root stands in for it (this "
                                          "machine's own programs, read-only). vitrine never downloads."
                                        : ""));
        if (e->resolved->kept_open)
                say(e, "", "Neither line nor image has a command: sleep 3600 keeps it open.");
}

static char *groups_text(const struct resolved *resolved)
{
        struct str text = { 0 };

        for (size_t i = 0; i < resolved->n_groups; i++)
                str_add_f(&text, " %u", resolved->groups[i]);
        if (!text.len)
                str_add(&text, " none");
        return str_take(&text);
}

static void explain_range(struct explain *e)
{
        const struct machine *machine = e->machine;
        uint32_t uid = 0, gid = 0;
        bool known = id_runs_outside(&machine->uids, e->resolved->uid, &uid) &&
                     id_runs_outside(&machine->gids, e->resolved->gid, &gid);
        own_free char *ids = known ? xasprintf("uid %u, gid %u", uid, gid) : xstrdup("another id");
        const char *whose = machine_remaps(machine)        ? "which nobody there has"
                            : known && uid == machine->uid ? "who you are"
                                                           : "one of your subordinate ids";

        say_taken(
                e, "",
                xasprintf(
                        "On the machine it is %s, %s: a user namespace of its own maps the ids 0 to %u. Its "
                        "capabilities count only for what belongs to that namespace.",
                        ids, whose, machine->uids.n ? id_runs_count(&machine->uids) - 1 : 0));
}

static bool filter_is_off(const struct spec *spec)
{
        return spec->caps.privileged || strcmp(spec->seccomp, "unconfined") == 0;
}

static const char *root_words(const struct spec *spec)
{
        return filter_is_off(spec)
                       ? "On the machine it is uid 0 too: the same root. What holds it back are its "
                         "capabilities and its namespaces."
                       : "On the machine it is uid 0 too: the same root. What holds it back are its "
                         "capabilities, its namespaces and the filter.";
}

static void explain_user(struct explain *e)
{
        const struct resolved *r = e->resolved;
        own_free char *groups = groups_text(r);

        say_taken(e, "User",
                  xasprintf("uid %u, gid %u inside%s%s. %s", r->uid, r->gid,
                            r->groups_settable ? ", supplementary groups" : "",
                            r->groups_settable ? groups : "",
                            *e->spec->user ? "The line says so."
                                           : "The image decides, as the line has no --user."));
        switch (e->machine->mode) {
        case MODE_ROOT:
                say(e, "",
                    r->uid == 0 ? root_words(e->spec)
                                : "On the machine it is the same number: no user namespace stands between.");
                break;
        case MODE_ONE_ID:
                say_taken(
                        e, "",
                        xasprintf("On the machine it is uid %u, gid %u, in a user namespace of its own. Its "
                                  "capabilities count only for what belongs to that namespace. "
                                  "Supplementary groups cannot be set there.",
                                  e->machine->uid, e->machine->gid));
                break;
        case MODE_RANGE:
                explain_range(e);
                break;
        }
}

static void explain_set(struct explain *e, const char *name, uint64_t mask)
{
        char hex[17];

        caps_hex(mask, hex);
        str_add_f(&e->out, "  %-12s%s  %u\n", name, hex, caps_count(mask));
}

static void explain_caps(struct explain *e)
{
        const struct cap_sets *sets = &e->resolved->caps;
        own_free char *bounding = notes_cap_names(sets->bounding),
                      *effective = notes_cap_names(sets->effective);

        str_add(&e->out, "\nCapabilities\n");
        explain_set(e, "effective", sets->effective);
        explain_set(e, "permitted", sets->permitted);
        explain_set(e, "inheritable", sets->inheritable);
        explain_set(e, "bounding", sets->bounding);
        explain_set(e, "ambient", sets->ambient);
        say(e, "  in effect", effective);
        if (sets->effective != sets->bounding)
                say(e, "  at most", bounding);
}

static void explain_namespaces(struct explain *e)
{
        const struct spec *spec = e->spec;
        const struct {
                const char *name;
                bool shared;
        } all[] = {
                { "mount", false },
                { "pid", spec->pid == NS_HOST },
                { "network (lo alone)", spec->network == NS_HOST },
                { "uts (the host name)", spec->uts == NS_HOST },
                { "ipc", spec->ipc == NS_HOST },
                { "cgroup", spec->cgroupns == NS_HOST },
                { "user", e->machine->mode == MODE_ROOT },
                { "time", true },
        };
        struct str own = { 0 }, shared = { 0 };

        for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
                struct str *list = all[i].shared ? &shared : &own;
                size_t n = all[i].shared ? strcspn(all[i].name, " ") : strlen(all[i].name);

                str_add(list, list->len ? ", " : "");
                str_add_n(list, all[i].name, n);
        }
        str_add(&e->out, "\nNamespaces\n");
        say_taken(e, "  its own", str_take(&own));
        say_taken(e, "  shared", str_take(&shared));
}

static void explain_filter(struct explain *e)
{
        const struct spec *spec = e->spec;

        say_taken(e, "Filter",
                  filter_is_off(spec) ? xstrdup("none: every system call reaches the kernel's own checks.")
                                      : xasprintf("system calls are filtered (%s).",
                                                  *spec->seccomp ? spec->seccomp : "the built-in profile"));
        say(e, "New powers",
            e->resolved->no_new_privileges ? "none: no-new-privileges is set."
                                           : "a set-user-ID program can still give them.");
}

static void explain_notes(struct explain *e)
{
        struct strv notes = { 0 };

        notes_make(e->spec, e->machine, e->resolved, &notes);
        if (notes.n)
                str_add(&e->out, "\nWhat the line does not say\n");
        for (size_t i = 0; i < notes.n; i++)
                wrap_add(&e->out, "  -", 4, WIDTH, notes.v[i]);
        strv_finish(&notes);
}

static void explain_line_flags(struct explain *e)
{
        struct str flags = { 0 };

        explain_flags(e->spec, e->resolved, WIDTH, &flags);
        if (flags.len)
                str_add_f(&e->out, "\nFlag by flag\n%s", flags.s);
        str_finish(&flags);
}

static const char *launch_words(const struct machine *machine)
{
        switch (machine->mode) {
        case MODE_ROOT:
                return "as root";
        case MODE_RANGE:
                return machine_remaps(machine) ? "as root, in a user namespace of other ids"
                                               : "without root, with a range of ids";
        case MODE_ONE_ID:
                return "without root, with one id";
        }
        return "";
}

char *explain_text(const struct spec *spec, const char *missing, const struct machine *machine,
                   const struct resolved *resolved)
{
        struct explain e = { .spec = spec, .missing = missing, .machine = machine, .resolved = resolved };
        enum engine other = spec->engine == ENGINE_PODMAN ? ENGINE_DOCKER : ENGINE_PODMAN;

        add_line(&e, "Line",
                 spec_line(spec, spec->userns == NS_REMAP ? "vitrine" : caps_rules(spec->engine)->engine));
        say_taken(&e, "Rules",
                  xasprintf("%s (this machine launches it %s)", caps_rules(spec->engine)->name,
                            launch_words(machine)));
        explain_image(&e);
        explain_command(&e);
        explain_user(&e);
        explain_filter(&e);
        explain_caps(&e);
        explain_namespaces(&e);
        explain_line_flags(&e);
        explain_notes(&e);
        str_add_c(&e.out, '\n');
        add_line(&e, other == ENGINE_PODMAN ? "For podman" : "For docker",
                 equivalent_line(spec, other, resolved->uid));
        return str_take(&e.out);
}
