/* SPDX-License-Identifier: MIT */
/* Both tables joined: one immutable value. Pure. */
#pragma once

#include <jv.h>
#include <stdint.h>
#include <sys/types.h>

#include "snapshot/table.h"
#include "spec/resolve.h"
#include "spec/spec.h"

enum ns_type { NS_T_PID, NS_T_USER, NS_T_MNT, NS_T_UTS, NS_T_IPC, NS_T_NET, NS_T_CGROUP, NS_T_TIME, NS_T_N };
extern const char *const ns_type_names[NS_T_N]; /* as in /proc/PID/ns */

struct ns_ids {
        uint64_t container[NS_T_N], host[NS_T_N]; /* inode numbers; 0: not there or not readable */
};

/* A name for an id on the host's side. Sorted by uid. */
struct host_name {
        uint32_t uid;
        char name[64];
};

struct host_names {
        struct host_name *v;
        size_t n;
};

const char *host_names_find(const struct host_names *names, uint32_t uid); /* NULL: none */

enum { ID_MAP_MAX = 340 }; /* the kernel's own bound */
struct id_map {
        struct {
                uint32_t inside, outside, count;
        } v[ID_MAP_MAX];
        unsigned n;
};

/* Parses /proc/PID/uid_map. */
bool id_map_parse(const char *text, struct id_map *ret);

/* What a snapshot is made from. The tables, names and users are only read. */
struct snapshot_input {
        const struct proc_table *host, *container;
        const struct host_names *host_names;
        const struct users *users; /* the image's */
        pid_t init_host;           /* init's PID on the machine */
        pid_t keeper;              /* descendants of it belong to the cage */
        bool pid_shared;           /* --pid host */
        bool joined; /* no keeper: the host's rows that have a status belong to the cage (its eye
                        reads the status of what is in the PID namespace, and of no others) */
        const struct ns_ids *ns;
        const struct id_map *uid_map, *gid_map;
        enum cage_mode mode;
        bool remap; /* real root's --userns remap */
        uint64_t missing;
};

/* One row of one side, joined. */
struct row {
        const struct proc *proc; /* into the snapshot's own tables */
        pid_t tied;              /* the PID on the other side; 0: not tied */
        int depth;               /* in this side's tree */
        const char *user;        /* name, or the number as text; owned by the snapshot */
};

/* In tree order (children after their parent, by pid); flat order is by pid of the tables. */
struct snapshot {
        struct proc_table host_table, container_table; /* shared with their readers, owned */
        struct row *host, *container;
        size_t n_host, n_container;
        pid_t init_host, init_container;
        pid_t keeper;
        struct status init_outside, init_inside; /* .pid 0: not readable */
        bool init_seen;                          /* both sides of init are there */
        struct ns_ids ns;
        struct id_map uid_map, gid_map;
        enum cage_mode mode;
        bool remap;
        uint64_t missing;
        uint64_t read_ms;
        struct strv names; /* backing store of row.user */
};

/* Joins; everything in ret is its own copy. A tie: the host row descends from the keeper, is not the keeper,
 * and its NSpid has an entry at the level of init's PID namespace; that entry is the PID inside. With
 * pid_shared the two PIDs are equal and only the keeper's descendants are tied. Never derives one table from
 * the other. */
void snapshot_join(const struct snapshot_input *input, struct snapshot *ret);
void snapshot_finish(struct snapshot *snapshot);

/* Whether a namespace of the container is the machine's own; false where that is not known. */
bool snapshot_shares(const struct snapshot *snapshot, enum ns_type type);

/* What the first process's user ids in here and on the machine are to each other, in a few words: "the same
 * root" only where one user namespace is known to hold both. */
const char *snapshot_user_relation(const struct snapshot *snapshot);

/* What changed between two snapshots, for the notes. */
struct snapshot_diff {
        pid_t old_init, new_init; /* 0 when the container is the same */
        uint64_t bounding_gone, bounding_come, effective_gone, effective_come;
        bool uid_changed, nnp_changed, seccomp_changed;
        uint32_t old_uid, new_uid;
};
struct snapshot_diff snapshot_compare(const struct snapshot *before, const struct snapshot *after);
/* Of two changes, one after the other: whether the difference between first and last tells both. False where
 * the second takes back something of the first, or changes the user once more. */
bool snapshot_tells_both(const struct snapshot *first, const struct snapshot *middle,
                         const struct snapshot *last);

/* The object of `snapshot --json` (schema 1). state: "running" or "exited"; exit_status is used when exited.
 */
struct snapshot_extra {
        const struct spec *spec;
        uint32_t uid;     /* what its user was resolved to */
        const char *root; /* "demo" or "dir" */
        const struct strv *command;
        const char *kernel_release;
        const char *state;
        int exit_status;
};
jv snapshot_json(const struct snapshot *snapshot, const struct snapshot_extra *extra);
/* The plain text form: both sides, USER line, mask; lines that fit 80 columns where names allow. Owned by
 * caller. */
char *snapshot_text(const struct snapshot *snapshot, const struct snapshot_extra *extra, bool ascii);
