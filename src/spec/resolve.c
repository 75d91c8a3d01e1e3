/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "spec/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "spec/environment.h"
#include "spec/users.h"

void image_config_finish(struct image_config *config)
{
        free(config->user);
        free(config->workdir);
        strv_finish(&config->env);
        strv_finish(&config->entrypoint);
        strv_finish(&config->cmd);
        *config = (struct image_config){ 0 };
}

const char *cage_mode_name(enum cage_mode mode)
{
        static const char *const names[] = {
                [MODE_ROOT] = "root", [MODE_RANGE] = "range", [MODE_ONE_ID] = "one-id"
        };

        return names[mode];
}

void resolved_finish(struct resolved *resolved)
{
        strv_finish(&resolved->argv);
        strv_finish(&resolved->env);
        free(resolved->workdir);
        free(resolved->hostname);
        *resolved = (struct resolved){ 0 };
}

bool machine_remaps(const struct machine *machine)
{
        return machine->mode == MODE_RANGE && machine->uid == 0;
}

static const char *text_or_empty(const char *s)
{
        return s ? s : "";
}

/* The entry point in front of the command; an entry point on the line takes the image's command away, also
 * where it is "" (docker's run.go and daemon/commit.go). */
static bool resolve_argv(const struct spec *spec, const struct image_config *config, bool keep_open,
                         struct resolved *ret, struct fault *fault)
{
        const struct strv *entrypoint = &config->entrypoint, *cmd = &config->cmd;
        struct strv none = { 0 };

        if (spec->has_entrypoint) {
                entrypoint = &none;
                cmd = &none;
                if (*spec->entrypoint)
                        strv_add(&ret->argv, spec->entrypoint);
        }
        for (size_t i = 0; i < entrypoint->n; i++)
                strv_add(&ret->argv, entrypoint->v[i]);
        if (spec->args.n)
                cmd = &spec->args;
        for (size_t i = 0; i < cmd->n; i++)
                strv_add(&ret->argv, cmd->v[i]);
        if (ret->argv.n)
                return true;
        if (keep_open) {
                strv_add(&ret->argv, "sleep");
                strv_add(&ret->argv, "3600");
                ret->kept_open = true;
                return true;
        }
        fault_why(fault, "run", "no command specified: neither the line nor the image %.100s has one",
                  spec->image);
        return fault_hint(fault, "put a command behind the image: %.100s sh", spec->image);
}

static bool resolve_workdir(const struct spec *spec, const struct image_config *config, struct resolved *ret,
                            struct fault *fault)
{
        const char *workdir = *spec->workdir ? spec->workdir : text_or_empty(config->workdir);
        own_free char *step = NULL;

        if (!*workdir)
                workdir = "/";
        if (*workdir != '/') {
                step = xasprintf(*spec->workdir ? "--workdir %s" : "the image's WORKDIR %s", workdir);
                fault_why(fault, step,
                          "the working directory '%.100s' is invalid, it needs to be an absolute path",
                          workdir);
                return fault_hint(fault, "begin it with /");
        }
        ret->workdir = xstrdup(workdir);
        return true;
}

static bool resolve_hostname(const struct spec *spec, const char *container_id, struct resolved *ret,
                             struct fault *fault)
{
        own_free char *step = NULL;

        if (spec->uts == NS_HOST && *spec->hostname) {
                step = xasprintf("--hostname %s", spec->hostname);
                fault_why(fault, step, "conflicting options: hostname and the UTS mode");
                return fault_hint(fault, "with --uts host the name is the machine's: leave one of them away");
        }
        ret->hostname = xstrdup(*spec->hostname ? spec->hostname : container_id);
        return true;
}

/* The words are podman's: docker refuses no pair. */
static bool refuse_clash(int bit, struct fault *fault)
{
        char step[100];

        if (bit < 0) {
                fault_why(fault, "--cap-add ALL --cap-drop ALL",
                          "adding all caps and removing all caps not allowed");
                return fault_hint(fault, "docker takes it, and the drop has no effect there");
        }
        snprintf(step, sizeof(step), "--cap-add %s --cap-drop %s", caps_info((unsigned)bit)->name,
                 caps_info((unsigned)bit)->name);
        fault_why(fault, step, "capability \"CAP_%s\" cannot be dropped and added",
                  caps_info((unsigned)bit)->name);
        return fault_hint(fault, "docker takes it, and keeps the capability");
}

static bool resolve_wanted(const struct spec *spec, const struct machine *machine, struct resolved *ret,
                           struct fault *fault)
{
        int clash;

        if (!caps_wanted(caps_rules(spec->engine), &spec->caps, machine->known, &ret->wanted, &clash))
                return refuse_clash(clash, fault);
        ret->missing = ret->wanted & ~machine->grantable;
        /* What this kernel is too old for is missing as well, when it was named. */
        if (!spec->caps.privileged)
                ret->missing |= spec->caps.add & ~machine->known;
        return true;
}

static int compare_groups(const void *a, const void *b)
{
        uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

        return (left > right) - (left < right);
}

static bool add_group(struct resolved *ret, uint32_t gid, bool once, char why[static USERS_WHY])
{
        for (size_t i = 0; once && i < ret->n_groups; i++)
                if (ret->groups[i] == gid)
                        return true;
        if (ret->n_groups == RESOLVED_MAX_GROUPS) {
                snprintf(why, USERS_WHY, "more than %d groups", RESOLVED_MAX_GROUPS);
                return false;
        }
        ret->groups[ret->n_groups++] = gid;
        return true;
}

