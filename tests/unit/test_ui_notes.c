/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "ui/notes.h"
#include "ui_scene.h"

enum { WIDE = 35, NARROW = 24 };

/* What is noted, joined with bars; owned by the caller. */
static char *notes_of(const struct view *view, int width)
{
        struct strv notes = { 0 };
        struct str text = { 0 };

        ui_notes(view, width, &notes);
        for (size_t i = 0; i < notes.n; i++)
                str_add_f(&text, "%s%s", i ? " | " : "", notes.v[i]);
        strv_finish(&notes);
        return str_take(&text);
}

static void assert_view(const struct view *view, int width, const char *expected)
{
        char *text = notes_of(view, width);

        assert_string_equal(text, expected);
        free(text);
}

/* before may be NULL. */
static void assert_notes(const struct cast_of *before, const struct cast_of *now, bool privileged, int width,
                         const char *expected)
{
        struct snapshot old = { 0 }, fresh = make_snapshot(now);
        struct spec spec;
        struct view view;

        spec_init(&spec);
        spec.caps.privileged = privileged;
        view = make_view(&spec, &fresh);
        if (before) {
                old = make_snapshot(before);
                view.before = &old;
        }
        assert_view(&view, width, expected);
        snapshot_finish(&fresh);
        snapshot_finish(&old);
        spec_finish(&spec);
}

static struct cast_of later(void)
{
        struct cast_of cast = first_cast();

        cast.keeper = 3316;
        cast.init = 3318;
        return cast;
}

static void the_first_notes_say_what_the_tie_means(void **state)
{
        struct cast_of now = first_cast();

        (void)state;
        assert_notes(NULL, &now, false, WIDE,
                     "one process, two numbers (PIDs): | 3301 on the machine, 1 in here | "
                     "the other 73 are invisible here");
        assert_notes(NULL, &now, false, NARROW,
                     "one process, two numbers: | 3301 outside, 1 in here | the other 73: invisible");
        now.extra = "sh";
        assert_notes(NULL, &now, false, WIDE,
                     "two processes, two numbers each | the other 73 are invisible here");
}

/* Of thousands not all are tied, and none of them is invisible. */
static void a_crowd_inside_is_not_called_invisible(void **state)
{
        enum { OTHERS = TIES_MOST + 999 };
        struct cast_of now = first_cast();
        struct snapshot fresh = make_snapshot(&now);
        struct spec spec;
        struct view view;

        (void)state;
        spec_init(&spec);
        fresh.host = xrealloc(fresh.host, fresh.n_host + TIES_MOST, sizeof(*fresh.host));
        for (int i = 0; i < TIES_MOST - 1; i++)
                fresh.host[fresh.n_host++] = (struct row){ .proc = fresh.host[0].proc, .tied = i + 2 };
        fresh.host_table.unread += OTHERS;
        fresh.container_table.unread += OTHERS;
        view = make_view(&spec, &fresh);
        assert_view(&view, WIDE,
                    "3000 processes, two numbers each | 2000 of them are tied here | "
                    "the other 73 are invisible here");
        snapshot_finish(&fresh);
        spec_finish(&spec);
}

static void a_shared_pid_namespace_has_one_number(void **state)
{
        struct cast_of now = first_cast(), before = first_cast();

        (void)state;
        now.pid_shared = true;
        assert_notes(NULL, &now, false, WIDE,
                     "pid namespace shared: same number | nothing is invisible here");
        now.init = 3318;
        now.keeper = 3316;
        assert_notes(&before, &now, false, WIDE,
                     "pid namespace shared: same number | nothing is invisible here | "
                     "3301 ended; NEW container: 3318");
}

