/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "snapshot/table.h"
#include "snapshot_tables.h"

static void sorting_is_by_pid_and_keeps_the_first_of_equals(void **state)
{
        struct proc_table table = { 0 };

        (void)state;
        add_proc(&table, 30, 1, 0, "c");
        add_proc(&table, 1, 0, 0, "a");
        add_proc(&table, 2147483647, 1, 0, "d");
        add_proc(&table, 7, 1, 0, "b");
        proc_table_sort(&table);
        assert_int_equal(table.n, 4);
        assert_string_equal(table.v[0].comm, "a");
        assert_string_equal(table.v[1].comm, "b");
        assert_string_equal(table.v[2].comm, "c");
        assert_string_equal(table.v[3].comm, "d");
        add_proc(&table, 7, 1, 0, "again");
        proc_table_sort(&table);
        assert_int_equal(table.n, 4);
        assert_int_equal(proc_table_find(&table, 7)->pid, 7);
        assert_null(proc_table_find(&table, 8));
        assert_null(proc_table_find(&table, 0));
        proc_table_finish(&table);
        assert_null(proc_table_find(&table, 7));
        proc_table_sort(&table);
        proc_table_finish(&table);
}

/* Every field filled with something of its own. */
static void make_table(struct proc_table *table)
{
        struct proc *proc;
        struct status *status;

        *table = (struct proc_table){ .read_ms = UINT64_C(0x123456789abcdef), .trouble = xstrdup("hidepid") };
        add_proc(table, 1, 0, 0, "systemd");
        proc = add_told(table, 3301, 1, 4294967295u, "a\nb\x1b\xff", 1, 17);
        free(proc->cmdline);
        proc->cmdline = xstrdup("");
        status = proc->status;
        status->n_groups = STATUS_MAX_GROUPS;
        for (unsigned i = 0; i < STATUS_MAX_GROUPS; i++)
                status->groups[i] = i * 3;
        status->caps = (struct cap_sets){ 1, 2, 3, CAPS_ALL, UINT64_MAX };
        status->no_new_privs = true;
        status->seccomp = -1;
        memset(status->comm, 'x', sizeof(status->comm) - 1);
        proc = add_told(table, 2147483647, 3301, 5, "", 0, 0);
        proc->state = 'Z';
        free(proc->cmdline);
        proc->cmdline = xasprintf("%0200000d", 5);
}

static void assert_same_table(const struct proc_table *a, const struct proc_table *b)
{
        assert_int_equal(a->n, b->n);
        assert_int_equal(a->unread, b->unread);
        assert_true(a->read_ms == b->read_ms);
        assert_string_equal(a->trouble ? a->trouble : "-", b->trouble ? b->trouble : "-");
        for (size_t i = 0; i < a->n; i++) {
                const struct proc *x = &a->v[i], *y = &b->v[i];

                assert_true(x->pid == y->pid && x->ppid == y->ppid && x->uid == y->uid &&
                            x->state == y->state);
                assert_string_equal(x->comm, y->comm);
                assert_string_equal(x->cmdline, y->cmdline);
                assert_int_equal(!x->status, !y->status);
                if (x->status)
                        assert_memory_equal(x->status, y->status, sizeof(*x->status));
        }
}

static void what_is_packed_is_what_is_unpacked(void **state)
{
        struct proc_table table, back;
        struct str bytes = { 0 };

        (void)state;
        make_table(&table);
        proc_table_pack(&table, &bytes);
        assert_true(proc_table_unpack(bytes.s, bytes.len, &back));
        assert_same_table(&table, &back);
        proc_table_finish(&back);
        proc_table_copy(&back, &table);
        assert_same_table(&table, &back);
        assert_ptr_not_equal(back.v[1].status, table.v[1].status);
        proc_table_finish(&back);
        proc_table_finish(&table);
        str_finish(&bytes);
        proc_table_pack(&table, &bytes);
        assert_true(proc_table_unpack(bytes.s, bytes.len, &back));
        assert_int_equal(back.n, 0);
        assert_null(back.trouble);
        proc_table_finish(&back);
        str_finish(&bytes);
}

static void a_copy_outlives_what_it_was_made_from(void **state)
{
        struct proc_table table, first, second, third;
        struct str bytes = { 0 };

        (void)state;
        make_table(&table);
        proc_table_pack(&table, &bytes);
        assert_true(proc_table_unpack(bytes.s, bytes.len, &first));
        str_finish(&bytes);
        proc_table_copy(&second, &first);
        proc_table_finish(&first);
        proc_table_copy(&third, &second);
        /* A text of its own among those that are shared. */
        third.v[0].comm = xstrdup("other");
        proc_table_finish(&second);
        assert_string_equal(third.v[0].comm, "other");
        assert_string_equal(third.v[1].comm, table.v[1].comm);
        proc_table_finish(&third);
        proc_table_finish(&table);
}