/* The supplementary groups. docker: the primary group, those that list the user, then --group-add, as often
 * as they come (daemon/oci_linux.go). podman: the primary group only where a user was said, those that list
 * the user only where that has no colon, each once (libpod/container_internal_linux.go). Sorted, as the
 * kernel keeps them. */
static bool resolve_groups(const struct spec *spec, const struct users *users, const char *word,
                           const struct identity *who, struct resolved *ret, char why[static USERS_WHY])
{
        bool podman = spec->engine == ENGINE_PODMAN;
        size_t n = podman && strchr(word, ':') ? 0 : who->n_groups;

        if ((!podman || *word) && !add_group(ret, who->gid, podman, why))
                return false;
        for (size_t i = 0; i < n; i++)
                if (!add_group(ret, who->groups[i], podman, why))
                        return false;
        for (size_t i = 0; i < spec->group_add.n; i++) {
                uint32_t gid;

                if (!users_find_group(users, spec->group_add.v[i], &gid, why) ||
                    !add_group(ret, gid, podman, why))
                        return false;
                if (!podman)
                        ret->added[ret->n_added++] = gid;
        }
        qsort(ret->groups, ret->n_groups, sizeof(ret->groups[0]), compare_groups);
        return true;
}

/* Which words of the line a reason is about. */
static char *user_step(const struct spec *spec, const char *word, bool about_groups)
{
        struct str step = { 0 };

        if (!about_groups)
                return xasprintf(*spec->user ? "--user %s" : "the image's USER %s", word);
        for (size_t i = 0; i < spec->group_add.n; i++)
                str_add_f(&step, "%s--group-add %s", i ? " " : "", spec->group_add.v[i]);
        return step.len ? str_take(&step) : xstrdup("the user's groups");
}

/* docker's runtime is told the number alone, and takes the home of the first line that has it; podman the
 * home of whom the line names. */
static char *home_of(const struct spec *spec, const struct users *users, const struct identity *who)
{
        own_free char *word = xasprintf("%u", who->uid);
        struct identity first = { 0 };
        char why[USERS_WHY];

        if (spec->engine == ENGINE_PODMAN || !users_find(users, word, &first, why))
                return xstrdup(who->home);
        return first.home;
}

static bool resolve_user(const struct spec *spec, const struct image_config *config,
                         const struct users *users, struct resolved *ret, char **ret_home,
                         struct fault *fault)
{
        const char *word = *spec->user ? spec->user : text_or_empty(config->user);
        struct identity who = { 0 };
        own_free char *home = NULL, *step = NULL;
        char why[USERS_WHY];
        bool found = users_find(users, word, &who, why);

        home = who.home;
        if (!found || !resolve_groups(spec, users, word, &who, ret, why)) {
                step = user_step(spec, word, found);
                fault_why(fault, step, "%s", why);
                fault_hint(fault,
                           "numbers from 0 to 2147483647 need no line in the image's passwd and group; at "
                           "most %d groups are set",
                           RESOLVED_MAX_GROUPS);
                /* podman looks it up when it starts the container, docker's client before. */
                return spec->engine == ENGINE_PODMAN ? fault_exit(fault, EXIT_NOT_EXEC) : false;
        }
        ret->uid = who.uid;
        ret->gid = who.gid;
        *ret_home = home_of(spec, users, &who);
        return true;
}

/* With a range, who is asked for must be in it: the kernel knows no other id there. */
static bool check_range(const struct spec *spec, const struct machine *machine,
                        const struct resolved *resolved, struct fault *fault)
{
        uint32_t outside, missing = resolved->uid;
        const char *what = "uid";
        const struct id_runs *runs = &machine->uids;
        bool ok = id_runs_outside(&machine->uids, resolved->uid, &outside);
        own_free char *step = NULL;

        if (machine->mode != MODE_RANGE)
                return true;
        for (size_t i = 0; ok && i <= resolved->n_groups; i++) {
                missing = i ? resolved->groups[i - 1] : resolved->gid;
                what = "gid";
                runs = &machine->gids;
                ok = id_runs_outside(runs, missing, &outside);
        }
        if (ok)
                return true;
        step = xasprintf(*spec->user ? "--user %s" : "the container's user", spec->user);
        fault_why(fault, step, "%s %u is not in the user namespace: it has the ids 0 to %u", what, missing,
                  id_runs_count(runs) - 1);
        return fault_hint(fault, "%s",
                          machine_remaps(machine)
                                  ? "more ids for root in /etc/subuid and /etc/subgid, or leave "
                                    "--userns remap away"
                                  : "more ids for you in /etc/subuid and /etc/subgid, or: sudo "
                                    "vitrine ...");
}

bool spec_resolve(const struct spec *spec, const struct image_config *config, const struct users *users,
                  const struct machine *machine, const char *container_id, bool keep_open,
                  char *const *environment, struct resolved *ret, struct fault *fault)
{
        struct resolved resolved = { .no_new_privileges = spec->no_new_privileges,
                                     .groups_settable = machine->mode != MODE_ONE_ID };
        own_free char *home = NULL;

        if (!resolve_argv(spec, config, keep_open, &resolved, fault) ||
            !resolve_workdir(spec, config, &resolved, fault) ||
            !resolve_hostname(spec, container_id, &resolved, fault) ||
            !resolve_wanted(spec, machine, &resolved, fault) ||
            !resolve_user(spec, config, users, &resolved, &home, fault) ||
            !check_range(spec, machine, &resolved, fault)) {
                resolved_finish(&resolved);
                return false;
        }
        resolved.caps = caps_apply(caps_rules(spec->engine), &spec->caps, resolved.wanted, machine->grantable,
                                   resolved.uid);
        environment_make(spec, &config->env, environment, resolved.hostname, home, &resolved.env);
        *ret = resolved;
        return true;
}
