/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "stage/info.h"
#include "stage/namespaces.h"
#include "ui/draw.h"

enum { LEAST = 60, NARROW_COLS = 40, LINES_MOST = 8, OWN_COLS = 33, WHY_COLS = 56 };

static void every_thing_is_explained_in_a_sentence_or_two(void **state)
{
        (void)state;
        for (unsigned topic = 0; topic < INFO_N; topic++) {
                struct info info = info_of(topic);
                size_t len;

                assert_true(info.name && *info.name && info.kind && *info.kind && info.sentence);
                len = strlen(info.sentence);
                if (len < LEAST || len > INFO_SENTENCE_MOST)
                        print_message("%s: %zu characters\n", info.name, len);
                assert_in_range(len, LEAST, INFO_SENTENCE_MOST);
                assert_int_equal(info.sentence[len - 1], '.');
                for (size_t i = 0; i < len; i++)
                        assert_in_range(info.sentence[i], ' ', '~');
                for (unsigned other = 0; other < topic; other++)
                        assert_string_not_equal(info.sentence, info_of(other).sentence);
        }
}

static void every_sentence_wraps_in_40_columns(void **state)
{
        (void)state;
        for (unsigned topic = 0; topic < INFO_N; topic++) {
                struct strv lines = { 0 };
                size_t words = 0;

                pen_wrap(info_of(topic).sentence, NARROW_COLS, &lines);
                assert_in_range(lines.n, 2, LINES_MOST);
                for (size_t i = 0; i < lines.n; i++) {
                        assert_in_range(text_width(lines.v[i]), 1, NARROW_COLS);
                        words += strlen(lines.v[i]) + 1;
                }
                /* No word was broken: only spaces have become line ends. */
                assert_int_equal(words, strlen(info_of(topic).sentence) + 1);
                strv_finish(&lines);
        }
}

static void topics_stand_where_they_are_looked_for(void **state)
{
        (void)state;
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                assert_string_equal(info_of(INFO_CAP + bit).name, caps_info(bit)->name);
        for (unsigned type = 0; type < NS_T_N; type++)
                assert_string_equal(info_of(INFO_NS + type).name, ns_type_names[type]);
        assert_string_equal(info_of(INFO_PPID).name, "PPID");
        assert_string_equal(info_of(INFO_GID).name, "gid");
        assert_string_equal(info_of(INFO_BOUNDING).name, "bounding");
}

static void what_a_beginner_is_most_often_wrong_about_is_said(void **state)
{
        static const struct {
                unsigned topic;
                const char *says;
        } cases[] = {
                { INFO_CAP + 5, "root without KILL cannot" },
                { INFO_CAP + 12, "with --network=host" },
                { INFO_CAP + 21, "hundreds of uses" },
                { INFO_CAP + 33, "most machines never ask for it" },
                { INFO_CAP + 11, "Nothing in the kernel asks for it" },
                { INFO_NS + NS_T_NET, "lo alone, without Docker's bridge" },
                { INFO_UID, "the same root" },
                { INFO_PID, "where the first is 1" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                assert_non_null(strstr(info_of(cases[i].topic).sentence, cases[i].says));
}

static void every_namespace_has_one_entry_that_fits(void **state)
{
        unsigned seen = 0;

        (void)state;
        for (size_t i = 0; i < NS_T_N; i++) {
                const struct ns_entry *entry = &ns_entries[i];

                seen |= 1u << entry->type;
                assert_in_range(strlen(entry->own), 10, OWN_COLS);
                assert_in_range(strlen(entry->shared), 10, OWN_COLS);
                assert_true((entry->flag != NULL) != (entry->why != NULL));
                if (entry->why)
                        assert_in_range(strlen(entry->why), 10, WHY_COLS);
                if (entry->type == NS_T_NET)
                        assert_string_equal(entry->own, "lo alone, without Docker's bridge");
        }
        assert_int_equal(seen, (1u << NS_T_N) - 1);
}

static void a_toggle_writes_its_flag_and_takes_it_back(void **state)
{
        (void)state;
        for (size_t i = 0; i < NS_T_N; i++) {
                bool users = ns_entries[i].type == NS_T_USER;
                const char *flag = users ? NS_REMAP_FLAG : ns_entries[i].flag;
                struct spec spec, before;
                char *line, expected[64];

                spec_init(&spec);
                free(spec.image);
                spec.image = xstrdup("ubuntu");
                spec_copy(&before, &spec);
                assert_int_equal(ns_toggle(&spec, ns_entries[i].type), flag != NULL);
                line = spec_line(&spec, users ? "vitrine" : "docker");
                snprintf(expected, sizeof(expected), "%s run %s%subuntu", users ? "vitrine" : "docker",
                         flag ? flag : "", flag ? " " : "");
                assert_string_equal(line, expected);
                free(line);
                ns_toggle(&spec, ns_entries[i].type);
                assert_true(spec_equal(&spec, &before));
                spec_finish(&spec);
                spec_finish(&before);
        }
}

static void an_own_network_asked_for_as_none_is_shared_too(void **state)
{
        struct spec spec;

        (void)state;
        spec_init(&spec);
        spec.network = NS_NONE;
        assert_true(ns_toggle(&spec, NS_T_NET));
        assert_int_equal(spec.network, NS_HOST);
        spec_finish(&spec);
}

static int use_utf8(void **state)
{
        (void)state;
        return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_thing_is_explained_in_a_sentence_or_two),
                cmocka_unit_test(every_sentence_wraps_in_40_columns),
                cmocka_unit_test(topics_stand_where_they_are_looked_for),
                cmocka_unit_test(what_a_beginner_is_most_often_wrong_about_is_said),
                cmocka_unit_test(every_namespace_has_one_entry_that_fits),
                cmocka_unit_test(a_toggle_writes_its_flag_and_takes_it_back),
                cmocka_unit_test(an_own_network_asked_for_as_none_is_shared_too),
        };

        return cmocka_run_group_tests_name("stage_info", tests, use_utf8, NULL);
}
