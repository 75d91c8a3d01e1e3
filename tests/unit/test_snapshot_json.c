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
#include <jv.h>

#include "snapshot/snapshot.h"
#include "snapshot_sample.h"

static const uint64_t mask = UINT64_C(0xa80425fb);

/* Compares, after being written and read again, what stands at a path ("init.uid.host", "namespaces.0.type";
 * "" is all of it) with a JSON text. Frees nothing of object. */
static void assert_at(jv object, const char *path, const char *want)
{
        char *copy = xstrdup(path), *rest = copy;
        jv at = jv_parse(jv_string_value(object)), text;
        char *key;

        while ((key = strsep(&rest, ".")) && *key) {
                char *end;
                long index = strtol(key, &end, 10);

                at = *end ? jv_object_get(at, jv_string(key)) : jv_array_get(at, (int)index);
        }
        text = jv_is_valid(at) ? jv_dump_string(at, JV_PRINT_SORTED) : jv_string("nothing");
        if (strcmp(jv_string_value(text), want) != 0)
                fail_msg("%s is %s, not %s", path, jv_string_value(text), want);
        jv_free(text);
        free(copy);
}

static jv dump(const struct sample *sample)
{
        return jv_dump_string(snapshot_json(&sample->snapshot, &sample->extra), 0);
}

static void every_key_of_the_schema_is_there_and_no_other(void **state)
{
        static const struct {
                const char *path, *keys;
        } cases[] = {
                { "", "[\"container\",\"equivalent\",\"exec\",\"exit_status\",\"host\",\"init\",\"kernel\","
                      "\"mode\",\"namespaces\",\"schema\",\"spec\",\"state\",\"userns\"]" },
                { "init", "[\"caps\",\"gid\",\"groups\",\"missing_caps\",\"no_new_privs\",\"pid_container\","
                          "\"pid_host\",\"seccomp\",\"uid\"]" },
                { "host",
                  "[\"cmdline\",\"comm\",\"container_pid\",\"pid\",\"ppid\",\"state\",\"uid\",\"user\"]" },
                { "container",
                  "[\"cmdline\",\"comm\",\"host_pid\",\"pid\",\"ppid\",\"state\",\"uid\",\"user\"]" },
                { "namespaces", "[\"container\",\"host\",\"shared\",\"type\"]" },
                { "userns", "[\"gid_map\",\"uid_map\"]" },
        };
        struct sample sample;
        jv all;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash");
        all = snapshot_json(&sample.snapshot, &sample.extra);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                jv at = *cases[i].path ? jv_object_get(jv_copy(all), jv_string(cases[i].path)) : jv_copy(all);
                jv text;

                if (jv_get_kind(at) == JV_KIND_ARRAY)
                        at = jv_array_get(at, 0);
                text = jv_dump_string(jv_keys(at), 0);
                assert_string_equal(jv_string_value(text), cases[i].keys);
                jv_free(text);
        }
        jv_free(all);
        sample_finish(&sample);
}

static void what_the_kernel_said_stands_where_the_schema_says(void **state)
{
        static const char *const cases[][2] = {
                { "schema", "1" },
                { "kernel.release", "\"6.18.0\"" },
                { "mode", "\"root\"" },
                { "spec.image", "\"ubuntu\"" },
                { "spec.root", "\"demo\"" },
                { "state", "\"running\"" },
                { "exit_status", "null" },
                { "init.pid_host", "3301" },
                { "init.pid_container", "1" },
                { "init.uid", "{\"container\":0,\"host\":0}" },
                { "init.gid", "{\"container\":0,\"host\":0}" },
                { "init.groups", "[4,20]" },
                { "init.caps.effective", "\"00000000a80425fb\"" },
                { "init.caps.effective_names.0", "\"CHOWN\"" },
                { "init.missing_caps", "[\"SYS_RESOURCE\"]" },
                { "init.no_new_privs", "false" },
                { "init.seccomp", "2" },
                { "namespaces.0",
                  "{\"container\":4026532836,\"host\":4026531836,\"shared\":false,\"type\":\"pid\"}" },
                { "namespaces.1",
                  "{\"container\":4026531837,\"host\":4026531837,\"shared\":true,\"type\":\"user\"}" },
                { "namespaces.6",
                  "{\"container\":null,\"host\":4026531842,\"shared\":null,\"type\":\"cgroup\"}" },
                { "namespaces.7.type", "\"time\"" },
                { "namespaces.8", "nothing" },
                { "userns.uid_map", "[[0,1000,1],[1,100000,65536]]" },
                { "exec", "[]" },
                { "host.0", "{\"cmdline\":\"systemd\",\"comm\":\"systemd\",\"container_pid\":null,\"pid\":1,"
                            "\"ppid\":0,\"state\":\"S\",\"uid\":0,\"user\":\"root\"}" },
                { "host.1.user", "\"alice\"" },
                { "host.2.container_pid", "null" },
                { "host.3.container_pid", "1" },
                { "container", "[{\"cmdline\":\"sleep 3600\",\"comm\":\"sleep\",\"host_pid\":3301,\"pid\":1,"
                               "\"ppid\":0,\"state\":\"S\",\"uid\":0,\"user\":\"root\"}]" },
        };
        struct sample sample;
        jv text;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash");
        sample.snapshot.missing = caps_bit(24);
        text = dump(&sample);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                assert_at(text, cases[i][0], cases[i][1]);
        jv_free(text);
        sample_finish(&sample);
}