/* Whichever of them is finished first; one that was made by hand is copied. */
static void a_shared_table_stays_until_the_last_has_done_with_it(void **state)
{
        struct proc_table table, first, second, copy;
        struct str bytes = { 0 };

        (void)state;
        make_table(&table);
        proc_table_share(&copy, &table);
        assert_ptr_not_equal(copy.v, table.v);
        assert_same_table(&table, &copy);
        proc_table_finish(&copy);
        proc_table_pack(&table, &bytes);
        for (int turn = 0; turn < 2; turn++) {
                assert_true(proc_table_unpack(bytes.s, bytes.len, &first));
                proc_table_share(&second, &first);
                assert_ptr_equal(second.v, first.v);
                first.read_ms = second.read_ms + 1; /* that is each one's own, as its trouble is */
                assert_ptr_not_equal(second.trouble, first.trouble);
                proc_table_copy(&copy, &second);
                proc_table_finish(turn ? &second : &first);
                assert_same_table(&table, &copy);
                copy.v[0].pid = -1;
                proc_table_finish(&copy);
                first = turn ? first : second;
                first.read_ms = table.read_ms;
                assert_same_table(&table, &first);
                proc_table_finish(&first);
        }
        proc_table_finish(&table);
        str_finish(&bytes);
}

static void packing_appends(void **state)
{
        struct proc_table table = { 0 }, back;
        struct str bytes = { 0 };

        (void)state;
        add_proc(&table, 5, 1, 0, "five");
        str_add(&bytes, "head");
        proc_table_pack(&table, &bytes);
        assert_memory_equal(bytes.s, "head", 4);
        assert_true(proc_table_unpack(bytes.s + 4, bytes.len - 4, &back));
        assert_same_table(&table, &back);
        proc_table_finish(&back);
        proc_table_finish(&table);
        str_finish(&bytes);
}

static void unsorted_rows_come_out_sorted(void **state)
{
        struct proc_table table = { 0 }, back;
        struct str bytes = { 0 };

        (void)state;
        add_proc(&table, 9, 1, 0, "nine");
        add_proc(&table, 5, 1, 0, "five");
        add_proc(&table, 9, 1, 0, "nine");
        proc_table_pack(&table, &bytes);
        assert_true(proc_table_unpack(bytes.s, bytes.len, &back));
        assert_int_equal(back.n, 2);
        assert_int_equal(back.v[0].pid, 5);
        proc_table_finish(&back);
        proc_table_finish(&table);
        str_finish(&bytes);
}

/* In a block of its own size, so that a byte read too far is seen. */
static bool unpack_exactly(const char *data, size_t n, struct proc_table *ret)
{
        char *copy = malloc(n ? n : 1);
        bool ok;

        memcpy(copy, data, n);
        ok = proc_table_unpack(copy, n, ret);
        free(copy);
        return ok;
}

static void small_table(struct str *bytes)
{
        struct proc_table table = { .trouble = xstrdup("why") };
        struct proc *proc = add_told(&table, 3301, 1, 1000, "sleep", 1, 0);

        proc->status->n_groups = 2;
        add_proc(&table, 3302, 3301, 1000, "sh");
        proc_table_pack(&table, bytes);
        proc_table_finish(&table);
}

static void every_truncation_and_every_addition_is_refused(void **state)
{
        struct proc_table back = { .n = 77 };
        struct str bytes = { 0 };

        (void)state;
        small_table(&bytes);
        for (size_t n = 0; n < bytes.len; n++)
                assert_false(unpack_exactly(bytes.s, n, &back));
        str_add_c(&bytes, '\0');
        assert_false(unpack_exactly(bytes.s, bytes.len, &back));
        assert_int_equal(back.n, 77);
        assert_false(proc_table_unpack(NULL, 0, &back));
        str_finish(&bytes);
}

/* Changes the four bytes at `at`. */
static void put(struct str *bytes, size_t at, uint32_t value)
{
        assert_true(at + sizeof(value) <= bytes->len);
        memcpy(bytes->s + at, &value, sizeof(value));
}

