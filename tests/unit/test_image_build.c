/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/own.h"
#include "image/build.h"
#include "spec/environment.h"

static void add_list(struct str *out, const char *name, const struct strv *list)
{
        if (!list->n)
                return;
        str_add_f(out, " %s", name);
        for (size_t i = 0; i < list->n; i++)
                str_add_f(out, "<%s>", list->v[i]);
}

/* The PATH that every image has with an instruction is left out. */
static void add_env(struct str *out, const struct strv *env)
{
        struct strv others = { 0 };

        for (size_t i = 0; i < env->n; i++)
                if (strcmp(env->v[i], ENVIRONMENT_PATH) != 0)
                        strv_add(&others, env->v[i]);
        add_list(out, "env", &others);
        strv_finish(&others);
}

static void add_text(struct str *out, const char *name, const char *text)
{
        if (*text)
                str_add_f(out, " %s=%s", name, text);
}

static char *described(const struct built *built)
{
        struct str out = { 0 };

        add_text(&out, "root", built->root);
        add_text(&out, "user", built->config.user);
        add_text(&out, "dir", built->config.workdir);
        add_env(&out, &built->config.env);
        add_list(&out, "entry", &built->config.entrypoint);
        add_list(&out, "cmd", &built->config.cmd);
        add_list(&out, "shell", &built->shell);
        add_list(&out, "label", &built->labels);
        add_list(&out, "port", &built->exposed);
        add_list(&out, "volume", &built->volumes);
        add_list(&out, "onbuild", &built->on_build);
        add_list(&out, "health", &built->health);
        add_text(&out, "stop", built->stop_signal);
        add_text(&out, "author", built->author);
        if (built->default_cmd)
                str_add(&out, " default");
        return str_take(&out);
}

/* demo; `base`, which has everything; `waits`, with two triggers. */
static bool find(void *data, const char *name, struct built *ret, struct fault *fault)
{
        (void)data;
        if (strcmp(name, "gone") == 0) {
                fault_why(fault, "open the image gone", "it is not there");
                return fault_hint(fault, "look again");
        }
        built_init(ret);
        ret->default_cmd = strcmp(name, "demo") == 0;
        if (strcmp(name, "base") == 0) {
                free(ret->root);
                ret->root = xstrdup("/r");
                strv_add(&ret->config.cmd, "old");
                strv_add(&ret->config.env, "A=base");
                strv_add(&ret->shell, "/bin/ash");
                strv_add(&ret->shell, "-c");
        } else if (strcmp(name, "waits") == 0) {
                strv_add(&ret->on_build, "USER $A");
                strv_add(&ret->on_build, "ENV B=2");
        } else if (strcmp(name, "waits-badly") == 0) {
                strv_add(&ret->on_build, "USRE 1");
        }
        return true;
}

static char *built_from(const char *text, const char *const *args)
{
        static char *const callers[] = { (char *)"FROM_CALLER=c", NULL };
        struct strv list = { 0 }, unused = { 0 };
        struct build_request request = { "D", &list, callers, find, NULL };
        struct dockerfile file;
        struct fault fault = { 0 };
        struct built built;
        char *ret;

        for (; args && *args; args++)
                strv_add(&list, *args);
        if (!dockerfile_parse("D", text, &file, &fault)) {
                ret = xasprintf("! %s: %s", fault.step, fault.why);
        } else {
                if (build_evaluate(&file, &request, &built, &unused, &fault)) {
                        struct str out = { 0 };
                        own_free char *text_of = described(&built);

                        str_add(&out, text_of);
                        add_list(&out, "unused", &unused);
                        ret = str_take(&out);
                        built_finish(&built);
                } else {
                        ret = xasprintf("! %s: %s%s%s", fault.step, fault.why, *fault.hint ? "|" : "",
                                        fault.hint);
                }
                dockerfile_finish(&file);
        }
        strv_finish(&list);
        strv_finish(&unused);
        return ret;
}

struct row {
        const char *text, *wanted;
};

static void check(const struct row *rows, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                own_free char *got = built_from(rows[i].text, NULL);

                assert_string_equal(got, rows[i].wanted);
        }
}
#define CHECK(rows) check(rows, sizeof(rows) / sizeof(rows[0]))

