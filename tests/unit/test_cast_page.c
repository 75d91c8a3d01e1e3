/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "cast/publish.h"
#include "tree.h"

#define BAD "</script><!--&\"'>"
#define BAD_HTML "&lt;/script&gt;&lt;!--&amp;&quot;&#39;&gt;"

static void assert_page(const struct page *page, const char *frame, const char *expected)
{
        struct page_parts parts = { (char *)frame, (char *)"@TITLE@js", (char *)"css", (char *)"a\n\n<b>\n" };
        own_free char *whole = xasprintf("%s%s", PAGE_BEGINS, expected);
        size_t n;
        own_free char *text = page_text(page, &parts, &n);

        assert_string_equal(text, whole);
        assert_int_equal(n, strlen(text));
}

static const struct cues none;
static const struct page empty = { "t", "", 0, &none, &none, &none };

static void names_in_the_frame_are_filled_in_once(void **state)
{
        (void)state;
        assert_page(&empty, "", "");
        assert_page(&empty, "<title>@TITLE@</title>", "<title>t</title>");
        assert_page(&empty, "@PLAYER_JS@|@PLAYER_CSS@|@PLAYER_LICENCE@", "@TITLE@js|css|a<br>&lt;b&gt;");
        assert_page(&empty, "@media @ @@ @NONE@ @TITLE @TITLE@@", "@media @ @@ @NONE@ @TITLE t@");
        assert_page(&empty, "a@", "a@");
}

static void every_text_is_escaped(void **state)
{
        struct cues one = { 0 };
        struct page page = { BAD "\033\xff", "", 0, &one, &none, &none };

        (void)state;
        cues_add(&one, 61005, "\n" BAD "\n\nsecond\r\n");
        cues_add(&one, 62000, " \n");
        assert_page(&page, "@TITLE@", BAD_HTML "\\x1b\\xff");
        assert_page(&page, "@TRANSCRIPT@",
                    "<p class=\"caption\" id=\"caption-1\"><a href=\"#caption-1\" "
                    "data-at=\"61.005\"><time>1:01</time></a> " BAD_HTML "<br>second</p>\n");
        page = (struct page){ "t", "", 0, &none, &one, &none };
        one.n = 1;
        assert_page(&page, "@CHAPTERS@",
                    "<li><a href=\"#chapter-1\" data-at=\"61.005\"><time>1:01</time> \\x0a" BAD_HTML
                    "\\x0a\\x0asecond\\x0d\\x0a</a></li>\n");
        one.n = 2;
        cues_finish(&one);
}

static void the_transcript_is_in_the_order_of_time(void **state)
{
        struct cues captions = { 0 }, chapters = { 0 }, keys = { 0 };
        struct page page = { "t", "", 0, &captions, &chapters, &keys };
        struct page_parts parts = { (char *)"@TRANSCRIPT@", (char *)"", (char *)"", (char *)"" };
        static const char *const order[] = { "id=\"caption-1\"", "id=\"chapter-1\"", "id=\"key-1\"",
                                             "id=\"caption-2\"", "id=\"key-2\"",     "id=\"chapter-2\"" };
        own_free char *text = NULL;
        const char *at;
        size_t n;

        (void)state;
        cues_add(&captions, 0, "first");
        cues_add(&captions, 1000, "second");
        cues_add(&chapters, 1000, "one");
        cues_add(&chapters, 5000, "two");
        cues_add(&keys, 1000, "K");
        cues_add(&keys, 2000, "u");
        cues_add(&keys, 2500, "!");
        cues_type(&keys, 2600, "p");
        cues_type(&keys, 2700, "s");
        cues_type(&keys, 2800, " ");
        cues_type(&keys, 2900, "<");
        cues_add(&keys, 3000, "Enter");
        cues_type(&keys, 3100, "x");
        text = page_text(&page, &parts, &n);
        at = text;
        for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
                at = strstr(at, order[i]);
                assert_non_null(at);
        }
        assert_non_null(strstr(text, "key <kbd>K</kbd>"));
        at = strstr(text, "key <kbd>!</kbd></p>\n<p class=\"key\" id=\"key-4\">");
        assert_non_null(at);
        at = strstr(at, "<time>0:02</time></a> typed <kbd>ps &lt;</kbd></p>\n");
        assert_non_null(at);
        at = strstr(at, "key <kbd>Enter</kbd></p>\n");
        assert_non_null(at);
        assert_non_null(strstr(at, "typed <kbd>x</kbd></p>\n"));
        cues_finish(&captions);
        cues_finish(&chapters);
        cues_finish(&keys);
}

