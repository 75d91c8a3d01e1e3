/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "snapshot/snapshot.h"
#include "snapshot_tables.h"

enum { KEEPER = 3299, INIT = 3301 };

static const struct users image = { .passwd = "root:x:0:0::/root:/bin/sh\nstudent:x:1000:1000::/:/bin/sh\n",
                                    .group = "" };

/* A machine with one container: init, one more process, and one in a PID namespace below. */
static void make_sides(struct proc_table *host, struct proc_table *container)
{
        *host = (struct proc_table){ .read_ms = 500 };
        *container = (struct proc_table){ .read_ms = 400 };
        add_proc(host, 1, 0, 0, "systemd");
        add_proc(host, 3290, 1, 0, "vitrine");
        add_told(host, KEEPER, 3290, 0, "vitrine keeper", 0, 0);
        add_told(host, INIT, KEEPER, 0, "sleep", 1, 0);
        add_told(host, 3302, INIT, 1000, "sleep", 6, 0);
        add_told(host, 3303, 3302, 0, "sleep", 7, 1);
        /* another container of the machine: same levels, other numbers, same names */
        add_told(host, 4000, 1, 0, "sleep", 1, 0);
        add_told(host, 4001, 4000, 0, "sleep", 6, 0);
        add_told(container, 1, 0, 0, "sleep", 0, 0);
        add_told(container, 6, 1, 1000, "sleep", 0, 0);
        add_told(container, 7, 6, 0, "sleep", 1, 0);
}

static struct snapshot join(struct proc_table *host, struct proc_table *container, bool pid_shared)
{
        struct host_name names[] = { { 0, "root" }, { 1000, "alice" } };
        const struct host_names host_names = { names, 2 };
        const struct ns_ids ns = { .container = { 1, 2 }, .host = { 3, 2 } };
        const struct id_map map = { .n = 1, .v = { { 0, 0, 4294967295u } } };
        const struct snapshot_input input = { .host = host,
                                              .container = container,
                                              .host_names = &host_names,
                                              .users = &image,
                                              .init_host = INIT,
                                              .keeper = KEEPER,
                                              .pid_shared = pid_shared,
                                              .ns = &ns,
                                              .uid_map = &map,
                                              .gid_map = &map,
                                              .mode = MODE_RANGE,
                                              .missing = 8 };
        struct snapshot snapshot;

        snapshot_join(&input, &snapshot);
        proc_table_finish(host);
        proc_table_finish(container);
        return snapshot;
}

static pid_t host_tie(const struct snapshot *snapshot, pid_t pid)
{
        const struct row *row = find_row(snapshot->host, snapshot->n_host, pid);

        assert_non_null(row);
        return row->tied;
}

static pid_t container_tie(const struct snapshot *snapshot, pid_t pid)
{
        const struct row *row = find_row(snapshot->container, snapshot->n_container, pid);

        assert_non_null(row);
        return row->tied;
}

static void one_process_is_tied_to_itself_alone(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        got = join(&host, &container, false);
        assert_int_equal(host_tie(&got, INIT), 1);
        assert_int_equal(host_tie(&got, 3302), 6);
        assert_int_equal(container_tie(&got, 1), INIT);
        assert_int_equal(container_tie(&got, 6), 3302);
        assert_int_equal(host_tie(&got, 1), 0);
        assert_int_equal(host_tie(&got, 3290), 0);
        assert_int_equal(host_tie(&got, KEEPER), 0);
        assert_int_equal(host_tie(&got, 4000), 0);
        assert_int_equal(host_tie(&got, 4001), 0);
        assert_true(got.init_seen);
        assert_int_equal(got.init_container, 1);
        assert_int_equal(got.init_inside.pid, 1);
        assert_int_equal(got.init_outside.pid, INIT);
        assert_true(got.read_ms == 400);
        assert_true(got.mode == MODE_RANGE && got.missing == 8 && got.keeper == KEEPER);
        assert_true(got.ns.container[NS_T_PID] == 1 && got.ns.host[NS_T_PID] == 3);
        assert_true(got.uid_map.n == 1 && got.gid_map.v[0].count == 4294967295u);
        snapshot_finish(&got);
        snapshot_finish(&got);
}

static void a_deeper_namespace_is_tied_at_the_cages_level(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        got = join(&host, &container, false);
        assert_int_equal(host_tie(&got, 3303), 7);
        assert_int_equal(container_tie(&got, 7), 3303);
        snapshot_finish(&got);
}

