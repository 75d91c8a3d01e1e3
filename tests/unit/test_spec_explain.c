/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/own.h"
#include "spec/explain.h"
#include "spec_line_helper.h"

static const struct users users = {
        .passwd = "root:x:0:0:root:/root:/bin/sh\nstudent:x:1000:1000::/home/student:/bin/sh\n",
        .group = "root:x:0:\nstudent:x:1000:\nextra:x:2000:student\n",
};
static const struct machine as_root = { .mode = MODE_ROOT, .known = CAPS_ALL, .grantable = CAPS_ALL };
static const struct machine as_user = {
        .mode = MODE_ONE_ID, .known = CAPS_ALL, .grantable = CAPS_ALL, .uid = 4711, .gid = 4712
};
static const struct machine with_range = { .mode = MODE_RANGE,
                                           .known = CAPS_ALL,
                                           .grantable = CAPS_ALL,
                                           .uid = 4711,
                                           .gid = 4712,
                                           .uids = { { { 0, 4711, 1 }, { 1, 100000, 65536 } }, 2 },
                                           .gids = { { { 0, 4712, 1 }, { 1, 200000, 65536 } }, 2 } };
static const struct machine remapped = { .mode = MODE_RANGE,
                                         .known = CAPS_ALL,
                                         .grantable = CAPS_ALL,
                                         .uids = { { { 0, 1879048192, 65536 } }, 1 },
                                         .gids = { { { 0, 1879048192, 65536 } }, 1 } };
static const struct machine refused = { .mode = MODE_ONE_ID,
                                        .known = CAPS_ALL,
                                        .grantable = CAPS_ALL,
                                        .uid = 4711,
                                        .gid = 4712,
                                        .one_id_why = "newuidmap is missing" };
static const struct machine small = { .mode = MODE_ROOT,
                                      .known = (UINT64_C(1) << 40) - 1,
                                      .grantable = ((UINT64_C(1) << 40) - 1) & ~(UINT64_C(1) << 24) };

struct case_spec {
        struct spec spec;
        struct resolved resolved;
};

static void make_of(const char *typed, const char *image_user, enum engine engine,
                    const struct machine *machine, struct case_spec *ret)
{
        char user[8];
        const struct image_config config = { .user = user };
        struct fault fault = { 0 };

        snprintf(user, sizeof(user), "%s", image_user);
        if (!parse_text(typed, engine, &ret->spec, &fault) ||
            !spec_resolve(&ret->spec, &config, &users, machine, "0123456789ab", true, NULL, &ret->resolved,
                          &fault))
                fail_msg("%s: %s: %s", typed, fault.step, fault.why);
}

static void make(const char *typed, enum engine engine, const struct machine *machine, struct case_spec *ret)
{
        make_of(typed, "", engine, machine, ret);
}

static void finish(struct case_spec *c)
{
        spec_finish(&c->spec);
        resolved_finish(&c->resolved);
}

static char *dump(jv value)
{
        jv text = jv_dump_string(value, JV_PRINT_SORTED);
        char *copy = xstrdup(jv_string_value(text));

        jv_free(text);
        return copy;
}

/* The member of an object as JSON text. */
static char *member(const char *typed, enum engine engine, const struct machine *machine, const char *key)
{
        struct case_spec c;
        char *text;

        make(typed, engine, machine, &c);
        text = dump(jv_object_get(explain_json(&c.spec, "demo", machine, &c.resolved), jv_string(key)));
        finish(&c);
        return text;
}

