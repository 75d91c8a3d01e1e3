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

#include "base/text.h"
#include "snapshot/snapshot.h"
#include "snapshot_sample.h"

static const uint64_t mask = UINT64_C(0xa80425fb);

static void assert_has(const char *text, const char *line)
{
        char *whole = xasprintf("\n%s", text), *want = xasprintf("\n%s\n", line);

        if (!strstr(whole, want))
                fail_msg("no line \"%s\" in\n%s", line, text);
        free(whole);
        free(want);
}

static void assert_lacks(const char *text, const char *part)
{
        if (strstr(text, part))
                fail_msg("\"%s\" in\n%s", part, text);
}

/* At most 80 columns, no blanks at the end of a line, nothing that a terminal would act on. */
static void assert_fits(const char *text)
{
        while (*text) {
                const char *end = strchr(text, '\n');
                char *line;

                assert_non_null(end);
                line = xstrndup(text, (size_t)(end - text));
                if (text_width(line) > 80)
                        fail_msg("%d columns: %s", text_width(line), line);
                if (*line)
                        assert_int_not_equal(line[strlen(line) - 1], ' ');
                for (const char *c = line; *c; c++)
                        assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
                free(line);
                text = end + 1;
        }
}

static void both_sides_and_the_mask_are_drawn(void **state)
{
        static const char *const lines[] = {
                "HOST  this machine: 4 processes",
                "    PID  PPID USER  COMMAND",
                "      1     0 root  systemd",
                "    812     1 alice bash",
                "   3299   812 root  vitrine keeper",
                "►  3301  3299 root  sleep   = 1 in the container",
                "CONTAINER  sees 1 process",
                "    PID  PPID USER COMMAND",
                "►     1     0 root sleep 3600   = 3301 on the machine",
                "one process, two numbers (PIDs): 3301 on the machine, 1 in here",
                "the other 3 are invisible here",
                "USER  in here: uid 0 root   on the machine: uid 0 root   the same root",
                "GROUP in here: gid 0   on the machine: gid 0   groups 4 20",
                "no-new-privs off   seccomp filter",
                "own namespaces: pid mnt uts ipc net",
                "shared with the machine: user time",
                "not readable: cgroup",
                "14 held: effective 00000000a80425fb   14 in the bounding set 00000000a80425fb",
                "effective, read down; 1 = held  ● held   ○ allowed, not held   · not allowed",
                "0 0000                                                       ·checkpoint_restore",
                "a 1010 ●SETFCAP          ·audit_control    ●AUDIT_WRITE      ·lease",
                "5 0101 ·net_broadcast    ●NET_BIND_SERVICE ·linux_immutable  ●SETPCAP",
                "b 1011 ●FOWNER           ·dac_read_search  ●DAC_OVERRIDE     ●CHOWN",
        };
        struct sample sample;
        char *text;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash --secret");
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
                assert_has(text, lines[i]);
        assert_lacks(text, "secret");
        assert_fits(text);
        free(text);
        sample_finish(&sample);
}

static void what_both_sides_have_in_common_is_counted(void **state)
{
        struct sample sample;
        struct row two[2], *one;
        char *text;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash");
        one = sample.snapshot.container;
        two[0] = two[1] = one[0];
        sample.snapshot.container = two;
        sample.snapshot.n_container = 2;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "2 processes, two numbers (PIDs) each");
        assert_has(text, "the other 2 are invisible here");
        assert_lacks(text, "one process, two numbers");
        free(text);
        sample.snapshot.n_host = 3;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "the other 1 is invisible here");
        free(text);
        /* With the machine's own list nothing is invisible, whatever began between two looks. */
        sample.snapshot.init_container = sample.snapshot.init_host;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "one process, one number (PID): the container uses the machine's PIDs");
        assert_lacks(text, "invisible");
        free(text);
        sample.snapshot.container = one;
        sample.snapshot.n_container = 1;
        sample_finish(&sample);
}

static void another_user_may_be_allowed_what_he_does_not_hold(void **state)
{
        struct sample sample;
        char *text;

        (void)state;
        sample_make(&sample, 1000, mask & ~caps_bit(5), "bash", "bash");
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "USER  in here: uid 1000 student   on the machine: uid 1000 alice   same number");
        assert_has(text, "0 held: effective 0000000000000000   13 in the bounding set 00000000a80425db");
        assert_has(text, "0 0000 ○setuid           ○setgid           ·kill             ○fsetid");
        free(text);
        sample.snapshot.init_inside.no_new_privs = true;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "0 0000 ·setuid           ·setgid           ·kill             ·fsetid");
        assert_has(text, "no-new-privs on   seccomp filter");
        free(text);
        sample.snapshot.init_inside.no_new_privs = false;
        sample.snapshot.mode = MODE_ONE_ID;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "0 0000 ·setuid           ·setgid           ·kill             ·fsetid");
        free(text);
        sample_finish(&sample);
}

