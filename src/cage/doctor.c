/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cage/doctor_mounts.h"

enum { FILE_MAX = 16 << 20, KERNEL_MAJOR = 5, KERNEL_MINOR = 10 };

/* What every check may look at. */
struct exam {
        int root_fd;
        const char *release;
        const struct machine *machine;
        const struct doctor_trial *trial;
        const char *mountinfo; /* "" when it cannot be read */
        bool root;             /* launches without a user namespace */
        bool real_root;        /* in the first user namespace at that: no mount is hidden from it */
};

struct doctor_row *doctor_add(struct doctor *doctor, const char *id, const char *what)
{
        struct doctor_row *row =
                &doctor->rows[doctor->n < DOCTOR_ROWS_MAX ? doctor->n++ : DOCTOR_ROWS_MAX - 1];

        *row = (struct doctor_row){ .id = id, .what = what };
        return row;
}

void doctor_say(struct doctor_row *row, enum doctor_answer answer, const char *format, ...)
{
        va_list args;

        row->answer = answer;
        va_start(args, format);
        vsnprintf(row->says, sizeof(row->says), format, args);
        va_end(args);
}

void doctor_advise(struct doctor_row *row, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        vsnprintf(row->remedy, sizeof(row->remedy), format, args);
        va_end(args);
}

/* Owned by the caller; NULL when it cannot be read. */
static char *read_text(const struct exam *exam, const char *path)
{
        char *text = NULL;
        size_t n;

        return io_read_file(exam->root_fd, path, FILE_MAX, &text, &n) ? text : NULL;
}

/* A file that holds a number; false when there is none. */
static bool read_number(const struct exam *exam, const char *path, long long *ret)
{
        own_free char *text = read_text(exam, path);
        char *end;
        long long number;

        if (!text)
                return false;
        errno = 0;
        number = strtoll(text, &end, 10);
        if (end == text || errno || strspn(end, " \t\n") != strlen(end))
                return false;
        *ret = number;
        return true;
}

/* What stands in the way of user namespaces alone is no matter to root, and disproved by a launch. */
static enum doctor_answer hindrance(const struct exam *exam)
{
        return exam->root || exam->trial->launched ? DOCTOR_NOTE : DOCTOR_NO;
}

static void check_kernel(const struct exam *exam, struct doctor_row *row)
{
        unsigned major, minor;

        if (sscanf(exam->release, "%4u.%4u", &major, &minor) != 2) {
                doctor_say(row, DOCTOR_NOTE, "Linux %.100s: no version that vitrine knows", exam->release);
                return;
        }
        if (major > KERNEL_MAJOR || (major == KERNEL_MAJOR && minor >= KERNEL_MINOR)) {
                doctor_say(row, DOCTOR_YES, "Linux %.100s", exam->release);
                return;
        }
        doctor_say(row, exam->trial->launched ? DOCTOR_NOTE : DOCTOR_NO,
                   "Linux %.100s: vitrine is made for %d.%d and later", exam->release, KERNEL_MAJOR,
                   KERNEL_MINOR);
        doctor_advise(row, "a newer kernel (Debian 11, Ubuntu 22.04 and later have one)");
}

/* Whether a missing file of /proc/sys means that the kernel has none: says so in the row when not. */
static bool sees_sysctls(const struct exam *exam, struct doctor_row *row)
{
        if (faccessat(exam->root_fd, "proc/sys/kernel/ostype", F_OK, 0) == 0)
                return true;
        doctor_say(row, DOCTOR_NOTE, "/proc/sys cannot be read");
        return false;
}

static void check_max_userns(const struct exam *exam, struct doctor_row *row)
{
        long long max = 0;
        bool known = read_number(exam, "proc/sys/user/max_user_namespaces", &max);

        if (max > 0) {
                doctor_say(row, DOCTOR_YES, "at most %lld for each user", max);
        } else if (exam->root) {
                doctor_say(row, DOCTOR_NOTE, "there are none; as root vitrine needs none");
        } else if (known) {
                doctor_say(row, hindrance(exam),
                           "user namespaces are switched off (max_user_namespaces is %lld)", max);
                doctor_advise(row, "sudo sysctl user.max_user_namespaces=10000, or: sudo ./vitrine");
        } else if (sees_sysctls(exam, row)) {
                doctor_say(row, hindrance(exam), "this kernel has no user namespaces");
                doctor_advise(row, "sudo ./vitrine");
        }
}

