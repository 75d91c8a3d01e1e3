/* SPDX-License-Identifier: MIT */
/* The program of an eye: reads one procfs, pass by pass, and sends what it finds. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "eye/events.h"
#include "eye/lookup.h"
#include "eye/pace.h"
#include "eye/proto.h"
#include "eye/reader.h"
#include "eye/setup.h"

struct watch {
        bool host;
        struct reader reader;
        struct lookup lookup;
        struct pace pace;
        uint32_t serial;        /* of the newest command */
        bool asked;             /* and no pass has answered it */
        struct str last;        /* the table that was sent last; empty: none */
        struct eye_record pass; /* of the pass: when it began and which command it answers */
        uint64_t pass_us;       /* CPU time when it began */
        uint64_t noted_us;      /* how much it has taken, as far as noted */
        uint64_t sent_ms;       /* when a table of it was sent; 0: not yet */
        bool answers;           /* somebody asked for it */
        bool whole;             /* and it reads no less for that */
        bool tied;              /* something has happened to the cage's processes */

        struct events events; /* the host's side */
        uint64_t taken_us;    /* CPU time that taking them took since the last pass */
        bool told;            /* the cage's: vitrine says when something happens */
        uint32_t glances, stirs;
        bool glance;         /* the clock has moved */
        bool dirty;          /* something has happened since the last pass began */
        bool list;           /* and processes have come or gone */
        unsigned unlisted;   /* glances since they were listed */
        uint32_t sent_stirs; /* what was sent last */
        bool sent_told;
        uint64_t reap_ms; /* when zombies are looked after; 0: not */
        unsigned reap_wait_ms;
        size_t known_zombies; /* that nobody reaps */
};

/* A slice of a long pass, and how often a pass that goes on tells what it has. */
enum { SLICE_US = 8000, TELL_MS = 100 };

enum {
        WAIT_MOST_MS = 1000000000, /* what is further away never comes */
        ROTATE = 512,              /* rows read again in a pass though nothing calls for it */
        GLANCE = 128,              /* the same when all that happens is told */
        UNLISTED_MOST = 9,         /* glances on end that trust what was told of who is there */
        SETTLE_MS = 10,            /* what follows from one another (fork and exec) comes within it */
        STORM_MS = 25,             /* the same while the next pass may not begin yet */
        REAP_MS = 20,              /* after an exit: nobody tells when the zombie goes */
        REAP_MOST_MS = 1000,
        TAKE_REST = 50 /* times the cost of taking events: in a storm some are dropped, and missed at once */
};

static _Noreturn void give_up(const struct fault *fault)
{
        struct eye_record record = { .kind = EYE_FAULT, .fault = *fault };

        io_send(EYE_CONTROL, &record, EYE_HEAD_BYTES + sizeof(record.fault), NULL, 0);
        _exit(EXIT_VITRINE);
}

static bool set_up(struct watch *watch, struct fault *fault)
{
        const int room = EYE_SNDBUF;
        const bool was_root = geteuid() == 0;
        struct eye_hello hello;
        own_fd int proc_fd = -1, userns_fd = -1;
        char hidepid[64];
        int fds[2];
        ssize_t n;

        /* libproc2 loads what it wants (libnuma) while this process still is what it was. */
        if (!reader_init(&watch->reader, fault))
                return false;
        n = io_recv(EYE_CONTROL, &hello, sizeof(hello), fds, 2);
        proc_fd = fds[0];
        userns_fd = fds[1];
        if (n == 0)
                _exit(0); /* vitrine has gone already */
        if (n < 0)
                return fault_errno(fault, "", "begin to read /proc");
        if (n != (ssize_t)sizeof(hello))
                return fault_why(fault, "begin to read /proc", "vitrine said what was not understood");
        prctl(PR_SET_NAME, "vitrine eye");
        watch->host = hello.side == EYE_SIDE_HOST;
        watch->reader.inside = !watch->host;
        if (setsockopt(EYE_CONTROL, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)) < 0 ||
            fcntl(EYE_CONTROL, F_SETFL, O_NONBLOCK) < 0)
                return fault_errno(fault, "", "begin to read /proc");
        if ((!watch->host && hello.joined && was_root && !setup_leave_root(fault)) ||
            (!watch->host && !setup_enter(proc_fd, hello.has_userns ? userns_fd : -1, fault)))
                return false;
        setup_hidepid(hidepid, sizeof(hidepid));
        if (watch->host && !hello.polls)
                events_open(&watch->events);
        if (!setup_drop(was_root, watch->host && (hidepid[0] != '\0' || hello.joined), fault))
                return false;
        events_begin(&watch->events, hello.room);
        watch->reader.hidden = watch->host ? setup_trouble(hidepid) : NULL;
        watch->reader.proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        return watch->reader.proc_fd >= 0 || fault_errno(fault, "/proc", "begin to read /proc");
}

