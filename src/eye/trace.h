/* SPDX-License-Identifier: MIT */
/* Reads the text of a tracefs instance's trace_pipe (Documentation/trace/ftrace.rst) that holds the events
 * capability:cap_capable, each with a kernel stack, sched:sched_process_fork and task:task_rename, of vitrine
 * and of all that it starts. Keeps the checks that commands of a container have asked for. Pure.
 *
 * A process calls itself what it likes, line feeds too, in at most 15 bytes: so every line is read from what
 * the kernel has written behind the name, and what is looked for is longer than a name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { TRACE_NAME = 16, TRACE_ROLES = 512, TRACE_PENDING = 64, TRACE_LINE = 1024, TRACE_NAMES = 1024 };

/* One check of a capability. */
struct trace_check {
        uint64_t time_us; /* of the instance's trace_clock */
        pid_t pid;        /* of the thread, in the machine's first PID namespace */
        unsigned cap;     /* bit (capabilities(7)) */
        bool allowed;
        char name[TRACE_NAME]; /* as the process had it; any bytes */
};

/* Who does not belong to a container, or not yet. Whoever is not known does. */
enum trace_role {
        TRACE_INSIDE,    /* asks for the container's command */
        TRACE_VITRINE,   /* its children are OUTSIDE */
        TRACE_OUTSIDE,   /* a keeper, a reader: its children are LAUNCHING */
        TRACE_LAUNCHING, /* becomes INSIDE when it executes a program; its children are LAUNCHING too */
};

struct trace_sink {
        void (*check)(void *data, const struct trace_check *check);
        void (*forked)(void *data, pid_t pid); /* a process that is not OUTSIDE begins */
        void *data;
};

struct trace {
        struct trace_sink sink;
        struct {
                pid_t pid;
                enum trace_role role;
        } roles[TRACE_ROLES]; /* pid 0: free */
        unsigned n_roles;
        struct trace_check pending[TRACE_PENDING]; /* whose stack has not come; pid 0: free */
        struct {
                pid_t pid;
                char name[TRACE_NAME];
        } names[TRACE_NAMES]; /* by the last digits of the PID: what the line itself says of it may be of
                                 later */
        pid_t stack;          /* whose stack is being read; 0: nobody's */
        bool exec;            /* that stack is one of execve */
        bool memory;          /* or of the count of memory */
        bool entered;         /* a file system was asked, from the check outward */
        bool layered;         /* the first of overlayfs's own functions was met, further out */
        bool borrowed;        /* then: by overlayfs, with the powers of whoever mounted it */
        uint64_t lost;        /* events that the kernel's buffer had no room for */
        size_t len;           /* of line */
        bool overlong;        /* the line is no event's */
        char line[TRACE_LINE];
};

void trace_init(struct trace *trace, const struct trace_sink *sink);
/* What a process is before the first event. */
void trace_know(struct trace *trace, pid_t pid, enum trace_role role);
/* Takes the next bytes, which may end anywhere. */
void trace_feed(struct trace *trace, const char *text, size_t n);
/* Nothing more is there for now: a stack that has come is whole. */
void trace_settle(struct trace *trace);