static const struct {
        const char *typed;
        enum engine engine;
        const struct machine *machine;
        const char *says, *silent;
} note_cases[] = {
        { "img", ENGINE_DOCKER, &as_root,
          "podman 4.3 would give 11 capabilities where this line gives 14: not "
          "NET_RAW, MKNOD, AUDIT_WRITE.",
          "no effect" },
        { "img", ENGINE_PODMAN, &as_root,
          "docker 20.10 would give 14 capabilities where this line gives 11: "
          "NET_RAW, MKNOD, AUDIT_WRITE more.",
          "no effect" },
        { "img", ENGINE_DOCKER, &as_root, "would not list group 0", NULL },
        { "img", ENGINE_PODMAN, &as_root, "would list group 0", NULL },
        { "--user 0 img", ENGINE_DOCKER, &as_root, "podman", "group" },
        { "--user 1000 --cap-add NET_RAW img", ENGINE_DOCKER, &as_root,
          "--cap-add=NET_RAW: no power for uid 1000: docker 20.10 gives a user other than root no "
          "effective "
          "capability. The bounding set alone has it: a program that is set-user-ID root",
          NULL },
        { "--user 1000 --cap-add NET_RAW img", ENGINE_DOCKER, &as_root,
          "podman 4.3 would make NET_RAW effective and ambient for uid 1000", NULL },
        { "--user 1000 --cap-add NET_ADMIN --security-opt no-new-privileges img", ENGINE_DOCKER, &as_root,
          "with no-new-privileges no set-user-ID program can regain it", "no effect: docker" },
        { "--user 1000 --cap-add NET_ADMIN img", ENGINE_PODMAN, &as_root,
          "docker 20.10 would give uid 1000 no effective capability: NET_ADMIN", "no power" },
        { "--user 1000 --cap-add KILL img", ENGINE_PODMAN, &as_root, "uid 1000 no effective", "no effect:" },
        { "--user 1000 --cap-drop KILL img", ENGINE_DOCKER, &as_root,
          "--cap-drop=KILL: takes nothing from uid 1000", "no effect:" },
        { "--user 1000 --privileged img", ENGINE_DOCKER, &as_root,
          "--privileged gives uid 1000 no capability", "would give" },
        { "--cap-drop SYS_ADMIN img", ENGINE_DOCKER, &as_root,
          "--cap-drop=SYS_ADMIN: no effect: docker 20.10 gives no container SYS_ADMIN", NULL },
        { "--cap-add CHOWN --cap-add KILL img", ENGINE_DOCKER, &as_root,
          "--cap-add=CHOWN --cap-add=KILL: no effect: docker 20.10 gives CHOWN, KILL to every "
          "container",
          NULL },
        { "--cap-add MKNOD img", ENGINE_PODMAN, &as_root, "docker", "no effect" },
        { "--privileged --cap-drop KILL --cap-add BPF --security-opt seccomp=/f img", ENGINE_DOCKER, &as_root,
          "--cap-add=BPF --cap-drop=KILL: no effect: --privileged gives every capability", "would give" },
        { "--privileged --security-opt seccomp=/f img", ENGINE_DOCKER, &as_root,
          "--security-opt=seccomp=/f: no effect", NULL },
        { "--cap-add KILL --cap-drop KILL img", ENGINE_DOCKER, &as_root,
          "KILL: added and dropped. docker 20.10 keeps what is added", NULL },
        { "--cap-add KILL --cap-drop KILL img", ENGINE_DOCKER, &as_root,
          "podman 4.3 refuses this line: KILL cannot be dropped and added there", NULL },
        { "--cap-add ALL --cap-drop ALL img", ENGINE_DOCKER, &as_root, "--cap-drop=ALL: no effect", NULL },
        { "--cap-add ALL --cap-drop ALL img", ENGINE_DOCKER, &as_root,
          "podman 4.3 refuses this line: adding all", NULL },
        { "--cap-add ALL --cap-add KILL img", ENGINE_DOCKER, &as_root,
          "--cap-add=KILL: no effect: --cap-add=ALL gives it already", "would give" },
        { "--cap-add ALL --cap-add KILL --cap-drop KILL img", ENGINE_DOCKER, &as_root, "the drop wins",
          NULL },
        { "--cap-drop ALL --cap-drop KILL img", ENGINE_DOCKER, &as_root,
          "--cap-drop=KILL: no effect: --cap-drop=ALL takes it away already", "would give" },
        { "--cap-drop ALL --cap-add KILL img", ENGINE_DOCKER, &as_root, "podman", "no effect" },
        { "--cap-add BPF --cap-add PERFMON img", ENGINE_PODMAN, &as_root,
          "names joined with a comma are refused", NULL },
        { "--privileged --cap-add KILL img", ENGINE_DOCKER, &as_root,
          "--cap-add=KILL: no effect: --privileged", "to every container" },
        { "--user 0 img", ENGINE_PODMAN, &as_root, "docker 20.10 would give", "list group" },
        { "--rm img", ENGINE_DOCKER, &as_root, "--rm: no effect", "effective" },
        { "--network none img", ENGINE_DOCKER, &as_root, "--network=none: no effect here", NULL },
        { "--userns host img", ENGINE_DOCKER, &as_root, "--userns=host: no effect", NULL },
        { "--cap-add SYS_RESOURCE --cap-add CHECKPOINT_RESTORE img", ENGINE_DOCKER, &small,
          "SYS_RESOURCE: asked for, and not given: who starts vitrine", NULL },
        { "--cap-add SYS_RESOURCE --cap-add CHECKPOINT_RESTORE img", ENGINE_DOCKER, &small,
          "CHECKPOINT_RESTORE: asked for, and not given: this machine's kernel", NULL },
        { "--user 1000 img", ENGINE_DOCKER, &as_user,
          "Supplementary groups cannot be set here: without root there is one id alone", NULL },
        { "--user 1000 img", ENGINE_DOCKER, &as_user, "An engine would set: 1000 2000.", NULL },
        { "--user 1000 img", ENGINE_DOCKER, &as_root, "podman", "cannot be set" },
        { "img", ENGINE_DOCKER, &refused,
          "One id alone is mapped, not a range of them: newuidmap is missing.", NULL },
        { "--user 1000 img", ENGINE_DOCKER, &with_range, "podman", "cannot be set" },
        { "img", ENGINE_DOCKER, &with_range, "podman", "One id" },
        { "--userns remap img", ENGINE_DOCKER, &remapped, "--userns=remap is vitrine's own", "no effect" },
        { "--userns remap --privileged img", ENGINE_DOCKER, &remapped, "Docker refuses --privileged", NULL },
        { "--userns remap img", ENGINE_DOCKER, &as_user, "--userns=remap: no effect", "vitrine's own" },
        { "--userns remap img", ENGINE_DOCKER, &with_range, "--userns=remap: no effect", "vitrine's own" },
};