static void the_level_is_inits_own(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        /* A cage whose PID namespace is two below the machine's. */
        make_sides(&host, &container);
        host.v[3].status->nspid[1] = 50;
        host.v[3].status->nspid[2] = 1;
        host.v[3].status->n_nspid = 3;
        host.v[5].status->nspid[1] = 6;
        host.v[5].status->nspid[2] = 7;
        got = join(&host, &container, false);
        assert_int_equal(host_tie(&got, INIT), 1);
        assert_int_equal(host_tie(&got, 3303), 7);
        assert_int_equal(host_tie(&got, 3302), 0); /* 6 is its number in the namespace between */
        assert_int_equal(container_tie(&got, 6), 0);
        snapshot_finish(&got);
}

static void without_inits_status_nothing_is_tied(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        free(host.v[3].status);
        host.v[3].status = NULL;
        got = join(&host, &container, false);
        for (size_t i = 0; i < got.n_host; i++)
                assert_int_equal(got.host[i].tied, 0);
        assert_false(got.init_seen);
        assert_int_equal(got.init_outside.pid, 0);
        snapshot_finish(&got);
}

static void with_the_machines_pids_only_the_keepers_are_tied(void **state)
{
        struct proc_table host, container = { 0 };
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        proc_table_finish(&container);
        proc_table_copy(&container, &host);
        got = join(&host, &container, true);
        assert_int_equal(host_tie(&got, INIT), INIT);
        assert_int_equal(container_tie(&got, INIT), INIT);
        assert_int_equal(host_tie(&got, 3303), 3303);
        assert_int_equal(host_tie(&got, KEEPER), 0);
        assert_int_equal(container_tie(&got, KEEPER), 0);
        assert_int_equal(container_tie(&got, 1), 0);
        assert_int_equal(host_tie(&got, 4000), 0);
        assert_int_equal(got.init_container, INIT);
        assert_true(got.init_seen);
        snapshot_finish(&got);
}

static void a_hidden_keepers_children_are_still_its_own(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        host.v[2].pid = 2; /* no row with the keeper's PID */
        host.v[2].ppid = 0;
        proc_table_sort(&host);
        got = join(&host, &container, false);
        assert_int_equal(host_tie(&got, INIT), 1);
        assert_int_equal(host_tie(&got, 3302), 6);
        assert_int_equal(find_row(got.host, got.n_host, INIT)->depth, 0);
        snapshot_finish(&got);
}

static void half_a_tie_is_none(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        add_told(&host, 3304, INIT, 0, "new", 9, 0);  /* not yet seen inside */
        add_told(&host, 3305, INIT, 0, "dead", 0, 0); /* no number inside any more */
        add_told(&container, 11, 1, 0, "new", 0, 0);  /* not yet seen outside */
        proc_table_sort(&host);
        got = join(&host, &container, false);
        assert_int_equal(host_tie(&got, 3304), 0);
        assert_int_equal(host_tie(&got, 3305), 0);
        assert_int_equal(container_tie(&got, 11), 0);
        snapshot_finish(&got);
}

static void a_number_given_anew_ties_one_row(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        add_told(&host, 3304, INIT, 0, "later", 6, 0);
        proc_table_sort(&host);
        got = join(&host, &container, false);
        assert_int_equal(host_tie(&got, 3302), 0);
        assert_int_equal(host_tie(&got, 3304), 6);
        assert_int_equal(container_tie(&got, 6), 3304);
        snapshot_finish(&got);
}

static void rows_stand_in_tree_order(void **state)
{
        static const struct {
                pid_t pid;
                int depth;
        } want[] = { { 1, 0 },  { 20, 1 }, { 5, 2 }, { 30, 2 }, { 7, 3 },
                     { 21, 1 }, { 4, 0 },  { 8, 0 }, { 9, 1 } };
        struct proc_table host = { 0 }, container = { 0 };
        struct snapshot got;

        (void)state;
        add_proc(&host, 1, 0, 0, "init");
        add_proc(&host, 20, 1, 0, "a");
        add_proc(&host, 21, 1, 0, "b");
        add_proc(&host, 30, 20, 0, "c");
        add_proc(&host, 5, 20, 0, "d");
        add_proc(&host, 7, 30, 0, "e");
        add_proc(&host, 8, 999, 0, "orphan");
        add_proc(&host, 9, 8, 0, "orphan's");
        add_proc(&host, 4, 4, 0, "its own parent");
        got = join(&host, &container, false);
        assert_int_equal(got.n_host, sizeof(want) / sizeof(want[0]));
        assert_int_equal(got.n_container, 0);
        for (size_t i = 0; i < got.n_host; i++) {
                assert_int_equal(got.host[i].proc->pid, want[i].pid);
                assert_int_equal(got.host[i].depth, want[i].depth);
                assert_ptr_equal(got.host[i].proc, proc_table_find(&got.host_table, want[i].pid));
        }
        snapshot_finish(&got);
}

