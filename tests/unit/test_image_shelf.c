/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/str.h"
#include "image/image.h"

static void put(struct image_shelf *shelf, const char *name, const char *user)
{
        struct built built;

        built_init(&built);
        free(built.name);
        built.name = xstrdup(name);
        free(built.config.user);
        built.config.user = xstrdup(user);
        shelf_put(shelf, &built);
}

static void the_last_of_a_name_stays(void **state)
{
        struct image_shelf shelf = { 0 };

        (void)state;
        put(&shelf, "one:latest", "1");
        put(&shelf, "two:latest", "2");
        put(&shelf, "one:latest", "3");
        assert_int_equal(shelf.n, 2);
        assert_string_equal(shelf_find(&shelf, "one:latest")->config.user, "3");
        assert_string_equal(shelf_find(&shelf, "two:latest")->config.user, "2");
        assert_null(shelf_find(&shelf, "one"));
        shelf_finish(&shelf);
        assert_int_equal(shelf.n, 0);
}

static void an_image_of_the_shelf_comes_first(void **state)
{
        struct image_shelf shelf = { 0 };
        struct image image = { .root_fd = -1 };
        struct fault fault = { 0 };

        (void)state;
        put(&shelf, "ubuntu:latest", "1000");
        assert_true(image_open_from(&shelf, "ubuntu", &image, &fault));
        assert_string_equal(image.config.user, "1000");
        assert_false(image.stands_in);
        image_finish(&image);
        /* It is a copy, and nobody else sees it. */
        assert_true(image_open_from(&shelf, "ubuntu:latest", &image, &fault));
        shelf_finish(&shelf);
        assert_string_equal(image.config.user, "1000");
        image_finish(&image);
        assert_true(image_open_from(&shelf, "ubuntu-of-nobody", &image, &fault));
        assert_true(image.stands_in);
        image_finish(&image);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_last_of_a_name_stays),
                cmocka_unit_test(an_image_of_the_shelf_comes_first),
        };

        return cmocka_run_group_tests_name("image_shelf", tests, NULL, NULL);
}
