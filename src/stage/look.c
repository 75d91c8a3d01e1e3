/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/look.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "stage/ahead.h"

enum { LAST_MS = 300, NAMES_MS = 1000, STILL_MOST = 32 };

static bool open_host(const struct look *look, struct eye **ret, struct fault *fault)
{
        own_free char *helper = launch_helper("vitrine-eye");

        return look->joined ? eye_open_host_joined(helper, ret, fault) : eye_open_host(helper, ret, fault);
}

bool look_open_joined(struct look *look, struct fault *fault)
{
        *look = (struct look){ .joined = true };
        return open_host(look, &look->host, fault);
}

bool look_open(struct look *look, struct fault *fault)
{
        *look = (struct look){ 0 };
        if (!open_host(look, &look->host, fault))
                return false;
        look_ahead(look);
        return true;
}

void look_ahead(struct look *look)
{
        own_free char *helper = launch_helper("vitrine-eye");

        if (!look->next && !eye_start(helper, &look->next, NULL))
                look->next = NULL;
}

/* The one that waits already; where it was ended from outside, a new one. */
static bool open_inside(struct look *look, const struct launch *launch, struct eye **ret, struct fault *fault)
{
        const int proc_fd = cage_proc_fd(launch->cage), userns_fd = cage_userns_fd(launch->cage);
        own_free char *helper = launch_helper("vitrine-eye");
        struct eye *next = take_ptr(look->next);

        if (look->joined)
                return eye_open_joined(helper, proc_fd, userns_fd, ret, fault);
        if (next && eye_read(next, NULL) == 0 && eye_begin_cage(next, proc_fd, userns_fd, NULL)) {
                *ret = next;
                return true;
        }
        eye_close(next);
        return eye_open_cage(helper, proc_fd, userns_fd, ret, fault);
}

bool look_reopen(struct look *look, struct fault *fault)
{
        struct eye *host;

        if (!open_host(look, &host, fault))
                return false;
        eye_close(look->host);
        look->host = host;
        return true;
}

/* With the machine's PIDs every process is one of the inside eye's. */
void look_pass_on(struct look *look, const struct launch *launch, bool fresh)
{
        const uint32_t stirs = eye_stirs(look->host);
        bool told = eye_is_told(look->host);

        if (!look->inside)
                return;
        eye_tell(look->inside, told);
        if (told && (stirs != look->stirs || (fresh && launch->spec.pid == NS_HOST)))
                eye_stir(look->inside);
        look->stirs = stirs;
}

void look_tick(struct look *look, bool glance)
{
        struct eye *eyes[] = { look->host, look->inside };

        for (size_t i = 0; i < sizeof(eyes) / sizeof(eyes[0]); i++) {
                if (!eyes[i])
                        continue;
                eye_tick(eyes[i]);
                if (glance)
                        eye_glance(eyes[i]);
        }
}

bool look_is_still(const struct snapshot *now)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct status status;
        int seen = 0;

        for (size_t i = 0; i < now->n_host; i++) {
                const struct proc *proc = now->host[i].proc;

                if (!now->host[i].tied)
                        continue;
                if (++seen > STILL_MOST || !proc->status ||
                    !eye_read_status(proc_fd, proc->pid, &status, NULL) ||
                    !status_is_same(&status, proc->status))
                        return false;
        }
        return seen > 0;
}

bool look_lacks_names(const struct snapshot *now)
{
        for (size_t i = 0; i < now->n_host; i++)
                if (now->host[i].proc->uid == 0 && strcmp(now->host[i].user, "0") == 0)
                        return true;
        return false;
}

static bool keep_known(uint64_t ids[static NS_T_N], const uint64_t known[static NS_T_N])
{
        bool same = true;

        for (int i = 0; i < NS_T_N; i++) {
                ids[i] = ids[i] ? ids[i] : known[i];
                same = same && ids[i] == known[i];
        }
        return same;
}

static bool is_same_map(const struct id_map *a, const struct id_map *b)
{
        return a->n == b->n && memcmp(a->v, b->v, a->n * sizeof(a->v[0])) == 0;
}

bool look_read_ids(struct look *look, const struct launch *launch)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        const pid_t init = cage_init_pid(launch->cage);
        struct id_map uid_map = look->uid_map, gid_map = look->gid_map;
        struct ns_ids ns;
        bool same;

        eye_read_ns(proc_fd, init, &ns);
        same = keep_known(ns.container, look->ns.container);
        same = keep_known(ns.host, look->ns.host) && same;
        if (eye_read_maps(proc_fd, init, &uid_map, &gid_map))
                same = same && is_same_map(&uid_map, &look->uid_map) && is_same_map(&gid_map, &look->gid_map);
        look->ns = ns;
        look->uid_map = uid_map;
        look->gid_map = gid_map;
        return !same;
}

static void read_ahead(struct look *look, const struct launch *launch, int proc_fd)
{
        const struct proc_table *old = eye_table(look->host);

        proc_table_finish(&look->ahead);
        if (old)
                ahead_table(proc_fd, old, cage_keeper_pid(launch->cage), cage_init_pid(launch->cage),
                            &look->ahead);
}

void look_watch(struct look *look, const struct launch *launch)
{
        const pid_t init = cage_init_pid(launch->cage);

        if (look->joined)
                eye_watch_ns(look->host, cage_pidns(launch->cage), init);
        else
                eye_watch(look->host, cage_keeper_pid(launch->cage), init);
}

