/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "eye/eye.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "eye/eye_spawn.h"
#include "eye/proto.h"

/* Records taken at once: an eye that floods the socket does not hold the screen up. */
enum { RECORDS_AT_ONCE = 64, PERIOD_MOST_MS = 600000 };

struct eye {
        pid_t pid;
        int pidfd, sock;
        bool ended;
        struct fault end; /* why, once it has ended */

        bool has_table;
        struct proc_table table;
        struct host_names names;

        struct eye_command wanted;
        bool unsent;       /* wanted has not gone out: the socket was full */
        uint32_t answered; /* serial of the last pass */
        uint64_t period_ms;
        uint32_t stirs;
        bool told;
        uint64_t tick_ms; /* the last eye_tick; 0: none */
};

/* What one eye_read has found. */
struct incoming {
        int fd; /* of the newest table, -1: none */
        uint64_t size, read_ms;
        bool heard, answer, names;
};

static bool ask(struct eye *eye)
{
        if (eye->ended)
                return false;
        eye->unsent = !io_send(eye->sock, &eye->wanted, sizeof(eye->wanted), NULL, 0);
        return !eye->unsent || errno == EAGAIN;
}

bool eye_start(const char *helper, struct eye **ret, struct fault *fault)
{
        struct eye *eye = xcalloc(1, sizeof(*eye));

        if (!eye_spawn(helper, &eye->pid, &eye->pidfd, &eye->sock, fault)) {
                free(eye);
                return false;
        }
        *ret = eye;
        return true;
}

static bool greet(struct eye *eye, const struct eye_hello *hello, const int *fds, size_t n_fds,
                  struct fault *fault)
{
        return io_send(eye->sock, hello, sizeof(*hello), fds, n_fds) ||
               fault_errno(fault, "", "speak to the program that reads /proc");
}

static bool begin_cage(struct eye *eye, int proc_fd, int userns_fd, bool joined, struct fault *fault)
{
        struct eye_hello hello = { .side = EYE_SIDE_CAGE, .has_userns = userns_fd >= 0, .joined = joined };
        int fds[2] = { proc_fd, userns_fd };

        return greet(eye, &hello, fds, userns_fd >= 0 ? 2 : 1, fault);
}

bool eye_begin_cage(struct eye *eye, int proc_fd, int userns_fd, struct fault *fault)
{
        return begin_cage(eye, proc_fd, userns_fd, false, fault);
}

bool eye_open_host_as(const char *helper, const struct eye_options *options, struct eye **ret,
                      struct fault *fault)
{
        struct eye_hello hello = { .side = EYE_SIDE_HOST,
                                   .joined = options->joined,
                                   .polls = options->polls,
                                   .room = options->room };
        struct eye *eye;

        if (!eye_start(helper, &eye, fault))
                return false;
        if (!greet(eye, &hello, NULL, 0, fault)) {
                eye_close(eye);
                return false;
        }
        *ret = eye;
        return true;
}

bool eye_open_host(const char *helper, struct eye **ret, struct fault *fault)
{
        return eye_open_host_as(helper, &(struct eye_options){ 0 }, ret, fault);
}

bool eye_open_host_joined(const char *helper, struct eye **ret, struct fault *fault)
{
        return eye_open_host_as(helper, &(struct eye_options){ .joined = true }, ret, fault);
}

static bool open_cage(const char *helper, int proc_fd, int userns_fd, bool joined, struct eye **ret,
                      struct fault *fault)
{
        struct eye *eye;

        if (!eye_start(helper, &eye, fault))
                return false;
        if (!begin_cage(eye, proc_fd, userns_fd, joined, fault)) {
                eye_close(eye);
                return false;
        }
        *ret = eye;
        return true;
}

bool eye_open_cage(const char *helper, int proc_fd, int userns_fd, struct eye **ret, struct fault *fault)
{
        return open_cage(helper, proc_fd, userns_fd, false, ret, fault);
}

bool eye_open_joined(const char *helper, int proc_fd, int userns_fd, struct eye **ret, struct fault *fault)
{
        return open_cage(helper, proc_fd, userns_fd, true, ret, fault);
}

int eye_leave(struct eye *eye)
{
        fd_close(&eye->sock);
        if (eye->pidfd >= 0)
                syscall(SYS_pidfd_send_signal, eye->pidfd, SIGKILL, NULL, 0u);
        return eye->pidfd;
}

void eye_close(struct eye *eye)
{
        if (!eye)
                return;
        fd_close(&eye->sock);
        eye_end(eye->pid, eye->pidfd);
        fd_close(&eye->pidfd);
        proc_table_finish(&eye->table);
        free(eye->names.v);
        free(eye);
}

int eye_fd(const struct eye *eye)
{
        return eye->sock;
}

pid_t eye_pid(const struct eye *eye)
{
        return eye->pid;
}

const struct proc_table *eye_table(const struct eye *eye)
{
        return eye->has_table ? &eye->table : NULL;
}