static void the_last_instruction_of_a_kind_counts(void **state)
{
        static const struct row rows[] = {
                { "FROM demo\nUSER 1\nUSER 2:3", " user=2:3 default" },
                { "FROM demo\nUSER 1000 1001", " user=1000 1001 default" },
                { "FROM demo\nUSER \"a b\"", " user=a b default" },
                { "FROM demo\nUSER $NOSUCH", " default" },
                { "FROM demo\nENV A=1 B=\"two words\"\nENV C three  words\nENV A=2",
                  " env<A=2><B=two words><C=three  words> default" },
                { "FROM demo\nENV A=1\nENV A=2 B=$A", " env<A=2><B=1> default" },
                { "FROM base\nENV B=${A}x", " root=/r env<A=base><B=basex> cmd<old> shell</bin/ash><-c>" },
                { "FROM demo\nWORKDIR /a\nWORKDIR b/../c//.\nWORKDIR ../../../d", " dir=/d default" },
                { "FROM demo\nWORKDIR x", " dir=/x default" },
                { "FROM demo\nWORKDIR /a\nWORKDIR b", " dir=/a/b default" },
                { "FROM demo\nMAINTAINER some body\nSTOPSIGNAL sigterm\nEXPOSE 80 81-82/udp 80\nVOLUME /v "
                  "/w\n"
                  "VOLUME [\"/x y\"]\nLABEL a=b \"c d\"='e f'\nLABEL a=2",
                  " label<a><2><c d><e f> port<80><81-82/udp> volume</v></w></x y> stop=sigterm author=some "
                  "body "
                  "default" },
                { "FROM demo\nHEALTHCHECK --interval=5s CMD curl x\nHEALTHCHECK none",
                  " health<NONE> default" },
                { "FROM demo\nHEALTHCHECK --interval=5s cmd curl  x",
                  " health<--interval=5s><CMD><curl  x> default" },
                { "FROM demo\nONBUILD USER 1000", " onbuild<USER 1000> default" },
        };

        (void)state;
        CHECK(rows);
}

/* As `docker inspect` shows it. */
static void an_image_has_docker_s_path_where_nobody_says_another(void **state)
{
        static const struct row rows[] = {
                { "FROM demo\nENV P=$PATH",
                  " env<P=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin> default" },
                { "FROM demo\nENV PATH=/x:$PATH",
                  " env<PATH=/x:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin> default" },
                { "FROM demo\nENV PATH=\nENV P=[$PATH]", " env<PATH=><P=[]> default" },
                { "FROM demo AS x\nENV PATH=/y\nFROM x\nENV PATH=/x:$PATH", " env<PATH=/x:/y> default" },
                { "FROM demo AS x\nFROM x\nENV PATH=/x:$PATH",
                  " env<PATH=/x:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin> default" },
                { "FROM demo\nARG PATH=/x\nENV P=$PATH",
                  " env<P=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin> default" },
        };

        (void)state;
        CHECK(rows);
}

/* The whole environment, and how many entries it has. */
static void check_env(const char *text, size_t n, const char *last)
{
        struct strv none = { 0 }, unused = { 0 };
        struct build_request request = { "D", &none, NULL, find, NULL };
        struct dockerfile file;
        struct fault fault = { 0 };
        struct built built;

        assert_true(dockerfile_parse("D", text, &file, &fault));
        assert_true(build_evaluate(&file, &request, &built, &unused, &fault));
        assert_int_equal(built.config.env.n, n);
        if (n)
                assert_string_equal(built.config.env.v[n - 1], last);
        built_finish(&built);
        dockerfile_finish(&file);
        strv_finish(&unused);
}

static void the_path_is_the_first_instruction_s_and_behind_the_base_s_variables(void **state)
{
        (void)state;
        check_env("FROM demo", 0, NULL);
        check_env("FROM demo\nUSER 1", 1, ENVIRONMENT_PATH);
        check_env("FROM base\nUSER 1", 2, ENVIRONMENT_PATH);
        check_env("FROM demo\nENV A=1\nENV A=2", 2, "A=2");
        check_env("FROM demo AS x\nUSER 1\nFROM x\nUSER 2", 1, ENVIRONMENT_PATH);
}

