/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/enter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/enter_find.h"
#include "cage/planfd.h"
#include "spec/users.h"

struct enter {
        int sock;
        struct plan plan; /* the cage's own */
        pid_t pid;
        int pty;
        bool ended;
};

bool enter_open(const char *who, struct enter **ret, struct fault *fault)
{
        struct enter *enter = xcalloc(1, sizeof(*enter));

        enter->pty = -1;
        if (!enter_find(who, &enter->sock, &enter->plan, fault)) {
                free(enter);
                return false;
        }
        *ret = enter;
        return true;
}

void enter_close(struct enter *enter)
{
        if (!enter)
                return;
        fd_close(&enter->sock);
        fd_close(&enter->pty);
        plan_finish(&enter->plan);
        free(enter);
}

static void set_env(struct strv *env, const char *name, size_t n, const char *assignment)
{
        for (size_t i = 0; i < env->n; i++) {
                if (strncmp(env->v[i], name, n) != 0 || env->v[i][n] != '=')
                        continue;
                free(env->v[i]);
                env->v[i] = xstrdup(assignment);
                return;
        }
        strv_add(env, assignment);
}

/* The caller's NAME=VALUE, or NULL. */
static const char *callers_entry(const char *name, size_t n)
{
        for (char *const *entry = environ; entry && *entry; entry++)
                if (strncmp(*entry, name, n) == 0 && (*entry)[n] == '=')
                        return *entry;
        return NULL;
}

/* docker 20.10: a name alone is the caller's variable; where he has none it takes away what the container
 * has, not what the line says. */
static void set_line_env(struct strv *env, const struct strv *line)
{
        size_t own = env->n;

        for (size_t i = 0; i < line->n; i++) {
                const char *name = line->v[i];
                size_t n = strcspn(name, "=");
                const char *entry = name[n] ? name : callers_entry(name, n);

                if (entry) {
                        set_env(env, name, n, entry);
                        continue;
                }
                for (size_t at = 0; at < own; at++)
                        if (strncmp(env->v[at], name, n) == 0 && env->v[at][n] == '=') {
                                strv_remove(env, at);
                                own--;
                                break;
                        }
        }
}

/* runc's: where HOME is missing or empty it is what passwd says of the user. */
static void set_home(struct plan *plan)
{
        const struct users users = { .passwd = plan->passwd, .group = plan->group };
        own_free char *word = xasprintf("%u", plan->fixed.uid), *home = NULL, *assignment = NULL;
        struct identity who = { 0 };
        char why[USERS_WHY];

        for (size_t i = 0; i < plan->env.n; i++)
                if (strncmp(plan->env.v[i], "HOME=", 5) == 0 && plan->env.v[i][5])
                        return;
        if (!users_find(&users, word, &who, why))
                return;
        home = who.home;
        assignment = xasprintf("HOME=%s", home);
        set_env(&plan->env, "HOME", 4, assignment);
}

static bool add_groups(struct plan_fixed *fixed, const uint32_t *groups, size_t n)
{
        if (n > PLAN_MAX_GROUPS - fixed->n_groups)
                return false;
        for (size_t i = 0; i < n; i++)
                fixed->groups[fixed->n_groups++] = groups[i];
        return true;
}

/* Who the process is to be. With one id mapped there is nobody else to be. */
static bool choose_user(const struct enter_request *request, struct plan *plan, struct fault *fault)
{
        struct plan_fixed *fixed = &plan->fixed;
        const struct users users = { .passwd = plan->passwd, .group = plan->group };
        struct identity who = { 0 };
        own_free char *step = NULL, *home = NULL, *assignment = NULL;
        char why[USERS_WHY];
        uint32_t outside;
        bool found;

        if (!*request->user)
                return true;
        step = xasprintf("--user %.80s", request->user);
        found = users_find(&users, request->user, &who, why);
        home = who.home;
        if (!found)
                return fault_why(fault, step, "%s", why);
        if (fixed->one_id && (who.uid != fixed->uid || who.gid != fixed->gid)) {
                fault_why(fault, step, "without root one id is mapped in here: %u", fixed->uid);
                return fault_hint(fault, "begin the container with --user %s, or with sudo", request->user);
        }
        if (fixed->uids.n && (!id_runs_outside(&fixed->uids, who.uid, &outside) ||
                              !id_runs_outside(&fixed->gids, who.gid, &outside)))
                return fault_why(fault, step, "the user namespace in here has the ids 0 to %u",
                                 id_runs_count(&fixed->uids) - 1);
        fixed->uid = who.uid;
        fixed->gid = who.gid;
        fixed->n_groups = 0;
        fixed->groups[fixed->n_groups++] = who.gid;
        if (!add_groups(fixed, who.groups, who.n_groups) || !add_groups(fixed, fixed->added, fixed->n_added))
                return fault_why(fault, step, "more than %d groups", PLAN_MAX_GROUPS);
        if (fixed->has_home)
                return true;
        assignment = xasprintf("HOME=%s", home);
        set_env(&plan->env, "HOME", 4, assignment);
        return true;
}