const struct host_names *eye_names(const struct eye *eye)
{
        return &eye->names;
}

uint64_t eye_period_ms(const struct eye *eye)
{
        return eye->period_ms;
}

bool eye_is_told(const struct eye *eye)
{
        return eye->told && !eye->ended;
}

uint32_t eye_stirs(const struct eye *eye)
{
        return eye->stirs;
}

bool eye_tell(struct eye *eye, bool told)
{
        if (eye->wanted.told == told)
                return true;
        eye->wanted.told = told;
        return ask(eye);
}

bool eye_stir(struct eye *eye)
{
        eye->wanted.stir++;
        return ask(eye);
}

/* An eye that hangs leaves what it is told in the socket. */
static bool has_taken_all(const struct eye *eye)
{
        int left = 0;

        return eye_is_told(eye) && ioctl(eye->sock, SIOCOUTQ, &left) == 0 && left == 0;
}

/* Nothing may have been said to it for long. */
static bool is_stopped(const struct eye *eye)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct status status;

        return proc_fd >= 0 && eye_read_status(proc_fd, eye->pid, &status, NULL) &&
               (status.state == 'T' || status.state == 't');
}

void eye_tick(struct eye *eye)
{
        if (!has_taken_all(eye) || is_stopped(eye))
                return;
        if (eye->has_table && eye->tick_ms > eye->table.read_ms)
                eye->table.read_ms = eye->tick_ms;
        eye->tick_ms = time_now_ms();
}

void eye_glance(struct eye *eye)
{
        if (!has_taken_all(eye))
                return;
        eye->wanted.glance++;
        ask(eye);
}

bool eye_wake(struct eye *eye)
{
        eye->wanted.serial++;
        return ask(eye);
}

bool eye_watch(struct eye *eye, pid_t keeper, pid_t init)
{
        eye->wanted.keeper = keeper;
        eye->wanted.init = init;
        return eye_wake(eye);
}

bool eye_watch_ns(struct eye *eye, uint64_t pidns, pid_t init)
{
        eye->wanted.init = init;
        eye->wanted.pidns = pidns;
        return eye_wake(eye);
}

_Static_assert(sizeof(((struct eye_name *)0)->name) == sizeof(((struct host_name *)0)->name), "the same");

/* Keeps the names sorted; the newest wins. */
static void add_name(struct host_names *names, const struct eye_name *name)
{
        size_t low = 0, high = names->n;

        while (low < high) {
                size_t mid = low + (high - low) / 2;

                if (names->v[mid].uid < name->uid)
                        low = mid + 1;
                else
                        high = mid;
        }
        if (low == names->n || names->v[low].uid != name->uid) {
                if (names->n >= EYE_NAMES_ALL)
                        return;
                names->v = xrealloc(names->v, names->n + 1, sizeof(*names->v));
                memmove(names->v + low + 1, names->v + low, (names->n - low) * sizeof(*names->v));
                names->n++;
        }
        names->v[low].uid = name->uid;
        memcpy(names->v[low].name, name->name, sizeof(name->name));
        names->v[low].name[sizeof(name->name) - 1] = '\0';
}

/* An eye that reads what others wrote may have been taken over: every record is of an exact length. */
static bool record_fits(const struct eye_record *record, size_t n)
{
        if (n < EYE_HEAD_BYTES)
                return false;
        switch (record->kind) {
        case EYE_TABLE:
                return n == EYE_HEAD_BYTES && record->size <= EYE_TABLE_MAX;
        case EYE_SAME:
                return n == EYE_HEAD_BYTES;
        case EYE_NAMES:
                return record->size <= EYE_NAMES_MAX &&
                       n == EYE_HEAD_BYTES + (size_t)record->size * sizeof(struct eye_name);
        case EYE_FAULT:
                return n == EYE_HEAD_BYTES + sizeof(struct fault);
        default:
                return false;
        }
}

static bool end_with(struct eye *eye, const char *why)
{
        eye->ended = true;
        return fault_why(&eye->end, "read the processes", "%s", why);
}

/* The call that has just failed ends it; errno 0: the reader has sent nonsense. */
static bool end_with_errno(struct eye *eye, const char *nonsense)
{
        if (errno == 0)
                return end_with(eye, nonsense);
        eye->ended = true;
        return fault_errno(&eye->end, "", "read the processes");
}

static void note_pass(struct eye *eye, const struct eye_record *record, struct incoming *in)
{
        uint64_t now = time_now_ms();

        in->heard = true;
        in->read_ms = record->read_ms < now ? record->read_ms : now;
        if (record->serial != eye->answered)
                in->answer = true;
        eye->answered = record->serial;
        eye->stirs = record->stirs;
        eye->told = record->told;
        eye->period_ms = record->period_ms < PERIOD_MOST_MS ? record->period_ms : PERIOD_MOST_MS;
}