static void the_notes_say_what_has_no_effect_and_where_engines_part(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(note_cases) / sizeof(note_cases[0]); i++) {
                char *notes =
                        member(note_cases[i].typed, note_cases[i].engine, note_cases[i].machine, "notes");

                if (!strstr(notes, note_cases[i].says))
                        fail_msg("%s: not said: %s\nin %s", note_cases[i].typed, note_cases[i].says, notes);
                if (note_cases[i].silent && strstr(notes, note_cases[i].silent))
                        fail_msg("%s: said: %s\nin %s", note_cases[i].typed, note_cases[i].silent, notes);
                free(notes);
        }
}

static void the_spec_has_every_key(void **state)
{
        char *spec = member(
                "--user 1000 --group-add 7 --cap-add all --cap-add kill --cap-drop net_raw --privileged "
                "--security-opt no-new-privileges --security-opt seccomp=unconfined --pid host --network "
                "none --uts host --ipc host --cgroupns host -e A=1 -w /w --entrypoint e --read-only -it "
                "--name ab ubuntu a 'b c'",
                ENGINE_DOCKER, &as_root, "spec");
        char *plain = member("demo", ENGINE_PODMAN, &as_root, "spec");

        (void)state;
        assert_string_equal(
                spec, "{\"cap_add\":[\"ALL\",\"KILL\"],\"cap_drop\":[\"NET_RAW\"],\"cgroupns\":\"host\","
                      "\"command\":[\"e\",\"a\",\"b c\"],\"engine\":\"docker\",\"entrypoint\":\"e\","
                      "\"env\":[\"A=1\"],\"group_add\":[\"7\"],\"hostname\":\"\",\"image\":\"ubuntu\","
                      "\"interactive\":true,\"ipc\":\"host\",\"name\":\"ab\",\"network\":\"none\","
                      "\"no_new_privileges\":true,\"pid\":\"host\",\"privileged\":true,\"read_only\":true,"
                      "\"root\":\"demo\",\"seccomp\":\"unconfined\",\"tty\":true,\"user\":\"1000\","
                      "\"userns\":\"private\",\"uts\":\"host\",\"workdir\":\"/w\"}");
        assert_non_null(strstr(plain, "\"entrypoint\":null"));
        assert_non_null(strstr(plain, "\"command\":[\"sleep\",\"3600\"]"));
        assert_non_null(strstr(plain, "\"engine\":\"podman\""));
        assert_non_null(strstr(plain, "\"pid\":\"private\""));
        free(plain);
        free(spec);
}