static void the_user_line_says_whose_root_it_is(void **state)
{
        static const struct {
                uint32_t in, out;
                bool own_userns;
                const char *line;
        } cases[] = {
                { 0, 0, false, "USER  in here: uid 0 root   on the machine: uid 0 root   the same root" },
                { 0, 0, true, "USER  in here: uid 0 root   on the machine: uid 0 root   root in here only" },
                { 0, 1000, true,
                  "USER  in here: uid 0 root   on the machine: uid 1000 alice   root in here only" },
                { 1000, 1000, false,
                  "USER  in here: uid 1000   on the machine: uid 1000 alice   same number" },
                { 5, 100004, true, "USER  in here: uid 5   on the machine: uid 100004   two numbers" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct sample sample;
                char *text;

                sample_make(&sample, 0, mask, "bash", "bash");
                sample.snapshot.init_inside.uid[1] = cases[i].in;
                sample.snapshot.init_outside.uid[1] = cases[i].out;
                sample.snapshot.host_table.v[3].uid = cases[i].out;
                sample.snapshot.host[3].user = cases[i].out == 0      ? "root"
                                               : cases[i].out == 1000 ? "alice"
                                                                      : "100004";
                sample.snapshot.ns.container[NS_T_USER] += cases[i].own_userns;
                text = snapshot_text(&sample.snapshot, &sample.extra, false);
                assert_has(text, cases[i].line);
                free(text);
                sample_finish(&sample);
        }
}

static void with_long_names_the_last_words_go_first(void **state)
{
        struct sample sample;
        char *text;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash");
        sample.snapshot.host[3].user = "a_user_with_a_long_name";
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "USER  in here: uid 0 root   on the machine: uid 0 a_user_with_a_long_name");
        assert_fits(text);
        free(text);
        sample.snapshot.container[0].user = "another_user_with_a_long_name_of_its_own";
        text = snapshot_text(&sample.snapshot, &sample.extra, true);
        assert_has(text, "USER  in here: uid 0 another_user_wi~   on the machine: uid 0 a_user_with_a_l~");
        assert_fits(text);
        free(text);
        sample_finish(&sample);
}

static void in_ascii_there_is_nothing_else(void **state)
{
        struct sample sample;
        char *text;

        (void)state;
        sample_make(&sample, 1000, mask, "caf\xc3\xa9", "caf\xc3\xa9");
        text = snapshot_text(&sample.snapshot, &sample.extra, true);
        for (const char *c = text; *c; c++)
                assert_true((unsigned char)*c < 0x7f);
        assert_has(text, ">  3301  3299 alice sleep   = 1 in the container");
        assert_has(text, "    812     1 alice caf\\u{e9}");
        assert_has(text, "effective, read down; 1 = held  * held   o allowed, not held   - not allowed");
        assert_has(text, "0 0000 o setuid        o setgid           o kill            o fsetid");
        assert_has(text, "0 0000 - net_broadcast o net_bind_service - linux_immutable o setpcap");
        assert_has(text, "0 0000                                                      - checkpoint_restore");
        assert_fits(text);
        free(text);
        sample_finish(&sample);
}

static void a_hostile_name_neither_acts_nor_breaks_the_columns(void **state)
{
        struct sample sample;
        char *text, *longest = xasprintf("\x1b[2J\n%0500d", 1);

        (void)state;
        sample_make(&sample, 0, mask, longest, longest);
        free(sample.snapshot.host_table.v[3].cmdline);
        sample.snapshot.host_table.v[3].cmdline = xstrdup(longest);
        sample.snapshot.host[3].user = "a\x1b[1m user whose name is long";
        sample.snapshot.host_table.trouble = xstrdup(longest);
        sample.extra.kernel_release = longest;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_fits(text);
        free(text);
        free(longest);
        sample_finish(&sample);
}