static void set_plan_caps(struct plan_fixed *fixed, bool container_root)
{
        struct cap_sets sets =
                caps_exec(fixed->caps.bounding, container_root, fixed->uid, fixed->no_new_privileges);

        fixed->caps = (struct plan_caps){ .effective = sets.effective,
                                          .permitted = sets.permitted,
                                          .inheritable = sets.inheritable,
                                          .bounding = sets.bounding,
                                          .ambient = sets.ambient };
}

/* The cage's own plan with what this process differs in. */
static bool make_plan(const struct enter *enter, const struct enter_request *request, bool tty,
                      struct plan *ret, struct fault *fault)
{
        struct str text = { 0 };
        struct plan plan;
        bool ok;

        plan_encode(&enter->plan, &text);
        ok = plan_decode(text.s, text.len, &plan);
        str_finish(&text);
        if (!ok)
                return fault_why(fault, "enter the container", "its keeper's plan cannot be read");
        if (!choose_user(request, &plan, fault)) {
                plan_finish(&plan);
                return false;
        }
        set_plan_caps(&plan.fixed, enter->plan.fixed.uid == 0);
        plan.fixed.tty = tty;
        if (*request->workdir) {
                free(plan.workdir);
                plan.workdir = xstrdup(request->workdir);
        }
        if (tty)
                set_env(&plan.env, "TERM", 4, "TERM=xterm"); /* as for a container's own command */
        set_line_env(&plan.env, request->env);
        set_home(&plan);
        strv_finish(&plan.argv);
        strv_copy(&plan.argv, request->argv);
        *ret = plan;
        return true;
}

enum { START_S = 10 };

static void set_patience(int sock, int seconds)
{
        struct timeval patience = { .tv_sec = seconds };

        setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

static bool hear_start(struct enter *enter, struct fault *fault)
{
        struct report report;
        int pty = -1;
        ssize_t n;

        n = io_recv(enter->sock, &report, sizeof(report), &pty, 1);
        if (n < 0 && errno == EAGAIN)
                return fault_why(fault, "enter the container", "its keeper has not answered for %d seconds",
                                 START_S);
        if (n == sizeof(report) && report.kind == REPORT_STARTED) {
                enter->pid = report.pid;
                enter->pty = pty;
                return true;
        }
        fd_close(&pty);
        if (n != sizeof(report) || report.kind != REPORT_FAULT)
                return fault_why(fault, "enter the container", "it has ended");
        fault_seal(&report.fault);
        *fault = report.fault;
        return false;
}

int enter_take_pty(struct enter *enter)
{
        return take_fd(&enter->pty);
}

bool enter_ask(struct enter *enter, const struct enter_request *request, const struct cage_stdio *stdio,
               struct fault *fault)
{
        struct visit visit = { .kind = VISIT_RUN };
        own_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        own_fd int plan_fd = -1;
        int fds[PLAN_FD_VISITOR_N];
        struct plan plan;

        if (!make_plan(enter, request, stdio->tty, &plan, fault))
                return false;
        plan_fd = plan_write(&plan);
        plan_finish(&plan);
        if (null < 0 || plan_fd < 0)
                return fault_errno(fault, "", "write the keeper's plan");
        fds[PLAN_FD_PLAN] = plan_fd;
        fds[PLAN_FD_IN] = stdio->in < 0 ? null : stdio->in;
        fds[PLAN_FD_OUT] = stdio->out < 0 ? null : stdio->out;
        fds[PLAN_FD_ERR] = stdio->err < 0 ? null : stdio->err;
        return io_send(enter->sock, &visit, sizeof(visit), fds, PLAN_FD_VISITOR_N) ||
               fault_errno(fault, "", "enter the container");
}

bool enter_start(struct enter *enter, const struct enter_request *request, const struct cage_stdio *stdio,
                 int *ret_pty, struct fault *fault)
{
        bool ok;

        if (!enter_ask(enter, request, stdio, fault))
                return false;
        set_patience(enter->sock, START_S);
        ok = hear_start(enter, fault);
        set_patience(enter->sock, 0);
        *ret_pty = enter_take_pty(enter);
        return ok;
}

int enter_fd(const struct enter *enter)
{
        return enter->sock;
}

pid_t enter_pid(const struct enter *enter)
{
        return enter->pid;
}

int enter_read(struct enter *enter, int *ret_status, struct fault *fault)
{
        struct pollfd ready = { .fd = enter->sock, .events = POLLIN };
        struct report report;
        ssize_t n;

        if (enter->ended || poll(&ready, 1, 0) <= 0)
                return ENTER_NOTHING;
        if (enter->pid == 0) {
                enter->ended = !hear_start(enter, fault);
                return enter->ended ? -1 : ENTER_STARTED;
        }
        enter->ended = true;
        n = io_recv(enter->sock, &report, sizeof(report), NULL, 0);
        if (n < 0) {
                fault_errno(fault, "", "watch over the process");
                return -1;
        }
        if (n != sizeof(report) || report.kind != REPORT_EXITED) {
                fault_why(fault, "watch over the process", "the container has ended");
                fault_exit(fault, 137); /* with its container everything in it is killed */
                return -1;
        }
        *ret_status = report.status;
        return ENTER_ENDED;
}

bool enter_signal(struct enter *enter, int sig)
{
        struct visit visit = { .kind = VISIT_SIGNAL, .value = sig };

        return io_send(enter->sock, &visit, sizeof(visit), NULL, 0);
}
