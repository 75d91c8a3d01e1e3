/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/enter_find.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/peer.h"
#include "cage/planfd.h"

/* LIST_MS: for all together; a keeper whose queue is full is asked again within BUSY_MS. */
enum { ANSWER_S = 5, BRIEF_US = 200000, LIST_MS = 1000, BUSY_MS = 1000, AGAIN_MS = 10 };
enum { SEARCH_MS = 10000, LEAST_ID = 4 };

/* A keeper who could not be asked for want of something may be the one that is meant: that there is none is
 * not known then. What else fails is the doing of who listens. */
static int shortage(int err)
{
        return err == EMFILE || err == ENFILE || err == ENOMEM || err == ENOBUFS ? err : 0;
}

/* Whether a line of the kernel's list is a socket that listens: the flags are its fourth word (unix(7) does
 * not say so; net/unix/af_unix.c, unix_seq_show). */
static bool listens(const char *line)
{
        enum { ACCEPTS = 1 << 16 };
        unsigned flags;

        return sscanf(line, "%*s %*s %*s %x", &flags) == 1 && (flags & ACCEPTS);
}

/* Adds the ids of the sockets that there are, from the kernel's list; their keepers are asked for the rest.
 * No two listen at one name, so none is looked for among the others: whoever is on this machine may take
 * names by the hundred thousand. Returns errno where the list could not be read whole, else 0. */
static int list_ids(struct strv *ret)
{
        FILE *f = fopen("/proc/net/unix", "re");
        own_free char *wanted = xasprintf("@" DOOR_PREFIX "%u/", (unsigned)geteuid());
        own_free char *line = NULL;
        size_t size = 0;
        int err = f ? 0 : errno;

        while (f && getline(&line, &size, f) > 0) {
                const char *at = strstr(line, wanted);
                const char *id = at ? at + strlen(wanted) : "";
                size_t n = strspn(id, "0123456789abcdef");

                if (n > 0 && (id[n] == '\n' || id[n] == '\0') && listens(line))
                        strv_add_take(ret, xstrndup(id, n));
        }
        if (f && ferror(f))
                err = errno;
        if (f)
                fclose(f);
        return err;
}

/* Anybody may take an abstract name, a cage with the machine's network too, and whoever is connected to is
 * handed this terminal: it must be this user, outside. Nor may somebody who listens and never accepts hold
 * this up: EAGAIN where his queue is full. brief: how long an answer is waited for. */
static int connect_to(const char *id, bool brief)
{
        struct sockaddr_un addr = { .sun_family = AF_UNIX };
        own_fd int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        struct timeval patience = { .tv_sec = brief ? 0 : ANSWER_S, .tv_usec = brief ? BRIEF_US : 0 };
        int n = snprintf(addr.sun_path + 1, sizeof(addr.sun_path) - 1, DOOR_PREFIX "%u/%s",
                         (unsigned)geteuid(), id);

        if (sock < 0 || n <= 0 || (size_t)n >= sizeof(addr.sun_path) - 1 ||
            connect(sock, (struct sockaddr *)&addr,
                    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n)) < 0 ||
            !peer_is_outside(sock) || fcntl(sock, F_SETFL, 0) < 0 ||
            setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
                return -1;
        return take_fd(&sock);
}

static bool ask(int sock, pid_t *ret_init, struct plan *ret)
{
        struct visit visit = { .kind = VISIT_ASK };
        struct report report;
        own_fd int plan = -1;

        if (!io_send(sock, &visit, sizeof(visit), NULL, 0) ||
            io_recv(sock, &report, sizeof(report), &plan, 1) != sizeof(report) ||
            report.kind != REPORT_CAGE || plan < 0 || !plan_read(plan, ret, NULL))
                return false;
        *ret_init = report.pid;
        return true;
}

static bool is_meant(const char *who, const struct plan *plan, pid_t init)
{
        char pid[16];

        snprintf(pid, sizeof(pid), "%d", (int)init);
        return strcmp(who, pid) == 0 || (*plan->name && strcmp(who, plan->name) == 0) ||
               (strlen(who) >= LEAST_ID && strncmp(who, plan->id, strlen(who)) == 0);
}

