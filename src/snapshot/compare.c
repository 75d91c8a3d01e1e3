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