static void what_is_predicted_names_both_sides(void **state)
{
        static const struct {
                const char *typed;
                const struct machine *machine;
                const char *key, *json;
        } cases[] = {
                { "--user 1000 --cap-drop ALL --cap-add KILL img", &as_root, "predicted",
                  "{\"caps\":{\"ambient\":\"0000000000000000\",\"bounding\":\"0000000000000020\",\"bounding_"
                  "names\":"
                  "[\"KILL\"],\"effective\":\"0000000000000000\",\"effective_names\":[],\"inheritable\":"
                  "\"0000000000000000\",\"permitted\":\"0000000000000000\"},\"gid\":{\"container\":1000,"
                  "\"host\":1000},"
                  "\"groups\":[1000,2000],\"no_new_privs\":false,\"uid\":{\"container\":1000,\"host\":1000}"
                  "}" },
                { "--cap-drop ALL --security-opt no-new-privileges img", &as_user, "predicted",
                  "{\"caps\":{\"ambient\":\"0000000000000000\",\"bounding\":\"0000000000000000\",\"bounding_"
                  "names\":[],"
                  "\"effective\":\"0000000000000000\",\"effective_names\":[],\"inheritable\":"
                  "\"0000000000000000\","
                  "\"permitted\":\"0000000000000000\"},\"gid\":{\"container\":0,\"host\":4712},\"groups\":[0]"
                  ","
                  "\"no_new_privs\":true,\"uid\":{\"container\":0,\"host\":4711}}" },
                { "--cap-drop ALL --user 1000 img", &as_user, "predicted",
                  "{\"caps\":{\"ambient\":\"0000000000000000\",\"bounding\":\"0000000000000000\",\"bounding_"
                  "names\":[],"
                  "\"effective\":\"0000000000000000\",\"effective_names\":[],\"inheritable\":"
                  "\"0000000000000000\","
                  "\"permitted\":\"0000000000000000\"},\"gid\":{\"container\":1000,\"host\":4712},\"groups\":"
                  "[1000],"
                  "\"no_new_privs\":false,\"uid\":{\"container\":1000,\"host\":4711}}" },
                { "--privileged img", &small, "missing_caps", "[\"SYS_RESOURCE\"]" },
                { "img", &as_user, "missing_caps", "[]" },
                { "img", &as_user, "mode", "\"one-id\"" },
                { "img", &with_range, "mode", "\"range\"" },
                { "--userns remap img", &remapped, "mode", "\"range\"" },
                { "--cap-drop ALL --user 1000 img", &with_range, "predicted",
                  "{\"caps\":{\"ambient\":\"0000000000000000\",\"bounding\":\"0000000000000000\",\"bounding_"
                  "names\":[],\"effective\":\"0000000000000000\",\"effective_names\":[],\"inheritable\":"
                  "\"0000000000000000\",\"permitted\":\"0000000000000000\"},\"gid\":{\"container\":1000,"
                  "\"host\":200999},\"groups\":[1000,2000],\"no_new_privs\":false,\"uid\":{\"container\":"
                  "1000,"
                  "\"host\":100999}}" },
                { "--cap-drop ALL --userns remap img", &remapped, "predicted",
                  "{\"caps\":{\"ambient\":\"0000000000000000\",\"bounding\":\"0000000000000000\",\"bounding_"
                  "names\":[],\"effective\":\"0000000000000000\",\"effective_names\":[],\"inheritable\":"
                  "\"0000000000000000\",\"permitted\":\"0000000000000000\"},\"gid\":{\"container\":0,"
                  "\"host\":1879048192},\"groups\":[0],\"no_new_privs\":false,\"uid\":{\"container\":0,"
                  "\"host\":1879048192}}" },
                { "img", &as_root, "mode", "\"root\"" },
                { "img", &as_root, "rules", "\"docker 20.10\"" },
                { "img", &as_root, "schema", "1" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char *json = member(cases[i].typed, ENGINE_DOCKER, cases[i].machine, cases[i].key);

                assert_string_equal(json, cases[i].json);
                free(json);
        }
}

static char *equivalent(const struct case_spec *c, const char *key)
{
        jv text = jv_object_get(spec_equivalent_json(&c->spec, c->resolved.uid), jv_string(key));
        char *copy = xstrdup(jv_string_value(text));

        jv_free(text);
        return copy;
}

static void the_other_engines_line_gives_the_same_power(void **state)
{
        unsigned seed = 3;

        (void)state;
        for (int i = 0; i < 2000; i++) {
                unsigned bits = next_random(&seed);
                enum engine from = bits & 1 ? ENGINE_PODMAN : ENGINE_DOCKER, to = ENGINE_N - 1 - from;
                struct case_spec a, b;
                struct str typed = { 0 };
                struct fault fault = { 0 };
                char *line;
                const char *image_user = bits & 16 ? "student" : "";
                bool root = bits & 2;

                str_add(&typed, root ? (*image_user ? "--user=0 " : "") : *image_user ? "" : "--user=1000 ");
                str_add(&typed, bits & 4 ? "--cap-drop=ALL " : bits & 8 ? "--cap-add=ALL " : "");
                for (unsigned n = next_random(&seed) % 5; n; n--) {
                        unsigned bit = next_random(&seed) % CAPS_N;

                        /* One way a capability: podman refuses both. */
                        str_add_f(&typed, "--cap-%s=%s ", bit % 2 ? "add" : "drop", caps_info(bit)->name);
                }
                str_add(&typed, "img cmd");
                make_of(typed.s, image_user, from, &as_root, &a);
                line = equivalent(&a, to == ENGINE_PODMAN ? "podman" : "docker");
                assert_true(strncmp(line, to == ENGINE_PODMAN ? "podman run " : "docker run ", 11) == 0);
                make_of(line + 11, image_user, to, &as_root, &b);
                assert_int_equal(a.resolved.uid, b.resolved.uid);
                if (root && a.resolved.wanted != b.resolved.wanted)
                        fail_msg("%s is not %s", typed.s, line);
                if (!root && to == ENGINE_PODMAN)
                        assert_true(b.resolved.caps.effective == 0 &&
                                    !(b.resolved.wanted & ~a.resolved.wanted));
                if (!root && to == ENGINE_DOCKER)
                        assert_true(a.resolved.wanted == b.resolved.wanted);
                assert_true(fault.step[0] == '\0');
                free(line);
                str_finish(&typed);
                finish(&a);
                finish(&b);
        }
}

static void an_engines_own_line_stays_as_it_was_said_and_the_others_is_short(void **state)
{
        struct case_spec c;
        char *line;

        (void)state;
        make("--cap-add KILL --cap-drop KILL -it img 'a b'", ENGINE_DOCKER, &as_root, &c);
        line = equivalent(&c, "docker");
        assert_string_equal(line, "docker run --cap-add=KILL --cap-drop=KILL -it img 'a b'");
        free(line);
        finish(&c);
        make("--user 1000 --cap-drop ALL --cap-add SYS_ADMIN img", ENGINE_DOCKER, &as_root, &c);
        line = equivalent(&c, "podman");
        assert_string_equal(line, "podman run --user=1000 --cap-drop=ALL img");
        free(line);
        finish(&c);
}

static const char pod[] = "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata:\n"
                          "  name: \"a-b\"\n"
                          "spec:\n"
                          "  restartPolicy: Never\n"
                          "  hostPID: true\n"
                          "  hostNetwork: true\n"
                          "  hostIPC: true\n"
                          "  hostname: \"h\"\n"
                          "  securityContext:\n"
                          "    supplementalGroups: [7]\n"
                          "  # supplementalGroups takes numbers alone: a group given by name is missing\n"
                          "  containers:\n"
                          "    - name: main\n"
                          "      image: \"img\"\n"
                          "      command: [\"e\"]\n"
                          "      args: [\"$$(x)\", \"$$y\"]\n"
                          "      workingDir: \"/w\"\n"
                          "      env:\n"
                          "        - name: \"A\"\n"
                          "          value: \"1\\\"2\"\n"
                          "      stdin: true\n"
                          "      tty: true\n"
                          "      securityContext:\n"
                          "        runAsUser: 1000\n"
                          "        runAsGroup: 2000\n"
                          "        allowPrivilegeEscalation: false\n"
                          "        readOnlyRootFilesystem: true\n"
                          "        capabilities:\n"
                          "          add: [NET_ADMIN]\n"
                          "          drop: [KILL]\n"
                          "        seccompProfile:\n"
                          "          type: Unconfined\n";

static const char service[] = "services:\n"
                              "  main:\n"
                              "    image: \"img\"\n"
                              "    user: \"1000:2000\"\n"
                              "    group_add: [\"7\", \"extra\"]\n"
                              "    cap_add: [NET_ADMIN]\n"
                              "    cap_drop: [KILL]\n"
                              "    security_opt:\n"
                              "      - \"no-new-privileges:true\"\n"
                              "      - \"seccomp:unconfined\"\n"
                              "    pid: \"host\"\n"
                              "    network_mode: \"host\"\n"
                              "    ipc: \"host\"\n"
                              "    hostname: \"h\"\n"
                              "    container_name: \"A.b\"\n"
                              "    read_only: true\n"
                              "    environment: [\"A=1\\\"2\"]\n"
                              "    working_dir: \"/w\"\n"
                              "    entrypoint: [\"e\"]\n"
                              "    stdin_open: true\n"
                              "    tty: true\n"
                              "    command: [\"$$(x)\", \"$$y\"]\n";

static void a_pod_and_a_service_say_the_same(void **state)
{
        struct case_spec c;
        char *text;

        (void)state;
        make("--user 1000:2000 --group-add 7 --group-add extra --cap-add NET_ADMIN --cap-drop KILL "
             "--security-opt "
             "no-new-privileges --security-opt seccomp=unconfined --pid host --network host --ipc host -h h "
             "--name "
             "A.b --read-only -e 'A=1\"2' -w /w --entrypoint e -it img '$(x)' '$y'",
             ENGINE_DOCKER, &as_root, &c);
        text = equivalent(&c, "kubernetes");
        assert_string_equal(text, pod);
        free(text);
        text = equivalent(&c, "compose");
        assert_string_equal(text, service);
        free(text);
        finish(&c);
        make("--user student --cap-add KILL --cap-drop KILL --cap-drop ALL img", ENGINE_DOCKER, &as_root, &c);
        text = equivalent(&c, "kubernetes");
        assert_non_null(strstr(text, "          add: [KILL]\n          drop: [ALL]\n"));
        assert_non_null(strstr(text, "        # runAsUser: the number of \"student\" in the image"));
        free(text);
        finish(&c);
}

/* A line to be copied is whole, and its own engine reads it as what was said. */
static void check_line(const char *text, const struct spec *spec)
{
        own_free char *line = xstrndup(text, strcspn(text, "\n"));
        enum engine engine = ENGINE_DOCKER;
        struct strv words = { 0 };
        struct fault fault = { 0 };
        struct spec again;
        int skip;

        assert_true(spec_split_line(line + 14, &words, &fault));
        skip = spec_line_prefix(&words, &engine, &fault);
        assert_int_equal(skip, 2);
        assert_true(spec_parse_as(engine, (int)words.n - skip, words.v + skip, &again, NULL, NULL, &fault));
        if (engine == spec->engine)
                assert_true(spec_equal(spec, &again));
        else
                assert_true(strv_equal(&spec->args, &again.args) && strv_equal(&spec->env, &again.env));
        strv_finish(&words);
        spec_finish(&again);
}

/* Printable characters alone, no line longer than 78 columns (all of these are one column wide) but the two
 * that are there to be copied. */
static void check_text(const char *text, const struct spec *spec)
{
        bool whole = false;
        size_t columns = 0, wholes = 0;

        for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
                const char *at = (const char *)c;

                if (columns == 0)
                        whole = strncmp(at, "Line ", 5) == 0 || strncmp(at, "For ", 4) == 0;
                if (columns == 0 && whole) {
                        check_line(at, spec);
                        wholes++;
                }
                columns = *c == '\n' ? 0 : columns + 1;
                assert_true(*c == '\n' || (*c >= 0x20 && *c < 0x7f));
                if (columns > 78 && !whole)
                        fail_msg("too long: %s", text);
        }
        assert_int_equal(wholes, 2);
}

