/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/compose.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/filter.h"
#include "cage/seccomp.h"

enum { PROFILE_MAX = 4 * 1024 * 1024 };

static uint32_t namespaces_of(const struct spec *spec, const struct machine *machine)
{
        uint32_t flags = CLONE_NEWNS;

        if (spec->pid != NS_HOST)
                flags |= CLONE_NEWPID;
        if (spec->network != NS_HOST)
                flags |= CLONE_NEWNET;
        if (spec->uts != NS_HOST)
                flags |= CLONE_NEWUTS;
        if (spec->ipc != NS_HOST)
                flags |= CLONE_NEWIPC;
        if (spec->cgroupns != NS_HOST)
                flags |= CLONE_NEWCGROUP;
        if (machine->mode != MODE_ROOT)
                flags |= CLONE_NEWUSER;
        return flags;
}

/* The built-in profile's filter: ready made where it is a usual one. */
static bool built_in_filter(uint64_t bounding, struct plan *plan, struct fault *fault)
{
        for (unsigned i = 0; i < filter_table_n; i++) {
                if (filter_table[i].caps != (bounding & filter_relevant))
                        continue;
                plan->filter = xmalloc((size_t)filter_table[i].n * 8);
                memcpy(plan->filter, filter_table[i].code, (size_t)filter_table[i].n * 8);
                plan->fixed.n_filter = filter_table[i].n;
                return true;
        }
        return seccomp_build("built in", cage_profile, cage_profile_size, bounding, &plan->filter,
                             &plan->fixed.n_filter, fault);
}

static bool build_filter(const struct spec *spec, const struct resolved *resolved, struct plan *plan,
                         struct fault *fault)
{
        own_free char *text = NULL;
        size_t size;

        if (spec->caps.privileged || strcmp(spec->seccomp, "unconfined") == 0)
                return true;
        if (!*spec->seccomp)
                return built_in_filter(resolved->caps.bounding, plan, fault);
        if (!io_read_file(AT_FDCWD, spec->seccomp, PROFILE_MAX, &text, &size))
                return fault_errno(fault, spec->seccomp, "read the seccomp profile");
        return seccomp_build(spec->seccomp, text, size, resolved->caps.bounding, &plan->filter,
                             &plan->fixed.n_filter, fault);
}

static void compose_ids(const struct resolved *resolved, const struct machine *machine,
                        struct plan_fixed *fixed)
{
        fixed->uid = resolved->uid;
        fixed->gid = resolved->gid;
        fixed->n_groups = (uint32_t)resolved->n_groups;
        for (size_t i = 0; i < resolved->n_groups; i++)
                fixed->groups[i] = resolved->groups[i];
        fixed->n_added = (uint32_t)resolved->n_added;
        for (size_t i = 0; i < resolved->n_added; i++)
                fixed->added[i] = resolved->added[i];
        fixed->uids = machine->uids;
        fixed->gids = machine->gids;
        fixed->remap = machine_remaps(machine);
        fixed->by_tools = machine->mode == MODE_RANGE && !fixed->remap;
        if (machine->mode != MODE_ONE_ID)
                return;
        fixed->one_id = true;
        fixed->uids = (struct id_runs){ { { resolved->uid, machine->uid, 1 } }, 1 };
        fixed->gids = (struct id_runs){ { { resolved->gid, machine->gid, 1 } }, 1 };
}

/* An overlay copies nothing up whose owner has no id inside. */
static bool is_foreign(const struct image *image, const struct plan_fixed *fixed)
{
        struct stat st;

        return image->kind != IMAGE_DEMO && (fixed->ns_flags & CLONE_NEWUSER) &&
               fstat(image->root_fd, &st) == 0 &&
               (!id_runs_has_outside(&fixed->uids, st.st_uid) ||
                !id_runs_has_outside(&fixed->gids, st.st_gid));
}

static bool says_home(const struct strv *env)
{
        for (size_t i = 0; i < env->n; i++)
                if (strncmp(env->v[i], "HOME=", 5) == 0)
                        return true;
        return false;
}

bool compose_plan(const struct spec *spec, const struct resolved *resolved, const struct image *image,
                  const struct machine *machine, const char *id, struct plan *ret, struct fault *fault)
{
        struct plan plan = { 0 };

        plan.fixed.ns_flags = namespaces_of(spec, machine);
        plan.fixed.device_cgroup = machine->mode == MODE_ROOT || machine_remaps(machine);
        plan.fixed.demo = image->kind == IMAGE_DEMO;
        plan.fixed.read_only = spec->read_only;
        plan.fixed.privileged = spec->caps.privileged;
        plan.fixed.no_new_privileges = resolved->no_new_privileges;
        plan.fixed.caps = (struct plan_caps){
                .effective = resolved->caps.effective,
                .permitted = resolved->caps.permitted,
                .inheritable = resolved->caps.inheritable,
                .bounding = resolved->caps.bounding,
                .ambient = resolved->caps.ambient,
        };
        compose_ids(resolved, machine, &plan.fixed);
        plan.fixed.foreign_image = is_foreign(image, &plan.fixed);
        plan.fixed.has_home = says_home(&spec->env) || says_home(&image->config.env);
        plan.id = xstrdup(id);
        plan.name = xstrdup(spec->name);
        plan.hostname = xstrdup(resolved->hostname);
        plan.workdir = xstrdup(resolved->workdir);
        plan.passwd = xstrdup(image->passwd);
        plan.group = xstrdup(image->group);
        plan.image_path = xstrdup(image->path ? image->path : "");
        strv_copy(&plan.argv, &resolved->argv);
        strv_copy(&plan.env, &resolved->env);
        if (!build_filter(spec, resolved, &plan, fault)) {
                plan_finish(&plan);
                return false;
        }
        *ret = plan;
        return true;
}
