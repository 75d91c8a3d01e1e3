/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/join.h"

enum { CHILD_MS = 2000, WAIT_MS = 3000 };

/* The helper's descriptors. */
enum { HELPER_SOCK = 3, HELPER_NS, HELPER_OWNER, HELPER_N };

static bool is_own(int userns_fd)
{
        struct stat his, ours;

        return fstat(userns_fd, &his) == 0 && stat("/proc/self/ns/user", &ours) == 0 &&
               his.st_ino == ours.st_ino && his.st_dev == ours.st_dev;
}

static bool has_sys_admin(void)
{
        const cap_value_t wanted = CAP_SYS_ADMIN;
        cap_t caps = cap_get_proc();
        cap_flag_value_t value = CAP_CLEAR;
        bool has = caps && cap_get_flag(caps, wanted, CAP_EFFECTIVE, &value) == 0 && value == CAP_SET;

        cap_free(caps);
        return has;
}

/* What is said on the way of JOIN_BY_CHILD: who is inside, and (with a descriptor, or errno) what came of it.
 */
struct word {
        int kind, value;
};

enum { WORD_CHILD = 1, WORD_CONTEXT };

/* In the PID namespace, for one system call: fsopen notes the caller's. */
static _Noreturn void be_inside(int sock)
{
        int context = fsopen("proc", FSOPEN_CLOEXEC);
        struct word word = { WORD_CONTEXT, errno };

        io_send(sock, &word, sizeof(word), &context, context < 0 ? 0 : 1);
        _exit(0);
}

/* Whoever lives in the namespace with CAP_SYS_PTRACE could take the child over: so it can do nothing but
 * what it is for, and the filter is on before it is there (what a tracer puts into it goes through the filter
 * too). It has no descriptor but its socket. */
static bool shut_in(void)
{
        static const int allowed[] = { SCMP_SYS(clone), SCMP_SYS(fsopen), SCMP_SYS(sendmsg),
                                       SCMP_SYS(exit_group) };
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
        bool ok = filter != NULL;

        for (size_t i = 0; ok && i < sizeof(allowed) / sizeof(allowed[0]); i++)
                ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
        ok = ok && seccomp_load(filter) == 0;
        return ok;
}

/* Makes the child that is inside, of the same parent as this process, and ends. */
static _Noreturn void send_inside(int sock)
{
        struct word word = { .kind = WORD_CONTEXT };
        long pid;

        if (setns(HELPER_NS, CLONE_NEWPID) < 0 || close(HELPER_NS) < 0 || !shut_in()) {
                word.value = errno;
                io_send(sock, &word, sizeof(word), NULL, 0);
                _exit(1);
        }
        pid = syscall(SYS_clone, (unsigned long)(CLONE_PARENT | SIGCHLD), NULL, NULL, NULL, 0L);
        if (pid == 0)
                be_inside(sock);
        word = (struct word){ pid > 0 ? WORD_CHILD : WORD_CONTEXT, pid > 0 ? (int)pid : errno };
        io_send(sock, &word, sizeof(word), NULL, 0);
        _exit(0);
}

/* Hears both, in whichever order they come. *ret_err is errno where there is no context. Who is inside may be
 * a puppet by then, or have lost its socket: which process that is is told by the one outside alone. */
static int hear_context(int sock, pid_t outside, pid_t *ret_child, int *ret_err)
{
        struct pollfd ready = { .fd = sock, .events = POLLIN };
        uint64_t end = time_now_ms() + CHILD_MS, now;
        struct word word;
        int context = -1;
        bool heard = false;

        *ret_child = 0;
        *ret_err = EIO; /* the namespace's own root may have ended it */
        while ((!heard || *ret_child == 0) && (now = time_now_ms()) < end) {
                pid_t sender;
                ssize_t n;
                int fd;

                if (poll(&ready, 1, (int)(end - now)) <= 0)
                        continue;
                n = io_recv_from(sock, &word, sizeof(word), &fd, 1, &sender);
                if (n == 0)
                        break;
                if (n == (ssize_t)sizeof(word) && sender == outside && word.kind == WORD_CHILD)
                        *ret_child = word.value;
                if (n != (ssize_t)sizeof(word) || word.kind != WORD_CONTEXT || heard) {
                        fd_close(&fd);
                        continue;
                }
                heard = true;
                context = fd;
                *ret_err = word.value;
                if (sender == outside)
                        break; /* it made no child */
        }
        return context;
}

static int context_by_child(struct fault *fault)
{
        own_fd int ours = -1, theirs = -1;
        int pair[2], context = -1, err = 0;
        pid_t pid, child = 0;

        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
                fault_errno(fault, "", "make a socket");
                return -1;
        }
        ours = pair[0];
        theirs = pair[1];
        if (!io_name_senders(ours)) {
                fault_errno(fault, "", "make a socket");
                return -1;
        }
        pid = fork();
        if (pid == 0) {
                dup3(theirs, HELPER_SOCK, O_CLOEXEC);
                close(ours);
                close(theirs);
                close(HELPER_OWNER);
                send_inside(HELPER_SOCK);
        }
        fd_close(&theirs);
        if (pid > 0)
                context = hear_context(ours, pid, &child, &err);
        else
                err = errno;
        /* It may have been stopped from inside. Neither has been waited for: the numbers are theirs. */
        if (child > 0)
                kill(child, SIGKILL);
        while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
                ;
        if (context >= 0)
                return context;
        errno = err;
        fault_errno(fault, "", "open a procfs in the container's PID namespace");
        return -1;
}