static void the_line_is_one_that_a_shell_reads(void **state)
{
        struct sample sample;
        struct spec spec;
        char *text;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash");
        spec_copy(&spec, sample.extra.spec);
        strv_add(&spec.args, "a  b\n\x1b[2J");
        strv_add(&spec.args, "caf\xc3\xa9");
        sample.extra.spec = &spec;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        if (!strstr(text, " $'a  b\\n\\x1b[2J' 'caf\xc3\xa9'\n"))
                fail_msg("%s", text);
        free(text);
        text = snapshot_text(&sample.snapshot, &sample.extra, true);
        if (!strstr(text, " $'a  b\\n\\x1b[2J' $'caf\\xc3\\xa9'\n"))
                fail_msg("%s", text);
        free(text);
        spec_finish(&spec);
        sample_finish(&sample);
}

static void the_largest_numbers_fit(void **state)
{
        struct sample sample;
        char *text;

        (void)state;
        sample_make(&sample, 0, CAPS_ALL, "bash", "bash");
        sample.snapshot.host_table.v[1].pid = 2147483647;
        sample.snapshot.host_table.v[1].ppid = 2147483646;
        sample.snapshot.host[3].tied = 2147483647;
        sample.snapshot.init_inside.uid[1] = sample.snapshot.init_outside.uid[1] = 4294967295u;
        for (unsigned i = 0; i < STATUS_MAX_GROUPS; i++)
                sample.snapshot.init_inside.groups[i] = 4294967295u - i;
        sample.snapshot.init_inside.n_groups = STATUS_MAX_GROUPS;
        sample.snapshot.missing = CAPS_ALL;
        sample.snapshot.init_inside.caps.effective = UINT64_MAX;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_fits(text);
        assert_has(text, "f 1111 ●SETUID           ●SETGID           ●KILL             ●FSETID");
        free(text);
        sample_finish(&sample);
}

static void what_the_machine_lacks_is_named(void **state)
{
        struct sample sample;
        char *text;

        (void)state;
        sample_make(&sample, 0, CAPS_ALL & ~caps_bit(24), "bash", "bash");
        sample.snapshot.missing = caps_bit(24);
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "! this machine's own bounding set lacks SYS_RESOURCE");
        assert_has(text, "e 1110 ●MKNOD            ●SYS_TTY_CONFIG   ●SYS_TIME         !sys_resource");
        free(text);
        sample_finish(&sample);
}

static void a_zombie_is_one_on_both_sides(void **state)
{
        struct sample sample;
        char *text;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash");
        for (size_t i = 0; i < sample.snapshot.n_host; i++)
                sample.snapshot.host_table.v[i].state = 'Z';
        sample.snapshot.container_table.v[0].state = 'Z';
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "    812     1 alice bash (zombie)");
        assert_has(text, "►  3301  3299 root  sleep (zombie)   = 1 in the container");
        assert_has(text, "►     1     0 root sleep 3600 (zombie)   = 3301 on the machine");
        assert_fits(text);
        free(text);
        sample_finish(&sample);
}

static void what_could_not_be_read_says_so(void **state)
{
        struct sample sample;
        char *text;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash");
        sample.snapshot.init_seen = false;
        sample.snapshot.init_inside = (struct status){ 0 };
        sample.snapshot.container_table.trouble = xstrdup("/proc is mounted with hidepid=2");
        sample.extra.state = "exited";
        sample.extra.exit_status = 3;
        text = snapshot_text(&sample.snapshot, &sample.extra, false);
        assert_has(text, "exited (3), launched as root");
        assert_has(text, "not readable: /proc is mounted with hidepid=2");
        assert_lacks(text, "one process, two numbers");
        assert_lacks(text, "CAPABILITIES");
        free(text);
        sample_finish(&sample);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(both_sides_and_the_mask_are_drawn),
                cmocka_unit_test(what_both_sides_have_in_common_is_counted),
                cmocka_unit_test(another_user_may_be_allowed_what_he_does_not_hold),
                cmocka_unit_test(the_user_line_says_whose_root_it_is),
                cmocka_unit_test(with_long_names_the_last_words_go_first),
                cmocka_unit_test(in_ascii_there_is_nothing_else),
                cmocka_unit_test(a_hostile_name_neither_acts_nor_breaks_the_columns),
                cmocka_unit_test(the_line_is_one_that_a_shell_reads),
                cmocka_unit_test(the_largest_numbers_fit),
                cmocka_unit_test(what_the_machine_lacks_is_named),
                cmocka_unit_test(a_zombie_is_one_on_both_sides),
                cmocka_unit_test(what_could_not_be_read_says_so),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