static bool none_is_meant(const char *who, const struct str *others, struct fault *fault)
{
        own_free char *step = xasprintf("exec in %.80s", who);

        fault_why(fault, step, "no container of yours that runs has this name, id or PID");
        if (others->len)
                return fault_hint(fault, "there are:%s", str_text(others));
        return fault_hint(fault, "begin one in another terminal: vitrine, or vitrine run --name NAME ...");
}

struct search {
        const char *who;
        uint64_t end;
        struct str others; /* those that are not meant */
        bool busy;         /* somebody's queue was full */
        int err;           /* errno where a keeper could not be asked, else 0 */
};

/* One that has been reached and does not answer (it is stopped, or has as many visitors as it takes) may be
 * the one that is meant: err stays what it was only where there is none any more. */
static int why_not_asked(int sock, int asked, int err)
{
        if (sock >= 0 && (asked == EAGAIN || asked == EWOULDBLOCK))
                return ETIMEDOUT;
        return shortage(asked) ? asked : err;
}

static bool search_once(struct search *search, const struct strv *ids, int *ret_sock, struct plan *ret)
{
        bool found = false;
        size_t i;

        search->busy = false;
        str_finish(&search->others);
        for (i = 0; i < ids->n && !found && time_now_ms() < search->end; i++) {
                own_fd int sock = -1;
                struct plan plan;
                pid_t init;

                errno = 0;
                sock = connect_to(ids->v[i], false);
                search->busy = search->busy || (sock < 0 && errno == EAGAIN);
                if (sock < 0 || !ask(sock, &init, &plan)) {
                        search->err = why_not_asked(sock, errno, search->err);
                        continue;
                }
                found = is_meant(search->who, &plan, init);
                if (found) {
                        *ret = plan;
                        *ret_sock = take_fd(&sock);
                        continue;
                }
                str_add_f(&search->others, " %s (PID %d)", *plan.name ? plan.name : plan.id, (int)init);
                plan_finish(&plan);
        }
        if (!found && i < ids->n && !search->err)
                search->err = ETIMEDOUT;
        return found;
}

bool enter_find(const char *who, int *ret_sock, struct plan *ret, struct fault *fault)
{
        struct search search = { .who = who, .end = time_now_ms() + SEARCH_MS };
        uint64_t busy_end = time_now_ms() + BUSY_MS;
        struct strv ids = { 0 };
        bool found = false;

        /* Told whole it is asked without a look at the list. */
        if (strlen(who) == 12 && strspn(who, "0123456789abcdef") == 12) {
                strv_add(&ids, who);
                found = search_once(&search, &ids, ret_sock, ret);
        }
        if (!found)
                search.err = list_ids(&ids);
        while (!found && !(found = search_once(&search, &ids, ret_sock, ret)) && search.busy &&
               time_now_ms() < busy_end)
                poll(NULL, 0, AGAIN_MS);
        errno = search.err;
        if (!found && search.err)
                fault_errno(fault, "", "ask the containers' keepers");
        else if (!found)
                none_is_meant(who, &search.others, fault);
        strv_finish(&ids);
        str_finish(&search.others);
        return found;
}

void enter_list(struct enter_cages *ret)
{
        struct strv ids = { 0 };
        uint64_t end = time_now_ms() + LIST_MS;
        size_t i;

        ret->err = list_ids(&ids);
        for (i = 0; i < ids.n && time_now_ms() < end; i++) {
                own_fd int sock = -1;
                struct plan plan;
                pid_t init;

                errno = 0;
                sock = connect_to(ids.v[i], true);
                if (sock < 0 || !ask(sock, &init, &plan)) {
                        ret->err = why_not_asked(sock, errno, ret->err);
                        continue;
                }
                ret->v = xrealloc(ret->v, ret->n + 1, sizeof(*ret->v));
                ret->v[ret->n++] = (struct enter_cage){ .init = init,
                                                        .name = take_ptr(plan.name),
                                                        .id = take_ptr(plan.id) };
                plan_finish(&plan);
        }
        if (i < ids.n && !ret->err)
                ret->err = ETIMEDOUT;
        strv_finish(&ids);
}

void enter_cages_finish(struct enter_cages *cages)
{
        for (size_t i = 0; i < cages->n; i++) {
                free(cages->v[i].name);
                free(cages->v[i].id);
        }
        free(cages->v);
        *cages = (struct enter_cages){ 0 };
}
