/* SPDX-License-Identifier: MIT */
/* What the keeper is told: every decision as plain data, and the records that come back. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/str.h"
#include "spec/ids.h"

/* The capability sets of the command; bit n is capability n (capabilities(7)). */
struct plan_caps {
        uint64_t effective, permitted, inheritable, bounding, ambient;
};

enum { PLAN_MAX_GROUPS = 64, PLAN_MAX_FILTER = 65536 };

/* The part of fixed size. Both ends are of one build, so its layout is the wire's. */
struct plan_fixed {
        uint32_t magic;
        uint32_t ns_flags; /* CLONE_NEW* of clone(2) */
        uint32_t uid, gid; /* inside */
        uint32_t groups[PLAN_MAX_GROUPS];
        uint32_t n_groups;
        uint32_t added[PLAN_MAX_GROUPS]; /* which exec as another user gets as well */
        uint32_t n_added;
        struct plan_caps caps;
        struct id_runs uids, gids; /* with CLONE_NEWUSER alone */
        bool by_tools; /* they are an ordinary user's subordinate ids: newuidmap and newgidmap map them */
        bool remap;    /* real root asked for the user namespace */
        bool one_id;   /* a single id is mapped: setgroups is denied, there is no id to change to */
        bool foreign_image; /* whoever owns the image has no id inside */
        bool demo;          /* the demo root; else the image is the descriptor that comes along */
        bool read_only, privileged, no_new_privileges;
        bool device_cgroup; /* real root launches: what may be opened is fenced once more */
        bool tty;           /* the standard descriptors are a terminal of the cage's own */
        bool has_home;      /* HOME was asked for: another user's exec keeps it */
        uint32_t n_argv, n_env;
        uint32_t n_filter; /* struct sock_filter instructions; 0: no filter */
};

/* Owned by whoever decoded it. */
struct plan {
        struct plan_fixed fixed;
        char *hostname, *workdir;
        char *passwd, *group; /* the image's texts; the demo root is given them as files */
        char *image_path;     /* where a dir: image lies; "" for the demo root */
        char *id, *name;      /* 12 hexadecimal digits; --name, or "" */
        struct strv argv, env;
        unsigned char *filter; /* fixed.n_filter instructions of 8 bytes */
};

void plan_encode(const struct plan *plan, struct str *ret);
/* Returns false for what is not a plan. */
bool plan_decode(const char *data, size_t n, struct plan *ret);
void plan_finish(struct plan *plan);

/* The descriptors that come with a plan, in this order; for the demo root the image is the program that
 * becomes /demo/raise, left out where there is none. The door is
 * the listening socket on which exec and attach are answered. A visitor's plan has the first four alone. */
enum { PLAN_FD_PLAN, PLAN_FD_IN, PLAN_FD_OUT, PLAN_FD_ERR, PLAN_FD_DOOR, PLAN_FD_IMAGE, PLAN_FD_N };
enum { PLAN_FD_VISITOR_N = PLAN_FD_DOOR };

enum { PLAN_MAX_BYTES = 16 * 1024 * 1024 };

/* The step of a launch that fails where the tools may not map what was planned. */
#define PLAN_MAP_STEP "map the container's ids"

/* What the child is told when its ids are mapped. With an image its root comes along as a detached mount. */
struct plan_go {
        bool has_image;
        int32_t idmap_errno; /* why the mount's ids are not mapped as the container's are; 0: they are */
};

/* What the child and the keeper say, one record each, always of this size. */
enum report_kind {
        REPORT_DUMPABLE = 1, /* child: its id maps can be written now */
        REPORT_PROC,         /* child: with the procfs mount and the user namespace as descriptors */
        REPORT_EXEC,         /* child: the next call is exec; end of file after it means success */
        REPORT_FAULT,        /* child or keeper */
        REPORT_STARTED,      /* keeper: exec has succeeded; with pidfd, procfs, user namespace */
        REPORT_EXITED,  /* keeper: init has ended and nothing is left; to a visitor: its process has ended */
        REPORT_ENTERED, /* who enters a cage: pid is the process that runs there; with its pidfd */
        REPORT_CAGE,    /* keeper to a visitor: pid is init; with the plan as a descriptor */
};

struct report {
        uint32_t kind;
        int32_t pid;    /* STARTED: init, in the keeper's PID namespace */
        int32_t status; /* EXITED: as the shell has it, its own or 128+n */
        bool has_userns, has_pty;
        char note[128]; /* what could not be given as asked */
        struct fault fault;
};

/* What a visitor says to a keeper, one record each, always of this size. */
enum visit_kind {
        VISIT_ASK = 1, /* which cage is this? answered by REPORT_CAGE */
        VISIT_RUN, /* with a plan: one more process; REPORT_STARTED (and its terminal) or REPORT_FAULT, then
                      EXITED */
        VISIT_SIGNAL, /* value: a signal for it */
};

struct visit {
        uint32_t kind;
        int32_t value;
};

/* The abstract socket of a cage: "vitrine/UID/ID", after the NUL. */
#define DOOR_PREFIX "vitrine/"
