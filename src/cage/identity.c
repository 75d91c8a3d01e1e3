/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <errno.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdint.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool install_filter(struct child *child)
{
        struct sock_fprog program = {
                .len = (unsigned short)child->plan->fixed.n_filter,
                .filter = (struct sock_filter *)(void *)child->plan->filter,
        };

        if (child->plan->fixed.n_filter == 0)
                return true;
        if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
                return fault_errno(&child->fault, "", "install the seccomp filter");
        return true;
}

static bool drop_bounding(struct child *child)
{
        for (cap_value_t bit = 0; bit < cap_max_bits(); bit++) {
                if (child->plan->fixed.caps.bounding & (UINT64_C(1) << bit))
                        continue;
                if (cap_get_bound(bit) == 1 && cap_drop_bound(bit) < 0)
                        return fault_errno(&child->fault, "", "drop capability %d from the bounding set",
                                           bit);
        }
        return true;
}

static bool set_ids(struct child *child)
{
        const struct plan_fixed *fixed = &child->plan->fixed;
        gid_t groups[PLAN_MAX_GROUPS];

        /* With one id mapped the child is that user already, and setgroups is denied. */
        if (fixed->one_id)
                return true;
        for (uint32_t i = 0; i < fixed->n_groups; i++)
                groups[i] = fixed->groups[i];
        if (setgroups(fixed->n_groups, groups) < 0)
                return fault_errno(&child->fault, "", "set the groups");
        if (setresgid(fixed->gid, fixed->gid, fixed->gid) < 0)
                return fault_errno(&child->fault, "", "become group %u", fixed->gid);
        if (setresuid(fixed->uid, fixed->uid, fixed->uid) < 0)
                return fault_errno(&child->fault, "", "become user %u", fixed->uid);
        return true;
}

static bool fill_flag(cap_t caps, cap_flag_t flag, uint64_t mask)
{
        for (cap_value_t bit = 0; bit < cap_max_bits(); bit++)
                if ((mask & (UINT64_C(1) << bit)) && cap_set_flag(caps, flag, 1, &bit, CAP_SET) < 0)
                        return false;
        return true;
}

static bool set_caps(struct child *child)
{
        const struct plan_caps *want = &child->plan->fixed.caps;
        cap_t caps = cap_init();
        bool ok = caps && fill_flag(caps, CAP_EFFECTIVE, want->effective) &&
                  fill_flag(caps, CAP_PERMITTED, want->permitted) &&
                  fill_flag(caps, CAP_INHERITABLE, want->inheritable) && cap_set_proc(caps) == 0;

        if (!ok)
                fault_errno(&child->fault, "", "set the capabilities");
        cap_free(caps);
        for (cap_value_t bit = 0; ok && bit < cap_max_bits(); bit++)
                if ((want->ambient & (UINT64_C(1) << bit)) && cap_set_ambient(bit, CAP_SET) < 0)
                        ok = fault_errno(&child->fault, "", "make capability %d ambient", bit);
        return ok;
}

bool child_take_identity(struct child *child)
{
        bool nnp = child->plan->fixed.no_new_privileges;

        /* The session's keys stay outside; a kernel without keyrings has none to keep. */
        if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS &&
            errno != EDQUOT && errno != EPERM)
                return fault_errno(&child->fault, "", "leave the session's keyring");
        /* Without no-new-privileges a filter needs SYS_ADMIN, so it goes in while that is there. */
        if (!nnp && !install_filter(child))
                return false;
        if (prctl(PR_SET_KEEPCAPS, 1) < 0)
                return fault_errno(&child->fault, "", "keep capabilities over the change of user");
        if (!drop_bounding(child) || !set_ids(child) || !set_caps(child))
                return false;
        if (prctl(PR_SET_KEEPCAPS, 0) < 0)
                return fault_errno(&child->fault, "", "end keeping capabilities");
        if (nnp && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return fault_errno(&child->fault, "", "set no-new-privileges");
        return !nnp || install_filter(child);
}