static void a_ring_of_parents_is_opened_at_its_lowest_pid(void **state)
{
        static const struct {
                pid_t pid;
                int depth;
        } want[] = { { 1, 0 }, { 10, 0 }, { 12, 1 }, { 11, 2 }, { 5, 3 }, { 3, 4 }, { 20, 0 }, { 21, 1 } };
        struct proc_table host = { 0 }, container = { 0 };
        struct snapshot got;

        (void)state;
        add_proc(&host, 1, 0, 0, "init");
        add_proc(&host, 3, 5, 0, "hangs lower");
        add_proc(&host, 5, 11, 0, "hangs");
        add_proc(&host, 10, 11, 0, "ring");
        add_proc(&host, 11, 12, 0, "ring");
        add_proc(&host, 12, 10, 0, "ring");
        add_proc(&host, 20, 21, 0, "ring of two");
        add_proc(&host, 21, 20, 0, "ring of two");
        got = join(&host, &container, false);
        assert_int_equal(got.n_host, sizeof(want) / sizeof(want[0]));
        for (size_t i = 0; i < got.n_host; i++) {
                assert_int_equal(got.host[i].proc->pid, want[i].pid);
                assert_int_equal(got.host[i].depth, want[i].depth);
        }
        snapshot_finish(&got);
}

static void a_ring_through_the_keeper_ends_and_ties_no_keeper(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        host.v[2].ppid = 3303;
        got = join(&host, &container, false);
        assert_int_equal(host_tie(&got, KEEPER), 0);
        assert_int_equal(host_tie(&got, INIT), 1);
        assert_int_equal(host_tie(&got, 3303), 7);
        snapshot_finish(&got);
        /* The ring is opened above the keeper, at a child of its own with a lower number. */
        make_sides(&host, &container);
        host.v[2].ppid = 100;
        add_proc(&host, 100, KEEPER, 0, "child");
        proc_table_sort(&host);
        proc_table_finish(&container);
        proc_table_copy(&container, &host);
        got = join(&host, &container, true);
        assert_int_equal(host_tie(&got, KEEPER), 0);
        assert_int_equal(host_tie(&got, 100), 100);
        assert_int_equal(host_tie(&got, 3303), 3303);
        snapshot_finish(&got);
}

static void every_row_comes_once_from_any_table(void **state)
{
        uint32_t seed = 7;

        (void)state;
        for (int round = 0; round < 300; round++) {
                struct proc_table host = { 0 }, container = { 0 };
                struct snapshot got;
                uint64_t seen = 0;

                for (pid_t pid = 1; pid <= 40; pid++) {
                        seed = seed * 1664525u + 1013904223u;
                        add_told(&host, pid, (pid_t)(seed >> 16) % 44, 0, "x", (pid_t)(seed >> 8) % 9, 0);
                }
                got = join(&host, &container, round % 2);
                assert_int_equal(got.n_host, 40);
                for (size_t i = 0; i < got.n_host; i++) {
                        uint64_t bit = UINT64_C(1) << got.host[i].proc->pid;

                        assert_false(seen & bit);
                        seen |= bit;
                        assert_in_range(got.host[i].depth, 0, i == 0 ? 0 : got.host[i - 1].depth + 1);
                        if (got.host[i].depth > 0)
                                assert_true(seen & UINT64_C(1) << got.host[i].proc->ppid);
                }
                snapshot_finish(&got);
        }
}

static void a_chain_of_ten_thousand_is_no_trouble(void **state)
{
        struct proc_table host = { 0 }, container = { 0 };
        struct snapshot got;

        (void)state;
        for (pid_t pid = 1; pid <= 10000; pid++)
                add_proc(&host, pid, pid - 1, (uint32_t)pid, "x");
        got = join(&host, &container, false);
        assert_int_equal(got.host[9999].depth, 9999);
        assert_int_equal(got.host[9999].proc->pid, 10000);
        snapshot_finish(&got);
}

static void a_user_is_a_name_of_his_side_or_a_number(void **state)
{
        struct proc_table host, container;
        struct snapshot got;

        (void)state;
        make_sides(&host, &container);
        add_proc(&host, 5000, 1, 4294967295u, "x");
        add_proc(&container, 8, 1, 33, "x");
        got = join(&host, &container, false);
        assert_string_equal(find_row(got.host, got.n_host, 1)->user, "root");
        assert_string_equal(find_row(got.host, got.n_host, 3302)->user, "alice");
        assert_string_equal(find_row(got.host, got.n_host, 5000)->user, "4294967295");
        assert_string_equal(find_row(got.container, got.n_container, 1)->user, "root");
        assert_string_equal(find_row(got.container, got.n_container, 6)->user, "student");
        assert_string_equal(find_row(got.container, got.n_container, 8)->user, "33");
        snapshot_finish(&got);
}