static void the_words_fit_78_columns_whatever_was_typed(void **state)
{
        static const char *const lines[] = {
                "img",
                "--user 1000 --cap-add NET_RAW --rm img sh -c 'echo a'",
                "--privileged --cap-add ALL --cap-drop ALL --pid host --network host img",
                "-e 'A=\x1b[31m' -w '/a\nb' -h '\xff\xfe' '\xe2\x80\xae' '\x07'",
                "--cap-drop ALL --cap-add KILL --group-add 7 --entrypoint '' -it img x",
                "img sh -c 'echo  two   blanks; echo a word that goes over the end of the line  in quotes'",
        };
        struct str huge = { 0 };

        (void)state;
        str_add(&huge, "--env 'A=");
        for (int i = 0; i < 5000; i++)
                str_add(&huge, "long");
        str_add(&huge, "' img x");
        for (size_t i = 0; i <= sizeof(lines) / sizeof(lines[0]); i++) {
                bool last = i == sizeof(lines) / sizeof(lines[0]);
                struct case_spec c;
                char *text;

                make(last ? huge.s : lines[i], i % 2 ? ENGINE_PODMAN : ENGINE_DOCKER,
                     i % 3 ? &as_user : &as_root, &c);
                text = explain_text(&c.spec, "ubuntu", i % 3 ? &as_user : &as_root, &c.resolved);
                check_text(text, &c.spec);
                free(text);
                finish(&c);
        }
        str_finish(&huge);
}

