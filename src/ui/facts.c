/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "ui/facts.h"

const struct status *facts_init(const struct snapshot *snapshot)
{
        if (!snapshot)
                return NULL;
        if (snapshot->init_inside.pid > 0)
                return &snapshot->init_inside;
        return snapshot->init_outside.pid > 0 ? &snapshot->init_outside : NULL;
}

const char *facts_absence(const struct view *view)
{
        if (view->now)
                return "not readable: the container's first process was not seen";
        return view->state == RUN_ENDED ? "the container ended before it was seen" : "not there yet";
}

bool facts_own_userns(const struct snapshot *snapshot)
{
        return snapshot->ns.container[NS_T_USER] != 0 && !snapshot_shares(snapshot, NS_T_USER);
}

struct powers facts_powers(const struct snapshot *snapshot, const struct status *init)
{
        const struct cap_sets *caps = &init->caps;
        bool regained = !init->no_new_privs && (snapshot->mode != MODE_ONE_ID || init->uid[1] == 0);

        return (struct powers){
                .held = caps->effective,
                .allowed = regained ? caps->bounding & ~caps->effective : 0,
                .bounding = caps->bounding,
                .root = init->uid[1] == 0 && (caps->bounding & ~caps->effective) == 0,
        };
}

const char *facts_cap_name(unsigned bit)
{
        return bit < CAPS_N ? caps_info(bit)->name : "";
}