static void ids_of_both_sides_are_kept_apart(void **state)
{
        struct sample sample;
        jv text;

        (void)state;
        sample_make(&sample, 1000, mask, "bash", "bash");
        sample.snapshot.init_outside.uid[1] = 101000;
        sample.snapshot.init_outside.gid[1] = 4294967295u;
        sample.snapshot.init_inside.uid[0] = 5; /* the real id is not what is meant */
        sample.snapshot.mode = MODE_ONE_ID;
        sample.snapshot.init_inside.no_new_privs = true;
        text = dump(&sample);
        assert_at(text, "init.uid", "{\"container\":1000,\"host\":101000}");
        assert_at(text, "init.gid", "{\"container\":1000,\"host\":4294967295}");
        assert_at(text, "init.caps.effective", "\"0000000000000000\"");
        assert_at(text, "init.no_new_privs", "true");
        assert_at(text, "mode", "\"one-id\"");
        assert_at(text, "container.0.user", "\"student\"");
        jv_free(text);
        sample_finish(&sample);
}

static void what_was_not_read_is_null(void **state)
{
        struct sample sample;
        jv text;

        (void)state;
        sample_make(&sample, 0, mask, "bash", "bash");
        sample.snapshot.init_inside = (struct status){ 0 };
        sample.snapshot.init_container = 0;
        sample.extra.state = "exited";
        sample.extra.exit_status = 137;
        text = dump(&sample);
        assert_at(text, "init.pid_container", "null");
        assert_at(text, "init.uid", "{\"container\":null,\"host\":0}");
        assert_at(text, "init.caps", "null");
        assert_at(text, "init.groups", "null");
        assert_at(text, "init.seccomp", "null");
        assert_at(text, "exit_status", "137");
        assert_at(text, "state", "\"exited\"");
        jv_free(text);
        sample_finish(&sample);
}

static void no_raw_control_byte_reaches_the_output(void **state)
{
        struct sample sample;
        const char *bytes;
        jv text;

        (void)state;
        sample_make(&sample, 0, mask, "\x1b]0;x\x07\n", "a\xff\xc0\x80\xe2\x80\xae\xc2\x9b\"\\ b");
        sample.snapshot.host_table.v[1].state = '\x1b';
        text = dump(&sample);
        bytes = jv_string_value(text);
        for (size_t i = 0; bytes[i]; i++)
                assert_true((unsigned char)bytes[i] >= 0x20 && (unsigned char)bytes[i] < 0x7f);
        assert_at(text, "host.1.comm", "\"\\\\x1b]0;x\\\\x07\\\\x0a\"");
        assert_at(text, "host.1.cmdline", "\"a\\\\xff\\\\xc0\\\\x80\\\\u{202e}\\\\u{9b}\\\"\\\\ b\"");
        assert_at(text, "host.1.state", "\"?\"");
        jv_free(text);
        sample_finish(&sample);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_key_of_the_schema_is_there_and_no_other),
                cmocka_unit_test(what_the_kernel_said_stands_where_the_schema_says),
                cmocka_unit_test(ids_of_both_sides_are_kept_apart),
                cmocka_unit_test(what_was_not_read_is_null),
                cmocka_unit_test(no_raw_control_byte_reaches_the_output),
        };

        setlocale(LC_ALL, "C.UTF-8");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