bool look_at(struct look *look, const struct launch *launch, struct fault *fault)
{
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct eye *inside;

        look->since_ms = time_now_ms();
        if (!open_inside(look, launch, &inside, fault))
                return false;
        look_bury(look);
        look->last = look->inside;
        if (look->last)
                eye_leave(look->last);
        look->inside = inside;
        cage_spare(launch->cage, eye_pid(inside));
        look->ns = (struct ns_ids){ 0 }; /* another init's */
        look->uid_map.n = look->gid_map.n = 0;
        look_read_ids(look, launch);
        if (!look->joined)
                read_ahead(look, launch, proc_fd);
        look_watch(look, launch);
        /* Thousands of the machine's processes may come before the container's. Else init is number 1. */
        if (launch->spec.pid == NS_HOST)
                eye_watch(look->inside, cage_keeper_pid(launch->cage), cage_init_pid(launch->cage));
        return true;
}

/* The eye's table once it knows the container; until then the one that was read ahead. Among thousands of
 * processes the eye's first table is one of before the launch, as a rule. */
static const struct proc_table *host_table(struct look *look, const struct launch *launch)
{
        const struct proc_table *host = eye_table(look->host);
        const pid_t init = cage_init_pid(launch->cage);
        bool fresh = host && host->read_ms >= look->since_ms;
        own_fd int proc_fd = -1;

        if (fresh && (proc_table_find(host, init) || (!look->ahead.v && host->unread == 0))) {
                proc_table_finish(&look->ahead);
                return host;
        }
        if (host && host->unread > 0 && !look->ahead.v && !look->joined) {
                proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
                read_ahead(look, launch, proc_fd);
        }
        return look->ahead.v ? &look->ahead : NULL;
}

bool look_take(struct look *look, const struct launch *launch, struct snapshot *ret)
{
        const struct proc_table *host = host_table(look, launch);
        const struct proc_table *inside = look->inside ? eye_table(look->inside) : NULL;
        struct snapshot_input input;

        if (!host || !inside)
                return false;
        look_read_ids(look, launch);
        input = (struct snapshot_input){
                .host = host,
                .container = inside,
                .host_names = eye_names(look->host),
                .users = &(struct users){ .passwd = launch->image.passwd, .group = launch->image.group },
                .init_host = cage_init_pid(launch->cage),
                .keeper = cage_keeper_pid(launch->cage),
                .pid_shared = launch->spec.pid == NS_HOST,
                .joined = look->joined,
                .ns = &look->ns,
                .uid_map = &look->uid_map,
                .gid_map = &look->gid_map,
                .mode = launch->machine.mode,
                .remap = machine_remaps(&launch->machine),
                .missing = launch->resolved.missing,
        };
        snapshot_join(&input, ret);
        return true;
}

static bool is_keepers_child(const struct proc *init)
{
        return init && init->comm && strcmp(init->comm, CAGE_KEEPER_NAME) == 0;
}

/* One side may have read init before its exec, as the keeper's child, and the other one after it. */
static bool is_same_command(const struct snapshot *snapshot)
{
        const struct proc *outside = proc_table_find(&snapshot->host_table, snapshot->init_host);
        const struct proc *inside = proc_table_find(&snapshot->container_table, snapshot->init_container);

        return is_keepers_child(outside) == is_keepers_child(inside);
}

static bool hear_eyes(struct look *look, const struct pollfd ready[static 2], struct fault *fault)
{
        return (!ready[0].revents || eye_read(look->host, fault) >= 0) &&
               (!ready[1].revents || eye_read(look->inside, fault) >= 0);
}

bool look_wait(struct look *look, const struct launch *launch, int timeout_ms, struct snapshot *ret,
               struct fault *fault)
{
        uint64_t named = time_now_ms() + NAMES_MS, end = time_now_ms() + (uint64_t)timeout_ms;
        bool ended = false;

        for (;;) {
                struct pollfd ready[3] = { { .fd = eye_fd(look->host), .events = POLLIN },
                                           { .fd = eye_fd(look->inside), .events = POLLIN },
                                           { .fd = ended ? -1 : cage_pidfd(launch->cage),
                                             .events = POLLIN } };
                uint64_t now = time_now_ms();

                if (look_take(look, launch, ret)) {
                        bool seen = ret->init_seen && ret->host_table.unread == 0 &&
                                    ret->container_table.unread == 0;

                        bool whole = seen && is_same_command(ret) &&
                                     (ended || now >= named || !look_lacks_names(ret));

                        if (whole || (now >= end && (seen || !ended)))
                                return true;
                        if (seen)
                                eye_wake(look->host); /* for what is tied; a pass over all may take long */
                        snapshot_finish(ret);
                }
                if (now >= end && ended) {
                        fault_why(fault, "look at the container", "it ended before it was seen");
                        return fault_hint(fault, "a command that lasts can be looked at: sleep 3600");
                }
                if (now >= end)
                        return fault_why(fault, "look at the container", "nothing was seen in %d ms",
                                         timeout_ms);
                if (poll(ready, 3, (int)(end - now)) < 0) {
                        if (errno == EINTR)
                                continue;
                        return fault_errno(fault, "", "look at the container");
                }
                /* A table that was read before may still be on its way. */
                if (ready[2].revents) {
                        ended = true;
                        end = now + LAST_MS < end ? now + LAST_MS : end;
                }
                if (!hear_eyes(look, ready, fault))
                        return false;
        }
}

void look_bury(struct look *look)
{
        eye_close(take_ptr(look->last));
}

void look_close(struct look *look)
{
        look_bury(look);
        eye_close(look->next);
        eye_close(look->inside);
        eye_close(look->host);
        proc_table_finish(&look->ahead);
        *look = (struct look){ 0 };
}
