/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"

enum { LOOKUP_MS = 5000, AGAIN_MS = 60000, LOOK_MS = 1000 };

struct known {
        uint32_t uid;
        enum { WANTED, ASKED, NAMED, SENT, NAMELESS, LATE } state;
        uint64_t late_ms; /* LATE: when it was given up, or could not be told */
        char name[64];
};

/* What the child says of one uid. */
struct answer {
        struct eye_name found; /* name "": there is none */
        bool late;             /* it could not be told */
};

static size_t place_of(const struct lookup *lookup, uint32_t uid)
{
        size_t low = 0, high = lookup->n;

        while (low < high) {
                size_t mid = low + (high - low) / 2;

                if (lookup->v[mid].uid < uid)
                        low = mid + 1;
                else
                        high = mid;
        }
        return low;
}

static struct known *find(const struct lookup *lookup, uint32_t uid)
{
        size_t at = place_of(lookup, uid);

        return at < lookup->n && lookup->v[at].uid == uid ? &lookup->v[at] : NULL;
}

void lookup_want(struct lookup *lookup, uint32_t uid)
{
        size_t at = place_of(lookup, uid);

        if ((at < lookup->n && lookup->v[at].uid == uid) || lookup->n >= EYE_NAMES_ALL)
                return;
        lookup->v = xrealloc(lookup->v, lookup->n + 1, sizeof(*lookup->v));
        memmove(lookup->v + at + 1, lookup->v + at, (lookup->n - at) * sizeof(*lookup->v));
        lookup->v[at] = (struct known){ .uid = uid };
        lookup->n++;
}

/* getpwuid(3) names no errno by which "no such user" could be told from a directory that cannot be asked just
 * now; these are never the former. */
static bool is_late(int err)
{
        return err == EIO || err == EMFILE || err == ENFILE || err == ENOMEM || err == EAGAIN ||
               err == ETIMEDOUT || err == ECONNREFUSED;
}

/* In the child: one record a uid, as it is found. */
static _Noreturn void look_up(const struct lookup *lookup, int fd)
{
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        prctl(PR_SET_NAME, "vitrine names");
        for (size_t i = 0; i < lookup->n; i++) {
                struct answer answer = { .found.uid = lookup->v[i].uid };
                const struct passwd *user;

                if (lookup->v[i].state != ASKED)
                        continue;
                errno = 0;
                user = getpwuid((uid_t)answer.found.uid);
                answer.late = !user && is_late(errno);
                if (user && user->pw_name)
                        snprintf(answer.found.name, sizeof(answer.found.name), "%s", user->pw_name);
                if (!io_write_all(fd, &answer, sizeof(answer)))
                        break;
        }
        _exit(0);
}

static void change(struct lookup *lookup, int from, int to)
{
        for (size_t i = 0; i < lookup->n; i++)
                if ((int)lookup->v[i].state == from)
                        lookup->v[i].state = to;
}

static bool mark_asked(struct lookup *lookup, uint64_t now_ms)
{
        bool any = false;

        for (size_t i = 0; i < lookup->n; i++) {
                struct known *known = &lookup->v[i];

                if (known->state == LATE && now_ms >= known->late_ms + AGAIN_MS)
                        known->state = WANTED;
                any = any || known->state == WANTED;
        }
        change(lookup, WANTED, ASKED);
        return any;
}

static void start(struct lookup *lookup, uint64_t now_ms)
{
        int ends[2] = { -1, -1 };

        if (!mark_asked(lookup, now_ms))
                return;
        lookup->child = pipe2(ends, O_CLOEXEC) < 0 ? -1 : fork();
        if (lookup->child == 0) {
                close(ends[0]);
                close(lookup->sock);
                look_up(lookup, ends[1]);
        }
        fd_close(&ends[1]);
        if (lookup->child < 0) {
                fd_close(&ends[0]);
                lookup->child = 0;
                change(lookup, ASKED, WANTED); /* the next pass tries again */
                return;
        }
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        lookup->fd = ends[0];
        lookup->end_ms = now_ms + LOOKUP_MS;
}

/* Returns false when the child has said all. A record is shorter than PIPE_BUF, so it comes whole. */
static bool take_found(struct lookup *lookup, uint64_t now_ms)
{
        struct answer answer;

        for (;;) {
                ssize_t n = read(lookup->fd, &answer, sizeof(answer));
                struct known *known;

                if (n != (ssize_t)sizeof(answer))
                        return n < 0 && errno == EAGAIN;
                known = find(lookup, answer.found.uid);
                if (!known || known->state != ASKED)
                        continue;
                known->state = answer.late ? LATE : answer.found.name[0] ? NAMED : NAMELESS;
                known->late_ms = now_ms;
                memcpy(known->name, answer.found.name, sizeof(known->name));
                known->name[sizeof(known->name) - 1] = '\0';
        }
}

/* What was asked and not answered is asked again after a while; those behind it, which have not been come to,
 * at once. */
static void give_up(struct lookup *lookup, uint64_t now_ms)
{
        for (size_t i = 0; i < lookup->n; i++) {
                if (lookup->v[i].state != ASKED)
                        continue;
                lookup->v[i].state = LATE;
                lookup->v[i].late_ms = now_ms;
                break;
        }
        change(lookup, ASKED, WANTED);
}

void lookup_go(struct lookup *lookup, uint64_t now_ms)
{
        if (lookup->fd >= 0 && (!take_found(lookup, now_ms) || now_ms >= lookup->end_ms)) {
                fd_close(&lookup->fd);
                kill(lookup->child, SIGKILL);
        }
        /* One that hangs in the kernel is not waited for. */
        if (lookup->child > 0 && lookup->fd < 0 && waitpid(lookup->child, NULL, WNOHANG) != 0)
                lookup->child = 0;
        if (lookup->child > 0)
                return;
        give_up(lookup, now_ms);
        start(lookup, now_ms);
}

uint64_t lookup_next(const struct lookup *lookup)
{
        if (lookup->fd >= 0)
                return lookup->end_ms;
        return lookup->child > 0 ? time_now_ms() + LOOK_MS : UINT64_MAX;
}

size_t lookup_unsent(const struct lookup *lookup, struct eye_name *names, size_t max)
{
        size_t n = 0;

        for (size_t i = 0; i < lookup->n && n < max; i++) {
                const struct known *known = &lookup->v[i];

                if (known->state != NAMED)
                        continue;
                names[n].uid = known->uid;
                memcpy(names[n].name, known->name, sizeof(known->name));
                n++;
        }
        return n;
}

void lookup_sent(struct lookup *lookup, const struct eye_name *names, size_t n)
{
        for (size_t i = 0; i < n; i++)
                find(lookup, names[i].uid)->state = SENT;
}

void lookup_finish(struct lookup *lookup)
{
        if (lookup->child > 0)
                kill(lookup->child, SIGKILL);
        fd_close(&lookup->fd);
        free(lookup->v);
        *lookup = (struct lookup){ .fd = -1, .sock = -1 };
}