static void check_unprivileged(const struct exam *exam, struct doctor_row *row)
{
        long long allowed;

        if (!read_number(exam, "proc/sys/kernel/unprivileged_userns_clone", &allowed)) {
                if (sees_sysctls(exam, row))
                        doctor_say(row, DOCTOR_YES, "this kernel does not keep them for root");
                return;
        }
        if (allowed != 0) {
                doctor_say(row, DOCTOR_YES, "they are not for root alone");
                return;
        }
        if (exam->root) {
                doctor_say(row, DOCTOR_NOTE, "they are for root alone, as you are");
                return;
        }
        doctor_say(row, hindrance(exam), "this machine gives user namespaces to root alone");
        doctor_advise(row, "sudo ./vitrine, or: sudo sysctl kernel.unprivileged_userns_clone=1");
}

/* The profile of the program that runs: bootstrap's, or what make install has brought; a folder made
 * elsewhere has none. */
static void advise_profile(struct doctor_row *row)
{
        own_free char *bootstrap = io_beside("bootstrap", X_OK, "");

        if (access(bootstrap, X_OK) == 0)
                doctor_advise(row, "./bootstrap in a terminal offers an AppArmor profile for this build; at "
                                   "once: sudo ./vitrine");
        else if (access(PKGDATADIR "/apparmor", R_OK) == 0)
                doctor_advise(row, "sudo cp '" PKGDATADIR "/apparmor' /etc/apparmor.d/vitrine && sudo "
                                   "apparmor_parser -r /etc/apparmor.d/vitrine; at once: sudo vitrine");
        else
                doctor_advise(row, "sudo ./vitrine");
}

static void check_apparmor(const struct exam *exam, struct doctor_row *row)
{
        static const char path[] = "proc/sys/kernel/apparmor_restrict_unprivileged_userns";
        long long restricts;

        if (!read_number(exam, path, &restricts)) {
                if (sees_sysctls(exam, row))
                        doctor_say(row, DOCTOR_YES, "this kernel's does not restrict user namespaces");
        } else if (restricts == 0) {
                doctor_say(row, DOCTOR_YES, "AppArmor leaves new user namespaces their powers");
        } else if (exam->root) {
                doctor_say(row, DOCTOR_NOTE, "AppArmor restricts user namespaces of others than root");
        } else if (exam->trial->launched) {
                doctor_say(row, DOCTOR_NOTE, "AppArmor restricts user namespaces, but not vitrine's");
        } else {
                doctor_say(
                        row, DOCTOR_NO,
                        "AppArmor takes the powers of new user namespaces away here (Ubuntu 24.04 does so)");
                advise_profile(row);
        }
}

/* The value of a field of /proc/self/status, or NULL; owned by the caller. */
static char *status_field(const struct exam *exam, const char *name)
{
        own_free char *text = read_text(exam, "proc/self/status");
        size_t n = strlen(name);
        char *line, *rest = text;

        while (rest && (line = strsep(&rest, "\n")) != NULL)
                if (strncmp(line, name, n) == 0 && line[n] == ':')
                        return xstrdup(line + n + 1 + strspn(line + n + 1, " \t"));
        return NULL;
}

static void check_seccomp(const struct exam *exam, struct doctor_row *row)
{
        own_free char *mode = status_field(exam, "Seccomp");
        int err = exam->trial->fault.err;

        if (!mode || strcmp(mode, "0") == 0) {
                doctor_say(row, DOCTOR_YES, "no filter stands around vitrine");
        } else if (exam->trial->launched) {
                doctor_say(row, DOCTOR_NOTE, "a filter stands around vitrine%s; it lets a launch through",
                           exam->trial->clone3 ? "" : " and hides clone3, which clone stands in for");
        } else if (err == EPERM || err == EACCES || err == ENOSYS) {
                doctor_say(row, DOCTOR_NO,
                           "a filter stands around vitrine, as in most containers, and a launch is refused");
                doctor_advise(
                        row, "run vitrine on the machine itself; in a container, one made with --privileged");
        } else {
                doctor_say(row, DOCTOR_NOTE, "a filter stands around vitrine");
        }
}

