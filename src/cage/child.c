/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/devgroup.h"

bool child_say(struct child *child, enum report_kind kind, pid_t pid, const int *fds, size_t n_fds)
{
        struct report report = {
                .kind = kind, .pid = pid, .has_userns = child->userns_fd >= 0, .has_pty = child->pty_fd >= 0
        };

        memcpy(report.note, child->note, sizeof(report.note));
        return io_send(child->sock, &report, sizeof(report), fds, n_fds) ||
               fault_errno(&child->fault, "", "speak to the keeper");
}

void child_note(struct child *child, const char *format, ...)
{
        size_t used = strlen(child->note);
        va_list args;

        if (used > 0 && used + 3 < sizeof(child->note))
                used += (size_t)snprintf(child->note + used, sizeof(child->note) - used, "; ");
        va_start(args, format);
        vsnprintf(child->note + used, sizeof(child->note) - used, format, args);
        va_end(args);
}

/* Dumpable first: the keeper is not, and what it cloned would keep its uid_map for root alone. */
static bool begin(struct child *child)
{
        struct plan_go go;
        ssize_t n;

        if (prctl(PR_SET_DUMPABLE, 1) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
                return fault_errno(&child->fault, "", "prepare the first process");
        if (!child_say(child, REPORT_DUMPABLE, 0, NULL, 0))
                return false;
        n = io_recv(child->sock, &go, sizeof(go), &child->lower_fd, 1);
        if (n < 0)
                return fault_errno(&child->fault, "", "hear from the keeper");
        if (n != sizeof(go))
                _exit(1); /* the keeper has gone: nobody is left to tell */
        child->idmap_errno = go.idmap_errno;
        return true;
}

bool child_enter_devgroup(struct child *child)
{
        return child->devgroup_fd < 0 || child->in_devgroup || devgroup_enter(child->devgroup_fd) ||
               fault_errno(&child->fault, "", "enter the container's device cgroup");
}

/* A cgroup namespace begins at the cgroup that its maker is in, so it is made only now. */
static bool settle_in_cgroups(struct child *child)
{
        if (!child_enter_devgroup(child))
                return false;
        if (child->devgroup_fd < 0 || !(child->plan->fixed.ns_flags & CLONE_NEWCGROUP))
                return true;
        return unshare(CLONE_NEWCGROUP) == 0 ||
               fault_errno(&child->fault, "", "create the container's cgroup namespace");
}

/* With --userns remap this process is nobody in particular in there until it takes its root; with a user's
 * own range it is root already. A change of ids took the fence away. */
bool child_become_root(struct child *child)
{
        const struct plan_fixed *fixed = &child->plan->fixed;

        if (!(fixed->ns_flags & CLONE_NEWUSER) || fixed->one_id)
                return true;
        if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
                return fault_errno(&child->fault, "", "become root in the user namespace");
        return true;
}

static bool lo_up(struct child *child)
{
        own_fd int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        struct ifreq request = { .ifr_name = "lo" };

        if (sock < 0 && errno == EAFNOSUPPORT)
                return true;
        if (sock < 0 || ioctl(sock, SIOCGIFFLAGS, &request) < 0)
                return fault_errno(&child->fault, "", "bring up lo in the container");
        request.ifr_flags |= IFF_UP;
        if (ioctl(sock, SIOCSIFFLAGS, &request) < 0)
                return fault_errno(&child->fault, "", "bring up lo in the container");
        return true;
}

/* Ports below 1024 are free in a network of one's own, as Docker has it since 20.03. */
static bool free_low_ports(struct child *child)
{
        static const char path[] = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
        own_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

        if (fd < 0 && errno == ENOENT)
                return true;
        if (fd < 0 || !io_write_all(fd, "0", 1))
                return fault_errno(&child->fault, path, "free the low ports");
        return true;
}

/* Every group may send echo requests without NET_RAW, as Docker has it since 20.10; but not in a user
 * namespace, where most groups are nobody's and the kernel refuses the range. */
static bool free_ping(struct child *child)
{
        static const char path[] = "/proc/sys/net/ipv4/ping_group_range", range[] = "0 2147483647";
        own_fd int fd = -1;

        if (child->plan->fixed.ns_flags & CLONE_NEWUSER)
                return true;
        fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0 && errno == ENOENT)
                return true;
        /* EINVAL: the machine itself is in a user namespace. */
        if (fd < 0 || (!io_write_all(fd, range, strlen(range)) && errno != EINVAL))
                return fault_errno(&child->fault, path, "let every group ping");
        return true;
}