static void a_change_is_told_cause_by_cause(void **state)
{
        const uint64_t kill = caps_bit(5), mac_admin = caps_bit(33);
        const struct {
                uint64_t before, now;
                uint32_t old_uid, uid;
                bool privileged;
                const char *says; /* after the line of the new container */
        } cases[] = {
                { MASK_DEFAULT, MASK_NO_KILL, 0, 0, false, "KILL dropped: 14 held, now 13" },
                { MASK_NO_KILL, MASK_DEFAULT, 0, 0, false, "KILL back: 13 held, now 14" },
                { MASK_DEFAULT, MASK_DEFAULT | mac_admin, 0, 0, false, "MAC_ADMIN added: 14 held, now 15" },
                { MASK_DEFAULT | mac_admin, MASK_DEFAULT, 0, 0, false, "MAC_ADMIN removed: 15 held, now 14" },
                { MASK_DEFAULT, CAPS_ALL, 0, 0, true, "--privileged: 14 held, now 41" },
                { CAPS_ALL, MASK_NO_KILL, 0, 0, false, "28 gone: 41 held, now 13" },
                { MASK_DEFAULT, MASK_DEFAULT & ~(kill | 1), 0, 0, false, "CHOWN, KILL dropped: 14, now 12" },
                { MASK_DEFAULT, 0, 0, 0, false, "14 dropped: 14 held, now 0" },
                { MASK_DEFAULT, MASK_DEFAULT, 0, 1000, false, "not root: 14 held became 0" },
                { MASK_DEFAULT, MASK_NO_KILL, 0, 1000, false,
                  "KILL dropped: 14 allowed, now 13 | not root: 13 held became 0" },
                { MASK_DEFAULT, MASK_DEFAULT, 1000, 0, false, "root: 0 held became 14" },
                { MASK_DEFAULT, MASK_DEFAULT, 1000, 1001, false, "user 1001, not 1000: 0 held" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct cast_of before = first_cast(), now = later();
                bool two = strchr(cases[i].says, '|') != NULL;
                char *expected;

                before.bounding = cases[i].before;
                before.effective = cases[i].old_uid ? 0 : cases[i].before;
                before.uid = cases[i].old_uid;
                now.bounding = cases[i].now;
                now.effective = cases[i].uid ? 0 : cases[i].now;
                now.uid = cases[i].uid;
                expected = xasprintf("3301 ended; NEW container: 3318 | %s%s", cases[i].says,
                                     two ? "" : " | the other 73 are invisible here");
                assert_notes(&before, &now, cases[i].privileged, WIDE, expected);
                free(expected);
        }
}

static void fences_and_namespaces_are_told_too(void **state)
{
        struct cast_of before = first_cast(), now = later();

        (void)state;
        now.no_new_privs = true;
        now.net_shared = true;
        assert_notes(&before, &now, false, WIDE,
                     "3301 ended; NEW container: 3318 | no-new-privs on: none regainable | "
                     "net namespace: the machine's");
        before = now;
        before.init = 3301;
        before.keeper = 3290;
        before.uid = now.uid = 1000;
        before.effective = now.effective = 0;
        now.bounding = MASK_NO_KILL;
        assert_notes(&before, &now, false, WIDE,
                     "3301 ended; NEW container: 3318 | KILL dropped: 14 bounding, now 13 | "
                     "the other 73 are invisible here");
        assert_notes(&now, &now, false, WIDE,
                     "one process, two numbers (PIDs): | 3318 on the machine, 1 in here | "
                     "the other 73 are invisible here");
}

/* Root holds all that is in its bounding set, and with one id nobody else can become root. */
static void nothing_is_called_regainable_that_is_not(void **state)
{
        static const struct {
                uint32_t uid;
                enum cage_mode mode;
                const char *says;
        } cases[] = {
                { 1000, MODE_ROOT, "no-new-privs off: regainable again" },
                { 1000, MODE_RANGE, "no-new-privs off: regainable again" },
                { 1000, MODE_ONE_ID, "no-new-privs off" },
                { 0, MODE_ROOT, "no-new-privs off" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct cast_of before = first_cast(), now = later();
                own_free char *expected =
                        xasprintf("3301 ended; NEW container: 3318 | %s | the other 73 are invisible here",
                                  cases[i].says);

                before.uid = now.uid = cases[i].uid;
                before.mode = now.mode = cases[i].mode;
                before.effective = now.effective = cases[i].uid ? 0 : MASK_DEFAULT;
                before.no_new_privs = true;
                assert_notes(&before, &now, false, WIDE, expected);
        }
}

static void long_numbers_take_the_short_form(void **state)
{
        struct cast_of before = first_cast(), now = first_cast();

        (void)state;
        before.init = 4194301;
        before.keeper = 4194300;
        now.init = 4194303;
        now.keeper = 4194302;
        assert_notes(&before, &now, false, WIDE,
                     "4194301 ended; NEW: 4194303 | the other 73 are invisible here");
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_first_notes_say_what_the_tie_means),
                cmocka_unit_test(a_crowd_inside_is_not_called_invisible),
                cmocka_unit_test(a_shared_pid_namespace_has_one_number),
                cmocka_unit_test(a_change_is_told_cause_by_cause),
                cmocka_unit_test(fences_and_namespaces_are_told_too),
                cmocka_unit_test(nothing_is_called_regainable_that_is_not),
                cmocka_unit_test(long_numbers_take_the_short_form),
        };

        return cmocka_run_group_tests_name("ui_notes", tests, use_utf8, NULL);
}
