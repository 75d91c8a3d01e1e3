/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/chamber.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Any folder serves as a mount point, for the moment it takes. */
static const char *const stages[] = { "/tmp", "/run", "/mnt", "/var/tmp" };

bool chamber_join(int init_pidfd, uint32_t ns_flags, bool one_id, struct fault *fault)
{
        const uint32_t joined = ns_flags & (uint32_t)(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC |
                                                      CLONE_NEWUTS | CLONE_NEWCGROUP);

        if (joined && setns(init_pidfd, (int)joined) < 0)
                return fault_errno(fault, "", "enter the container's namespaces");
        /* With a range of ids whoever enters is nobody in particular until it takes its root. */
        if ((joined & CLONE_NEWUSER) && !one_id && (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0))
                return fault_errno(fault, "", "become root in the user namespace");
        if (unshare(CLONE_NEWNS | CLONE_NEWPID) < 0)
                return fault_errno(fault, "", "make namespaces of PIDs and mounts");
        return true;
}

static const char *mount_stage(void)
{
        for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
                if (mount("tmpfs", stages[i], "tmpfs", MS_NODEV | MS_NOSUID | MS_NOEXEC,
                          "mode=755,size=256k,nr_inodes=64") == 0)
                        return stages[i];
                if (errno != ENOENT && errno != ENOTDIR)
                        break;
        }
        return NULL;
}

/* With the machine's PIDs a cage sees these processes and, for the moment they last, may reach their root: a
 * whole procfs there would have what is masked in the cage. */
static bool mount_proc(void)
{
        const unsigned long flags = MS_NODEV | MS_NOSUID | MS_NOEXEC;

        return mkdir("proc", 0555) == 0 && mount("proc", "proc", "proc", flags, "subset=pid") == 0;
}

bool chamber_settle(struct fault *fault)
{
        const char *stage;

        if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
                return fault_errno(fault, "", "make the mounts private");
        stage = mount_stage();
        if (!stage || chdir(stage) < 0)
                return fault_errno(fault, "", "mount a tmpfs");
        umask(0);
        if (!mount_proc())
                return fault_errno(fault, "", "mount /proc");
        if (mkdir("box", 0777) < 0)
                return fault_errno(fault, "", "make a folder");
        umask(077);
        if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
                return fault_errno(fault, "", "leave the machine's root");
        return true;
}