static void check_chroot(const struct exam *exam, struct doctor_row *row)
{
        own_free char *copy = xstrdup(exam->mountinfo);
        struct mount_line line;
        char *rest = copy, type[32] = "";

        while (mount_lines_next(&rest, &line))
                if (strcmp(line.point, "/") == 0)
                        snprintf(type, sizeof(type), "%s", line.type);
        if (!*exam->mountinfo) {
                doctor_say(row, DOCTOR_NOTE, "/proc/self/mountinfo cannot be read");
        } else if (!*type) {
                doctor_say(row, DOCTOR_NO, "vitrine runs in a chroot, whose root is no mount");
                doctor_advise(row, "outside of it; or %smake its DIR a mount first: mount --bind DIR DIR",
                              exam->root ? "" : "as root, and ");
        } else if (strcmp(type, "rootfs") == 0) {
                doctor_say(row, DOCTOR_NO,
                           "the root is the kernel's first file system, which cannot be left");
                doctor_advise(row, "make a mounted file system the root: switch_root");
        } else {
                doctor_say(row, DOCTOR_YES, "the root is a mount, as a container's root needs it");
        }
}

static void check_covered(const struct exam *exam, struct doctor_row *row, const char *type, const char *path)
{
        char part[200];

        if (!*exam->mountinfo) {
                doctor_say(row, DOCTOR_NOTE, "/proc/self/mountinfo cannot be read");
        } else if (!doctor_covered(exam->mountinfo, type, part, sizeof(part))) {
                doctor_say(row, DOCTOR_YES, "all of %s is in sight", path);
        } else if (exam->real_root || exam->trial->launched) {
                doctor_say(row, DOCTOR_NOTE,
                           "a part of %s is covered (%.100s), and a fresh one is given all the same", path,
                           part);
        } else {
                doctor_say(row, DOCTOR_NO,
                           "a part of this machine's %s is covered (%.100s), as in most containers", path,
                           part);
                doctor_advise(row, "run vitrine on the machine itself, or as its root");
        }
}

static void check_proc(const struct exam *exam, struct doctor_row *row)
{
        check_covered(exam, row, "proc", "/proc");
}

static void check_sys(const struct exam *exam, struct doctor_row *row)
{
        check_covered(exam, row, "sysfs", "/sys");
}

static void check_hidepid(const struct exam *exam, struct doctor_row *row)
{
        own_free char *copy = xstrdup(exam->mountinfo);
        struct mount_line line;
        char *rest = copy, hides[16] = "";

        /* The last one at /proc is the one that is seen. */
        while (mount_lines_next(&rest, &line)) {
                const char *option = strstr(line.super, "hidepid=");

                if (strcmp(line.point, "/proc") != 0)
                        continue;
                snprintf(hides, sizeof(hides), "%.*s", option ? (int)strcspn(option + 8, ",") : 0,
                         option ? option + 8 : "");
        }
        if (!*hides || strcmp(hides, "0") == 0 || strcmp(hides, "off") == 0) {
                doctor_say(row, DOCTOR_YES, "/proc shows the processes of all users");
        } else if (exam->real_root) {
                doctor_say(row, DOCTOR_NOTE, "/proc hides processes (hidepid=%s), but not from root", hides);
        } else {
                doctor_say(row, DOCTOR_NOTE,
                           "/proc hides the processes of others (hidepid=%s): the host pane shows your own",
                           hides);
                doctor_advise(row, "sudo ./vitrine shows all");
        }
}

static const char subuid[] = "etc/subuid", subgid[] = "etc/subgid";

