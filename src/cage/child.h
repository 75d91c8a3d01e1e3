/* SPDX-License-Identifier: MIT */
/* The cage's first process between clone and exec. It never returns up the stack, leaves only with _exit, and
 * writes nothing to the terminal: what fails goes home as one record. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "cage/plan.h"

enum { CHILD_DEVICES = 6, CHILD_LATE_MAX = 32 };

struct child {
        const struct plan *plan;
        int sock; /* to the keeper, SOCK_SEQPACKET, close-on-exec */
        int stdio[3];
        int image_fd;     /* root of a dir: image; for the demo root /demo/raise's program; or -1 */
        int lower_fd;     /* the image as a mount that the keeper has made, not yet attached; or -1 */
        int idmap_errno;  /* why that one does not show its owners as they are inside; 0: it does */
        int proc_fd;      /* detached procfs for the cage */
        int eye_proc_fd;  /* another one for the inside eye */
        int sys_fd;       /* detached sysfs, or -1: none */
        int cgroup_fd;    /* detached cgroup2, or -1 */
        int devgroup_fd;  /* to enter the device cgroup (devgroup.h), or -1: none */
        bool in_devgroup; /* it was born there */
        int userns_fd;    /* -1 without a user namespace */
        int pty_fd;       /* master of the command's terminal, or -1 */
        int devices[CHILD_DEVICES]; /* the machine's nodes as detached binds */
        /* binds that get their attributes only when /proc is there: kernels without mount_setattr */
        char late[CHILD_LATE_MAX][64];
        size_t n_late;
        bool read_only_image; /* the overlay was refused */
        char note[128];
        struct fault fault;
};

/* Runs in the child after clone; never returns. */
_Noreturn void child_main(struct child *child);

/* Runs in a fork of the keeper: joins the namespaces of init (ns_flags: those that are the cage's own),
 * becomes what the plan says and runs its command as a child of the keeper. Never returns. */
_Noreturn void child_enter(struct child *child, int init_pidfd, uint32_t ns_flags);

/* Each step fails with child->fault filled. */

/* child.c: tells the keeper. */
bool child_say(struct child *child, enum report_kind kind, pid_t pid, const int *fds, size_t n_fds);
/* child.c: enters the device cgroup, where there is one. */
bool child_enter_devgroup(struct child *child);
/* child.c: root of the user namespace, where there is one with a range. */
bool child_become_root(struct child *child);
/* child.c: adds a sentence to what could not be given as asked. */
void child_note(struct child *child, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* child.c: puts the command's descriptors in place and closes everything else but the socket to the keeper.
 */
bool child_lay_descriptors(struct child *child);
/* child.c: executes the command; returns only when that failed. */
bool child_run_command(struct child *child);
/* terminal.c: with plan->fixed.tty opens a terminal of the cage's devpts as the three descriptors. */
bool child_open_terminal(struct child *child);
/* terminal.c: makes it the controlling one of the session that this process leads. */
bool child_control_terminal(struct child *child);

/* mounts.c: parts the mounts from the machine's, then opens as detached ones what must be made while the
 * host's /proc and /sys are still in sight. */
bool child_open_kernel_mounts(struct child *child);
/* mounts.c: puts /proc, /sys and /dev into the new root, masks and write-protects. */
bool child_place_kernel_mounts(struct child *child);
/* rootfs.c: whether a bound folder or file of the machine's is not enough: with SYS_ADMIN one remount makes
 * it writable, in a user namespace for what its user may write. */
bool child_must_shield(const struct child *child);
/* rootfs.c: makes the root file system and enters it; the host's is gone afterwards. */
bool child_enter_root(struct child *child);
/* demo_raise.c: /demo/raise, the demo root's set-user-ID program. */
bool child_place_raise(struct child *child);
/* rootfs.c: --read-only. */
bool child_protect_root(struct child *child);
/* guard.c: masked and read-only paths below /proc and /sys. */
bool child_guard_paths(struct child *child);
/* identity.c: session keyring, filter, capability sets, ids. */
bool child_take_identity(struct child *child);
/* command.c: the working directory is made where it is missing, before a read-only root is closed. */
bool child_make_workdir(struct child *child);
bool child_enter_workdir(struct child *child);
/* command.c: finds argv[0] in the container's PATH as an engine does; fills the fault with 126 or 127. */
bool child_find_command(struct child *child, char *path, size_t size);
/* command.c: fills the fault from the errno of a failed exec. */
bool child_exec_fault(struct child *child);

/* mountfd.c: the new mount calls, with what they need on a 5.10 kernel. */

/* A new detached file system; options are key=value pairs (value NULL: a flag), ended by a NULL key. Returns
 * a descriptor, or -1 with errno set. attrs: MOUNT_ATTR_*. */
int mountfd_new(const char *type, const char *const (*options)[2], unsigned attrs);
/* A detached copy of what is mounted at path (below dir_fd); recursive takes the mounts below it along. */
int mountfd_copy(int dir_fd, const char *path, bool recursive);
/* Sets attributes on a detached mount, on those below it too with recursive. ENOSYS where the kernel has no
 * mount_setattr (before 5.12): then mountfd_protect does it after attaching. */
bool mountfd_set(int fd, unsigned attrs, bool recursive);
/* Lets a detached mount show its owners as the user namespace has them (5.12, for an overlay's layer 5.19;
 * not every file system can). EINVAL or ENOSYS where that cannot be. */
bool mountfd_map_ids(int fd, int userns_fd);
/* Attaches a detached mount onto an open directory or file. */
bool mountfd_attach(int fd, int target_fd);
/* The fallback for mountfd_set: remounts what is attached at path and below, keeping the flags that it has.
 * Needs /proc. */
bool mountfd_protect(const char *path, unsigned attrs);

/* Makes a directory where there is none and opens it; a symbolic link in its place is refused (an image must
 * not choose where the cage's mounts land). */
int open_mount_point(const char *path);