static void a_users_name_is_fit_to_be_shown(void **state)
{
        const struct users hostile = { .passwd = "e\x1b]0;x\x07vil:x:5:5::/:/bin/sh\n", .group = "" };
        struct proc_table host = { 0 }, container = { 0 };
        struct host_name name = { .uid = 6 };
        const struct host_names names = { &name, 1 };
        const struct snapshot_input input = {
                .host = &host, .container = &container, .host_names = &names, .users = &hostile
        };
        struct snapshot got;

        (void)state;
        memset(name.name, '\x9b', sizeof(name.name)); /* no NUL at its end either */
        add_proc(&host, 1, 0, 6, "x");
        add_proc(&container, 1, 0, 5, "x");
        snapshot_join(&input, &got);
        assert_string_equal(got.container[0].user, "e\\x1b]0;x\\x07vil");
        assert_int_equal(strlen(got.host[0].user), 4 * sizeof(name.name));
        assert_memory_equal(got.host[0].user, "\\x9b\\x9b", 8);
        snapshot_finish(&got);
        proc_table_finish(&host);
        proc_table_finish(&container);
}

static void many_users_in_a_huge_passwd_keep_their_numbers(void **state)
{
        struct proc_table host = { 0 }, container = { 0 };
        struct str passwd = { 0 };
        struct users users = { .group = "" };
        const struct snapshot_input input = { .host = &host, .container = &container, .users = &users };
        size_t named = 0;
        struct snapshot got;

        (void)state;
        for (uint32_t uid = 0; uid < 40000; uid++)
                str_add_f(&passwd, "u%u:x:%u:0::/:/bin/sh\n", uid, uid);
        users.passwd = str_text(&passwd);
        for (pid_t pid = 1; pid <= 3000; pid++)
                add_proc(&container, pid, 0, (uint32_t)pid, "x");
        snapshot_join(&input, &got);
        for (size_t i = 0; i < got.n_container; i++)
                named += got.container[i].user[0] == 'u';
        assert_in_range(named, 10, 100);
        assert_string_equal(got.container[0].user, "u1");
        assert_string_equal(got.container[2999].user, "3000");
        snapshot_finish(&got);
        proc_table_finish(&container);
        str_finish(&passwd);
}

static void names_are_found_by_uid(void **state)
{
        struct host_name v[] = { { 0, "root" }, { 7, "seven" }, { 4294967295u, "last" } };
        const struct host_names names = { v, 3 }, none = { 0 };

        (void)state;
        assert_string_equal(host_names_find(&names, 0), "root");
        assert_string_equal(host_names_find(&names, 4294967295u), "last");
        assert_null(host_names_find(&names, 8));
        assert_null(host_names_find(&none, 0));
        assert_string_equal(ns_type_names[NS_T_PID], "pid");
        assert_string_equal(ns_type_names[NS_T_CGROUP], "cgroup");
        assert_string_equal(ns_type_names[NS_T_TIME], "time");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(one_process_is_tied_to_itself_alone),
                cmocka_unit_test(a_deeper_namespace_is_tied_at_the_cages_level),
                cmocka_unit_test(the_level_is_inits_own),
                cmocka_unit_test(without_inits_status_nothing_is_tied),
                cmocka_unit_test(with_the_machines_pids_only_the_keepers_are_tied),
                cmocka_unit_test(a_hidden_keepers_children_are_still_its_own),
                cmocka_unit_test(half_a_tie_is_none),
                cmocka_unit_test(a_number_given_anew_ties_one_row),
                cmocka_unit_test(rows_stand_in_tree_order),
                cmocka_unit_test(a_ring_of_parents_is_opened_at_its_lowest_pid),
                cmocka_unit_test(a_ring_through_the_keeper_ends_and_ties_no_keeper),
                cmocka_unit_test(every_row_comes_once_from_any_table),
                cmocka_unit_test(a_chain_of_ten_thousand_is_no_trouble),
                cmocka_unit_test(a_user_is_a_name_of_his_side_or_a_number),
                cmocka_unit_test(a_users_name_is_fit_to_be_shown),
                cmocka_unit_test(many_users_in_a_huge_passwd_keep_their_numbers),
                cmocka_unit_test(names_are_found_by_uid),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