/* What the tables call the user: by name where it has one (that may stand in a line for a shell). */
static void owner_of(const struct exam *exam, char *name, size_t size)
{
        static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
        own_free char *passwd = read_text(exam, "etc/passwd");
        struct users users = { .passwd = passwd ? passwd : "", .group = "" };

        if (!users_name_of_uid(&users, exam->machine->uid, name, size) || name[strspn(name, plain)])
                snprintf(name, size, "%u", exam->machine->uid);
}

static bool has_subordinates(const struct exam *exam, const char *path, const char *name)
{
        own_free char *text = read_text(exam, path);
        struct id_runs runs = { 0 };

        return text && id_runs_add_subids(&runs, text, name, exam->machine->uid);
}

static bool has_newuidmap(const struct exam *exam)
{
        static const char *const paths[] = { "usr/bin/newuidmap", "bin/newuidmap", "usr/local/bin/newuidmap",
                                             "run/wrappers/bin/newuidmap" };

        for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
                if (faccessat(exam->root_fd, paths[i], X_OK, 0) == 0)
                        return true;
        return false;
}

/* Lines that overlap nobody's. */
static void advise_lines(const struct exam *exam, struct doctor_row *row, const char *name, bool uids,
                         bool gids)
{
        enum { FIRST = 100000, COUNT = 65536 };
        own_free char *users = read_text(exam, subuid), *groups = read_text(exam, subgid);
        uint32_t first = id_runs_free(users ? users : "", FIRST, COUNT);

        first = first ? id_runs_free(groups ? groups : "", first, COUNT) : 0;
        if (first)
                doctor_advise(row, "echo %.60s:%u:%d | sudo tee -a%s%s", name, first, COUNT,
                              uids ? "" : " /etc/subuid", gids ? "" : " /etc/subgid");
        else
                doctor_advise(row,
                              "a free range for %.60s in /etc/subuid and /etc/subgid; sudo ./vitrine "
                              "has all ids",
                              name);
}

static void explain_one_id(const struct exam *exam, struct doctor_row *row)
{
        const char *why = exam->machine->one_id_why;
        char name[64] = "";
        bool uids, gids;

        owner_of(exam, name, sizeof(name));
        uids = has_subordinates(exam, subuid, name);
        gids = has_subordinates(exam, subgid, name);
        doctor_advise(row, "sudo ./vitrine has them all");
        if (!uids || !gids) {
                why = uids ? "/etc/subgid has no line for you" : "/etc/subuid has no line for you";
                advise_lines(exam, row, name, uids, gids);
        } else if (!has_newuidmap(exam)) {
                why = "newuidmap is missing";
                doctor_advise(row,
                              "sudo apt install uidmap (elsewhere: shadow-utils); sudo ./vitrine has them "
                              "all");
        }
        doctor_say(row, DOCTOR_NOTE, "without root a container has one id, your own by another name%s%s%s",
                   *why ? " (" : "", why, *why ? ")" : "");
}

static void check_ids(const struct exam *exam, struct doctor_row *row)
{
        switch (exam->machine->mode) {
        case MODE_ROOT:
                doctor_say(row, DOCTOR_YES, "as root a container has all ids");
                return;
        case MODE_RANGE:
                doctor_say(row, DOCTOR_YES,
                           "without root a container has %u ids: your own and your subordinate ones",
                           id_runs_count(&exam->machine->uids));
                return;
        case MODE_ONE_ID:
                explain_one_id(exam, row);
                return;
        }
}

static void check_caps(const struct exam *exam, struct doctor_row *row)
{
        uint64_t missing = exam->machine->known & ~exam->machine->grantable;
        struct str names = { 0 };

        if (!exam->root) {
                doctor_say(row, DOCTOR_YES, "a new user namespace has all %u",
                           caps_count(exam->machine->known));
                return;
        }
        if (!missing) {
                doctor_say(row, DOCTOR_YES, "vitrine can give all %u", caps_count(exam->machine->known));
                return;
        }
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (missing & caps_bit(bit))
                        str_add_f(&names, " %s", caps_info(bit)->name);
        if (names.len < 180)
                doctor_say(row, DOCTOR_NO, "this machine's own bounding set lacks%s", str_text(&names));
        else
                doctor_say(row, DOCTOR_NO, "this machine's own bounding set lacks %u of %u",
                           caps_count(missing), caps_count(exam->machine->known));
        str_finish(&names);
        doctor_advise(row,
                      "whatever began vitrine took them away (systemd: CapabilityBoundingSet=; a container: "
                      "--cap-add); without root a new user namespace has all");
}

