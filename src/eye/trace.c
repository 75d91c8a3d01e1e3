/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/trace.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAP_SYS_ADMIN = 21, CAPS = 64, NAME_LEAST = 16 /* what a name has no room for */ };

static const char event_check[] = ": cap_capable: cred ";
static const char event_fork[] = ": sched_process_fork: comm=";
static const char event_name[] =
        ": task_rename: "; /* as long as a name: a forged one has no numbers before it */
static const char event_stack[] = ": <stack trace>";
static const char mark_symbol[] = " => ";

/* Every count of memory asks whether the process may have the last of it, and nobody is refused anything for
 * it: not a word of the process's. */
static const char *const memory_symbols[] = { "__vm_enough_memory", "cap_vm_enough_memory",
                                              "security_vm_enough_memory_mm" };
static const char *const exec_symbols[] = { "begin_new_exec",      "bprm_execve",        "do_execveat_common",
                                            "__x64_sys_execve",    "__x64_sys_execveat", "__arm64_sys_execve",
                                            "__arm64_sys_execveat" };

/* How overlayfs asks the file systems below it, which it does with the powers of whoever mounted it: what the
 * process itself is asked comes before that (fs/overlayfs/, ovl_override_creds). */
static const char *const entry_symbols[] = { "notify_change",           "inode_permission",
                                             "do_dentry_open",          "lookup_one",
                                             "lookup_one_unlocked",     "lookup_one_len",
                                             "lookup_one_len_unlocked", "backing_file_open" };
static const char *const entry_prefixes[] = { "vfs_", "__vfs_" };
static const char overlay_prefix[] = "ovl_", copy_prefix[] = "ovl_copy_up"; /* the copy is wholly its own */

_Static_assert(sizeof(": cap_capable: cred ") - 1 >= NAME_LEAST, "a name cannot hold it");

void trace_init(struct trace *trace, const struct trace_sink *sink)
{
        memset(trace, 0, sizeof(*trace));
        trace->sink = *sink;
}

static int find_role(const struct trace *trace, pid_t pid)
{
        for (int i = 0; i < TRACE_ROLES; i++)
                if (trace->roles[i].pid == pid)
                        return i;
        return -1;
}

static enum trace_role role_of(const struct trace *trace, pid_t pid)
{
        int i = find_role(trace, pid);

        return i < 0 ? TRACE_INSIDE : trace->roles[i].role;
}

/* A place that is free, else that of one that was being launched long ago, else the oldest: a keeper outlives
 * hundreds of commands. vitrine itself, which comes first, is never forgotten. */
static int place_for_role(const struct trace *trace)
{
        const unsigned rest = TRACE_ROLES - 1;
        int launching = -1, oldest;

        if (trace->n_roles == 0)
                return 0;
        oldest = 1 + (int)((trace->n_roles - 1) % rest);
        for (unsigned i = 0; i < rest; i++) {
                int at = 1 + (int)((trace->n_roles - 1 + i) % rest);

                if (trace->roles[at].pid == 0)
                        return at;
                if (launching < 0 && trace->roles[at].role == TRACE_LAUNCHING)
                        launching = at;
        }
        return launching < 0 ? oldest : launching;
}

void trace_know(struct trace *trace, pid_t pid, enum trace_role role)
{
        int i = find_role(trace, pid);

        if (pid <= 0 || (i < 0 && role == TRACE_INSIDE))
                return;
        if (i < 0)
                i = place_for_role(trace);
        if (trace->roles[i].pid != pid)
                trace->n_roles++;
        trace->roles[i].pid = role == TRACE_INSIDE ? 0 : pid;
        trace->roles[i].role = role;
}

static void emit(struct trace *trace, struct trace_check *check)
{
        if (role_of(trace, check->pid) == TRACE_INSIDE && trace->sink.check)
                trace->sink.check(trace->sink.data, check);
        check->pid = 0;
}

static struct trace_check *find_pending(struct trace *trace, pid_t pid)
{
        for (int i = 0; i < TRACE_PENDING; i++)
                if (trace->pending[i].pid == pid)
                        return &trace->pending[i];
        return NULL;
}

/* A stack that has never come tells nothing: a check that is almost always one of memory is left out. */
static void give_up_on(struct trace *trace, struct trace_check *check)
{
        if (check->cap != CAP_SYS_ADMIN)
                emit(trace, check);
        check->pid = 0;
}