static void the_words_tell_the_line_the_rules_and_each_flag(void **state)
{
        static const char *const said[] = {
                "docker run --user=1000 --cap-add=NET_RAW",
                "docker 20.10",
                "the demo root stands in",
                "uid 1000, gid 1000 inside",
                "bounding    00000000a80425fb  14",
                "effective   0000000000000000  0",
                "its own     mount, network",
                "shared      pid, user, time",
                "--cap-add=NET_RAW         No effect: docker 20.10 gives it to every",
                "no power for uid 1000",
                "For podman    podman run --user=1000",
        };
        struct case_spec c;
        char *text;

        (void)state;
        make("--user 1000 --cap-add net_raw --pid host ubuntu sleep 1", ENGINE_DOCKER, &as_root, &c);
        text = explain_text(&c.spec, "ubuntu", &as_root, &c.resolved);
        for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
                if (!strstr(text, said[i]))
                        fail_msg("not said: %s\n%s", said[i], text);
        free(text);
        finish(&c);
}

static void a_fault_is_an_object(void **state)
{
        struct fault fault = { 0 };
        char *text;

        (void)state;
        fault_why(&fault, "--user nosuch", "unable to find user");
        text = dump(fault_json(&fault, "try root"));
        assert_string_equal(text, "{\"error\":{\"errno\":null,\"hint\":\"try root\",\"path\":\"\",\"step\":"
                                  "\"--user nosuch\",\"why\":\"unable to find user\"},\"schema\":1}");
        free(text);
        errno = EPERM;
        fault_errno(&fault, "/proc", "mount");
        text = dump(fault_json(&fault, ""));
        assert_non_null(strstr(text, "\"errno\":\"EPERM\""));
        assert_non_null(strstr(text, "\"path\":\"/proc\""));
        free(text);
        fault.err = 9999;
        text = dump(fault_json(&fault, NULL));
        assert_non_null(strstr(text, "\"errno\":\"9999\""));
        free(text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_notes_say_what_has_no_effect_and_where_engines_part),
                cmocka_unit_test(the_spec_has_every_key),
                cmocka_unit_test(what_is_predicted_names_both_sides),
                cmocka_unit_test(the_other_engines_line_gives_the_same_power),
                cmocka_unit_test(an_engines_own_line_stays_as_it_was_said_and_the_others_is_short),
                cmocka_unit_test(a_pod_and_a_service_say_the_same),
                cmocka_unit_test(the_words_fit_78_columns_whatever_was_typed),
                cmocka_unit_test(the_words_tell_the_line_the_rules_and_each_flag),
                cmocka_unit_test(a_fault_is_an_object),
        };

        return cmocka_run_group_tests_name("spec explain", tests, NULL, NULL);
}
