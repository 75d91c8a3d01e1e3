/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/magic.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <sys/capability.h>

#include "base/own.h"
#include "base/str.h"
#include "eye/proto.h"

/* Not 65534: whoever else runs as nobody, in the cage too with the machine's PIDs, could end the eye. Debian
 * gives out none of 65000 to 65533, systemd none above 65519. */
enum { NOBODY = 65530 };

#define GIVE_UP_STEP "give up the capabilities of the reader of /proc"

/* A change of ids or of the user namespace takes both away again. Not dumpable: with --pid host the cage
 * could trace this process otherwise, which stands in the machine's own files. */
static bool stay_guarded(struct fault *fault)
{
        if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
                return fault_errno(fault, "", "guard the reader of /proc");
        return true;
}

static bool holds(cap_t caps, cap_value_t cap)
{
        cap_flag_value_t value = CAP_CLEAR;

        return cap_get_flag(caps, cap, CAP_EFFECTIVE, &value) == 0 && value == CAP_SET;
}

/* Of what is held these alone are kept. */
static bool keep(cap_t held, const cap_value_t *kept, size_t n, struct fault *fault)
{
        cap_t rest = cap_init();
        bool ok = rest != NULL;

        for (size_t i = 0; ok && i < n; i++) {
                if (!holds(held, kept[i]))
                        continue;
                cap_set_flag(rest, CAP_PERMITTED, 1, &kept[i], CAP_SET);
                cap_set_flag(rest, CAP_EFFECTIVE, 1, &kept[i], CAP_SET);
        }
        if (!ok || cap_set_proc(rest) < 0)
                ok = fault_errno(fault, "", GIVE_UP_STEP);
        if (rest)
                cap_free(rest);
        return ok;
}

/* Until it is told where to look it may wait for long: what no eye needs goes at once. Of the rest one side
 * needs this, the other that: to enter and mount, to become nobody, to listen (Linux before 6.6), to see
 * through hidepid. */
static bool narrow(struct fault *fault)
{
        static const cap_value_t needed[] = { CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID, CAP_NET_ADMIN,
                                              CAP_SYS_PTRACE };
        cap_t held = cap_get_proc();
        bool ok = held ? keep(held, needed, sizeof(needed) / sizeof(needed[0]), fault)
                       : fault_errno(fault, "", GIVE_UP_STEP);

        if (held)
                cap_free(held);
        return ok;
}

bool setup_begin(struct fault *fault)
{
        prctl(PR_SET_NAME, "vitrine waits"); /* until it is told where to look */
        if (!stay_guarded(fault))
                return false;
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || fcntl(EYE_CONTROL, F_SETFD, FD_CLOEXEC) < 0)
                return fault_errno(fault, "", "guard the reader of /proc");
        if (syscall(SYS_close_range, EYE_CONTROL + 1u, ~0u, 0u) < 0 && errno != ENOSYS)
                return fault_errno(fault, "", "close what the reader of /proc inherited");
        /* Nothing of the user's environment is to steer libproc2 or a name lookup. */
        clearenv();
        return narrow(fault);
}

bool setup_enter(int proc_fd, int userns_fd, struct fault *fault)
{
        if (userns_fd >= 0 && setns(userns_fd, CLONE_NEWUSER) < 0)
                return fault_errno(fault, "", "enter the container's user namespace");
        if (unshare(CLONE_NEWNS) < 0)
                return fault_errno(fault, "", "make a mount namespace for the reader of /proc");
        if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
                return fault_errno(fault, "/", "keep the mounts of the reader of /proc to itself");
        if (move_mount(proc_fd, "", AT_FDCWD, "/proc", MOVE_MOUNT_F_EMPTY_PATH) < 0)
                return fault_errno(fault, "/proc", "lay the container's /proc before its reader");
        return stay_guarded(fault);
}

/* User 0 owns the machine's files also without a capability. Where "nobody" is not mapped, or setgroups is
 * denied, this process is no root of the machine. */
static bool become_nobody(cap_t caps, struct fault *fault)
{
        if (!holds(caps, CAP_SETUID) || !holds(caps, CAP_SETGID))
                return true;
        if (prctl(PR_SET_KEEPCAPS, 1) < 0)
                return fault_errno(fault, "", "give up root in the reader of /proc");
        if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
            setresuid(NOBODY, NOBODY, NOBODY) < 0)
                return errno == EINVAL || errno == EPERM ||
                       fault_errno(fault, "", "give up root in the reader of /proc");
        return true;
}

bool setup_leave_root(struct fault *fault)
{
        cap_t held = cap_get_proc();
        bool ok = held != NULL;

        if (!ok)
                fault_errno(fault, "", "give up root in the reader of /proc");
        /* The change of the user takes away what is effective; what is permitted stays. */
        if (ok)
                ok = become_nobody(held, fault);
        if (ok && cap_set_proc(held) < 0)
                ok = fault_errno(fault, "", "give up root in the reader of /proc");
        if (held)
                cap_free(held);
        return ok && stay_guarded(fault);
}

bool setup_drop(bool was_root, bool keep_ptrace, struct fault *fault)
{
        const cap_value_t kept = CAP_SYS_PTRACE;
        cap_t held = cap_get_proc();
        bool ok = held != NULL;

        if (!ok)
                fault_errno(fault, "", GIVE_UP_STEP);
        if (ok && was_root)
                ok = become_nobody(held, fault);
        if (ok)
                ok = keep(held, &kept, keep_ptrace ? 1 : 0, fault);
        if (held)
                cap_free(held);
        return ok && stay_guarded(fault);
}

void setup_hidepid(char *ret, unsigned long size)
{
        FILE *file = fopen("/proc/self/mountinfo", "re");
        own_free char *line = NULL;
        size_t room = 0;

        ret[0] = '\0';
        while (file && getline(&line, &room, file) > 0) {
                char where[64] = "";
                const char *rest = strstr(line, " - proc "), *option;

                if (sscanf(line, "%*s %*s %*s %*s %63s", where) != 1 || strcmp(where, "/proc") != 0)
                        continue;
                /* The last one that lies there counts. */
                option = rest ? strstr(rest, "hidepid=") : NULL;
                snprintf(ret, size, "%.*s", option ? (int)strcspn(option, ",\n ") : 0, option ? option : "");
        }
        if (file)
                fclose(file);
        if (strcmp(ret, "hidepid=0") == 0 || strcmp(ret, "hidepid=off") == 0)
                ret[0] = '\0';
}

static bool may_trace(void)
{
        cap_t held = cap_get_proc();
        bool may = held && holds(held, CAP_SYS_PTRACE);

        if (held)
                cap_free(held);
        return may;
}

char *setup_trouble(const char *hidepid)
{
        struct statfs fs;
        own_fd int first = -1;
        char self[24];
        ssize_t n;

        if (statfs("/proc", &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
                return xstrdup("/proc is not a procfs: the processes cannot be read");
        n = readlink("/proc/self", self, sizeof(self) - 1);
        self[n > 0 ? n : 0] = '\0';
        if (strtol(self, NULL, 10) != getpid())
                return xstrdup("/proc belongs to another PID namespace: these are not the PIDs seen here");
        if (!hidepid[0] || may_trace())
                return NULL;
        /* The option's gid= may let this user through all the same. */
        first = open("/proc/1/stat", O_RDONLY | O_CLOEXEC);
        if (first >= 0)
                return NULL;
        return xasprintf("/proc is mounted with %s: only this user's own processes can be seen", hidepid);
}
