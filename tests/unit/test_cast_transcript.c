/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <locale.h>

#include <cmocka.h>

#include "cast/transcript.h"

static void assert_vtt(const struct cues *cues, uint64_t end_ms, const char *expected)
{
        char *vtt = cues_vtt(cues, end_ms);

        assert_string_equal(vtt, expected);
        free(vtt);
}

static void an_empty_list_is_a_header_alone(void **state)
{
        struct cues cues = { 0 };

        (void)state;
        assert_vtt(&cues, 5000, "WEBVTT\n");
        cues_add(&cues, 0, "");
        cues_add(&cues, 0, " \n\t\r\n");
        assert_vtt(&cues, 5000, "WEBVTT\n");
        cues_finish(&cues);
}

static void a_cue_stands_until_the_next_and_the_last_until_the_end(void **state)
{
        struct cues cues = { 0 };

        (void)state;
        cues_add(&cues, 1500, "one");
        cues_add(&cues, 4000, "two");
        cues_add(&cues, 3723004, "three");
        cues_add(&cues, 3730000, ""); /* taken away */
        assert_vtt(&cues, 3800000,
                   "WEBVTT\n"
                   "\n00:00:01.500 --> 00:00:04.000\none\n"
                   "\n00:00:04.000 --> 01:02:03.004\ntwo\n"
                   "\n01:02:03.004 --> 01:02:10.000\nthree\n");
        cues_finish(&cues);
        cues_add(&cues, 1500, "one");
        assert_vtt(&cues, 60000, "WEBVTT\n\n00:00:01.500 --> 00:01:00.000\none\n");
        assert_vtt(&cues, 0, "WEBVTT\n\n00:00:01.500 --> 00:00:03.500\none\n");
        cues_finish(&cues);
}

/* Five within a second, one in time again after them. */
static void cues_never_overlap_and_stand_two_seconds(void **state)
{
        struct cues cues = { 0 };

        (void)state;
        cues_add(&cues, 0, "a");
        cues_add(&cues, 100, "b");
        cues_add(&cues, 50, "c"); /* time does not go back */
        cues_add(&cues, 7000, "d");
        assert_int_equal(cues.v[2].at_ms, 100);
        assert_vtt(&cues, 7000,
                   "WEBVTT\n"
                   "\n00:00:00.000 --> 00:00:02.000\na\n"
                   "\n00:00:02.000 --> 00:00:04.000\nb\n"
                   "\n00:00:04.000 --> 00:00:07.000\nc\n"
                   "\n00:00:07.000 --> 00:00:09.000\nd\n");
        cues_finish(&cues);
}

static void a_text_cannot_end_its_cue_or_begin_another(void **state)
{
        struct cues cues = { 0 };

        (void)state;
        cues_add(&cues, 0, "a\n\n00:00:00.000 --> 00:00:09.000\r\n<b>x</b> & \033]0;y\a\xff");
        assert_vtt(&cues, 0,
                   "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n"
                   "a\n00:00:00.000 --&gt; 00:00:09.000\n"
                   "&lt;b&gt;x&lt;/b&gt; &amp; \\x1b]0;y\\x07\\xff\n");
        cues_finish(&cues);
}

static void the_transcript_lies_beside_the_recording(void **state)
{
        static const char *const cases[][2] = { { "a.cast", "a.vtt" },
                                                { "/x/y.cast", "/x/y.vtt" },
                                                { "a", "a.vtt" },
                                                { "a.cast.old", "a.cast.old.vtt" },
                                                { "/x/.cast", "/x/.cast.vtt" },
                                                { ".cast", ".cast.vtt" } };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char *path = cues_vtt_path(cases[i][0]);

                assert_string_equal(path, cases[i][1]);
                free(path);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_empty_list_is_a_header_alone),
                cmocka_unit_test(a_cue_stands_until_the_next_and_the_last_until_the_end),
                cmocka_unit_test(cues_never_overlap_and_stand_two_seconds),
                cmocka_unit_test(a_text_cannot_end_its_cue_or_begin_another),
                cmocka_unit_test(the_transcript_lies_beside_the_recording),
        };

        if (!setlocale(LC_ALL, "C.UTF-8"))
                return 77;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
