/* SPDX-License-Identifier: MIT */
/* What vitrine and an eye say to one another: records of a SOCK_SEQPACKET socket. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/helper.h"

enum {
        EYE_CONTROL = HELPER_CONTROL, /* the eye's end of the socket */
        EYE_TABLE_MAX = 64 * 1024 * 1024,
        EYE_NAMES_MAX = 100,   /* a record's */
        EYE_NAMES_ALL = 16384, /* an eye's */
        EYE_SNDBUF = 16 * 1024 /* bounds the tables that wait while vitrine does not read */
};

/* The first record, with descriptors: the cage's procfs, then its user namespace when has_userns. */
enum eye_side { EYE_SIDE_HOST = 1, EYE_SIDE_CAGE };

struct eye_hello {
        uint32_t side;
        uint32_t has_userns;
        uint32_t joined; /* for attach: the host's side may read everybody's namespaces */
        uint32_t polls;  /* the host's side is not to listen to what the kernel tells */
        uint32_t room;   /* bytes for what it tells; 0: as much as is sensible */
};

/* All that vitrine wants, every time: so the last record alone counts. A new serial asks for a pass now, and
 * an answer; a new glance or stir for one as soon as the eye may, and a word only when something is new. */
struct eye_command {
        int32_t keeper; /* its descendants are read with status; 0: nobody's */
        int32_t init;   /* read with status, however many others are; 0: nobody */
        uint32_t serial;
        uint64_t pidns;  /* so are the processes in this PID namespace and in those below it; 0: none */
        uint32_t glance; /* the clock: look at what no event tells */
        uint32_t stir;   /* something has happened among the processes of this side */
        uint32_t told;   /* that will be said: no need to poll */
};

enum eye_record_kind {
        EYE_TABLE = 1, /* with the descriptor of a sealed memfd of `size` bytes */
        EYE_SAME,      /* read again, nothing changed */
        EYE_NAMES,     /* `size` names follow */
        EYE_FAULT      /* why the eye ends */
};

/* A user's name; as snapshot.h's, which would bring libjq into the eye's program. */
struct eye_name {
        uint32_t uid;
        char name[64];
};

struct eye_record {
        uint32_t kind;
        uint32_t serial;  /* of the last command that had come when the pass began */
        uint64_t read_ms; /* when the pass began, CLOCK_MONOTONIC */
        uint64_t size;
        uint64_t period_ms; /* until the next pass that nobody asks for, as far as this one can tell */
        uint32_t told;      /* there is none: this eye is told when something happens */
        uint32_t stirs;     /* the host's side: changes as often as something happens to the cage */
        union {
                struct eye_name names[EYE_NAMES_MAX];
                struct fault fault;
        };
};

enum { EYE_HEAD_BYTES = offsetof(struct eye_record, names) };