static bool set_up_names(struct child *child)
{
        const struct plan *plan = child->plan;

        if ((plan->fixed.ns_flags & CLONE_NEWUTS) && sethostname(plan->hostname, strlen(plan->hostname)) < 0)
                return fault_errno(&child->fault, "", "set the host name");
        if (!(plan->fixed.ns_flags & CLONE_NEWNET))
                return true;
        return lo_up(child) && free_low_ports(child) && free_ping(child);
}

static bool make_surroundings(struct child *child)
{
        umask(0);
        if (setsid() < 0)
                return fault_errno(&child->fault, "", "begin a session");
        if (!child_become_root(child) || !child_open_kernel_mounts(child) || !child_enter_root(child) ||
            !child_place_kernel_mounts(child) || !set_up_names(child) || !child_guard_paths(child))
                return false;
        umask(022);
        return child_open_terminal(child) && child_make_workdir(child) && child_protect_root(child);
}

static bool hand_over(struct child *child)
{
        int fds[3];
        size_t n = 0;

        fds[n++] = child->eye_proc_fd;
        if (child->userns_fd >= 0)
                fds[n++] = child->userns_fd;
        if (child->pty_fd >= 0)
                fds[n++] = child->pty_fd;
        return child_say(child, REPORT_PROC, 0, fds, n);
}

/* A pipe becomes the command's own, so that it can open /dev/stdout (engines do the same). The machine's
 * /dev/null lies on a mount that can be written, where real root could change its node: the cage's own takes
 * its place, once it is seen to be one (a running cage may have put something else there). */
static bool own_stream(struct child *child, int *fd)
{
        const struct plan_fixed *fixed = &child->plan->fixed;
        struct stat st;

        if (fstat(*fd, &st) < 0)
                return fault_errno(&child->fault, "", "lay the standard descriptors");
        if (S_ISFIFO(st.st_mode) && !fixed->one_id)
                (void)!fchown(*fd, fixed->uid, fixed->gid);
        if (!S_ISCHR(st.st_mode))
                return true;
        *fd = open("/dev/null", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (*fd < 0 || fstat(*fd, &st) < 0)
                return fault_errno(&child->fault, "/dev/null", "open /dev/null in the container");
        if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
                return fault_why(&child->fault, "open /dev/null in the container",
                                 "it is not the null device");
        return fcntl(*fd, F_SETFL, O_RDWR) == 0 ||
               fault_errno(&child->fault, "/dev/null", "open /dev/null in the container");
}

bool child_lay_descriptors(struct child *child)
{
        const struct plan_fixed *fixed = &child->plan->fixed;

        for (int i = 0; i < 3 && !fixed->tty; i++)
                if (!own_stream(child, &child->stdio[i]))
                        return false;
        for (int i = 0; i < 3; i++)
                if (dup2(child->stdio[i], i) < 0)
                        return fault_errno(&child->fault, "", "lay the standard descriptors");
        if (child->sock != 3 && dup3(child->sock, 3, O_CLOEXEC) < 0)
                return fault_errno(&child->fault, "", "lay the standard descriptors");
        child->sock = 3;
        if (syscall(SYS_close_range, 4u, ~0u, 0u) < 0) {
                long last = sysconf(_SC_OPEN_MAX);

                for (int fd = 4; fd < (last > 0 ? last : 65536); fd++)
                        close(fd);
        }
        child->userns_fd = child->pty_fd = -1;
        return true;
}

static void reset_signals(void)
{
        sigset_t none;

        for (int sig = 1; sig < NSIG; sig++)
                signal(sig, SIG_DFL);
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
}

bool child_run_command(struct child *child)
{
        char path[4096];

        if (!child_find_command(child, path, sizeof(path)))
                return false;
        reset_signals();
        /* A change of ids cleared it: the second fence stands again. */
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
                return fault_errno(&child->fault, "", "prepare the first process");
        if (!child_say(child, REPORT_EXEC, 0, NULL, 0))
                return false;
        execve(path, child->plan->argv.v, child->plan->env.v);
        return child_exec_fault(child);
}

_Noreturn void child_main(struct child *child)
{
        struct report report = { .kind = REPORT_FAULT };

        if (begin(child) && settle_in_cgroups(child) && make_surroundings(child) && hand_over(child) &&
            child_lay_descriptors(child) && child_control_terminal(child) && child_enter_workdir(child) &&
            child_take_identity(child))
                child_run_command(child);
        report.fault = child->fault;
        io_send(child->sock, &report, sizeof(report), NULL, 0);
        _exit(1);
}
