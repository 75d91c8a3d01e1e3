/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "snapshot/snapshot.h"

/* What is said of init is what it looks like from inside; a side that was not readable changes nothing. */
struct snapshot_diff snapshot_compare(const struct snapshot *before, const struct snapshot *after)
{
        const struct status *old = &before->init_inside, *new = &after->init_inside;
        struct snapshot_diff diff = { 0 };

        if (before->init_host != after->init_host) {
                diff.old_init = before->init_host;
                diff.new_init = after->init_host;
        }
        if (old->pid == 0 || new->pid == 0)
                return diff;
        diff.bounding_gone = old->caps.bounding & ~new->caps.bounding;
        diff.bounding_come = new->caps.bounding & ~old->caps.bounding;
        diff.effective_gone = old->caps.effective & ~new->caps.effective;
        diff.effective_come = new->caps.effective & ~old->caps.effective;
        diff.old_uid = old->uid[1];
        diff.new_uid = new->uid[1];
        diff.uid_changed = diff.old_uid != diff.new_uid;
        diff.nnp_changed = old->no_new_privs != new->no_new_privs;
        diff.seccomp_changed = old->seccomp != new->seccomp;
        return diff;
}

bool snapshot_shares(const struct snapshot *snapshot, enum ns_type type)
{
        return snapshot->ns.container[type] != 0 && snapshot->ns.container[type] == snapshot->ns.host[type];
}

const char *snapshot_user_relation(const struct snapshot *snapshot)
{
        const struct ns_ids *ns = &snapshot->ns;
        uint32_t in = snapshot->init_inside.uid[1], outside = snapshot->init_outside.uid[1];
        bool known = ns->container[NS_T_USER] != 0 && ns->host[NS_T_USER] != 0;

        if (in == 0 && outside == 0 && snapshot_shares(snapshot, NS_T_USER))
                return "the same root";
        /* Its capabilities hold in its own user namespace alone, whatever number it has outside. */
        if (in == 0 && (outside != 0 || known))
                return "root in here only";
        return in == outside ? "same number" : "two numbers";
}

bool snapshot_tells_both(const struct snapshot *first, const struct snapshot *middle,
                         const struct snapshot *last)
{
        const struct snapshot_diff step = snapshot_compare(middle, last), all = snapshot_compare(first, last);

        for (enum ns_type i = 0; i < NS_T_N; i++)
                if (snapshot_shares(middle, i) != snapshot_shares(last, i) &&
                    snapshot_shares(first, i) == snapshot_shares(last, i))
                        return false;
        return (step.bounding_gone & ~all.bounding_gone) == 0 &&
               (step.bounding_come & ~all.bounding_come) == 0 &&
               (!step.uid_changed || (all.uid_changed && all.old_uid == step.old_uid)) &&
               (!step.nnp_changed || all.nnp_changed) && (!step.seccomp_changed || all.seccomp_changed);
}