/* A line that a killed writer left is left out: players would refuse the whole. */
static void the_recording_is_whole_and_no_html(void **state)
{
        static const char cast[] = "{\"version\": 2}\n[0.0, \"o\", \"</script><!--\"]\n[1.0, \"o\", \"ab";
        struct page page = { "t", cast, sizeof(cast) - 1, &none, &none, &none };

        (void)state;
        assert_page(&page, "@CAST@", "{\"version\": 2}\n[0.0, \"o\", \"\\u003c/script>\\u003c!--\"]\n");
        page.cast_len = 5;
        assert_page(&page, "@CAST@", "");
}

static const char *assets(void)
{
        static char path[4096];
        const char *top = getenv("top_srcdir");

        snprintf(path, sizeof(path), "%s/assets", top ? top : ".");
        return path;
}

static void a_page_is_written_whole_and_over_one_of_its_kind_alone(void **state)
{
        struct tree tree;
        struct fault fault = { 0 };
        char path[80];
        own_free char *one = NULL, *two = NULL;
        size_t n, again;

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/page.html", tree.path);
        tree_put(&tree, "page.html", "<!DOCTYPE html>\n<p>somebody's own</p>\n");
        assert_false(publish_page(path, assets(), &empty, &fault));
        assert_non_null(strstr(fault.why, "none of vitrine's recordings"));
        assert_int_equal(unlinkat(tree.fd, "page.html", 0), 0);
        assert_true(publish_page(path, assets(), &empty, &fault));
        assert_true(io_read_file(AT_FDCWD, path, 4 << 20, &one, &n));
        assert_true(publish_page(path, assets(), &empty, &fault));
        assert_true(io_read_file(AT_FDCWD, path, 4 << 20, &two, &again));
        assert_int_equal(n, again);
        assert_memory_equal(one, two, n);
        assert_non_null(strstr(one, "default-src 'none'"));
        assert_non_null(strstr(one, "var AsciinemaPlayer="));
        assert_non_null(strstr(one, "Apache License"));
        tree_close(&tree); /* nothing else lies there: it could not be removed */
}

/* What is asked before the recording begins. */
static void that_a_page_lacks_its_parts_is_known_before(void **state)
{
        struct tree tree;
        struct fault fault = { 0 };
        char path[80];

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/a.html", tree.path);
        assert_true(publish_check(NULL, NULL, tree.path, &fault));
        assert_true(publish_check(NULL, path, assets(), &fault));
        assert_false(publish_check(NULL, path, tree.path, &fault));
        assert_string_equal(fault.step, "read a part of the page");
        assert_false(publish_check("/dev/full", path, assets(), &fault));
        assert_non_null(strstr(fault.why, "a device"));
        assert_int_equal(access(path, F_OK), -1);
        tree_close(&tree);
}

static void what_cannot_be_written_is_a_fault(void **state)
{
        struct tree tree;
        struct fault fault = { 0 };
        char path[80];

        (void)state;
        tree_open(&tree);
        snprintf(path, sizeof(path), "%s/a", tree.path);
        assert_int_equal(mkfifo(path, 0600), 0);
        assert_false(publish_vtt(path, &none, 0, &fault));
        assert_non_null(strstr(fault.why, "a FIFO"));
        assert_false(publish_vtt("/dev/full", &none, 0, &fault));
        assert_non_null(strstr(fault.why, "a device"));
        assert_false(publish_vtt("/proc/self/no/a.vtt", &none, 0, &fault));
        assert_int_equal(fault.err, ENOENT);
        assert_false(publish_page(path, tree.path, &empty, &fault));
        assert_int_equal(fault.err, ENOENT);
        assert_non_null(strstr(fault.path, "/page.html"));
        assert_non_null(strstr(fault.hint, "assets/"));
        snprintf(path, sizeof(path), "%s/b.vtt", tree.path);
        assert_true(publish_vtt(path, &none, 0, &fault));
        assert_true(publish_vtt(path, &none, 0, &fault));
        tree_close(&tree);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_in_the_frame_are_filled_in_once),
                cmocka_unit_test(every_text_is_escaped),
                cmocka_unit_test(the_transcript_is_in_the_order_of_time),
                cmocka_unit_test(the_recording_is_whole_and_no_html),
                cmocka_unit_test(a_page_is_written_whole_and_over_one_of_its_kind_alone),
                cmocka_unit_test(that_a_page_lacks_its_parts_is_known_before),
                cmocka_unit_test(what_cannot_be_written_is_a_fault),
        };

        if (!setlocale(LC_ALL, "C.UTF-8"))
                return 77;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