static void a_command_is_a_list_or_goes_to_a_shell(void **state)
{
        static const struct row rows[] = {
                { "FROM demo\nCMD [\"a\",\"$B\"]", " cmd<a><$B>" },
                { "FROM demo\nCMD a  $B", " cmd</bin/sh><-c><a  $B>" },
                { "FROM demo\nCMD ['a']", " cmd</bin/sh><-c><['a']>" },
                { "FROM base\nCMD a", " root=/r env<A=base> cmd</bin/ash><-c><a> shell</bin/ash><-c>" },
                { "FROM demo\nSHELL [\"s\", \"-e\"]\nENTRYPOINT a", " entry<s><-e><a> shell<s><-e>" },
                /* an entry point takes the base's command away, but not one of its own */
                { "FROM base\nENTRYPOINT [\"e\"]", " root=/r env<A=base> entry<e> shell</bin/ash><-c>" },
                { "FROM base\nCMD [\"new\"]\nENTRYPOINT [\"e\"]",
                  " root=/r env<A=base> entry<e> cmd<new> shell</bin/ash><-c>" },
                { "FROM demo\nENTRYPOINT [\"e\"]", " entry<e>" },
                { "FROM demo\nENTRYPOINT [\"e\"]\nENTRYPOINT", "" },
                { "FROM demo\nCMD", " cmd</bin/sh><-c>" },
                { "FROM base\nCMD", " root=/r env<A=base> cmd</bin/ash><-c> shell</bin/ash><-c>" },
                { "FROM demo\nCMD\nENTRYPOINT [\"e\"]", " entry<e>" },
                { "FROM demo\nCMD [\"a\"]\nCMD\nENTRYPOINT [\"e\"]", " entry<e> cmd</bin/sh><-c>" },
                { "FROM demo\nONBUILD CMD", " onbuild<CMD> default" },
                { "FROM demo AS x\nCMD [\"x\"]\nFROM x\nENTRYPOINT [\"e\"]", " entry<e>" },
        };

        (void)state;
        CHECK(rows);
}

static void stages_are_named_and_the_last_one_stays(void **state)
{
        static const struct row rows[] = {
                { "FROM demo AS x\nUSER 1\nFROM base", " root=/r env<A=base> cmd<old> shell</bin/ash><-c>" },
                { "FROM demo as X\nUSER 1\nFROM x\nENV A=1", " user=1 env<A=1> default" },
                { "ARG B=base\nARG C=${B}\nFROM ${C}\nUSER 1",
                  " root=/r user=1 env<A=base> cmd<old> shell</bin/ash><-c>" },
                { "ARG U=1\nFROM demo\nARG U\nUSER $U", " user=1 default" },
                { "ARG U=1\nFROM demo\nUSER $U", " default" },
                { "FROM demo AS x\nARG U=1\nFROM x\nUSER a$U", " user=a default" },
                { "FROM demo\nARG U=1\nARG V=${U}2\nUSER $V", " user=12 default" },
                { "FROM demo\nARG A=old\nARG A=new B=$A\nUSER $A$B", " user=newold default" },
                { "FROM demo\nARG A=1 B=$A\nUSER $A$B", " user=1 default" },
                { "ARG A=demo B=$A\nFROM ${B:-base}", " root=/r env<A=base> cmd<old> shell</bin/ash><-c>" },
                { "FROM demo\nARG A=arg\nENV A=env\nUSER $A", " user=env env<A=env> default" },
                { "FROM demo\nARG U\nUSER ${U:-1001}", " user=1001 default" },
                { "FROM waits", " env<B=2>" },
                { "FROM demo AS x\nONBUILD USER 7\nFROM x", " user=7 default" },
        };

        (void)state;
        CHECK(rows);
}