/* Whether this eye need not look by itself. */
static bool is_told(const struct watch *watch)
{
        return watch->host ? watch->events.fd >= 0 : watch->told;
}

static void note(struct watch *watch, bool list, bool ends)
{
        watch->dirty = true;
        watch->list = watch->list || list;
        if (ends)
                watch->reap_wait_ms = REAP_MS;
}

/* Takes what vitrine says: the last word counts. */
static void take_commands(struct watch *watch)
{
        struct eye_command command;
        ssize_t n;

        while ((n = io_recv(EYE_CONTROL, &command, sizeof(command), NULL, 0)) == (ssize_t)sizeof(command)) {
                watch->reader.keeper = command.keeper;
                watch->reader.init = command.init;
                reader_ns_want(&watch->reader, command.pidns);
                watch->asked = watch->asked || command.serial != watch->serial;
                watch->serial = command.serial;
                watch->glance = watch->glance || command.glance != watch->glances;
                watch->glances = command.glance;
                if (command.stir != watch->stirs)
                        note(watch, true, true);
                watch->stirs = command.stir;
                watch->dirty = watch->dirty || command.told != watch->told;
                watch->told = command.told;
        }
        if (n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
                _exit(0); /* vitrine has gone, or it is not vitrine */
}

/* A memfd that can no longer change, -1 when there is no memory for it. */
static int seal_table(const struct str *table)
{
        own_fd int fd = memfd_create("vitrine table", MFD_CLOEXEC | MFD_ALLOW_SEALING);

        if (fd < 0 || !io_write_all(fd, table->s, table->len) ||
            fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
                return -1;
        return take_fd(&fd);
}

/* Sends the table, or a word that it is the last one still. What cannot be sent now is sent by a later pass.
 */
static bool send_table(struct watch *watch, struct eye_record *record, struct str *table)
{
        bool same = watch->last.len == table->len && memcmp(watch->last.s, table->s, table->len) == 0;
        own_fd int fd = -1;

        record->stirs = watch->reader.stirs;
        record->told = is_told(watch);
        if (same && record->told && !watch->asked && watch->sent_told && record->stirs == watch->sent_stirs)
                return true; /* nobody is woken for that */
        record->kind = same ? EYE_SAME : EYE_TABLE;
        if (!same) {
                record->size = table->len;
                fd = table->len <= EYE_TABLE_MAX ? seal_table(table) : -1;
                if (fd < 0)
                        return false;
        }
        if (!io_send(EYE_CONTROL, record, EYE_HEAD_BYTES, &fd, same ? 0 : 1))
                return false;
        watch->sent_stirs = record->stirs;
        watch->sent_told = record->told;
        str_finish(&watch->last);
        watch->last = *table;
        *table = (struct str){ 0 };
        return true;
}

static uint64_t cpu_us(void)
{
        struct timespec ts;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
        return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* Whether something has happened to the cage's processes of which vitrine does not know. */
static bool is_stirred(const struct watch *watch)
{
        return !watch->host || watch->reader.stirs != watch->sent_stirs;
}

static void begin(struct watch *watch, const struct reader_plan *plan)
{
        watch->pass = (struct eye_record){ .serial = watch->serial, .read_ms = time_now_ms() };
        watch->pass_us = cpu_us();
        watch->noted_us = 0;
        watch->answers = watch->asked || watch->last.len == 0; /* who has just begun is waited for */
        watch->whole = is_told(watch) || !plan->asked;
        watch->tied = is_stirred(watch);
        watch->sent_ms = 0;
        watch->unlisted = plan->list ? 0 : watch->unlisted + watch->glance;
        watch->dirty = watch->list = watch->glance = false;
        watch->reap_ms = 0;
        reader_begin(&watch->reader, watch->pass.read_ms, plan);
}

/* Whether vitrine is told now what is known: who asked, and who has seen nothing yet, need not wait for the
 * end of a long pass. */
static bool is_worth_telling(const struct watch *watch)
{
        bool waits = watch->asked || watch->last.len == 0;

        return watch->reader.due == 0 || (waits && watch->sent_ms == 0) ||
               time_now_ms() >= (watch->sent_ms ? watch->sent_ms : watch->pass.read_ms) + TELL_MS;
}

static void tell(struct watch *watch)
{
        struct str table = { 0 };

        reader_table(&watch->reader, &table);
        watch->pass.period_ms = is_told(watch) ? 0 : pace_period(cpu_us() - watch->pass_us);
        if (!send_table(watch, &watch->pass, &table))
                watch->dirty = true;
        else if (watch->pass.serial == watch->serial)
                watch->asked = false;
        watch->sent_ms = time_now_ms();
        str_finish(&table);
        for (size_t i = 0; watch->host && i < watch->reader.n; i++)
                if (watch->reader.v[i].proc.comm)
                        lookup_want(&watch->lookup, watch->reader.v[i].proc.uid);
        if (watch->host)
                lookup_go(&watch->lookup, time_now_ms());
}

/* Nobody tells when a zombie is reaped: a new one is looked after for a while, then at every glance. */
static void look_after_zombies(struct watch *watch)
{
        const size_t zombies = watch->reader.zombies;

        if (watch->reap_wait_ms > REAP_MOST_MS || zombies < watch->known_zombies)
                watch->known_zombies = zombies;
        if (!is_told(watch) || zombies == watch->known_zombies || watch->reap_wait_ms == 0)
                return;
        watch->reap_ms = time_now_ms() + watch->reap_wait_ms;
        watch->reap_wait_ms *= 2;
}

/* One slice of a pass: a command that comes meanwhile is answered after it. */
static void go_on(struct watch *watch)
{
        uint64_t cost_us;

        reader_go(&watch->reader, SLICE_US);
        if (is_worth_telling(watch))
                tell(watch);
        cost_us = cpu_us() - watch->pass_us;
        if (watch->whole)
                pace_note(&watch->pace, watch->answers, watch->pass.read_ms, time_now_ms(), cost_us);
        else
                pace_note_asked(&watch->pace, watch->answers, watch->pass.read_ms, cost_us - watch->noted_us);
        watch->noted_us = cost_us;
        if (watch->reader.due == 0) {
                if (!watch->answers)
                        pace_note_told(&watch->pace, watch->tied, watch->pass.read_ms,
                                       cost_us + watch->taken_us);
                watch->taken_us = 0;
                look_after_zombies(watch);
        }
        watch->answers = false;
}

/* What could not be read is tried again, though nothing happens. */
static bool wants_pass(const struct watch *watch)
{
        return watch->dirty || watch->glance || watch->reader.stale > 0 || watch->reader.err ||
               watch->reader.lacks;
}

/* What the next pass is to read, when one is to begin now. */
static bool plan_pass(const struct watch *watch, struct reader_plan *plan)
{
        const uint64_t now = time_now_ms();
        const bool sees_few = watch->reader.n <= ROTATE;

        *plan = (struct reader_plan){ .list = true, .tied = true, .rotate = ROTATE };
        if (watch->asked && now >= pace_next(&watch->pace, true)) {
                plan->young = true;
                plan->asked = is_told(watch) || now < pace_next(&watch->pace, false);
                return true;
        }
        if (watch->reader.due > 0 || (watch->asked && is_told(watch)))
                return false;
        if (!is_told(watch)) {
                plan->young = true;
                return now >= pace_next(&watch->pace, false);
        }
        if (watch->host && watch->reader.stale == 0) {
                plan->list = watch->list || (watch->glance && (sees_few || watch->unlisted >= UNLISTED_MOST));
                plan->tied = watch->glance;
                plan->calm = true;
                plan->rotate = watch->glance ? GLANCE : 0;
        }
        return wants_pass(watch) && now >= pace_told(&watch->pace, is_stirred(watch));
}

/* The next thing to do: a new pass, or more of one that has not come to its end. */
static void look(struct watch *watch)
{
        struct reader_plan plan;
        bool anew;

        if (watch->reap_ms && time_now_ms() >= watch->reap_ms) {
                watch->dirty = true;
                watch->reap_ms = 0;
        }
        anew = plan_pass(watch, &plan);
        if (anew)
                begin(watch, &plan);
        if (anew || watch->reader.due > 0)
                go_on(watch);
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
        return a < b ? a : b;
}

/* When there is something to do though nothing comes; UINT64_MAX: nothing. */
static uint64_t next_ms(const struct watch *watch)
{
        const struct events *events = &watch->events;
        uint64_t next = lookup_next(&watch->lookup);

        if (watch->reader.due > 0)
                return 0;
        if (watch->asked || !is_told(watch))
                next = sooner(next, pace_next(&watch->pace, watch->asked));
        else if (wants_pass(watch))
                next = sooner(next, pace_told(&watch->pace, is_stirred(watch)));
        if (watch->reap_ms && is_told(watch))
                next = sooner(next, watch->reap_ms);
        if (events->fd >= 0 && (events->heard || events->hold_ms > time_now_ms()))
                next = sooner(next, events->hold_ms);
        return next;
}

static void take_event(void *data, const struct event *event)
{
        struct watch *watch = data;

        note(watch, event->kind != EVENT_CHANGED, event->kind == EVENT_EXIT);
        if (event->kind == EVENT_EXIT)
                reader_end(&watch->reader, event->pid);
        else
                reader_touch(&watch->reader, event->pid);
}

static void take_events(struct watch *watch)
{
        struct events *events = &watch->events;
        uint64_t before = cpu_us(), rest_ms;

        if (!events->heard || time_now_ms() < events->hold_ms)
                return;
        if (!events_take(events, take_event, watch)) {
                note(watch, true, true);
                reader_miss(&watch->reader);
        }
        before = cpu_us() - before;
        watch->taken_us += before;
        rest_ms = before * TAKE_REST / 1000;
        events->hold_ms = rest_ms > SETTLE_MS ? time_now_ms() + rest_ms : 0;
}

static void send_names(struct watch *watch)
{
        struct eye_record record = { .kind = EYE_NAMES };

        record.size = lookup_unsent(&watch->lookup, record.names, EYE_NAMES_MAX);
        if (record.size > 0 &&
            io_send(EYE_CONTROL, &record, EYE_HEAD_BYTES + (size_t)record.size * sizeof(record.names[0]),
                    NULL, 0))
                lookup_sent(&watch->lookup, record.names, (size_t)record.size);
}

static void hear(struct watch *watch, const struct pollfd *news, const struct pollfd *guard)
{
        const uint64_t now = time_now_ms(), pass = sooner(pace_told(&watch->pace, false), now + STORM_MS);

        if (guard->revents) { /* it has been ended: nobody else could say that we have gone */
                events_end(&watch->events);
        } else if (news->revents && !watch->events.heard) {
                watch->events.heard = true;
                watch->events.hold_ms = pass > now + SETTLE_MS ? pass : now + SETTLE_MS;
        }
}

/* Waits for vitrine, the kernel, a name or the time of the next pass. Where vitrine does not read what was
 * sent (it is stopped), nothing more is read for it. Returns whether there is room. */
static bool await(struct watch *watch)
{
        struct pollfd room = { .fd = EYE_CONTROL, .events = POLLOUT };
        struct pollfd wait[] = { { .fd = EYE_CONTROL, .events = POLLIN },
                                 { .fd = watch->lookup.fd, .events = POLLIN },
                                 { .fd = watch->events.fd, .events = POLLIN },
                                 { .fd = watch->events.guard } };
        uint64_t now = time_now_ms(), until = next_ms(watch);
        int timeout = until <= now ? 0 : until - now > WAIT_MOST_MS ? -1 : (int)(until - now);

        if (watch->events.heard || now < watch->events.hold_ms)
                wait[2].fd = -1;
        if (poll(&room, 1, 0) == 0) {
                wait[0].events |= POLLOUT;
                wait[2].fd = -1;
                timeout = -1;
        }
        if (poll(wait, sizeof(wait) / sizeof(wait[0]), timeout) > 0)
                hear(watch, &wait[2], &wait[3]);
        return poll(&room, 1, 0) == 1;
}

int main(void)
{
        struct watch watch = { .reader.proc_fd = -1,
                               .lookup = { .fd = -1, .sock = EYE_CONTROL },
                               .events = { .fd = -1, .guard = -1 },
                               .dirty = true,
                               .list = true };
        struct fault fault = { 0 };

        signal(SIGPIPE, SIG_IGN);
        signal(SIGXFSZ, SIG_IGN); /* a table is a file: one that is too large (ulimit -f) is not sent */
        memory_give_back();
        if (!setup_begin(&fault) || !set_up(&watch, &fault))
                give_up(&fault);
        for (;;) {
                bool room = await(&watch);

                take_commands(&watch);
                take_events(&watch);
                if (watch.host)
                        lookup_go(&watch.lookup, time_now_ms());
                if (!room)
                        continue;
                if (watch.host)
                        send_names(&watch);
                look(&watch);
        }
}