static int context_by_option(struct fault *fault)
{
        own_fd int context = fsopen("proc", FSOPEN_CLOEXEC);

        if (context >= 0 && fsconfig(context, FSCONFIG_SET_FD, "pidns", NULL, HELPER_NS) == 0)
                return take_fd(&context);
        fault_errno(fault, "", "open a procfs of the container's PID namespace");
        return -1;
}

/* Whoever is inside could have sent a context of another file system, of a disk or an image that he has
 * named: nothing is made of that. Of all file systems procfs alone has this parameter; what is set is its
 * default. */
static bool is_procfs(int context)
{
        return fsconfig(context, FSCONFIG_SET_STRING, "hidepid", "0", 0) == 0;
}

/* Nor is one of another PID namespace taken. */
static bool is_its_procfs(int mount_fd)
{
        struct stat shown, wanted;
        struct statfs fs;

        return fstatfs(mount_fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC &&
               fstat(HELPER_NS, &wanted) == 0 && fstatat(mount_fd, "1/ns/pid", &shown, 0) == 0 &&
               shown.st_dev == wanted.st_dev && shown.st_ino == wanted.st_ino;
}

static int make_procfs(enum join_way way, bool enter_owner, struct fault *fault)
{
        own_fd int context = -1;
        int mount_fd = -1;

        /* Without root: root in the user namespace that owns the PID namespace, for this process alone. The
         * mount namespace is a copy of the machine's: there /proc is whole, as the kernel wants it for a new
         * one, and nothing of the container's file system is met. */
        if (enter_owner && (setns(HELPER_OWNER, CLONE_NEWUSER) < 0 || unshare(CLONE_NEWNS) < 0)) {
                fault_errno(fault, "", "enter the container's user namespace");
                return -1;
        }
        if (way != JOIN_BY_CHILD)
                context = context_by_option(fault);
        if (context < 0 && (way == JOIN_BY_CHILD || (way == JOIN_ANY && fault->err == EINVAL)))
                context = context_by_child(fault);
        if (context < 0)
                return -1;
        *fault = (struct fault){ 0 };
        if (is_procfs(context)) {
                if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
                        mount_fd = fsmount(context, FSMOUNT_CLOEXEC,
                                           MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
                                                   MOUNT_ATTR_NOEXEC);
                if (mount_fd < 0) {
                        fault_errno(fault, "", "mount /proc in the container (for its reader)");
                        return -1;
                }
        }
        if (mount_fd < 0 || !is_its_procfs(mount_fd)) {
                fd_close(&mount_fd);
                fault_why(fault, "mount /proc in the container (for its reader)",
                          "what came from inside is not the /proc of its PID namespace");
        }
        return mount_fd;
}

/* Moves the descriptors to their places and closes all others, the terminal's too. */
static bool settle(int sock, int ns_fd, int owner_fd)
{
        int high[] = { fcntl(sock, F_DUPFD_CLOEXEC, 16), fcntl(ns_fd, F_DUPFD_CLOEXEC, 16),
                       fcntl(owner_fd, F_DUPFD_CLOEXEC, 16) };

        for (int i = 0; i < 3; i++)
                if (high[i] < 0 || dup3(high[i], HELPER_SOCK + i, O_CLOEXEC) < 0)
                        return false;
#if !defined(__SANITIZE_ADDRESS__)
        syscall(SYS_close_range, 0u, 2u, 0u);
#endif
        return syscall(SYS_close_range, (unsigned)HELPER_N, ~0u, 0u) == 0;
}

static _Noreturn void be_helper(int sock, int ns_fd, int owner_fd, enum join_way way)
{
        struct fault fault = { 0 };
        sigset_t none;
        int fd = -1;

        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        prctl(PR_SET_NAME, "vitrine join");
        if (!settle(sock, ns_fd, owner_fd) || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
            prctl(PR_SET_DUMPABLE, 0) < 0)
                fault_errno(&fault, "", "guard the process that looks for the container's /proc");
        else
                fd = make_procfs(way, !has_sys_admin() && !is_own(HELPER_OWNER), &fault);
        io_send(HELPER_SOCK, &fault, sizeof(fault), &fd, fd < 0 ? 0 : 1);
        _exit(0);
}

/* What the helper says. One that is held up from inside the container is ended. */
static int await_helper(int sock, pid_t pid, struct fault *fault)
{
        struct pollfd ready = { .fd = sock, .events = POLLIN };
        struct fault said = { 0 };
        uint64_t end = time_now_ms() + WAIT_MS;
        int fd = -1, got = 0;

        while (got <= 0 && time_now_ms() < end)
                got = poll(&ready, 1, (int)(end - time_now_ms()));
        if (got > 0 && io_recv(sock, &said, sizeof(said), &fd, 1) != (ssize_t)sizeof(said))
                got = 0;
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
                ;
        if (fd >= 0)
                return fd;
        fault_seal(&said);
        if (got > 0 && fault)
                *fault = said;
        if (got <= 0)
                fault_why(fault, "open a procfs of the container's PID namespace",
                          "the process that was to do it has ended");
        return -1;
}

int join_procfs(int ns_fd, enum join_way way, struct fault *fault)
{
        own_fd int ours = -1, theirs = -1;
        own_fd int owner_fd = ioctl(ns_fd, NS_GET_USERNS);
        int pair[2];
        pid_t pid;

        if (owner_fd < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
                fault_errno(fault, "", "find the owner of the container's PID namespace");
                return -1;
        }
        ours = pair[0];
        theirs = pair[1];
        pid = fork();
        if (pid == 0)
                be_helper(theirs, ns_fd, owner_fd, way);
        if (pid < 0) {
                fault_errno(fault, "", "start a process");
                return -1;
        }
        fd_close(&theirs);
        return await_helper(ours, pid, fault);
}
