/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

enum { TRIAL_MS = 10000 };

static const unsigned long trial_namespaces =
        CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP;

/* What the child says once, at its end. */
struct trial_report {
        bool ok;
        struct fault fault;
};

static bool mount_new(const char *type, unsigned attrs)
{
        own_fd int context = fsopen(type, FSOPEN_CLOEXEC);
        own_fd int mounted = -1;

        if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
                return false;
        mounted = fsmount(context, FSMOUNT_CLOEXEC,
                          attrs | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
        return mounted >= 0;
}

/* A tmpfs as the root, in the child's own mount namespace: nobody else sees it. */
static bool change_root(struct fault *fault)
{
        static const char *const stages[] = { "/tmp", "/run", "/mnt", "/var/tmp" };
        const char *stage = NULL;

        for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]) && !stage; i++)
                if (mount("tmpfs", stages[i], "tmpfs", MS_NODEV | MS_NOSUID, "mode=755,size=64k") == 0)
                        stage = stages[i];
        if (!stage)
                return fault_errno(fault, "", "mount the container's root");
        if (chdir(stage) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
                return fault_errno(fault, "", "enter the container's root");
        if (umount2(".", MNT_DETACH) < 0)
                return fault_errno(fault, "", "leave the machine's root");
        return true;
}

/* The steps of a launch, in its words, so that the table of remedies knows them. */
static bool try_steps(struct fault *fault)
{
        if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
                return fault_errno(fault, "", "make the mounts private");
        if (!mount_new("proc", 0))
                return fault_errno(fault, "/proc", "mount /proc in the container");
        if (!mount_new("sysfs", MOUNT_ATTR_RDONLY))
                return fault_errno(fault, "/sys", "mount /sys in the container");
        return change_root(fault);
}

static _Noreturn void be_child(int sock, int *parents)
{
        struct trial_report report = { 0 };
        char go;

        fd_close(parents); /* else its end would never be seen */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (io_recv(sock, &go, 1, NULL, 0) != 1)
                _exit(1);
        report.ok = try_steps(&report.fault);
        io_send(sock, &report, sizeof(report), NULL, 0);
        _exit(0);
}

/* As the keeper does it: clone where clone3 is unknown. Each goes on in a copy of this process, which has one
 * thread. */
static pid_t clone_trial(unsigned long flags)
{
        struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };
        pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

        if (pid < 0 && errno == ENOSYS)
                pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0L);
        return pid;
}

static bool write_proc(pid_t pid, const char *name, const char *text)
{
        char path[64];
        own_fd int fd = -1;

        snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
        fd = open(path, O_WRONLY | O_CLOEXEC);
        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

static bool write_maps(const struct machine *machine, pid_t pid, struct fault *fault)
{
        char uids[32], gids[32];

        snprintf(uids, sizeof(uids), "0 %u 1\n", machine->uid);
        snprintf(gids, sizeof(gids), "0 %u 1\n", machine->gid);
        if (!write_proc(pid, "setgroups", "deny"))
                return fault_errno(fault, "", "write the user namespace's setgroups");
        if (!write_proc(pid, "uid_map", uids))
                return fault_errno(fault, "", "write the user namespace's uid map");
        if (!write_proc(pid, "gid_map", gids))
                return fault_errno(fault, "", "write the user namespace's gid map");
        return true;
}

static bool take_report(int sock, struct fault *fault)
{
        struct pollfd wait = { .fd = sock, .events = POLLIN };
        struct trial_report report;
        uint64_t end = time_now_ms() + TRIAL_MS;
        int ready;

        do {
                uint64_t now = time_now_ms();

                ready = poll(&wait, 1, now < end ? (int)(end - now) : 0);
        } while (ready < 0 && errno == EINTR);
        if (ready == 0)
                return fault_why(fault, "launch the container", "no answer in %d ms", TRIAL_MS);
        if (ready < 0 || io_recv(sock, &report, sizeof(report), NULL, 0) != (ssize_t)sizeof(report))
                return fault_why(fault, "launch the container",
                                 "its first process died before it could run the command");
        fault_seal(&report.fault);
        if (!report.ok)
                *fault = report.fault;
        return report.ok;
}

static bool try_launch(const struct machine *machine, struct fault *fault)
{
        bool userns = machine->mode != MODE_ROOT, ok;
        own_fd int ours = -1, theirs = -1;
        int pair[2];
        pid_t pid;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
                return fault_errno(fault, "", "make a socket");
        ours = pair[0];
        theirs = pair[1];
        pid = clone_trial(trial_namespaces | (userns ? CLONE_NEWUSER : 0));
        if (pid == 0)
                be_child(take_fd(&theirs), &ours);
        if (pid < 0)
                return fault_errno(fault, "",
                                   userns ? "create the container's namespaces (with a user namespace)"
                                          : "create the container's namespaces");
        fd_close(&theirs);
        ok = !userns || write_maps(machine, pid, fault);
        ok = ok && (io_send(ours, "g", 1, NULL, 0) || fault_errno(fault, "", "start the first process"));
        ok = ok && take_report(ours, fault);
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
                ;
        return ok;
}

/* One as a container's, without anybody in it, and gone at once. */
static void try_devices(struct doctor_trial *trial)
{
        struct devgroup group = DEVGROUP_EMPTY;

        if (devgroup_make("doctor", false, &group, &trial->devices_fault))
                trial->devices = group.kind;
        devgroup_remove(&group);
}

void doctor_try(const struct machine *machine, struct doctor_trial *ret)
{
        struct doctor_trial trial = { 0 };

        /* An argument of no size is EINVAL wherever the call is known (clone(2)). */
        trial.clone3 = !(syscall(SYS_clone3, NULL, (size_t)0) < 0 && errno == ENOSYS);
        trial.launched = try_launch(machine, &trial.fault);
        if (machine->mode == MODE_ROOT)
                try_devices(&trial);
        *ret = trial;
}
