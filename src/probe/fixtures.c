/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "probe/fixtures.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/own.h"
#include "cage/chamber.h"

/* An id that most machines map, and one for a caller who is that. */
enum { OTHER = 65534, OTHER_OF_OTHER = 1 };

static bool raise_all(void)
{
        cap_t caps = cap_get_proc();
        bool ok = caps != NULL;

        for (cap_value_t bit = 0; ok && bit < cap_max_bits(); bit++) {
                cap_flag_value_t permitted = CAP_CLEAR;

                ok = cap_get_flag(caps, bit, CAP_PERMITTED, &permitted) == 0 &&
                     cap_set_flag(caps, CAP_EFFECTIVE, 1, &bit, permitted) == 0;
        }
        ok = ok && cap_set_proc(caps) == 0;
        if (caps)
                cap_free(caps);
        return ok;
}

bool caller_become(const struct plan_fixed *caller)
{
        gid_t groups[PLAN_MAX_GROUPS];

        if (caller->one_id)
                return true;
        for (uint32_t i = 0; i < caller->n_groups; i++)
                groups[i] = caller->groups[i];
        return prctl(PR_SET_KEEPCAPS, 1) == 0 &&
               syscall(SYS_setgroups, (size_t)caller->n_groups, groups) == 0 &&
               syscall(SYS_setresgid, caller->gid, caller->gid, caller->gid) == 0 &&
               syscall(SYS_setresuid, caller->uid, caller->uid, caller->uid) == 0 && raise_all();
}

static bool drop_all(void)
{
        cap_t none = cap_init();
        bool ok = none && cap_set_proc(none) == 0;

        if (none)
                cap_free(none);
        return ok;
}

static _Noreturn void say_and_wait(int fd)
{
        if (write(fd, "r", 1) != 1)
                _exit(1);
        close(fd);
        for (;;)
                pause();
}

_Noreturn void fixtures_be_bystander(void)
{
        if (!drop_all() || prctl(PR_SET_DUMPABLE, 0) < 0)
                _exit(1);
        say_and_wait(STDOUT_FILENO);
}

static _Noreturn void be_sleeper(const struct fixtures *fixtures, int ready)
{
        const uint32_t id = fixtures->other;

        if (syscall(SYS_setresgid, id, id, id) < 0 || syscall(SYS_setresuid, id, id, id) < 0 || !drop_all())
                _exit(1);
        say_and_wait(ready);
}

/* The exec matters: a process that only forked still has the memory of the user namespace where its program
 * began, and whoever asks for it is asked for SYS_PTRACE there. Without capabilities it may not read the
 * program: so it is not dumpable from its first instruction on, while its root is the machine's still. */
static _Noreturn void exec_bystander(const struct plan_fixed *caller, int exe, int ready)
{
        char *const argv[] = { (char *)"vitrine-probe", (char *)FIXTURE_BYSTANDER, NULL };
        char *const env[] = { NULL };

        if (caller_become(caller) && drop_all() && dup2(ready, STDOUT_FILENO) >= 0)
                syscall(SYS_execveat, exe, "", argv, env, AT_EMPTY_PATH);
        _exit(1);
}

/* Forks; in the child returns 0 with *ret_ready to write to, else the PID once the child has said that it is
 * ready, -1 when it ended before. */
static pid_t fork_ready(int *ret_ready)
{
        own_fd int from = -1;
        int ends[2];
        ssize_t n;
        pid_t pid;
        char byte;

        if (pipe2(ends, O_CLOEXEC) < 0)
                return -1;
        from = ends[0];
        pid = fork();
        if (pid == 0) {
                *ret_ready = ends[1];
                return 0;
        }
        close(ends[1]);
        if (pid < 0)
                return -1;
        while ((n = read(from, &byte, 1)) < 0 && errno == EINTR)
                ;
        return n == 1 ? pid : -1;
}

/* With a single id the owner cannot be changed: EINVAL, there is no such id. */
static bool make_foreign(struct fixtures *fixtures)
{
        const char *path = CHAMBER_BOX "/foreign";
        own_fd int made = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

        if (made < 0)
                return false;
        if (fchown(made, fixtures->other, fixtures->other) < 0)
                return errno == EINVAL || errno == EPERM;
        fixtures->foreign = open(path, O_RDONLY | O_CLOEXEC);
        fixtures->has_other = fixtures->foreign >= 0;
        return fixtures->has_other;
}

pid_t fixtures_bystander(const struct plan_fixed *caller, int exe, struct fault *fault)
{
        int ready = -1;
        pid_t pid = fork_ready(&ready);

        if (pid == 0)
                exec_bystander(caller, exe, ready);
        if (pid < 0)
                fault_why(fault, "make what the probes ask about", "a process has ended too early");
        return pid;
}

bool fixtures_make(const struct plan_fixed *caller, pid_t bystander, struct fixtures *ret,
                   struct fault *fault)
{
        struct fixtures fixtures = { .foreign = -1, .bystander = bystander };
        int ready = -1;

        fixtures.other = caller->uid == OTHER || caller->gid == OTHER ? OTHER_OF_OTHER : OTHER;
        if (!make_foreign(&fixtures))
                return fault_errno(fault, "", "make what the probes ask about");
        if (fixtures.has_other) {
                fixtures.sleeper = fork_ready(&ready);
                if (fixtures.sleeper == 0)
                        be_sleeper(&fixtures, ready);
        }
        if (fixtures.sleeper < 0)
                return fault_why(fault, "make what the probes ask about", "a process has ended too early");
        *ret = fixtures;
        return true;
}
