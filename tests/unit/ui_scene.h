/* SPDX-License-Identifier: MIT */
/* A container and its machine for the tests of the screen. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snapshot_tables.h"
#include "spec/spec.h"
#include "ui/ui.h"

struct cast_of {
        pid_t keeper, init; /* on the machine */
        uint32_t uid;
        uint64_t bounding, effective;
        unsigned fillers;  /* more processes of the machine */
        const char *extra; /* the name of a second process of the container, or NULL */
        bool pid_shared, net_shared, own_userns, no_new_privs;
        uint32_t uid_outside; /* with own_userns */
        int seccomp;
        enum cage_mode mode;
};

#define MASK_DEFAULT UINT64_C(0xa80425fb)
#define MASK_NO_KILL UINT64_C(0xa80425db)

/* What the first scene shows: 74 processes, the container's init is 3301. */
static inline struct cast_of first_cast(void)
{
        return (struct cast_of){ .keeper = 3299,
                                 .init = 3301,
                                 .bounding = MASK_DEFAULT,
                                 .effective = MASK_DEFAULT,
                                 .fillers = 69,
                                 .seccomp = 2 };
}

static inline struct proc *add_member(struct proc_table *table, const struct cast_of *cast, pid_t pid,
                                      pid_t ppid, uint32_t uid, const char *cmdline, pid_t second)
{
        struct proc *proc = add_told(table, pid, ppid, uid, "sleep", second, 0);

        free(proc->cmdline);
        proc->cmdline = xstrdup(cmdline);
        snprintf(proc->comm, strlen(proc->comm) + 1, "%s", strncmp(cmdline, "sh", 2) == 0 ? "sh" : "sleep");
        proc->status->caps = (struct cap_sets){ .bounding = cast->bounding,
                                                .effective = cast->effective,
                                                .permitted = cast->effective };
        proc->status->no_new_privs = cast->no_new_privs;
        proc->status->seccomp = cast->seccomp;
        return proc;
}

static inline void fill_machine(struct proc_table *host, const struct cast_of *cast)
{
        uint32_t uid = cast->own_userns ? cast->uid_outside : cast->uid;

        add_proc(host, 1, 0, 0, "systemd");
        for (unsigned i = 0; i < cast->fillers; i++)
                add_proc(host, (pid_t)(100 + i), 1, i % 2 ? 1000 : 0, "daemon");
        add_proc(host, 1000000 < cast->init ? 999999 : 3290, 1, 0, "vitrine");
        add_told(host, cast->keeper, 1000000 < cast->init ? 999999 : 3290, 0, "vitrine keeper", 0, 0);
        add_member(host, cast, cast->init, cast->keeper, uid, "sleep 3600", cast->pid_shared ? 0 : 1);
        if (cast->extra)
                add_member(host, cast, cast->init + 1, cast->keeper, 1000, cast->extra,
                           cast->pid_shared ? 0 : 6);
        add_proc(host, 1000000 < cast->init ? 1000340 : 3340, 1, 1000, "firefox");
}

static inline struct snapshot make_snapshot(const struct cast_of *cast)
{
        static const char passwd[] =
                "root:x:0:0::/root:/bin/sh\nstudent:x:1000:1000::/home/student:/bin/sh\n";
        struct host_name names[] = { { 0, "root" }, { 1000, "alice" }, { 1001, "alice" } };
        struct host_names host_names = { names, sizeof(names) / sizeof(names[0]) };
        struct users users = { .passwd = passwd, .group = "" };
        struct ns_ids ns;
        struct proc_table host = { .read_ms = 1 }, inside = { .read_ms = 1 };
        struct snapshot snapshot;

        for (unsigned i = 0; i < NS_T_N; i++) {
                ns.host[i] = 100 + i;
                ns.container[i] = i == NS_T_TIME || (i == NS_T_USER && !cast->own_userns) ? 100 + i : 200 + i;
        }
        if (cast->net_shared)
                ns.container[NS_T_NET] = ns.host[NS_T_NET];
        if (cast->pid_shared)
                ns.container[NS_T_PID] = ns.host[NS_T_PID];
        fill_machine(&host, cast);
        if (cast->pid_shared) {
                fill_machine(&inside, cast);
        } else {
                add_member(&inside, cast, 1, 0, cast->uid, "sleep 3600", 0);
                if (cast->extra)
                        add_member(&inside, cast, 6, 0, 1000, cast->extra, 0);
        }
        snapshot_join(&(struct snapshot_input){ .host = &host,
                                                .container = &inside,
                                                .host_names = &host_names,
                                                .users = &users,
                                                .init_host = cast->init,
                                                .keeper = cast->keeper,
                                                .pid_shared = cast->pid_shared,
                                                .ns = &ns,
                                                .mode = cast->mode },
                      &snapshot);
        proc_table_finish(&host);
        proc_table_finish(&inside);
        return snapshot;
}

/* A view as it is when nothing was pressed yet. spec is the caller's. */
static inline struct view make_view(const struct spec *spec, const struct snapshot *now)
{
        return (struct view){ .spec = spec,
                              .line = "docker run ubuntu sleep 3600",
                              .image_note = "",
                              .trouble = "",
                              .now = now,
                              .rules = caps_rules(ENGINE_DOCKER),
                              .state = RUN_RUNNING,
                              .clock_ms = 142000,
                              .started_ms = 100000,
                              .focus = PANE_CAPS,
                              .cap = 5,
                              .host_mode = HOST_NAMES };
}

/* The whole screen as text, each line with its newline; owned by the caller. */
static inline char *screen_text(const struct view *view, int cols, int rows)
{
        struct str text = { 0 };
        struct grid grid;

        grid_init(&grid, cols, rows);
        ui_draw(view, &grid);
        for (int y = 0; y < rows; y++) {
                char *row = grid_row_text(&grid, y);

                str_add_f(&text, "%s\n", row);
                free(row);
        }
        grid_finish(&grid);
        return str_take(&text);
}

struct scene {
        struct spec spec;
        struct snapshot now, before;
        struct view view;
};

static inline void open_scene(struct scene *scene, const struct cast_of *cast)
{
        *scene = (struct scene){ 0 };
        spec_init(&scene->spec);
        scene->now = make_snapshot(cast);
        scene->view = make_view(&scene->spec, &scene->now);
}

/* The container before the last change. */
static inline void open_before(struct scene *scene, const struct cast_of *cast)
{
        scene->before = make_snapshot(cast);
        scene->view.before = &scene->before;
        scene->view.can_undo = true;
}

static inline void close_scene(struct scene *scene)
{
        snapshot_finish(&scene->now);
        if (scene->view.before)
                snapshot_finish(&scene->before);
        spec_finish(&scene->spec);
}

static inline void assert_shows(const struct view *view, int cols, int rows, const char *what)
{
        char *text = screen_text(view, cols, rows);

        if (!strstr(text, what))
                print_message("not on the screen: %s\n%s", what, text);
        assert_non_null(strstr(text, what));
        free(text);
}

static inline void assert_hides(const struct view *view, int cols, int rows, const char *what)
{
        char *text = screen_text(view, cols, rows);

        assert_null(strstr(text, what));
        free(text);
}