/* As Docker 20.10 took them, or its words. */
static void an_exposed_port_is_the_container_s(void **state)
{
        static const struct row rows[] = {
                { "8080:80 :81 8080:82/udp 127.0.0.1:80:83 127.0.0.1::84 [::1]:80:85",
                  " port<80><81><82/udp><83><84><85> default" },
                { "8000-8002:80-82 8000-8001:83 84-84 0", " port<80-82><83><84-84><0> default" },
                { "80/ 81/TCP 82/tcp/x 00080/sctp", " port<80><81/TCP><82/tcp><00080/sctp> default" },
                { "90-80", "! D:2: EXPOSE: Invalid containerPort: 90-80" },
                { "-80", "! D:2: EXPOSE: Invalid containerPort: -80" },
                { "80-", "! D:2: EXPOSE: Invalid containerPort: 80-" },
                { "+80", "! D:2: EXPOSE: Invalid containerPort: +80" },
                { "65536", "! D:2: EXPOSE: Invalid containerPort: 65536" },
                { "42949672976", "! D:2: EXPOSE: Invalid containerPort: 42949672976" },
                { "80:", "! D:2: EXPOSE: No port specified: 80:" },
                { "x:80", "! D:2: EXPOSE: Invalid hostPort: x" },
                { "1.2.3.4:80", "! D:2: EXPOSE: Invalid hostPort: 1.2.3.4" },
                { "70000:80", "! D:2: EXPOSE: Invalid hostPort: 70000" },
                { "8000-8001:80-82", "! D:2: EXPOSE: Invalid ranges specified for container and host Ports: "
                                     "80-82 and 8000-8001" },
                { "8080:80-81",
                  "! D:2: EXPOSE: Invalid ranges specified for container and host Ports: 80-81 and 8080" },
                { "foo:80:80", "! D:2: EXPOSE: Invalid ip address: foo:80:80" },
                { "::1:80:81", "! D:2: EXPOSE: Invalid ip address: ::1:80:81" },
                { "[::1:80:81", "! D:2: EXPOSE: Invalid ip address: [::1:80:81" },
                { "[:80:81", "! D:2: EXPOSE: Invalid ip address: [:80:81" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                own_free char *text = xasprintf("FROM demo\nEXPOSE %s", rows[i].text);
                own_free char *got = built_from(text, NULL);

                assert_string_equal(got, rows[i].wanted);
        }
}

/* As Docker 20.10 took them (start-interval is a later one's), or its words. */
static void a_health_check_s_flags_are_checked_where_they_count(void **state)
{
#define TIME "|write numbers with a unit (ms, s, m, h): 500ms, 30s, 1m30s"
#define SHORT(name) "! D:2: Interval \"" name "\" cannot be less than 1ms" TIME
#define RETRIES "|write a number from 1 to 2147483647"
        static const struct row rows[] = {
                { "--interval=1h2m3.5s --timeout=1ms --start-period=+.5s --start-interval=5.s --retries=+03 "
                  "CMD x",
                  " health<--interval=1h2m3.5s><--timeout=1ms><--start-period=+.5s><--start-interval=5.s>"
                  "<--retries=+03><CMD><x> default" },
                { "--interval= --retries= CMD x", " health<--interval=><--retries=><CMD><x> default" },
                { "--interval=1ns2ms CMD x", " health<--interval=1ns2ms><CMD><x> default" },
                { "--interval=9223372036854775807ns CMD x",
                  " health<--interval=9223372036854775807ns><CMD><x> default" },
                { "--interval=5s NONE", " health<NONE> default" },
                { "--interval=banana --nosuch=1 none", " health<NONE> default" },
                { "CMD [\"a\", \"b\"]", " health<CMD><[\"a\", \"b\"]> default" },
                { "CMD []", "! D:2: Missing command after HEALTHCHECK CMD" },
                { "CMD [1]",
                  "! D:2: when using JSON array syntax, arrays must be comprised of strings only" },
                { "--interval=5s NONE x", "! D:2: HEALTHCHECK NONE takes no arguments" },
                { "--interval=5s", "! D:2: HEALTHCHECK requires at least one argument" },
                { "--interval=banana CMD x", "! D:2: --interval: invalid duration \"banana\"" TIME },
                { "--timeout=. CMD x", "! D:2: --timeout: invalid duration \".\"" TIME },
                { "--timeout=- CMD x", "! D:2: --timeout: invalid duration \"-\"" TIME },
                { "--timeout=9999999h CMD x", "! D:2: --timeout: invalid duration \"9999999h\"" TIME },
                { "--timeout=99999999999999999999s CMD x",
                  "! D:2: --timeout: invalid duration \"99999999999999999999s\"" TIME },
                { "--timeout=2562047h60m CMD x", "! D:2: --timeout: invalid duration \"2562047h60m\"" TIME },
                { "--interval=5 CMD x", "! D:2: --interval: missing unit in duration \"5\"" TIME },
                { "--interval=3s5 CMD x", "! D:2: --interval: missing unit in duration \"3s5\"" TIME },
                { "--interval=1d CMD x", "! D:2: --interval: unknown unit \"d\" in duration \"1d\"" TIME },
                { "--interval=5S CMD x", "! D:2: --interval: unknown unit \"S\" in duration \"5S\"" TIME },
                { "--interval=0 CMD x", SHORT("interval") },
                { "--interval=-5s CMD x", SHORT("interval") },
                { "--timeout=0.5ms CMD x", SHORT("timeout") },
                { "--start-period=999us CMD x", SHORT("start-period") },
                { "--retries=0 CMD x", "! D:2: --retries must be at least 1 (not 0)" },
                { "--retries=-1 CMD x", "! D:2: --retries must be at least 1 (not -1)" },
                { "--retries=x CMD x", "! D:2: --retries: \"x\" is no whole number" RETRIES },
                { "--retries=0x10 CMD x", "! D:2: --retries: \"0x10\" is no whole number" RETRIES },
                { "--retries=3000000000 CMD x", "! D:2: --retries: \"3000000000\" is out of range" RETRIES },
                { "--retries=99999999999999999999 CMD x",
                  "! D:2: --retries: \"99999999999999999999\" is out of range" RETRIES },
                { "--interval CMD x", "! D:2: Missing a value on flag: interval" },
                { "--interval=5s --interval=6s CMD x", "! D:2: Duplicate flag specified: interval" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                own_free char *text = xasprintf("FROM demo\nHEALTHCHECK %s", rows[i].text);
                own_free char *got = built_from(text, NULL);

                assert_string_equal(got, rows[i].wanted);
        }
}

static void build_arguments_win_over_defaults(void **state)
{
        static const char *const args[] = { "U=given",      "FROM_CALLER", "NOT_THERE",
                                            "http_proxy=x", "B=base",      NULL };
        static const struct row rows[] = {
                { "FROM demo\nARG U=1\nUSER $U", " user=given default unused<FROM_CALLER><NOT_THERE><B>" },
                { "FROM demo\nARG U FROM_CALLER NOT_THERE=n\nENV E=$U$FROM_CALLER$NOT_THERE",
                  " env<E=givencn> default unused<B>" },
                { "ARG B\nFROM $B\nUSER $U",
                  " root=/r env<A=base> cmd<old> shell</bin/ash><-c> unused<U><FROM_CALLER><NOT_THERE>" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                own_free char *got = built_from(rows[i].text, args);

                assert_string_equal(got, rows[i].wanted);
        }
}

static void of_a_build_argument_given_twice_the_last_counts(void **state)
{
        static const struct {
                const char *args[3], *wanted;
        } rows[] = {
                { { "U=1", "U=2", NULL }, " user=2 default" },
                { { "U=2", "U", NULL }, " user=0 default" },
                { { "FROM_CALLER", "FROM_CALLER=d", NULL }, " user=0d default" },
                { { "FROM_CALLER=d", "FROM_CALLER", NULL }, " user=0c default" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                own_free char *got =
                        built_from("FROM demo\nARG U=0 FROM_CALLER\nUSER $U$FROM_CALLER", rows[i].args);

                assert_string_equal(got, rows[i].wanted);
        }
}

static void a_proxy_s_argument_needs_no_arg(void **state)
{
        static const char *const args[] = { "HTTP_PROXY=q", "no_proxy=base",  "all_proxy=a",
                                            "Http_proxy=b", "ftp_proxy=\xfc", NULL };
        static const struct row rows[] = {
                { "FROM demo\nENV P=$HTTP_PROXY,$http_proxy,$all_proxy,$Http_proxy",
                  " env<P=q,,,> default unused<all_proxy><Http_proxy>" },
                { "FROM $no_proxy",
                  " root=/r env<A=base> cmd<old> shell</bin/ash><-c> unused<all_proxy><Http_proxy>" },
                { "FROM demo\nENV HTTP_PROXY=e\nENV P=$HTTP_PROXY",
                  " env<HTTP_PROXY=e><P=e> default unused<all_proxy><Http_proxy>" },
                { "FROM demo\nARG HTTP_PROXY=d https_proxy=e\nENV P=$HTTP_PROXY,$https_proxy",
                  " env<P=q,e> default unused<all_proxy><Http_proxy>" },
                { "FROM demo\nENV P=$ftp_proxy", "! D:2: a --build-arg for a proxy: its value is not UTF-8" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                own_free char *got = built_from(rows[i].text, args);

                assert_string_equal(got, rows[i].wanted);
        }
}

static void mistakes_are_named_with_their_line(void **state)
{
        static const struct row rows[] = {
                { "USER 1", "! D:1: no build stage in current context|a Dockerfile begins with FROM; before "
                            "it only ARG "
                            "may stand" },
                { "ARG A", "! D:1: no build stage in current context|a Dockerfile begins with FROM" },
                { "FROM a b", "! D:1: FROM requires either one or three arguments" },
                { "FROM a TO b", "! D:1: FROM requires either one or three arguments" },
                { "FROM", "! D:1: FROM requires either one or three arguments" },
                { "FROM $X", "! D:1: base name ($X) should not be blank" },
                { "FROM a AS 1x",
                  "! D:1: invalid name for build stage: \"1x\", name can't start with a number or "
                  "contain symbols" },
                { "FROM demo AS x\nUSER 1\nFROM demo AS X",
                  "! D:3: X stage name already used|give each stage a name of its own; small and large "
                  "letters are the same there" },
                { "FROM gone", "! D:1: open the image gone: it is not there|look again" },
                { "FROM --platform=x a",
                  "! D:1: --platform=x: the root that a build stands on is this machine's|leave "
                  "--platform away: there is one platform here" },
                { "FROM demo\nUSER", "! D:2: USER requires exactly one argument" },
                { "FROM demo\nUSER ${A", "! D:2: syntax error: missing '}'" },
                { "FROM demo\nENV", "! D:2: ENV requires at least one argument" },
                { "FROM demo\nENV A", "! D:2: ENV must have two arguments" },
                { "FROM demo\nENV A=1 B",
                  "! D:2: Syntax error - can't find = in \"B\". Must be of the form: name=value" },
                { "FROM demo\nENV =1", "! D:2: ENV names can not be blank" },
                { "FROM demo\nENV X==\nENV ${X}y=1", "! D:3: ENV: the name =y has a =" },
                { "FROM demo\nARG", "! D:2: ARG requires at least one argument" },
                { "FROM demo\nARG =x", "! D:2: ARG names can not be blank" },
                { "FROM demo\nWORKDIR", "! D:2: WORKDIR requires exactly one argument" },
                { "FROM demo\nWORKDIR $X", "! D:2: WORKDIR: cannot normalize nothing" },
                { "FROM demo\nCMD [1]",
                  "! D:2: when using JSON array syntax, arrays must be comprised of strings only" },
                { "FROM demo\nSHELL sh", "! D:2: SHELL requires the arguments to be in JSON form" },
                { "FROM demo\nSHELL []", "! D:2: SHELL requires at least one argument" },
                { "FROM demo\nUSER --x 1", "! D:2: USER: unknown flag: x" },
                { "FROM demo\nEXPOSE 0x1", "! D:2: EXPOSE: Invalid containerPort: 0x1" },
                { "FROM demo\nEXPOSE 99999", "! D:2: EXPOSE: Invalid containerPort: 99999" },
                { "FROM demo\nEXPOSE 80/icmp", "! D:2: EXPOSE: Invalid proto: icmp" },
                { "FROM demo\nVOLUME", "! D:2: VOLUME requires at least one argument" },
                { "FROM demo\nVOLUME [\"\"]", "! D:2: VOLUME specified can not be an empty string" },
                { "FROM demo\nSTOPSIGNAL 65", "! D:2: Invalid signal: 65" },
                { "FROM demo\nSTOPSIGNAL SIGNO", "! D:2: Invalid signal: SIGNO" },
                { "FROM demo\nHEALTHCHECK X y", "! D:2: Unknown type \"X\" in HEALTHCHECK (try CMD)" },
                { "FROM demo\nHEALTHCHECK CMD", "! D:2: Missing command after HEALTHCHECK CMD" },
                { "FROM demo\nHEALTHCHECK NONE x", "! D:2: HEALTHCHECK NONE takes no arguments" },
                { "FROM demo\nHEALTHCHECK --nosuch=1 CMD x", "! D:2: HEALTHCHECK: unknown flag: nosuch=1" },
                { "FROM demo\nONBUILD", "! D:2: ONBUILD requires at least one argument" },
                { "FROM demo\nONBUILD ONBUILD USER 1",
                  "! D:2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed" },
                { "FROM demo\nONBUILD FROM x", "! D:2: FROM isn't allowed as an ONBUILD trigger" },
                { "FROM demo\nONBUILD USRE x",
                  "! D:2: ONBUILD: unknown instruction: USRE|did you mean USER?" },
                { "\nFROM waits-badly", "! D:2: ONBUILD USRE 1: unknown instruction: USRE" },
        };

        (void)state;
        CHECK(rows);
}

static void what_needs_a_layer_is_refused_with_the_way_out(void **state)
{
        static const char *const words[] = { "RUN", "COPY", "ADD", "ONBUILD RUN" };

        (void)state;
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
                own_free char *text = xasprintf("FROM demo\n%s a b", words[i]);
                own_free char *got = built_from(text, NULL);

                assert_non_null(strstr(got, "! D:2: "));
                assert_non_null(strstr(got, i == 3 ? "RUN" : words[i]));
                assert_non_null(strstr(got, "needs a layer"));
                assert_non_null(strstr(got, "FROM dir:PATH"));
        }
}

/* A line n times over, with its number in place of #. */
static void add_lines(struct str *text, const char *line, int n)
{
        size_t at = strcspn(line, "#");

        for (int i = 0; i < n; i++)
                str_add_f(text, "%.*s%d%s\n", (int)at, line, i, line[at] ? line + at + 1 : "");
}

static void check_bounded(struct str *text, const char *word)
{
        own_free char *got = built_from(text->s, NULL);

        str_finish(text);
        if (got[0] != '!' || !strstr(got, word))
                fail_msg("%.200s", got);
}

static void no_dockerfile_grows_beyond_use(void **state)
{
        static const char *const again[] = { "EXPOSE $A0${X:+#}", "VOLUME [\"$A0${X:+#}\"]",
                                             "LABEL a $A0${X:+#}" };
        struct str text = { 0 };

        (void)state;
        str_add(&text, "FROM demo\n");
        add_lines(&text, "ENV A#=1", 2000);
        check_bounded(&text, "more than 1024 variables");
        str_add(&text, "FROM demo\n");
        add_lines(&text, "LABEL a#=1", 2000);
        check_bounded(&text, "more than 1024 labels");
        add_lines(&text, "FROM demo AS a#", 1000);
        check_bounded(&text, "more than 256 stages");
        str_add(&text, "FROM demo\nENV A0=0123456789\n");
        add_lines(&text, "ENV A0=${A0}$A0${X:+#}", 40);
        check_bounded(&text, "longer than 128 KiB");
        str_add(&text, "FROM demo\nENV A0=0123456789\n");
        add_lines(&text, "ENV A0=${A0}$A0${X:+#}", 13);
        add_lines(&text, "ENV B#=$A0", 100);
        check_bounded(&text, "beyond all use");
        /* What is said again, too. */
        for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++) {
                str_add(&text, "FROM demo\nENV A0=\"80 81 \"\n");
                add_lines(&text, "ENV A0=${A0}$A0${X:+#}", 13);
                add_lines(&text, again[i], 120);
                check_bounded(&text, "more than 4 MiB");
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_last_instruction_of_a_kind_counts),
                cmocka_unit_test(an_image_has_docker_s_path_where_nobody_says_another),
                cmocka_unit_test(the_path_is_the_first_instruction_s_and_behind_the_base_s_variables),
                cmocka_unit_test(a_command_is_a_list_or_goes_to_a_shell),
                cmocka_unit_test(stages_are_named_and_the_last_one_stays),
                cmocka_unit_test(an_exposed_port_is_the_container_s),
                cmocka_unit_test(a_health_check_s_flags_are_checked_where_they_count),
                cmocka_unit_test(build_arguments_win_over_defaults),
                cmocka_unit_test(of_a_build_argument_given_twice_the_last_counts),
                cmocka_unit_test(a_proxy_s_argument_needs_no_arg),
                cmocka_unit_test(mistakes_are_named_with_their_line),
                cmocka_unit_test(what_needs_a_layer_is_refused_with_the_way_out),
                cmocka_unit_test(no_dockerfile_grows_beyond_use),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
