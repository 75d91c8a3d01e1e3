/* SPDX-License-Identifier: MIT */
/* The eight namespaces as the screen offers them: what each one holds, which flag shares it, and why some
 * cannot be changed. Pure. */
#pragma once

#include <stdbool.h>

#include "snapshot/snapshot.h"
#include "spec/spec.h"

struct ns_entry {
        enum ns_type type;
        const char *name;   /* as docker's flag has it: "network" */
        const char *own;    /* what an own one means, in a few words */
        const char *shared; /* what sharing the machine's means */
        const char *flag;   /* the flag that shares it; NULL: it stays as it is */
        const char *why; /* why it stays as it is (the users': without root); NULL where it can be changed */
};

/* The ones that can be changed first. */
extern const struct ns_entry ns_entries[NS_T_N];

/* For the users': what gives the container its own as real root. */
#define NS_REMAP_FLAG "--userns=remap"

/* Shares the machine's with the container, or gives it one of its own. Returns false, and changes nothing,
 * for one that stays as it is. */
bool ns_toggle(struct spec *spec, enum ns_type type);