static void check_devices(const struct exam *exam, struct doctor_row *row)
{
        char line[300];

        if (!exam->root) {
                doctor_say(row, DOCTOR_NOTE,
                           "without root there is none; a user namespace can make no devices anyway");
                return;
        }
        if (exam->trial->devices != DEVGROUP_NONE) {
                doctor_say(row, DOCTOR_YES, "a container has one of its own (cgroup %s)",
                           exam->trial->devices == DEVGROUP_V1 ? "v1" : "v2, with a BPF program");
                return;
        }
        fault_line(&exam->trial->devices_fault, line, sizeof(line));
        doctor_say(row, DOCTOR_NOTE, "none (%.140s): that its mounts are nodev is a container's only fence",
                   line);
        doctor_advise(row, exam->trial->devices_fault.err ? "run vitrine on the machine itself, as its root"
                                                          : "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
}

static void check_launch(const struct exam *exam, struct doctor_row *row)
{
        char line[300];

        if (exam->trial->launched) {
                doctor_say(row, DOCTOR_YES, "namespaces%s, mounts and a root of its own: tried just now",
                           exam->root ? "" : " (with a user namespace)");
                return;
        }
        fault_line(&exam->trial->fault, line, sizeof(line));
        doctor_say(row, DOCTOR_NO, "%.250s", line);
}

/* stops: where the answer is no, it is why the trial failed. */
static const struct {
        const char *id, *what;
        void (*check)(const struct exam *exam, struct doctor_row *row);
        bool stops;
} checks[] = {
        { "kernel", "kernel", check_kernel, false },
        { "max-user-namespaces", "user namespaces", check_max_userns, true },
        { "unprivileged-userns-clone", "for everybody", check_unprivileged, true },
        { "apparmor", "AppArmor", check_apparmor, true },
        { "seccomp", "seccomp filter", check_seccomp, true },
        { "chroot", "root", check_chroot, true },
        { "proc", "/proc", check_proc, true },
        { "sys", "/sys", check_sys, true },
        { "hidepid", "processes", check_hidepid, false },
        { "ids", "ids", check_ids, false },
        { "capabilities", "capabilities", check_caps, false },
        { "devices", "device cgroup", check_devices, false },
        { "launch", "a launch", check_launch, false },
};

static bool is_first_userns(int root_fd)
{
        char target[64] = "";

        /* include/linux/proc_ns.h, PROC_USER_INIT_INO */
        return readlinkat(root_fd, "proc/self/ns/user", target, sizeof(target) - 1) > 0 &&
               strcmp(target, "user:[4026531837]") == 0;
}

/* The trial's remedy is that of the first row that explains why it failed. */
static void explain_trial(const struct doctor_row *first, struct doctor_row *last)
{
        for (size_t i = 0; first + i < last; i++) {
                if (!checks[i].stops || first[i].answer != DOCTOR_NO)
                        continue;
                memcpy(last->remedy, first[i].remedy, sizeof(last->remedy));
                return;
        }
}

void doctor_read(int root_fd, const char *release, const struct machine *machine,
                 const struct doctor_trial *trial, struct doctor *doctor)
{
        size_t first = doctor->n;
        struct exam exam = { .root_fd = root_fd,
                             .release = release,
                             .machine = machine,
                             .trial = trial,
                             .root = machine->mode == MODE_ROOT };
        own_free char *mountinfo = read_text(&exam, "proc/self/mountinfo");

        exam.mountinfo = mountinfo ? mountinfo : "";
        exam.real_root = exam.root && is_first_userns(root_fd);
        for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
                checks[i].check(&exam, doctor_add(doctor, checks[i].id, checks[i].what));
        if (!trial->launched)
                explain_trial(&doctor->rows[first], &doctor->rows[doctor->n - 1]);
}
