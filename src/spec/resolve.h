/* SPDX-License-Identifier: MIT */
/* From what was asked for to what the kernel is told: users, groups, capability sets, command, environment.
 * Pure. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "caps/caps.h"
#include "spec/ids.h"
#include "spec/spec.h"

/* An image's configuration (OCI image-spec config). Owned strings; "" and empty lists when it says nothing.
 */
struct image_config {
        char *user;
        struct strv env;
        char *workdir;
        struct strv entrypoint, cmd;
};

void image_config_finish(struct image_config *config);

/* The image's user data base: the text of its /etc/passwd and /etc/group ("" when there is none), owned by
 * the caller. */
struct users {
        const char *passwd;
        const char *group;
};

/* The name of a uid or gid in such a text, written to buf; false when there is none. */
bool users_name_of_uid(const struct users *users, uint32_t uid, char *buf, size_t size);
bool users_name_of_gid(const struct users *users, uint32_t gid, char *buf, size_t size);

/* Three ways in which a machine can launch a cage (design: root, a user namespace with a range, with one id).
 */
enum cage_mode { MODE_ROOT, MODE_RANGE, MODE_ONE_ID };
const char *cage_mode_name(enum cage_mode mode); /* "root", "range", "one-id" */

struct machine {
        enum cage_mode mode;
        uint64_t known;     /* the capabilities that the kernel has: bits 0 to cap_last_cap */
        uint64_t grantable; /* what it can give: its bounding set as real root, known in a user namespace */
        uint32_t uid, gid;  /* who vitrine is, on the machine */
        /* MODE_RANGE: which of the machine's ids stand for those inside. 0 inside is who vitrine is, but with
         * --userns remap, where that is root and none of the runs is it. */
        struct id_runs uids, gids;
        char one_id_why[200]; /* MODE_ONE_ID: why there is no range; may hold what the machine's files say */
};

/* Whether it is real root that launches with --userns remap: a user namespace that was asked for. */
bool machine_remaps(const struct machine *machine);

enum { RESOLVED_MAX_GROUPS = 64 };

/* Everything decided. */
struct resolved {
        uint32_t uid, gid;
        uint32_t groups[RESOLVED_MAX_GROUPS]; /* supplementary, as the engine sets them */
        size_t n_groups;
        uint32_t added[RESOLVED_MAX_GROUPS]; /* --group-add, which exec as another user gets as well (docker)
                                              */
        size_t n_added;
        bool groups_settable; /* false with one id: the kernel denies setgroups */
        struct cap_sets caps;
        uint64_t wanted;  /* the bounding set asked for */
        uint64_t missing; /* wanted and not grantable */
        struct strv argv; /* entrypoint and command */
        bool kept_open;   /* argv is "sleep 3600" because nothing else was said (tui, snapshot) */
        struct strv env;  /* PATH, HOSTNAME, TERM, -e, the image's, HOME: no name twice */
        char *workdir;    /* absolute */
        char *hostname;
        bool no_new_privileges;
};

void resolved_finish(struct resolved *resolved);

/* config may be an empty one. container_id: 12 hexadecimal digits, the hostname where none was asked for.
 * keep_open: `sleep 3600` stands in for a missing command. Fails with 125 and the engine's words: unknown
 * user, out of range, no command, workdir not absolute, capability added and dropped (podman). environment:
 * the caller's environ, for `-e NAME`; may be NULL. */
bool spec_resolve(const struct spec *spec, const struct image_config *config, const struct users *users,
                  const struct machine *machine, const char *container_id, bool keep_open,
                  char *const *environment, struct resolved *ret, struct fault *fault);
