/* SPDX-License-Identifier: MIT */
/* failcall [-s SECONDS] [-f ROLE:PROGRAM:CALL:N:ERRNO] REPORT COMMAND…: runs it and makes one system call of
 * one of vitrine's processes fail; without -f it counts them. strace counts its when= anew in each process,
 * so that the third openat fails in all of them and a child is reached only where the parent bears it; here
 * one call of one process fails and everything else is as always.
 *
 * A process's role says how it was born: 0 is the command, 0.2 its second child, 0.2.1 the first child of
 * that. Only vitrine's programs count (argv[0] begins with "vitrine"), and of their calls not the dynamic
 * loader's. What any of them executes that is none (the container's command, newuidmap) is let go.
 *
 * In $FAULT_WHY the command finds how strerror(3) calls what the call fails with.
 *
 * The report has a line for each of: count ROLE PROGRAM CALL N; hit CALL ARGUMENTS; why STRERROR; crash ROLE
 * PROGRAM SIGNAL; hang …; left …. The exit status is the command's own (128+n; 124: it hung). */
#include "config.h"

#ifdef __x86_64__ /* whose registers it knows */

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <linux/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS = 512, PROCS = 256, LOADER_SIZE = 256 * 1024, AFTER_SECONDS = 3 };

struct proc {
        pid_t pid; /* 0: a free place */
        bool named, stopped, ours, injecting;
        char role[48], program[32];
        unsigned births;
        uint64_t loader, argument;
        unsigned counts[CALLS];
};

struct target {
        char role[48], program[32];
        int call, err;
        unsigned n;
};

static struct proc procs[PROCS];
static struct target target = { .call = -1 };
static FILE *report;
static bool done; /* the call has failed */
static volatile sig_atomic_t late;

static void on_alarm(int sig)
{
        (void)sig;
        late = 1;
}

static void limit_seconds(long seconds)
{
        struct itimerval in = { .it_value = { .tv_sec = seconds }, .it_interval = { .tv_usec = 100000 } };

        late = 0;
        setitimer(ITIMER_REAL, &in, NULL);
}

static struct proc *find(pid_t pid)
{
        struct proc *place = NULL;

        for (size_t i = 0; i < PROCS; i++) {
                if (procs[i].pid == pid)
                        return &procs[i];
                if (!procs[i].pid)
                        place = &procs[i];
        }
        if (!place)
                exit(99);
        *place = (struct proc){ .pid = pid };
        return place;
}

static bool is_meant(const struct proc *proc)
{
        return strcmp(proc->role, target.role) == 0 && strcmp(proc->program, target.program) == 0;
}

/* Every call of a process is stopped at only where one of them may be meant, or all are counted. */
static void let_go(const struct proc *proc, int sig)
{
        bool waits = target.call < 0 || (!done && is_meant(proc));

        ptrace(waits ? PTRACE_SYSCALL : PTRACE_CONT, proc->pid, 0, (long)sig);
}

static ssize_t read_of(pid_t pid, const char *name, char *buf, size_t size)
{
        char path[64];
        ssize_t n;
        int fd;

        snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        n = fd < 0 ? -1 : read(fd, buf, size - 1);
        if (fd >= 0)
                close(fd);
        buf[n > 0 ? n : 0] = '\0';
        return n;
}

static const char *call_name(int call)
{
        static char name[64];
        char *known = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);

        snprintf(name, sizeof(name), "%s", known ? known : "");
        if (!known)
                snprintf(name, sizeof(name), "call_%d", call);
        free(known);
        return name;
}

static void say_counts(const struct proc *proc)
{
        for (int call = 0; call < CALLS; call++)
                if (proc->counts[call])
                        fprintf(report, "count %s %s %s %u\n", proc->role, proc->program, call_name(call),
                                proc->counts[call]);
}

/* Returns false when it was let go: it is none of vitrine's, and came from one that is. */
static bool on_exec(struct proc *proc)
{
        char text[4096];
        const char *slash;
        ssize_t n;
        bool ours;

        read_of(proc->pid, "cmdline", text, sizeof(text));
        slash = strrchr(text, '/');
        ours = strncmp(slash ? slash + 1 : text, "vitrine", 7) == 0;
        if (proc->ours)
                say_counts(proc);
        if (proc->ours && !ours) {
                ptrace(PTRACE_DETACH, proc->pid, 0, 0);
                proc->pid = 0;
                return false;
        }
        proc->ours = ours;
        snprintf(proc->program, sizeof(proc->program), "%.31s", slash ? slash + 1 : text);
        memset(proc->counts, 0, sizeof(proc->counts));
        n = read_of(proc->pid, "auxv", text, sizeof(text));
        for (ssize_t at = 0; at + (ssize_t)sizeof(Elf64_auxv_t) <= n; at += (ssize_t)sizeof(Elf64_auxv_t)) {
                Elf64_auxv_t entry;

                memcpy(&entry, text + at, sizeof(entry));
                if (entry.a_type == AT_BASE)
                        proc->loader = entry.a_un.a_val;
        }
        return true;
}

