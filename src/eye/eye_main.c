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
        uint64_t sent_ms;       /* when a table of it was sent; 0: not yet */
        bool answers;           /* somebody asked for it */
};

/* A slice of a long pass, and how often a pass that goes on tells what it has. */
enum { SLICE_US = 8000, TELL_MS = 100 };

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
        if (!setup_drop(was_root, watch->host && (hidepid[0] != '\0' || hello.joined), fault))
                return false;
        watch->reader.hidden = watch->host ? setup_trouble(hidepid) : NULL;
        watch->reader.proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        return watch->reader.proc_fd >= 0 || fault_errno(fault, "/proc", "begin to read /proc");
}

/* Takes what vitrine says: the last word counts. */
static void take_commands(struct watch *watch)
{
        struct eye_command command;
        ssize_t n;

        while ((n = io_recv(EYE_CONTROL, &command, sizeof(command), NULL, 0)) == (ssize_t)sizeof(command)) {
                watch->reader.keeper = command.keeper;
                reader_ns_want(&watch->reader, command.pidns);
                watch->asked = watch->asked || command.serial != watch->serial;
                watch->serial = command.serial;
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

        record->kind = same ? EYE_SAME : EYE_TABLE;
        if (!same) {
                record->size = table->len;
                fd = table->len <= EYE_TABLE_MAX ? seal_table(table) : -1;
                if (fd < 0)
                        return false;
        }
        if (!io_send(EYE_CONTROL, record, EYE_HEAD_BYTES, &fd, same ? 0 : 1))
                return false;
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

static void begin(struct watch *watch)
{
        watch->pass = (struct eye_record){ .serial = watch->serial, .read_ms = time_now_ms() };
        watch->pass_us = cpu_us();
        watch->answers = watch->asked;
        watch->sent_ms = 0;
        reader_begin(&watch->reader, watch->pass.read_ms, watch->asked);
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
        watch->pass.period_ms = pace_period(cpu_us() - watch->pass_us);
        if (send_table(watch, &watch->pass, &table) && watch->pass.serial == watch->serial)
                watch->asked = false;
        watch->sent_ms = time_now_ms();
        str_finish(&table);
        for (size_t i = 0; watch->host && i < watch->reader.n; i++)
                if (watch->reader.v[i].proc.comm)
                        lookup_want(&watch->lookup, watch->reader.v[i].proc.uid);
        if (watch->host)
                lookup_go(&watch->lookup, time_now_ms());
}

/* One slice of a pass: a command that comes meanwhile is answered after it. */
static void go_on(struct watch *watch)
{
        reader_go(&watch->reader, SLICE_US);
        if (is_worth_telling(watch))
                tell(watch);
        pace_note(&watch->pace, watch->answers, watch->pass.read_ms, time_now_ms(),
                  cpu_us() - watch->pass_us);
        watch->answers = false;
}

/* The next thing to do: a new pass, or more of one that has not come to its end. */
static void look(struct watch *watch)
{
        bool anew = (watch->asked || watch->reader.due == 0) &&
                    time_now_ms() >= pace_next(&watch->pace, watch->asked);

        if (anew)
                begin(watch);
        if (anew || watch->reader.due > 0)
                go_on(watch);
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

/* Waits for vitrine, a name or the time of the next pass. Where vitrine does not read what was sent (it is
 * stopped), nothing more is read for it. Returns whether there is room. */
static bool await(const struct watch *watch, uint64_t until_ms)
{
        struct pollfd room = { .fd = EYE_CONTROL, .events = POLLOUT };
        struct pollfd wait[2] = { { .fd = EYE_CONTROL, .events = POLLIN },
                                  { .fd = watch->lookup.fd, .events = POLLIN } };
        uint64_t now = time_now_ms();
        int timeout = until_ms <= now ? 0 : until_ms - now > 60000 ? 60000 : (int)(until_ms - now);

        if (poll(&room, 1, 0) == 0) {
                wait[0].events |= POLLOUT;
                timeout = -1;
        }
        poll(wait, 2, timeout);
        return poll(&room, 1, 0) == 1;
}

int main(void)
{
        struct watch watch = { .reader.proc_fd = -1, .lookup = { .fd = -1, .sock = EYE_CONTROL } };
        struct fault fault = { 0 };

        signal(SIGPIPE, SIG_IGN);
        if (!setup_begin(&fault) || !set_up(&watch, &fault))
                give_up(&fault);
        for (;;) {
                uint64_t next = watch.reader.due > 0 ? 0 : pace_next(&watch.pace, watch.asked);
                uint64_t names = lookup_next(&watch.lookup);
                bool room = await(&watch, names < next ? names : next);

                take_commands(&watch);
                if (watch.host)
                        lookup_go(&watch.lookup, time_now_ms());
                if (!room)
                        continue;
                if (watch.host)
                        send_names(&watch);
                look(&watch);
        }
}
