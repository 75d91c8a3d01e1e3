/* SPDX-License-Identifier: MIT */
/* The capabilities of capabilities(7): a table, and the algebra on masks. Bit n of a mask is capability n.
 * Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPS_N = 41 }; /* CHECKPOINT_RESTORE is 40, the last one that this table knows */

#define CAPS_ALL ((UINT64_C(1) << CAPS_N) - 1)

struct cap_info {
        const char *name;     /* "KILL": without CAP_, upper case */
        const char *lower;    /* "kill" */
        const char *clause;   /* "signal other users' processes": fits the pane's border */
        bool gives_host_away; /* as real root, whoever holds it can take the host over */
        const char *sentence; /* a sentence or two for a beginner, at most 240 characters */
};

/* The entry of a bit below CAPS_N. */
const struct cap_info *caps_info(unsigned bit);

static inline uint64_t caps_bit(unsigned bit)
{
        return UINT64_C(1) << bit;
}

/* The bit of a name, in any case, with or without CAP_; -1 when there is none. ALL is not a capability. */
int caps_find(const char *name);
/* Whether the word is ALL or CAP_ALL, in any case. */
bool caps_is_all(const char *name);
/* The known name nearest to a word that is none, or NULL when nothing is near (more than two letters away).
 */
const char *caps_near(const char *name);
/* Capabilities in the mask. */
unsigned caps_count(uint64_t mask);
/* Writes 16 lower case hexadecimal digits and NUL, as /proc/PID/status prints them. */
void caps_hex(uint64_t mask, char buf[static 17]);

/* The five sets of a process. */
struct cap_sets {
        uint64_t effective, permitted, inheritable, bounding, ambient;
};

/* An engine's rules, as data with a version. */
enum engine { ENGINE_DOCKER, ENGINE_PODMAN, ENGINE_N };

struct cap_rules {
        const char *name;        /* "docker 20.10" */
        const char *engine;      /* "docker" */
        uint64_t base;           /* what is held when nothing is said */
        bool add_wins;           /* a capability added and dropped is kept; else it is refused */
        bool other_user_ambient; /* what is added by name is ambient for a user other than root */
        bool comma_lists;        /* --cap-add A,B is two names */
};

const struct cap_rules *caps_rules(enum engine engine);

/* What a line asks for. add and drop are masks of what it names; add_all, drop_all that it says ALL. */
struct cap_request {
        uint64_t add, drop;
        bool add_all, drop_all, privileged;
};

/* The bounding set that the rules give for a request, out of known (the capabilities that there are). Where
 * the rules refuse the request (podman: added and dropped) returns false and the offending bit in *ret_clash,
 * -1 for ALL. */
bool caps_wanted(const struct cap_rules *rules, const struct cap_request *request, uint64_t known,
                 uint64_t *ret, int *ret_clash);

/* The five sets with which the command starts: wanted is caps_wanted's, grantable what the machine can give
 * (its own bounding set; everything in a user namespace), uid the user inside. Source: docker-semantics as
 * measured on Docker 20.10.24 and Podman 4.3.1. */
struct cap_sets caps_apply(const struct cap_rules *rules, const struct cap_request *request, uint64_t wanted,
                           uint64_t grantable, uint32_t uid);

/* The sets of a process that is started in a running container (docker exec): root has the container's
 * bounding set, also in a container whose own user is another, unless no-new-privileges keeps it from what
 * that user had not; others have none. */
struct cap_sets caps_exec(uint64_t bounding, bool container_root, uint32_t uid, bool no_new_privileges);
