/* SPDX-License-Identifier: MIT */
/* Eyes: processes of their own that read one procfs each and send tables over a socket. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "snapshot/snapshot.h"
#include "snapshot/table.h"

struct eye; /* a running eye, and what has come from it */

/* Starts an eye on the host's /proc. helper: path of the vitrine-eye program. */
bool eye_open_host(const char *helper, struct eye **ret, struct fault *fault);
/* The same for eye_watch_ns: where it begins as root it keeps CAP_SYS_PTRACE, without which others'
 * namespaces cannot be read. */
bool eye_open_host_joined(const char *helper, struct eye **ret, struct fault *fault);

/* The same otherwise, for tests. */
struct eye_options {
        bool joined;
        bool polls;    /* it does not listen to what the kernel tells */
        uint32_t room; /* bytes for what the kernel tells; 0: as much as is sensible */
};
bool eye_open_host_as(const char *helper, const struct eye_options *options, struct eye **ret,
                      struct fault *fault);

/* Starts an eye on a cage's procfs: proc_fd is the detached procfs mount that the cage handed over (the eye
 * moves it onto its own /proc in a private mount namespace), userns_fd the cage's user namespace or -1. Both
 * stay the caller's. */
bool eye_open_cage(const char *helper, int proc_fd, int userns_fd, struct eye **ret, struct fault *fault);
/* The same for a cage that was joined. Its user namespace may map a single id: so root is given up before it
 * is entered, where there still is somebody else to be. */
bool eye_open_joined(const char *helper, int proc_fd, int userns_fd, struct eye **ret, struct fault *fault);

/* Starts an eye that only waits to be told where to look: to load its libraries takes longer than to look.
 * eye_begin_cage tells it, as eye_open_cage does. */
bool eye_start(const char *helper, struct eye **ret, struct fault *fault);
bool eye_begin_cage(struct eye *eye, int proc_fd, int userns_fd, struct fault *fault);

/* Ends the eye (SIGKILL, reaped) and frees. NULL is fine. */
void eye_close(struct eye *eye);
/* Begins its end without a wait; nothing but eye_close may follow, which waits for nothing once the
 * descriptor that comes back (the eye's; -1: there is none) can be read. */
int eye_leave(struct eye *eye);

/* The descriptor to poll for POLLIN. */
int eye_fd(const struct eye *eye);
pid_t eye_pid(const struct eye *eye);

/* Reads what has come without blocking. Returns 1 when a new table or new names are there, 0 when not yet, -1
 * with a fault when the eye has ended. */
int eye_read(struct eye *eye, struct fault *fault);

/* The last table, NULL before the first; owned by the eye and valid until the next eye_read. Its read_ms is
 * when the pass began, so that it never claims to know what came later. Among thousands of processes it comes
 * before all of them have been read: the others are counted as unread, and follow. */
const struct proc_table *eye_table(const struct eye *eye);
/* Host eye: names for the uids of the table as far as they are known by now. */
const struct host_names *eye_names(const struct eye *eye);

/* After how long the eye means to look again by itself; 0 when eye_is_told. */
uint64_t eye_period_ms(const struct eye *eye);

/* Whether this eye does not poll: the host's because the kernel tells it what happens to processes (the proc
 * connector), the cage's because eye_tell said that eye_stir will. Such an eye sends nothing while nothing is
 * new. */
bool eye_is_told(const struct eye *eye);
/* The host's: changes as often as something has happened to the processes that are watched. */
uint32_t eye_stirs(const struct eye *eye);
/* The cage's: whether eye_stir will say when something happens. */
bool eye_tell(struct eye *eye, bool told);
/* Something has happened: it looks as soon as it may. */
bool eye_stir(struct eye *eye);
/* Once a second, with the clock, for an eye that is told: that it has taken all that was said to it by the
 * last time, and is not stopped, is answer enough, and its table counts as read then. Others are left alone.
 */
void eye_tick(struct eye *eye);
/* For an eye that is told: it looks at what nobody tells (capabilities given up, a command line written
 * over), at the processes that are watched first, and answers only when something is new. */
void eye_glance(struct eye *eye);

/* Tells an eye whose descendants are to be read with status (the keeper; 0: nobody) before all others, of
 * whom the inside eye reads it as well, and which of them (init; 0: none) is among those whose status is read
 * though they were thousands. Asks for a pass now. */
bool eye_watch(struct eye *eye, pid_t keeper, pid_t init);
/* The same for the processes that are in a PID namespace (its inode) or in one below it. */
bool eye_watch_ns(struct eye *eye, uint64_t pidns, pid_t init);
/* Asks for a pass now. */
bool eye_wake(struct eye *eye);

/* Waits (poll) until a table read after since_ms is there that leaves no process unread, at most timeout_ms.
 * For snapshot and tests. */
bool eye_wait(struct eye *eye, uint64_t since_ms, int timeout_ms, struct fault *fault);

/* Reads /proc/PID/status at once, in this process, below an open procfs directory. ESRCH when it has gone. */
bool eye_read_status(int proc_fd, pid_t pid, struct status *ret, struct fault *fault);
/* The namespaces of a process and one's own. Missing ones are 0. */
void eye_read_ns(int proc_fd, pid_t pid, struct ns_ids *ret);
/* /proc/PID/uid_map and gid_map. */
bool eye_read_maps(int proc_fd, pid_t pid, struct id_map *ret_uid, struct id_map *ret_gid);