static bool take_record(struct eye *eye, const struct eye_record *record, int *fd, struct incoming *in)
{
        if (record->kind == EYE_NAMES) {
                for (size_t i = 0; i < record->size; i++)
                        add_name(&eye->names, &record->names[i]);
                in->names = record->size > 0;
        } else if (record->kind == EYE_FAULT) {
                eye->ended = true;
                eye->end = record->fault;
                fault_seal(&eye->end);
                return false;
        } else {
                note_pass(eye, record, in);
        }
        if (record->kind == EYE_TABLE) {
                fd_close(&in->fd);
                in->fd = take_fd(fd);
                in->size = record->size;
        }
        return true;
}

/* Returns false when nothing more is to be read now. */
static bool receive(struct eye *eye, struct incoming *in)
{
        struct eye_record record;
        own_fd int fd = -1;
        ssize_t n = io_recv(eye->sock, &record, sizeof(record), &fd, 1);

        /* An eye that ends with a command unread resets the socket, before its last word has been read here.
         */
        if (n == 0)
                n = io_recv(eye->sock, &record, sizeof(record), &fd, 1);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                return false;
        if (n == 0)
                return end_with(eye, "the program that reads /proc has ended");
        if (n > 0 || errno == EMSGSIZE)
                errno = 0;
        if (n < 0 || !record_fits(&record, (size_t)n) || (record.kind == EYE_TABLE) != (fd >= 0))
                return end_with_errno(eye, "the program that reads /proc said what was not understood");
        return take_record(eye, &record, &fd, in);
}

/* Reads the bytes of a table out of a memfd. It is read, not mapped, and only when sealed: so it is a file in
 * memory (a read never waits for anybody) that can neither shrink nor change meanwhile. errno 0: it is none.
 */
static bool read_memfd(int fd, size_t size, char **ret)
{
        const int wanted = F_SEAL_SHRINK | F_SEAL_WRITE;
        own_free char *data = NULL;
        struct stat st;
        int seals = fcntl(fd, F_GET_SEALS);

        if (fstat(fd, &st) < 0)
                return false;
        errno = 0;
        if (seals < 0 || (seals & wanted) != wanted || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != size)
                return false;
        data = xmalloc(size + 1);
        for (size_t done = 0; done < size;) {
                ssize_t n = pread(fd, data + done, size - done, (off_t)done);

                if (n <= 0)
                        return false;
                done += (size_t)n;
        }
        data[size] = '\0';
        *ret = take_ptr(data);
        return true;
}

static bool decode(struct eye *eye, const struct incoming *in)
{
        own_free char *data = NULL;
        struct proc_table table = { 0 };

        if (!read_memfd(in->fd, (size_t)in->size, &data))
                return false;
        errno = 0;
        if (!proc_table_unpack(data, (size_t)in->size, &table))
                return false;
        proc_table_finish(&eye->table);
        eye->table = table;
        eye->has_table = true;
        return true;
}

int eye_read(struct eye *eye, struct fault *fault)
{
        struct incoming in = { .fd = -1 };
        bool fresh = false;

        for (int i = 0; i < RECORDS_AT_ONCE && !eye->ended; i++)
                if (!receive(eye, &in))
                        break;
        if (in.fd >= 0) {
                fresh = decode(eye, &in);
                if (!fresh)
                        end_with_errno(eye, "the program that reads /proc sent what is no table");
        }
        fd_close(&in.fd);
        if (in.heard && eye->has_table && (fresh || in.read_ms > eye->table.read_ms))
                eye->table.read_ms = in.read_ms;
        if (eye->unsent)
                ask(eye);
        if (fresh || in.names || (in.answer && eye->has_table))
                return 1;
        if (!eye->ended)
                return 0;
        if (fault)
                *fault = eye->end;
        return -1;
}

/* A pass that answers what was asked began after since_ms, also within its millisecond. Others count where
 * they read everything: an eye that is told reads what it is told of, and hears of it a moment later. */
static bool is_read_since(const struct eye *eye, uint64_t since_ms, uint32_t serial)
{
        bool later = eye->table.read_ms > since_ms && (!eye->told || since_ms == 0);

        return eye->has_table && eye->table.unread == 0 && eye->table.read_ms >= since_ms &&
               (later || eye->answered == serial);
}

bool eye_wait(struct eye *eye, uint64_t since_ms, int timeout_ms, struct fault *fault)
{
        const uint64_t end = time_now_ms() + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0);
        const uint32_t serial = eye->wanted.serial + 1;

        if (is_read_since(eye, since_ms, serial))
                return true;
        eye_wake(eye);
        for (;;) {
                struct pollfd ready = { .fd = eye->sock, .events = POLLIN };
                uint64_t now = time_now_ms();

                if (is_read_since(eye, since_ms, serial))
                        return true;
                if (now >= end)
                        return fault_why(fault, "read the processes", "nothing was seen in %d ms",
                                         timeout_ms);
                if (poll(&ready, 1, (int)(end - now)) > 0 && eye_read(eye, fault) < 0)
                        return false;
        }
}
