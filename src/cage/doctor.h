/* SPDX-License-Identifier: MIT */
/* What this machine lets vitrine do: a trial of what a launch needs of the kernel, and rows that say why
 * where it is refused. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "cage/devgroup.h"
#include "spec/resolve.h"

/* What was tried. */
struct doctor_trial {
        bool launched;              /* namespaces, mounts and the change of root went through */
        bool clone3;                /* the kernel, or a filter, knows clone3(2) */
        struct fault fault;         /* else: the step that failed, in the words of a launch */
        enum devgroup_kind devices; /* the device cgroup that could be made, as root alone */
        struct fault devices_fault; /* why there was none */
};

/* Tries in a child of its own, which leaves nothing behind, what the first process of a container does before
 * it becomes its user: the namespaces of the machine's mode, id maps, private mounts, /proc, /sys and a root
 * of its own. */
void doctor_try(const struct machine *machine, struct doctor_trial *ret);

/* DOCTOR_NO: not so, with a remedy. DOCTOR_NOTE: nothing is wrong, and this is to be known. */
enum doctor_answer { DOCTOR_NO, DOCTOR_YES, DOCTOR_NOTE };

struct doctor_row {
        const char *id;   /* "max-user-namespaces": stable, for programs */
        const char *what; /* "user namespaces": what is checked */
        enum doctor_answer answer;
        char says[256];   /* may hold text that the machine's files chose */
        char remedy[256]; /* "" when there is nothing to do */
};

enum { DOCTOR_ROWS_MAX = 24 };

struct doctor {
        struct doctor_row rows[DOCTOR_ROWS_MAX];
        size_t n;
};

/* Adds a row, which the caller fills. */
struct doctor_row *doctor_add(struct doctor *doctor, const char *id, const char *what);
/* Fill a row; what does not fit is cut. */
void doctor_say(struct doctor_row *row, enum doctor_answer answer, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
void doctor_advise(struct doctor_row *row, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the rows that are read below root_fd, an open directory that is / or a recorded tree (it stays the
 * caller's), and the trial's own as the last. release: uname(2)'s. A row that would forbid a launch which
 * went through is a note. The last row has no remedy where no other row explains the trial's fault. */
void doctor_read(int root_fd, const char *release, const struct machine *machine,
                 const struct doctor_trial *trial, struct doctor *doctor);

/* The part of /proc or /sys that something else is mounted over, so that the kernel gives no fresh one in a
 * user namespace (fs/namespace.c, mount_too_revealing): type is "proc" or "sysfs", mountinfo the text of
 * proc(5)'s file. Writes the first such path and returns true; false when one whole mount of the type is in
 * sight. Pure. */
bool doctor_covered(const char *mountinfo, const char *type, char *path, size_t size);
