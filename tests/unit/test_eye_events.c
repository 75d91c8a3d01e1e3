/* SPDX-License-Identifier: MIT */
/* Messages of the proc connector, and what they do to the rows. */
#include "config.h"

#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "eye/events.h"
#include "eye/reader.h"

/* As the kernel lays it out. */
struct message {
        struct nlmsghdr head;
        struct cn_msg control;
        unsigned char event[sizeof(struct proc_event)];
};

static struct message make_message(struct proc_event event)
{
        struct message message = { .head = { .nlmsg_len = sizeof(message), .nlmsg_type = NLMSG_DONE },
                                   .control = { .id = { .idx = CN_IDX_PROC, .val = CN_VAL_PROC },
                                                .len = sizeof(event) } };

        memcpy(message.event, &event, sizeof(event));
        return message;
}

static struct proc_event changed(unsigned what, pid_t pid)
{
        struct proc_event event = { 0 };

        event.what = what;
        event.event_data.exec.process_pid = pid;
        event.event_data.exec.process_tgid = pid;
        return event;
}

static void each_kind_of_event_names_its_process(void **state)
{
        static const struct {
                unsigned what;
                enum event_kind kind;
        } cases[] = {
                { PROC_EVENT_EXEC, EVENT_CHANGED }, { PROC_EVENT_UID, EVENT_CHANGED },
                { PROC_EVENT_GID, EVENT_CHANGED },  { PROC_EVENT_COMM, EVENT_CHANGED },
                { PROC_EVENT_EXIT, EVENT_EXIT },
        };
        struct proc_event fork = { 0 };
        struct message message;
        struct event event;

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                message = make_message(changed(cases[i].what, 77));
                assert_true(event_parse(&message, sizeof(message), &event));
                assert_int_equal(event.kind, cases[i].kind);
                assert_int_equal(event.pid, 77);
        }
        fork.what = PROC_EVENT_FORK;
        fork.event_data.fork.parent_pid = 12;
        fork.event_data.fork.parent_tgid = 10;
        fork.event_data.fork.child_pid = fork.event_data.fork.child_tgid = 90;
        message = make_message(fork);
        assert_true(event_parse(&message, sizeof(message), &event));
        assert_int_equal(event.kind, EVENT_FORK);
        assert_int_equal(event.pid, 10);
}

static void what_is_no_event_is_left_alone(void **state)
{
        struct message message = make_message(changed(PROC_EVENT_EXEC, 77)), other = message;
        struct event event;

        (void)state;
        for (size_t n = 0; n < sizeof(message); n++)
                assert_false(event_parse(&message, n, &event));
        other.control.id.idx = CN_IDX_PROC + 1;
        assert_false(event_parse(&other, sizeof(other), &event));
        other = message;
        other.head.nlmsg_len = sizeof(other) + 1;
        assert_false(event_parse(&other, sizeof(other), &event));
        other = message;
        other.control.len = sizeof(struct proc_event) - 1;
        assert_false(event_parse(&other, sizeof(other), &event));
        other = make_message(changed(PROC_EVENT_SID, 77));
        assert_false(event_parse(&other, sizeof(other), &event));
        other = make_message(changed(PROC_EVENT_NONE, 77));
        assert_false(event_parse(&other, sizeof(other), &event));
}

enum { ROWS = 4 };

static void fill(struct reader *reader, struct seen *rows)
{
        static const pid_t pids[ROWS] = { 1, 20, 30, 40 }, parents[ROWS] = { 0, 1, 20, 1 };

        memset(rows, 0, ROWS * sizeof(*rows));
        for (int i = 0; i < ROWS; i++) {
                rows[i].proc.pid = pids[i];
                rows[i].proc.ppid = parents[i];
                rows[i].tied = pids[i] == 30;
        }
        *reader = (struct reader){ .v = rows, .n = ROWS };
}

static void what_happens_to_a_tied_row_stirs(void **state)
{
        struct seen rows[ROWS];
        struct reader reader;

        (void)state;
        fill(&reader, rows);
        reader_touch(&reader, 20);
        reader_touch(&reader, 99);
        assert_true(rows[1].touched && !rows[2].touched);
        assert_int_equal(reader.stirs, 0);
        reader_touch(&reader, 30);
        assert_int_equal(reader.stirs, 1);
        reader_end(&reader, 30);
        assert_int_equal(reader.stirs, 2);
        free(reader.ended);
}

static void the_children_of_what_has_ended_are_read_again(void **state)
{
        struct seen rows[ROWS];
        struct reader reader;

        (void)state;
        fill(&reader, rows);
        reader_end(&reader, 20);
        assert_false(rows[2].touched);
        reader_touch_orphans(&reader);
        assert_true(rows[1].touched && rows[2].touched);
        assert_false(rows[0].touched || rows[3].touched);
        assert_int_equal(reader.n_ended, 0);
        assert_int_equal(reader.stale, 0);
        /* Where more have ended than are kept, everything is. */
        for (int i = 0; i <= ENDED_MAX; i++)
                reader_end(&reader, 1000 + i);
        assert_int_equal(reader.stale, ROWS);
        free(reader.ended);
}

static void one_pass_over_all_follows_what_was_missed_though_another_comes_between(void **state)
{
        struct seen rows[ROWS];
        struct reader reader;
        const struct reader_plan turn = { .list = true, .rotate = 2 }, asked = { .asked = true, .rotate = 2 };

        (void)state;
        fill(&reader, rows);
        for (int i = 0; i < ROWS; i++) {
                rows[i].proc.comm = (char[]){ "x" };
                rows[i].read = READ_DONE;
        }
        reader_miss(&reader);
        reader_choose(&reader, &turn);
        assert_int_equal(reader.due, 2);
        rows[0].read = READ_DONE;
        reader_choose(&reader, &asked);
        assert_int_equal(reader.due, 1);
        assert_int_equal(rows[1].read, READ_DUE);
        rows[1].read = READ_DONE;
        reader_choose(&reader, &turn);
        assert_true(rows[2].read == READ_DUE && rows[3].read == READ_DUE && reader.due == 2);
        rows[2].read = rows[3].read = READ_DONE;
        assert_int_equal(reader.stale, 0);
        reader_choose(&reader, &asked);
        assert_int_equal(reader.due, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_kind_of_event_names_its_process),
                cmocka_unit_test(what_is_no_event_is_left_alone),
                cmocka_unit_test(what_happens_to_a_tied_row_stirs),
                cmocka_unit_test(the_children_of_what_has_ended_are_read_again),
                cmocka_unit_test(one_pass_over_all_follows_what_was_missed_though_another_comes_between),
        };

        return cmocka_run_group_tests_name("eye_told", tests, NULL, NULL);
}