static void on_birth(struct proc *parent)
{
        unsigned long pid = 0;
        struct proc *child;

        ptrace(PTRACE_GETEVENTMSG, parent->pid, 0, &pid);
        child = find((pid_t)pid);
        child->named = true;
        child->ours = parent->ours;
        child->loader = parent->loader;
        snprintf(child->role, sizeof(child->role), "%.40s.%u", parent->role, ++parent->births);
        memcpy(child->program, parent->program, sizeof(child->program));
        if (child->stopped)
                let_go(child, 0);
}

static bool is_target(const struct proc *proc, int call)
{
        return call == target.call && proc->counts[call] == target.n && is_meant(proc);
}

/* A path among the arguments says more than its address. */
static void say_hit(pid_t pid, const struct ptrace_syscall_info *info)
{
        char path[64], text[80];
        int mem;

        fprintf(report, "hit %s", call_name((int)info->entry.nr));
        snprintf(path, sizeof(path), "/proc/%d/mem", pid);
        mem = open(path, O_RDONLY | O_CLOEXEC);
        for (int i = 0; i < 6; i++) {
                ssize_t n = info->entry.args[i] < 4096
                                    ? -1
                                    : pread(mem, text, sizeof(text) - 1, (off_t)info->entry.args[i]);

                text[n > 0 ? n : 0] = '\0';
                for (char *c = text; *c; c++)
                        if (*c < ' ' || *c > '~')
                                *c = '?';
                if (n > 0 && *text)
                        fprintf(report, " \"%s\"", text);
                else
                        fprintf(report, " %#lx", (unsigned long)info->entry.args[i]);
        }
        fprintf(report, " at %#lx\nwhy %s\n", (unsigned long)info->instruction_pointer, strerror(target.err));
        if (mem >= 0)
                close(mem);
}

/* In place of the call goes one that does nothing. close(2) gives the descriptor back also when it fails, and
 * brk(2) has no error: the kernel returns the break as it is, as it does for 0. */
static void spoil(pid_t pid, int call)
{
        if (call == SYS_brk)
                ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.rdi), 0L);
        else if (call != SYS_close)
                ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.orig_rax), -1L);
}

/* Asking whether a capability can be had fails for those alone that the kernel does not know. */
static bool counts(const struct proc *proc, const struct ptrace_syscall_info *info)
{
        return proc->ours && info->entry.nr < CALLS &&
               info->instruction_pointer - proc->loader >= LOADER_SIZE &&
               !(info->entry.nr == SYS_prctl && info->entry.args[0] == PR_CAPBSET_READ);
}

static void on_call(struct proc *proc)
{
        struct ptrace_syscall_info info = { 0 };

        if (ptrace((enum __ptrace_request)PTRACE_GET_SYSCALL_INFO, proc->pid, sizeof(info), &info) <= 0)
                return;
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY && counts(proc, &info)) {
                proc->counts[info.entry.nr]++;
                if (!is_target(proc, (int)info.entry.nr))
                        return;
                say_hit(proc->pid, &info);
                proc->injecting = true;
                proc->argument = info.entry.args[0];
                spoil(proc->pid, (int)info.entry.nr);
        } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && proc->injecting) {
                proc->injecting = false;
                done = true;
                if (target.call == SYS_brk) /* who called goes by the register */
                        ptrace(PTRACE_POKEUSER, proc->pid, offsetof(struct user, regs.rdi),
                               (long)proc->argument);
                else
                        ptrace(PTRACE_POKEUSER, proc->pid, offsetof(struct user, regs.rax),
                               (long)-target.err);
        }
}

static bool is_traced(pid_t pid)
{
        for (size_t i = 0; i < PROCS; i++)
                if (pid > 0 && procs[i].pid == pid)
                        return true;
        return false;
}

/* A parent that was killed while it bore a child tells of it no more: the child goes on without a role. Who
 * has it now, if he is traced too, is called something else: the name comes from who bore it. */
static void adopt(struct proc *child)
{
        char text[4096], name[64], parents[64];
        const char *at;
        pid_t parent;

        read_of(child->pid, "status", text, sizeof(text));
        at = strstr(text, "\nPPid:");
        parent = at ? (pid_t)atoi(at + 6) : 0;
        read_of(child->pid, "comm", name, sizeof(name));
        read_of(parent, "comm", parents, sizeof(parents));
        if (!at || (is_traced(parent) && strcmp(name, parents) == 0))
                return;
        child->named = true;
        snprintf(child->role, sizeof(child->role), "orphan");
        let_go(child, 0);
}

static void on_stop(struct proc *proc, int status)
{
        int sig = WSTOPSIG(status), event = status >> 16;

        if (event == PTRACE_EVENT_STOP && sig != SIGTRAP) {
                ptrace((enum __ptrace_request)PTRACE_LISTEN, proc->pid, 0, 0);
                return;
        }
        proc->stopped = !proc->named;
        if (proc->stopped) {
                adopt(proc);
                return; /* else the parent's own stop, which says whose child it is, is on its way */
        }
        if (sig == (SIGTRAP | 0x80)) {
                on_call(proc);
                sig = 0;
        } else if (event == PTRACE_EVENT_EXEC) {
                if (!on_exec(proc))
                        return;
        } else if (event && event != PTRACE_EVENT_STOP) {
                on_birth(proc);
        }
        let_go(proc, event ? 0 : sig);
}