static void lies_are_refused(void **state)
{
        /* magic 0, rows 4, unread 8, read_ms 12, trouble 20, its length 21 and "why" 25; the first row 28:
         * pid, ppid 32, uid 36, state 40, comm's length 41, "sleep" 45, cmdline's 50, "sleep" 54, status 59:
         * pid 60, ppid 64, ids 68, groups 100, two of them, nspid 112, two of them, caps 124, … */
        static const struct {
                size_t at;
                uint32_t value;
        } lies[] = {
                { 0, 0 },
                { 4, 0 },
                { 4, 1 },
                { 4, 3 },
                { 4, 0xffffffff },
                { 8, 0xffffffff },
                { 21, 0xffffffff },
                { 21, 0x7fffffff },
                { 28, 0 },
                { 28, 0xffffffff },
                { 32, 0x80000000 },
                { 41, 6 },
                { 41, 0xfffffffb },
                { 45, 0x00616161 },
                { 50, 0xffffffff },
                { 60, 0 },
                { 100, STATUS_MAX_GROUPS + 1 },
                { 100, 0xffffffff },
                { 112, STATUS_MAX_LEVELS + 1 },
                { 112, 0xffffffff },
                { 116, 0xffffffff },
        };
        struct proc_table back;
        struct str bytes = { 0 };

        (void)state;
        small_table(&bytes);
        assert_memory_equal(bytes.s + 25, "why", 3);
        assert_memory_equal(bytes.s + 54, "sleep", 5);
        for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
                struct str lie = { 0 };

                str_add_n(&lie, bytes.s, bytes.len);
                put(&lie, lies[i].at, lies[i].value);
                if (unpack_exactly(lie.s, lie.len, &back))
                        fail_msg("taken: %u at %zu", lies[i].value, lies[i].at);
                str_finish(&lie);
        }
        str_finish(&bytes);
}

static uint32_t next_random(uint32_t *seed)
{
        *seed = *seed * 1664525u + 1013904223u;
        return *seed >> 8;
}

static void assert_sound(const struct proc_table *table)
{
        for (size_t i = 0; i < table->n; i++) {
                const struct proc *proc = &table->v[i];

                assert_true(proc->pid > 0 && proc->ppid >= 0);
                assert_true(i == 0 || table->v[i - 1].pid < proc->pid);
                assert_true(proc->state == '?' || (proc->state >= 'A' && proc->state <= 'z'));
                assert_true(strlen(proc->comm) + strlen(proc->cmdline) < 100000);
                if (!proc->status)
                        continue;
                assert_true(proc->status->n_groups <= STATUS_MAX_GROUPS);
                assert_true(proc->status->n_nspid <= STATUS_MAX_LEVELS);
                assert_non_null(memchr(proc->status->comm, '\0', sizeof(proc->status->comm)));
        }
}

static void ten_thousand_mutations_make_nothing_unsound(void **state)
{
        static const unsigned char edges[] = { 0, 1, 0x7f, 0x80, 0xff };
        uint32_t seed = 42;
        unsigned taken = 0, refused = 0;
        struct str bytes = { 0 };

        (void)state;
        small_table(&bytes);
        for (int round = 0; round < 10000; round++) {
                struct str copy = { 0 };
                struct proc_table back;

                str_add_n(&copy, bytes.s, bytes.len);
                for (uint32_t k = next_random(&seed) % 4 + 1; k > 0; k--) {
                        size_t at = next_random(&seed) % copy.len;
                        uint32_t pick = next_random(&seed);

                        copy.s[at] = (char)(pick & 1 ? edges[pick / 2 % sizeof(edges)] : pick / 2);
                }
                if (unpack_exactly(copy.s, copy.len, &back)) {
                        taken++;
                        assert_sound(&back);
                        proc_table_finish(&back);
                } else {
                        refused++;
                }
                str_finish(&copy);
        }
        assert_true(taken > 100);
        assert_true(refused > 100);
        str_finish(&bytes);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(sorting_is_by_pid_and_keeps_the_first_of_equals),
                cmocka_unit_test(what_is_packed_is_what_is_unpacked),
                cmocka_unit_test(a_copy_outlives_what_it_was_made_from),
                cmocka_unit_test(a_shared_table_stays_until_the_last_has_done_with_it),
                cmocka_unit_test(packing_appends),
                cmocka_unit_test(unsorted_rows_come_out_sorted),
                cmocka_unit_test(every_truncation_and_every_addition_is_refused),
                cmocka_unit_test(lies_are_refused),
                cmocka_unit_test(ten_thousand_mutations_make_nothing_unsound),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
