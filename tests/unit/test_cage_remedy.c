/* SPDX-License-Identifier: MIT */
/* What to do about a fault, with the name that was typed. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/called.h"
#include "base/own.h"
#include "cage/remedy.h"

/* From the table. */
static void refuse_ids(struct fault *fault)
{
        errno = EPERM;
        fault_errno(fault, "", "write the user namespace's uid map");
}

static void expect(const char *name, const struct fault *fault, const char *expected)
{
        own_free char *remedy = NULL, *again = NULL;
        char line[REMEDY_LINE];

        called_by(name);
        remedy = remedy_of(fault);
        assert_string_equal(remedy, expected);
        again = called_in(remedy);
        assert_string_equal(again, expected);
        remedy_line(fault, line, sizeof(line));
        assert_non_null(strstr(line, expected));
}

static void a_remedy_has_the_name_that_was_typed(void **state)
{
        struct fault fault = { 0 };

        (void)state;
        refuse_ids(&fault);
        expect("./vitrine", &fault, "this machine does not let you map ids: sudo ./vitrine");
        expect("../vitrine", &fault, "this machine does not let you map ids: sudo ../vitrine");
        expect("/opt/x.y/bin/vitrine", &fault,
               "this machine does not let you map ids: sudo /opt/x.y/bin/vitrine");
        expect(NULL, &fault, "this machine does not let you map ids: sudo vitrine");
}

static void so_has_a_faults_own(void **state)
{
        struct fault fault = { 0 };

        (void)state;
        fault_why(&fault, "", "refused");
        fault_hint(&fault, "sudo vitrine attach 7, or `vitrine doctor`");
        expect("build/vitrine", &fault, "sudo build/vitrine attach 7, or `build/vitrine doctor`");
        expect("../a/vitrine", &fault, "sudo ../a/vitrine attach 7, or `../a/vitrine doctor`");
}

static void the_program_that_is_spoken_of_keeps_its_name(void **state)
{
        own_free char *said = NULL;

        (void)state;
        called_by("./vitrine");
        said = called_in("vitrine runs in a chroot: see /opt/./vitrine or vitrine-keeper");
        assert_string_equal(said, "vitrine runs in a chroot: see /opt/./vitrine or vitrine-keeper");
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_remedy_has_the_name_that_was_typed),
                cmocka_unit_test(so_has_a_faults_own),
                cmocka_unit_test(the_program_that_is_spoken_of_keeps_its_name),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
