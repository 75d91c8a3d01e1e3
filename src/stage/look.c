/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/look.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "stage/ahead.h"

bool look_open(struct look *look, struct fault *fault)
{
        own_free char *helper = launch_helper("vitrine-eye");

        *look = (struct look){ 0 };
        return eye_open_host(helper, &look->host, fault);
}

bool look_reopen(struct look *look, struct fault *fault)
{
        own_free char *helper = launch_helper("vitrine-eye");
        struct eye *host;

        if (!eye_open_host(helper, &host, fault))
                return false;
        eye_close(look->host);
        look->host = host;
        return true;
}

static void read_ahead(struct look *look, const struct launch *launch, int proc_fd)
{
        const struct proc_table *old = eye_table(look->host);

        proc_table_finish(&look->ahead);
        if (old)
                ahead_table(proc_fd, old, cage_keeper_pid(launch->cage), cage_init_pid(launch->cage),
                            &look->ahead);
}

bool look_at(struct look *look, const struct launch *launch, struct fault *fault)
{
        own_free char *helper = launch_helper("vitrine-eye");
        own_fd int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct eye *inside;

        look->since_ms = time_now_ms();
        if (!eye_open_cage(helper, cage_proc_fd(launch->cage), cage_userns_fd(launch->cage), &inside, fault))
                return false;
        eye_close(look->inside);
        look->inside = inside;
        cage_spare(launch->cage, eye_pid(inside));
        eye_read_ns(proc_fd, cage_init_pid(launch->cage), &look->ns);
        if (!eye_read_maps(proc_fd, cage_init_pid(launch->cage), &look->uid_map, &look->gid_map))
                look->uid_map.n = look->gid_map.n = 0;
        read_ahead(look, launch, proc_fd);
        eye_watch(look->host, cage_keeper_pid(launch->cage));
        return true;
}

/* The eye's table once it knows the container; until then the one that was read ahead. */
static const struct proc_table *host_table(struct look *look, pid_t init)
{
        const struct proc_table *host = eye_table(look->host);

        if (host && host->read_ms >= look->since_ms && (!look->ahead.v || proc_table_find(host, init))) {
                proc_table_finish(&look->ahead);
                return host;
        }
        return look->ahead.v ? &look->ahead : NULL;
}

bool look_take(struct look *look, const struct launch *launch, struct snapshot *ret)
{
        const struct proc_table *host = host_table(look, cage_init_pid(launch->cage));
        const struct proc_table *inside = look->inside ? eye_table(look->inside) : NULL;
        struct snapshot_input input;

        if (!host || !inside)
                return false;
        input = (struct snapshot_input){
                .host = host,
                .container = inside,
                .host_names = eye_names(look->host),
                .users = &(struct users){ .passwd = launch->image.passwd, .group = launch->image.group },
                .init_host = cage_init_pid(launch->cage),
                .keeper = cage_keeper_pid(launch->cage),
                .pid_shared = launch->spec.pid == NS_HOST,
                .ns = &look->ns,
                .uid_map = &look->uid_map,
                .gid_map = &look->gid_map,
                .mode = launch->machine.mode,
                .missing = launch->resolved.missing,
        };
        snapshot_join(&input, ret);
        return true;
}

bool look_wait(struct look *look, const struct launch *launch, int timeout_ms, struct snapshot *ret,
               struct fault *fault)
{
        uint64_t end = time_now_ms() + (uint64_t)timeout_ms;

        for (;;) {
                struct pollfd ready[2] = { { .fd = eye_fd(look->host), .events = POLLIN },
                                           { .fd = eye_fd(look->inside), .events = POLLIN } };
                uint64_t now = time_now_ms();

                if (look_take(look, launch, ret)) {
                        if (ret->init_seen || now >= end)
                                return true;
                        snapshot_finish(ret);
                }
                if (now >= end)
                        return fault_why(fault, "look at the container", "nothing was seen in %d ms",
                                         timeout_ms);
                if (poll(ready, 2, (int)(end - now)) < 0)
                        continue;
                if ((ready[0].revents && eye_read(look->host, fault) < 0) ||
                    (ready[1].revents && eye_read(look->inside, fault) < 0))
                        return false;
        }
}

void look_close(struct look *look)
{
        eye_close(look->inside);
        eye_close(look->host);
        proc_table_finish(&look->ahead);
        *look = (struct look){ 0 };
}
