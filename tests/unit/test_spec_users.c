/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "spec/users.h"

static const struct users files = {
        .passwd = "root:x:0:0:root:/root:/bin/sh\n"
                  "\n"
                  "  student:x:1000:1000:student:/home/student:/bin/sh  \n"
                  "multi:x:1001:1001:multi:/:/bin/sh\n"
                  "second:x:1000:7:never reached by number:/second:\n"
                  "huge:x:4294967296:0::/:\n"
                  "hugegid:x:5:-3::/:\n"
                  "nohome:x:6:6\n"
                  "12:x:77:77::/twelve:\n"
                  "word:x:abc::::\n"
                  "last:x:9:9::/last",
        .group = "root:x:0:\n"
                 "student:x:1000:\n"
                 "multi:x:1001:\n"
                 "extra:x:2000:multi\n"
                 "staff2:x:2001:student,multi\n"
                 "near:x:2002:stud,students,\n"
                 "badgid:x:3000000000:nohome",
};

static void a_user_is_a_name_or_a_number(void **state)
{
        static const struct {
                const char *word;
                uint32_t uid, gid;
                const char *home, *groups;
        } cases[] = {
                { "", 0, 0, "/root", "" },
                { ":", 0, 0, "/root", "" },
                { "0", 0, 0, "/root", "" },
                { "1000", 1000, 1000, "/home/student", " 2001" },
                { "+1000", 1000, 1000, "/home/student", " 2001" },
                { "student", 1000, 1000, "/home/student", " 2001" },
                { "second", 1000, 7, "/second", "" },
                { "1000:", 1000, 1000, "/home/student", " 2001" },
                { "1000:1000", 1000, 1000, "/home/student", "" },
                { "1000:1000:1000", 1000, 1000, "/home/student", "" },
                { "1000::7", 1000, 1000, "/home/student", " 2001" },
                { "student:extra", 1000, 2000, "/home/student", "" },
                { "multi", 1001, 1001, "/", " 2000 2001" },
                { ":1000", 0, 1000, "/root", "" },
                { "4242", 4242, 0, "/", "" },
                { "4242:4343", 4242, 4343, "/", "" },
                { "2147483647:2147483647", 2147483647, 2147483647, "/", "" },
                { "nohome:extra", 6, 2000, "/", "" },
                { "12", 12, 0, "/", "" },
                { "word", 0, 0, "/", "" },
                { "last", 9, 9, "/last", "" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct identity who = { 0 };
                struct str groups = { 0 };
                char why[USERS_WHY] = "";

                if (!users_find(&files, cases[i].word, &who, why))
                        fail_msg("%s: %s", cases[i].word, why);
                for (size_t g = 0; g < who.n_groups; g++)
                        str_add_f(&groups, " %u", who.groups[g]);
                assert_int_equal(who.uid, cases[i].uid);
                assert_int_equal(who.gid, cases[i].gid);
                assert_string_equal(who.home, cases[i].home);
                assert_string_equal(str_text(&groups), cases[i].groups);
                str_finish(&groups);
                free(who.home);
        }
}

static void what_is_no_user_has_dockers_words(void **state)
{
        static const char range[] = "uids and gids must be in range 0-2147483647";
        static const struct {
                const char *word, *why;
        } cases[] = {
                { "nosuch", "unable to find user nosuch: no matching entries in passwd file" },
                { " 1000", "unable to find user  1000: no matching entries in passwd file" },
                { "1000 ", "unable to find user 1000 : no matching entries in passwd file" },
                { "0x10", "unable to find user 0x10: no matching entries in passwd file" },
                { "99999999999999999999",
                  "unable to find user 99999999999999999999: no matching entries in passwd file" },
                { "111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111"
                  "1111111"
                  "1111111111",
                  "unable to find user "
                  "1111111111111111111111111111111111111111111111111111111111111111111111111111"
                  "111111111111111111111111: no matching entries in passwd file" },
                { "-1", range },
                { "2147483648", range },
                { "4294967295", range },
                { "99999999999", range },
                { "0:-1", range },
                { "0:2147483648", range },
                { "huge", range },
                { "hugegid", range },
                { "nohome", range },
                { "0:badgid", range },
                { "0:nosuch", "unable to find group nosuch: no matching entries in group file" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct identity who = { .home = (char *)0x1 };
                char why[USERS_WHY] = "";

                if (users_find(&files, cases[i].word, &who, why))
                        fail_msg("%s is found", cases[i].word);
                assert_ptr_equal(who.home, (char *)0x1);
                assert_string_equal(why, cases[i].why);
        }
}

static void without_files_there_are_only_numbers(void **state)
{
        const struct users none = { .passwd = "", .group = "" };
        struct identity who = { 0 };
        char why[USERS_WHY];

        (void)state;
        assert_true(users_find(&none, "", &who, why));
        assert_int_equal(who.uid, 0);
        assert_string_equal(who.home, "/");
        free(who.home);
        assert_false(users_find(&none, "root", &who, why));
}

static void more_groups_than_there_is_room_for_are_refused(void **state)
{
        struct str text = { 0 };
        struct users many = { .passwd = "a:x:1:1::/:" };
        struct identity who;
        char why[USERS_WHY];

        (void)state;
        for (int i = 0; i < RESOLVED_MAX_GROUPS + 1; i++)
                str_add_f(&text, "g%d:x:%d:a\n", i, i + 10);
        many.group = text.s;
        assert_false(users_find(&many, "a", &who, why));
        assert_non_null(strstr(why, "more than 64 groups"));
        str_finish(&text);
}

static void a_group_to_add_is_a_name_or_a_number(void **state)
{
        uint32_t gid = 1;
        char why[USERS_WHY];

        (void)state;
        assert_true(users_find_group(&files, "extra", &gid, why) && gid == 2000);
        assert_true(users_find_group(&files, "4711", &gid, why) && gid == 4711);
        assert_false(users_find_group(&files, "nosuch", &gid, why));
        assert_string_equal(why, "Unable to find group nosuch");
        assert_false(users_find_group(&files, "", &gid, why));
        assert_false(users_find_group(&files, "-1", &gid, why));
        assert_int_equal(gid, 4711);
}

static void an_id_has_the_name_of_the_first_line_with_it(void **state)
{
        const struct users nis = { .passwd = "+::::::\nroot:x:0:0:::\n", .group = "" };
        char name[16], small[4];

        (void)state;
        assert_true(users_name_of_uid(&files, 1000, name, sizeof(name)));
        assert_string_equal(name, "student");
        assert_true(users_name_of_gid(&files, 2001, name, sizeof(name)));
        assert_string_equal(name, "staff2");
        assert_false(users_name_of_uid(&files, 4242, name, sizeof(name)));
        assert_true(users_name_of_uid(&files, 1000, small, sizeof(small)));
        assert_string_equal(small, "stu");
        assert_true(users_name_of_uid(&nis, 0, name, sizeof(name)));
        assert_string_equal(name, "root");
}

static void a_word_is_root_or_not(void **state)
{
        (void)state;
        assert_true(users_is_root("") && users_is_root("0") && users_is_root("root") &&
                    users_is_root(":1000"));
        assert_true(users_is_root("0:1000") && users_is_root("root:extra"));
        assert_false(users_is_root("1000") || users_is_root("student") || users_is_root("rooty:0"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_user_is_a_name_or_a_number),
                cmocka_unit_test(what_is_no_user_has_dockers_words),
                cmocka_unit_test(without_files_there_are_only_numbers),
                cmocka_unit_test(more_groups_than_there_is_room_for_are_refused),
                cmocka_unit_test(a_group_to_add_is_a_name_or_a_number),
                cmocka_unit_test(an_id_has_the_name_of_the_first_line_with_it),
                cmocka_unit_test(a_word_is_root_or_not),
        };

        return cmocka_run_group_tests_name("spec users", tests, NULL, NULL);
}
