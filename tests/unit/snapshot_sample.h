/* SPDX-License-Identifier: MIT */
/* One container seen from both sides, for the tests of what is printed. */
#pragma once

#include "snapshot_tables.h"

struct sample {
        struct spec spec;
        struct strv command;
        struct snapshot snapshot;
        struct snapshot_extra extra;
};

enum { SAMPLE_KEEPER = 3299, SAMPLE_INIT = 3301 };

static inline void sample_tell(struct proc *proc, uint32_t uid, uint64_t bounding)
{
        struct status *status = proc->status;

        for (unsigned i = 0; i < 4; i++)
                status->uid[i] = status->gid[i] = uid;
        proc->uid = uid;
        status->caps.bounding = bounding;
        status->caps.effective = status->caps.permitted = uid == 0 ? bounding : 0;
        status->groups[0] = 4;
        status->groups[1] = 20;
        status->n_groups = 2;
        status->seccomp = 2;
}

/* extra_name and extra_line: what one more process of the machine calls itself. */
static inline void sample_make(struct sample *sample, uint32_t uid, uint64_t bounding, const char *extra_name,
                               const char *extra_line)
{
        struct proc_table host = { 0 }, container = { 0 };
        struct host_name names[] = { { 0, "root" }, { 1000, "alice" } };
        const struct host_names host_names = { names, 2 };
        const struct users users = { "root:x:0:0::/:/bin/sh\nstudent:x:1000:1000::/:/bin/sh\n", "" };
        struct ns_ids ns = { 0 };
        const struct id_map map = { .n = 2, .v = { { 0, 1000, 1 }, { 1, 100000, 65536 } } };
        struct proc *proc;

        for (unsigned i = 0; i < NS_T_N; i++) {
                ns.host[i] = UINT64_C(4026531836) + i;
                ns.container[i] = ns.host[i] + (i == NS_T_USER || i == NS_T_TIME ? 0 : 1000);
        }
        ns.container[NS_T_CGROUP] = 0;
        add_proc(&host, 1, 0, 0, "systemd");
        proc = add_proc(&host, 812, 1, 1000, extra_name);
        free(proc->cmdline);
        proc->cmdline = xstrdup(extra_line);
        add_told(&host, SAMPLE_KEEPER, 812, 0, "vitrine keeper", 0, 0);
        proc = add_told(&host, SAMPLE_INIT, SAMPLE_KEEPER, 0, "sleep", 1, 0);
        sample_tell(proc, uid, bounding);
        proc = add_told(&container, 1, 0, 0, "sleep", 0, 0);
        sample_tell(proc, uid, bounding);
        free(proc->cmdline);
        proc->cmdline = xstrdup("sleep 3600");
        *sample = (struct sample){ 0 };
        spec_init(&sample->spec);
        free(sample->spec.image);
        sample->spec.image = xstrdup("ubuntu");
        strv_add(&sample->command, "sleep");
        strv_add(&sample->command, "3600");
        snapshot_join(&(struct snapshot_input){ .host = &host,
                                                .container = &container,
                                                .host_names = &host_names,
                                                .users = &users,
                                                .init_host = SAMPLE_INIT,
                                                .keeper = SAMPLE_KEEPER,
                                                .ns = &ns,
                                                .uid_map = &map,
                                                .gid_map = &map },
                      &sample->snapshot);
        sample->extra = (struct snapshot_extra){ .spec = &sample->spec,
                                                 .root = "demo",
                                                 .command = &sample->command,
                                                 .kernel_release = "6.18.0",
                                                 .state = "running" };
        proc_table_finish(&host);
        proc_table_finish(&container);
}

static inline void sample_finish(struct sample *sample)
{
        snapshot_finish(&sample->snapshot);
        spec_finish(&sample->spec);
        strv_finish(&sample->command);
}