/* Only the execution of a program makes a process that is being launched one of the container's. */
static void end_stack(struct trace *trace)
{
        struct trace_check *check = trace->stack ? find_pending(trace, trace->stack) : NULL;

        if (trace->stack && trace->exec && role_of(trace, trace->stack) == TRACE_LAUNCHING)
                trace_know(trace, trace->stack, TRACE_INSIDE);
        if (check && !trace->exec && !trace->memory && !trace->borrowed)
                emit(trace, check);
        if (check)
                check->pid = 0;
        trace->stack = 0;
        trace->exec = trace->memory = trace->entered = trace->layered = trace->borrowed = false;
}

/* "do_execveat_common.isra.0" is do_execveat_common. */
static bool is_one_of(const char *symbol, const char *const *list, size_t n)
{
        size_t len = strcspn(symbol, ".");

        for (size_t i = 0; i < n; i++)
                if (strlen(list[i]) == len && strncmp(list[i], symbol, len) == 0)
                        return true;
        return false;
}

static bool begins(const char *symbol, const char *prefix)
{
        return strncmp(symbol, prefix, strlen(prefix)) == 0;
}

/* A stack is told from its innermost function outward. */
static void take_layer(struct trace *trace, const char *symbol)
{
        if (begins(symbol, overlay_prefix)) {
                trace->borrowed |= (!trace->layered && trace->entered) || begins(symbol, copy_prefix);
                trace->layered = true;
        }
        trace->entered |= is_one_of(symbol, entry_symbols, sizeof(entry_symbols) / sizeof(entry_symbols[0]));
        for (size_t i = 0; i < sizeof(entry_prefixes) / sizeof(entry_prefixes[0]); i++)
                trace->entered |= begins(symbol, entry_prefixes[i]);
}

static void take_symbol(struct trace *trace, const char *symbol)
{
        trace->exec |= is_one_of(symbol, exec_symbols, sizeof(exec_symbols) / sizeof(exec_symbols[0]));
        trace->memory |=
                is_one_of(symbol, memory_symbols, sizeof(memory_symbols) / sizeof(memory_symbols[0]));
        take_layer(trace, symbol);
}

/* Steps back over what the class takes; false where that is nothing. */
static bool back_over(const char *line, const char **end, int (*class)(int))
{
        const char *start = *end;

        while (*end > line && class((unsigned char)(*end)[-1]))
                --*end;
        return *end < start;
}

static int is_space(int c)
{
        return c == ' ';
}

static int is_dark(int c)
{
        return c > ' ' && c < 0x7f;
}

static bool back_one(const char *line, const char **end, char c)
{
        if (*end == line || (*end)[-1] != c)
                return false;
        --*end;
        return true;
}

/* "NAME-PID [CPU] FLAGS SECONDS.MICROSECONDS", read from its end. */
static bool read_prefix(const char *line, const char *end, struct trace_check *ret)
{
        const char *micro, *seconds, *pid, *name = line;
        unsigned long long s, us;
        long number;

        if (!back_over(line, &end, isdigit))
                return false;
        micro = end;
        if (!back_one(line, &end, '.') || !back_over(line, &end, isdigit))
                return false;
        seconds = end;
        if (!back_over(line, &end, is_space) || !back_over(line, &end, is_dark) ||
            !back_over(line, &end, is_space) || !back_one(line, &end, ']') ||
            !back_over(line, &end, isdigit) || !back_one(line, &end, '[') ||
            !back_over(line, &end, is_space) || !back_over(line, &end, isdigit))
                return false;
        pid = end;
        if (!back_one(line, &end, '-'))
                return false;
        s = strtoull(seconds, NULL, 10);
        us = strtoull(micro, NULL, 10);
        number = strtol(pid, NULL, 10);
        if (number <= 0 || number > INT32_MAX || us > 999999 || s > UINT32_MAX)
                return false;
        while (name < end && *name == ' ')
                name++;
        *ret = (struct trace_check){ .time_us = s * 1000000 + us, .pid = (pid_t)number };
        snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(end - name), name);
        return true;
}

/* A number that ends its line. */
static bool read_last(const char *text, long *ret)
{
        char *end;

        if (!isdigit((unsigned char)*text))
                return false;
        *ret = strtol(text, &end, 10);
        return *end == '\0';
}

static void set_name(struct trace *trace, pid_t pid, const char *name, const char *end)
{
        size_t n = (size_t)(end - name);
        size_t at = (size_t)pid % TRACE_NAMES;

        if (n >= TRACE_NAME)
                return;
        trace->names[at].pid = pid;
        memcpy(trace->names[at].name, name, n);
        trace->names[at].name[n] = '\0';
}

