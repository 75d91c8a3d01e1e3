/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "probe/asks.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe/constants.h"

static long set_limit(int resource, rlim_t soft, rlim_t hard)
{
        const struct rlimit limit = { soft, hard };

        return syscall(SYS_prlimit64, 0, resource, &limit, NULL);
}

struct probe_answer ask_kill(struct ask *ask)
{
        return answer_of(syscall(SYS_kill, ask->fixtures->sleeper, PROBE_NO_SIGNAL));
}

struct probe_answer ask_setgid(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_setgroups, (size_t)0, NULL));
}

struct probe_answer ask_setuid(struct ask *ask)
{
        const uint32_t id = ask->fixtures->other;

        return answer_of(syscall(SYS_setresuid, id, id, id));
}

struct probe_answer ask_setpcap(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_prctl, PR_CAPBSET_DROP, (unsigned long)PROBE_NO_CAPABILITY, 0L, 0L, 0L));
}

/* The limit alone would let everybody lock a little. */
struct probe_answer prepare_no_memlock(struct ask *ask)
{
        struct rlimit limit;

        ask->page = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (ask->page == MAP_FAILED || getrlimit(RLIMIT_MEMLOCK, &limit) < 0 ||
            set_limit(RLIMIT_MEMLOCK, 0, limit.rlim_max) < 0)
                return answer_unprepared();
        return answer_ready();
}

struct probe_answer ask_ipc_lock(struct ask *ask)
{
        return answer_of(syscall(SYS_mlock, ask->page, (size_t)sysconf(_SC_PAGESIZE)));
}

/* The lowest page, which nothing can be read from or written to: no port, no device. */
struct probe_answer ask_sys_rawio(struct ask *ask)
{
        const size_t size = (size_t)sysconf(_SC_PAGESIZE);
        long at;

        (void)ask;
        at = syscall(SYS_mmap, NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0L);
        return answer_of(at == (long)MAP_FAILED ? -1 : 0);
}

struct probe_answer ask_sys_chroot(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_chroot, "/"));
}

struct probe_answer prepare_bystander(struct ask *ask)
{
        if (ask->fixtures->bystander > 0)
                return answer_ready();
        errno = ESRCH;
        return answer_unprepared();
}

struct probe_answer ask_sys_ptrace(struct ask *ask)
{
        void *head;
        size_t size;

        return answer_of(syscall(SYS_get_robust_list, ask->fixtures->bystander, &head, &size));
}

/* Never better than it began. */
struct probe_answer prepare_nice_19(struct ask *ask)
{
        (void)ask;
        if (set_limit(RLIMIT_NICE, 0, 0) < 0 || syscall(SYS_setpriority, PRIO_PROCESS, 0, 19) < 0)
                return answer_unprepared();
        return answer_ready();
}

struct probe_answer ask_sys_nice(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_setpriority, PRIO_PROCESS, 0, 18));
}

struct probe_answer prepare_limit_0(struct ask *ask)
{
        (void)ask;
        return set_limit(RLIMIT_SIGPENDING, 0, 0) < 0 ? answer_unprepared() : answer_ready();
}

struct probe_answer ask_sys_resource(struct ask *ask)
{
        (void)ask;
        return answer_of(set_limit(RLIMIT_SIGPENDING, 0, 1));
}

/* vhangup hangs up the session's terminal: the question may only be asked where there is none. */
struct probe_answer prepare_session(struct ask *ask)
{
        (void)ask;
        return syscall(SYS_setsid) < 0 ? answer_unprepared() : answer_ready();
}

struct probe_answer ask_sys_tty_config(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_vhangup));
}

/* The caller's own id and not 0, which with one id need not be mapped: EINVAL would come before the check. */
static long write_loginuid(int fd)
{
        char text[16];
        int n = snprintf(text, sizeof(text), "%u", (unsigned)getuid());

        return pwrite(fd, text, (size_t)n, 0);
}

/* A login id that is not set may be set by everybody; the second time counts. Where it is set already the
 * first write is the second. */
struct probe_answer prepare_loginuid(struct ask *ask)
{
        ask->fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);
        if (ask->fd < 0)
                return answer_unprepared();
        return write_loginuid(ask->fd) < 0 && errno != EPERM ? answer_unprepared() : answer_ready();
}

struct probe_answer ask_audit_control(struct ask *ask)
{
        return answer_of(write_loginuid(ask->fd));
}
