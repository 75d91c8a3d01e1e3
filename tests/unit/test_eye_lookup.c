/* SPDX-License-Identifier: MIT */
/* Names of users, with a directory of our own that can be slow. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "eye/lookup.h"

enum { UID_SLOW = 9, UID_NAMELESS = 5, UID_FAILS = 3, LONG_NAME = 300, START_MS = 100000 };

static int error; /* of the directory, about UID_FAILS; 0: none */

/* In place of the C library's: this program is linked with it first. */
struct passwd *getpwuid(uid_t uid)
{
        static char name[LONG_NAME + 1];
        static struct passwd user = { .pw_name = name };

        memset(name, 'a' + (int)(uid % 26), LONG_NAME);
        if (uid < 5)
                name[4] = '\0';
        while (uid == UID_SLOW)
                pause();
        if (uid == UID_FAILS && error) {
                errno = error;
                return NULL;
        }
        return uid == UID_NAMELESS ? NULL : &user;
}

/* Goes on until the child of a lookup has been reaped. */
static void let_it_end(struct lookup *lookup, uint64_t now_ms)
{
        for (int i = 0; i < 5000 && lookup->child > 0; i++) {
                struct pollfd ready = { .fd = lookup->fd, .events = POLLIN };

                poll(&ready, 1, 1);
                lookup_go(lookup, now_ms);
        }
        assert_int_equal(lookup->child, 0);
}

static void names_come_once_and_bounded(void **state)
{
        struct lookup lookup = { .fd = -1, .sock = -1 };
        struct eye_name names[8];

        (void)state;
        lookup_want(&lookup, 7);
        lookup_want(&lookup, UID_NAMELESS);
        lookup_want(&lookup, 1);
        lookup_want(&lookup, 7);
        assert_int_equal(lookup.n, 3);
        assert_int_equal(lookup_unsent(&lookup, names, 8), 0);
        lookup_go(&lookup, START_MS);
        assert_true(lookup.child > 0);
        let_it_end(&lookup, START_MS);
        assert_int_equal(lookup_unsent(&lookup, names, 1), 1);
        assert_int_equal(lookup_unsent(&lookup, names, 8), 2);
        assert_int_equal(names[0].uid, 1);
        assert_string_equal(names[0].name, "bbbb");
        assert_int_equal(names[1].uid, 7);
        assert_int_equal(strlen(names[1].name), sizeof(names[1].name) - 1);
        lookup_sent(&lookup, names, 2);
        assert_int_equal(lookup_unsent(&lookup, names, 8), 0);
        /* What has been answered, "none" too, is not asked again. */
        lookup_want(&lookup, UID_NAMELESS);
        lookup_go(&lookup, START_MS + 1000000);
        assert_int_equal(lookup.child, 0);
        assert_true(lookup_next(&lookup) == UINT64_MAX);
        lookup_finish(&lookup);
}

static void a_slow_directory_is_given_five_seconds_and_asked_again_later(void **state)
{
        struct lookup lookup = { .fd = -1, .sock = -1 };
        struct eye_name names[8];

        (void)state;
        lookup_want(&lookup, 1);
        lookup_want(&lookup, UID_SLOW);
        lookup_want(&lookup, UID_SLOW + 1);
        lookup_go(&lookup, START_MS);
        assert_true(lookup_next(&lookup) == START_MS + 5000);
        for (int i = 0; i < 5000 && lookup_unsent(&lookup, names, 8) == 0; i++) {
                poll(NULL, 0, 1);
                lookup_go(&lookup, START_MS + 4999);
        }
        /* What came before is there, and the child still is. */
        assert_int_equal(lookup_unsent(&lookup, names, 8), 1);
        assert_true(lookup.child > 0);
        lookup_sent(&lookup, names, 1);
        lookup_go(&lookup, START_MS + 5000);
        /* Who stands behind it need not wait for that. */
        for (int i = 0; i < 5000 && lookup_unsent(&lookup, names, 8) == 0; i++) {
                poll(NULL, 0, 1);
                lookup_go(&lookup, START_MS + 5000);
        }
        assert_int_equal(lookup_unsent(&lookup, names, 8), 1);
        assert_int_equal(names[0].uid, UID_SLOW + 1);
        lookup_sent(&lookup, names, 1);
        let_it_end(&lookup, START_MS + 5000);
        lookup_go(&lookup, START_MS + 64999);
        assert_int_equal(lookup.child, 0);
        lookup_go(&lookup, START_MS + 65000);
        assert_true(lookup.child > 0);
        lookup_finish(&lookup);
}

static void a_directory_that_cannot_be_asked_just_now_is_asked_again(void **state)
{
        static const int errors[] = { EIO, EMFILE, ECONNREFUSED, ENOENT };

        (void)state;
        for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
                struct lookup lookup = { .fd = -1, .sock = -1 };
                struct eye_name names[8];

                error = errors[i];
                lookup_want(&lookup, UID_FAILS);
                lookup_want(&lookup, 1);
                lookup_go(&lookup, START_MS);
                let_it_end(&lookup, START_MS);
                assert_int_equal(lookup_unsent(&lookup, names, 8), 1);
                assert_int_equal(names[0].uid, 1);
                lookup_sent(&lookup, names, 1);
                error = 0;
                lookup_go(&lookup, START_MS + 59999);
                assert_int_equal(lookup.child, 0);
                lookup_go(&lookup, START_MS + 60000);
                assert_int_equal(lookup.child > 0, errors[i] != ENOENT);
                let_it_end(&lookup, START_MS + 60000);
                assert_int_equal(lookup_unsent(&lookup, names, 8), errors[i] != ENOENT);
                lookup_finish(&lookup);
        }
}

static void the_number_of_names_is_bounded(void **state)
{
        struct lookup lookup = { .fd = -1, .sock = -1 };

        (void)state;
        for (uint32_t uid = 0; uid < EYE_NAMES_ALL + 100; uid++)
                lookup_want(&lookup, uid * 3);
        assert_int_equal(lookup.n, EYE_NAMES_ALL);
        lookup_finish(&lookup);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_come_once_and_bounded),
                cmocka_unit_test(a_slow_directory_is_given_five_seconds_and_asked_again_later),
                cmocka_unit_test(a_directory_that_cannot_be_asked_just_now_is_asked_again),
                cmocka_unit_test(the_number_of_names_is_bounded),
        };

        return cmocka_run_group_tests_name("eye_lookup", tests, NULL, NULL);
}