/* The last place of a word in a text, NULL: none. */
static const char *find_last(const char *text, const char *word)
{
        const char *last = NULL;

        while ((text = strstr(text, word)) != NULL)
                last = text++;
        return last;
}

/* A process executes a program, or takes a name. Kernels differ in whether its PID stands here too. */
static void take_name(struct trace *trace, const char *line, const char *at)
{
        const char *name = find_last(at, " newcomm="), *end = find_last(at, " oom_score_adj=");
        struct trace_check who;
        int pid;

        if (!name || !end || end < name || !read_prefix(line, at, &who))
                return;
        if (sscanf(at + strlen(event_name), "pid=%9d ", &pid) == 1 && pid > 0)
                who.pid = pid;
        set_name(trace, who.pid, name + strlen(" newcomm="), end);
}

static void take_check(struct trace *trace, const char *line, const char *at)
{
        const char *numbers = strstr(at, ", cap ");
        struct trace_check check, *place;
        int cap, ret, used = 0;
        size_t known;

        if (!numbers || sscanf(numbers, ", cap %9d, ret %9d%n", &cap, &ret, &used) != 2 || numbers[used] ||
            cap < 0 || cap >= CAPS || !read_prefix(line, at, &check))
                return;
        check.cap = (unsigned)cap;
        check.allowed = ret == 0;
        known = (size_t)check.pid % TRACE_NAMES;
        if (trace->names[known].pid == check.pid)
                memcpy(check.name, trace->names[known].name, sizeof(check.name));
        place = find_pending(trace, check.pid);
        if (place)
                give_up_on(trace, place);
        place = find_pending(trace, 0);
        if (!place) {
                place = &trace->pending[0];
                give_up_on(trace, place);
        }
        *place = check;
}

static void take_fork(struct trace *trace, const char *line, const char *at)
{
        struct trace_check parent;
        char needle[64];
        const char *name, *last;
        enum trace_role role;
        long child;

        if (!read_prefix(line, at, &parent))
                return;
        snprintf(needle, sizeof(needle), " pid=%d child_comm=", parent.pid);
        name = strstr(at, needle);
        last = name ? find_last(name, " child_pid=") : NULL;
        if (!last || !read_last(last + strlen(" child_pid="), &child) || child <= 0 || child > INT32_MAX)
                return;
        set_name(trace, (pid_t)child, name + strlen(needle), last);
        role = role_of(trace, parent.pid);
        trace_know(trace, (pid_t)child,
                   role == TRACE_INSIDE    ? TRACE_INSIDE
                   : role == TRACE_VITRINE ? TRACE_OUTSIDE
                                           : TRACE_LAUNCHING);
        if (role != TRACE_VITRINE && trace->sink.forked)
                trace->sink.forked(trace->sink.data, (pid_t)child);
}

static void take_line(struct trace *trace, const char *line)
{
        size_t len = strlen(line), tail = strlen(event_stack);
        struct trace_check who;
        unsigned long lost;
        const char *at;
        int used = 0;

        if (trace->stack && strncmp(line, mark_symbol, strlen(mark_symbol)) == 0) {
                take_symbol(trace, line + strlen(mark_symbol));
                return;
        }
        end_stack(trace);
        if (sscanf(line, "CPU:%*u [LOST %18lu EVENTS]%n", &lost, &used) == 1 && used > 0 && !line[used])
                trace->lost += lost;
        else if ((at = strstr(line, event_check)) != NULL)
                take_check(trace, line, at);
        else if ((at = strstr(line, event_fork)) != NULL)
                take_fork(trace, line, at);
        else if ((at = strstr(line, event_name)) != NULL)
                take_name(trace, line, at);
        else if (len > tail && strcmp(line + len - tail, event_stack) == 0 &&
                 read_prefix(line, line + len - tail, &who))
                trace->stack = who.pid;
}

void trace_feed(struct trace *trace, const char *text, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                if (text[i] != '\n') {
                        if (trace->len + 1 < sizeof(trace->line))
                                trace->line[trace->len++] = text[i];
                        else
                                trace->overlong = true;
                        continue;
                }
                trace->line[trace->len] = '\0';
                if (!trace->overlong)
                        take_line(trace, trace->line);
                trace->len = 0;
                trace->overlong = false;
        }
}

void trace_settle(struct trace *trace)
{
        if (trace->len == 0)
                end_stack(trace);
}