static void on_end(struct proc *proc, int status)
{
        static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGTRAP, SIGPIPE };

        for (size_t i = 0; proc->ours && WIFSIGNALED(status) && i < sizeof(crashes) / sizeof(crashes[0]); i++)
                if (WTERMSIG(status) == crashes[i])
                        fprintf(report, "crash %s %s %s\n", proc->role, proc->program, strsignal(crashes[i]));
        if (proc->ours && target.call < 0)
                say_counts(proc);
        proc->pid = 0;
        for (size_t i = 0; i < PROCS; i++)
                if (procs[i].pid && procs[i].stopped && !procs[i].named)
                        adopt(&procs[i]);
}

/* What is there still: traced, or let go and come to this process as the reaper of orphans. */
static void end_all(const char *word)
{
        char path[64], children[4096], call[256], wchan[64];

        for (size_t i = 0; i < PROCS; i++) {
                if (!procs[i].pid)
                        continue;
                read_of(procs[i].pid, "syscall", call, sizeof(call));
                read_of(procs[i].pid, "wchan", wchan, sizeof(wchan));
                fprintf(report, "%s %s %s in %.4s %s\n", word, procs[i].role, procs[i].program, call, wchan);
                kill(procs[i].pid, SIGKILL);
        }
        snprintf(path, sizeof(path), "task/%d/children", getpid());
        read_of(getpid(), path, children, sizeof(children));
        for (char *save = NULL, *word_at = strtok_r(children, " ", &save); word_at;
             word_at = strtok_r(NULL, " ", &save)) {
                pid_t pid = (pid_t)atoi(word_at);

                read_of(pid, "comm", call, sizeof(call));
                call[strcspn(call, "\n")] = '\0';
                fprintf(report, "%s let go %s\n", word, call);
                kill(pid, SIGKILL);
        }
}

/* Returns the command's status as the shell has it. */
static int follow(pid_t command, long seconds)
{
        int ret = 124;
        bool ended = false, told = false;

        limit_seconds(seconds);
        for (;;) {
                int status;
                pid_t pid = waitpid(-1, &status, __WALL);

                if (pid < 0 && errno == ECHILD)
                        return ret;
                if (pid < 0 && late && !told) {
                        end_all(ended ? "left" : "hang");
                        told = true;
                        limit_seconds(AFTER_SECONDS);
                } else if (pid < 0 && late) {
                        return ret;
                }
                if (pid < 0)
                        continue;
                if (WIFSTOPPED(status)) {
                        on_stop(find(pid), status);
                        continue;
                }
                on_end(find(pid), status);
                if (pid != command)
                        continue;
                ret = told ? 124 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                ended = true;
                if (!told)
                        limit_seconds(AFTER_SECONDS);
        }
}

static bool read_target(const char *text)
{
        char call[64], err[32];

        if (sscanf(text, "%47[^:]:%31[^:]:%63[^:]:%u:%31s", target.role, target.program, call, &target.n,
                   err) != 5)
                return false;
        target.call = seccomp_syscall_resolve_name(call);
        for (int i = 1; i < 134; i++)
                if (strerrorname_np(i) && strcmp(strerrorname_np(i), err) == 0)
                        target.err = i;
        return target.call >= 0 && target.err > 0;
}

static pid_t start(char **argv)
{
        int pair[2];
        pid_t pid;
        char go;

        if (pipe(pair) < 0)
                exit(99);
        pid = fork();
        if (pid == 0) {
                close(pair[1]);
                if (read(pair[0], &go, 1) == 1) {
                        close(pair[0]);
                        execvp(argv[0], argv);
                }
                _exit(99);
        }
        close(pair[0]);
        if (pid < 0 || ptrace((enum __ptrace_request)PTRACE_SEIZE, pid, 0,
                              PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                                      PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) < 0)
                exit(99);
        *find(pid) = (struct proc){ .pid = pid, .named = true, .role = "0" };
        if (write(pair[1], "g", 1) != 1)
                exit(99);
        close(pair[1]);
        return pid;
}

int main(int argc, char **argv)
{
        struct sigaction act = { .sa_handler = on_alarm };
        long seconds = 10;
        int option, ret;

        while ((option = getopt(argc, argv, "+s:f:")) != -1) {
                if (option == 's')
                        seconds = atol(optarg);
                else if (option != 'f' || !read_target(optarg))
                        return 99;
        }
        if (argc - optind < 2 || !(report = fopen(argv[optind], "we")))
                return 99;
        sigaction(SIGALRM, &act, NULL);
        setenv("FAULT_WHY", target.call >= 0 ? strerror(target.err) : "", 1);
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        ret = follow(start(argv + optind + 1), seconds);
        return fclose(report) == 0 ? ret : 99;
}

#else

int main(void)
{
        return 77;
}

#endif
