/* SPDX-License-Identifier: MIT */
/* The check language: what is true, and that its program reaches nothing and never holds anybody up. */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "lesson/check.h"

/* One container of user 1000 with one id, a bit of everything that the prelude asks for. */
static const char snapshot[] =
        "{\"mode\":\"range\",\"init\":{\"uid\":{\"container\":1000},\"no_new_privs\":false,\"caps\":{"
        "\"effective\":\"0000000000000020\",\"effective_names\":[\"KILL\"],"
        "\"bounding_names\":[\"KILL\",\"CHOWN\"]}},"
        "\"namespaces\":[{\"type\":\"pid\",\"shared\":false},{\"type\":\"time\",\"shared\":true}],"
        "\"exec\":[{\"exit\":1},{\"exit\":2,\"output\":\"x\\n\"}],"
        "\"probes\":[{\"cap\":\"KILL\",\"verdict\":\"denied\"}],"
        "\"host\":[{\"pid\":1,\"comm\":\"systemd\"},{\"pid\":9,\"comm\":\"sleep\"}],"
        "\"container\":[{\"pid\":1,\"comm\":\"sleep\"}]}";

static struct checker *checker;

static char *in_tree(const char *variable, const char *name)
{
        const char *top = getenv(variable);

        return xasprintf("%s/%s", top ? top : ".", name);
}

static int open_checker(void **state)
{
        own_free char *helper = in_tree("top_builddir", "vitrine-check");
        own_free char *prelude = in_tree("top_srcdir", "lessons/vitrine.jq");
        struct fault fault = { 0 };

        (void)state;
        if (check_open(helper, prelude, &checker, &fault))
                return 0;
        print_error("%s %s: %s %s\n", fault.step, fault.path, strerror(fault.err), fault.why);
        return -1;
}

static int close_checker(void **state)
{
        (void)state;
        check_close(checker);
        return 0;
}

static int compile(const char *expr)
{
        struct fault fault = { 0 };
        int id = -1;

        if (!check_compile(checker, expr, &id, &fault))
                fail_msg("%s: %s", expr, fault.why);
        return id;
}

static struct check_report evaluate(const char *expr, const char *json)
{
        struct check_report report = { .id = -1 };
        struct fault fault = { 0 };
        int id = compile(expr);

        if (!check_eval(checker, &id, 1, json, &fault))
                fail_msg("%s: %s", expr, fault.why);
        assert_true(check_wait(checker, &report));
        assert_int_equal(report.id, id);
        assert_false(check_is_busy(checker));
        return report;
}

static void true_is_exactly_one_output_true(void **state)
{
        static const struct {
                const char *expr;
                enum check_result result;
        } cases[] = {
                { "true", CHECK_TRUE },
                { "1 == 1", CHECK_TRUE },
                { "false", CHECK_NOT_YET },
                { "null", CHECK_NOT_YET },
                { "1", CHECK_NOT_YET },
                { "\"true\"", CHECK_NOT_YET },
                { "[true]", CHECK_NOT_YET },
                { ".", CHECK_NOT_YET },
                { "empty", CHECK_NOT_YET },
                { "true, true", CHECK_NOT_YET },
                { "true, false", CHECK_NOT_YET },
                { "true, error(\"x\")", CHECK_NOT_YET },
                { "error(\"x\")", CHECK_NOT_YET },
                { ".init.pid.x.y", CHECK_NOT_YET },
                { "\"a\" + 1", CHECK_NOT_YET },
                { "halt", CHECK_NOT_YET },
                { "true, halt", CHECK_NOT_YET },
                { "\"x\" | halt_error", CHECK_NOT_YET },
                { "true # a comment", CHECK_TRUE },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct check_report report = evaluate(cases[i].expr, snapshot);

                if (report.result != cases[i].result)
                        fail_msg("%s: %d, message %s", cases[i].expr, report.result, report.message);
        }
}

static void the_prelude_names_what_lessons_ask(void **state)
{
        static const char *const truths[] = {
                "holds(\"KILL\")",
                "holds(\"cap_kill\")",
                "holds(\"CHOWN\") | not",
                "may_regain(\"CHOWN\")",
                "may_regain(\"KILL\") | not",
                "may_regain(\"SYS_TIME\") | not",
                ".init.no_new_privs = true | may_regain(\"CHOWN\") | not",
                ".mode = \"one-id\" | may_regain(\"CHOWN\") | not",
                ".mode = \"one-id\" | .init.uid.container = 0 | may_regain(\"CHOWN\")",
                "inside(\"sleep\")",
                "inside(\"systemd\") | not",
                "outside(\"systemd\")",
                "outside(\"sshd\") | not",
                "alone",
                ".container += [{}] | alone | not",
                ".container = [] | alone | not",
                "shares(\"time\")",
                "shares(\"pid\") | not",
                "probe(\"KILL\") == \"denied\"",
                "probe(\"CHOWN\") == null",
                "del(.probes) | probe(\"KILL\") == null",
                "last_exec.exit == 2",
                "del(.exec) | last_exec == null",
                ".exec = [] | last_exec.exit == 0 | not",
        };

        (void)state;
        for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
                struct check_report report = evaluate(truths[i], snapshot);

                if (report.result != CHECK_TRUE)
                        fail_msg("%s is not true: %s", truths[i], report.message);
        }
}

static void a_value_is_one_scalar_that_is_not_null(void **state)
{
        static const struct {
                const char *expr, *value; /* NULL: none */
        } cases[] = {
                { ".init.uid.container", "1000" },
                { "\"a b\"", "a b" },
                { "true", "true" },
                { "4026531836", "4026531836" },
                { "null", NULL },
                { "[1]", NULL },
                { "{}", NULL },
                { "empty", NULL },
                { "1, 2", NULL },
                { ".init.caps.effective[-1:]", "0" },
                { "[range(999)] | tojson", NULL },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct check_report report = evaluate(cases[i].expr, snapshot);

                assert_int_equal(report.has_value, cases[i].value != NULL);
                if (cases[i].value)
                        assert_string_equal(report.value, cases[i].value);
        }
}

static void what_does_not_compile_says_why(void **state)
{
        static const struct {
                const char *expr, *part;
        } cases[] = {
                { "nosuch(1)", "nosuch/1 is not defined" },
                { "$nosuch", "$nosuch is not defined" },
                { "1 +", "syntax error" },
                { "", "" },
                { "(((", "syntax error" },
                { "import \"vitrine\" as v; true", "syntax error" },
                { "include \"vitrine\"; true", "syntax error" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct fault fault = { 0 };
                int id = -1;

                if (!*cases[i].expr)
                        continue; /* definitions alone are an identity: it compiles, and is never true */
                assert_false(check_compile(checker, cases[i].expr, &id, &fault));
                if (!strstr(fault.why, cases[i].part) || strstr(fault.why, "line"))
                        fail_msg("%s: %s", cases[i].expr, fault.why);
                assert_int_equal(id, -1);
        }
        /* jq 1.6 takes nothing for an identity, 1.7 refuses it: it is never true. */
        {
                struct fault fault = { 0 };
                int id = -1;

                if (check_compile(checker, "", &id, &fault))
                        assert_int_equal(evaluate("", snapshot).result, CHECK_NOT_YET);
                else
                        assert_non_null(strstr(fault.why, "program not given"));
        }
}

/* None of these may be true, whatever this machine has. */
static void a_check_reaches_nothing(void **state)
{
        static const char *const reaches[] = {
                "env | length > 0",
                "$ENV | length > 0",
                "$ENV.PATH != null",
                "env.HOME != null",
                "\"/etc/passwd\" | try (modulemeta | true) catch false",
                "\"vitrine\" | try (modulemeta | true) catch false",
                "try (get_search_list | length > 0) catch false",
                "input_filename != null",
        };

        (void)state;
        for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++) {
                struct fault fault = { 0 };
                struct check_report report = { 0 };
                int id;

                if (!check_compile(checker, reaches[i], &id, &fault))
                        continue; /* another jq does not know it */
                assert_true(check_eval(checker, &id, 1, snapshot, &fault));
                assert_true(check_wait(checker, &report));
                if (report.result == CHECK_TRUE)
                        fail_msg("%s is true", reaches[i]);
        }
        assert_int_equal(evaluate("try input catch . | ascii_downcase == \"break\"", snapshot).result,
                         CHECK_TRUE);
        assert_int_equal(evaluate("[inputs] == []", snapshot).result, CHECK_TRUE);
        /* debug hands its input on, and what it prints goes nowhere. */
        assert_int_equal(evaluate("true | debug", snapshot).result, CHECK_TRUE);
#if !defined(__SANITIZE_ADDRESS__) /* there it is where the reports go */
        assert_int_equal(evaluate("true | stderr", snapshot).result, CHECK_TRUE);
#endif
}

/* The PID of the checking program. */
static int child_pid(void)
{
        own_free char *line = xasprintf("pgrep -P %d -f '^vitrine-check'", (int)getpid());
        FILE *pipe = popen(line, "r");
        int pid = 0;

        assert_non_null(pipe);
        assert_int_equal(fscanf(pipe, "%d", &pid), 1);
        pclose(pipe);
        return pid;
}

static void assert_status_has(int pid, const char *line)
{
        own_free char *path = xasprintf("/proc/%d/status", pid);
        char text[8192] = "";
        FILE *f = fopen(path, "r");

        assert_non_null(f);
        text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
        fclose(f);
        if (!strstr(text, line))
                fail_msg("no %s in %s", line, text);
}

static void its_program_has_nothing_and_may_nothing(void **state)
{
        int pid = child_pid();

        (void)state;
        assert_status_has(pid, "NoNewPrivs:\t1\n");
        assert_status_has(pid, "CapEff:\t0000000000000000\n");
#if !defined(__SANITIZE_ADDRESS__)
        assert_status_has(pid, "Seccomp:\t2\n");
#endif
        for (int fd = 0; fd < 8; fd++) {
                own_free char *path = xasprintf("/proc/%d/fd/%d", pid, fd);
                char target[256] = "";
                ssize_t n = readlink(path, target, sizeof(target) - 1);

#if defined(__SANITIZE_ADDRESS__)
                if (fd == 2)
                        continue;
#endif
                if (fd < 3)
                        assert_string_equal(target, "/dev/null");
                else if (fd == 3)
                        assert_memory_equal(target, "socket:", 7);
                else
                        assert_int_equal(n, -1);
        }
}

static void a_check_that_does_not_end_is_ended(void **state)
{
        const char *const endless[] = { "last(range(1e18)) == 1", "def f: f; f",
                                        "[limit(1e18; repeat(1))] == 1", "until(false; .)" };
        int good = compile("alone"), other = compile("holds(\"KILL\")");

        (void)state;
        for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++) {
                struct check_report report = { 0 };
                struct fault fault = { 0 };
                int ids[3] = { good, compile(endless[i]), other };
                uint64_t begin = time_now_ms();

                assert_true(check_eval(checker, ids, 3, snapshot, &fault));
                assert_true(time_now_ms() - begin < CHECK_LIMIT_MS);
                assert_true(check_wait(checker, &report));
                assert_int_equal(report.result, CHECK_TRUE);
                assert_true(check_wait(checker, &report));
                assert_int_equal(report.id, ids[1]);
                assert_int_equal(report.result, CHECK_ERROR);
                assert_true(report.message[0]);
                assert_true(time_now_ms() - begin < 10 * CHECK_LIMIT_MS);
                /* The rest is evaluated by the program that took the ended one's place. */
                assert_true(check_wait(checker, &report));
                assert_int_equal(report.id, other);
                assert_int_equal(report.result, CHECK_TRUE);
                /* It is not run a second time. */
                begin = time_now_ms();
                assert_true(check_eval(checker, &ids[1], 1, snapshot, &fault));
                assert_true(check_wait(checker, &report));
                assert_int_equal(report.result, CHECK_ERROR);
                assert_true(time_now_ms() - begin < CHECK_LIMIT_MS / 2);
                assert_false(check_wait(checker, &report));
        }
}

static void a_check_that_is_at_work_holds_nobody_up(void **state)
{
        struct check_report report = { 0 };
        struct fault fault = { 0 };
        int id = compile("last(range(1e18)) == 1"), none;
        uint64_t begin = time_now_ms();

        (void)state;
        assert_true(check_eval(checker, &id, 1, snapshot, &fault));
        assert_true(check_is_busy(checker));
        assert_true(check_fd(checker) >= 0);
        assert_true(check_deadline_ms(checker) > begin);
        assert_false(check_next(checker, &report));
        assert_false(check_eval(checker, &id, 1, snapshot, &fault));
        assert_int_equal(fault.err, EBUSY);
        assert_false(check_compile(checker, "true", &none, &fault));
        assert_int_equal(fault.err, EBUSY);
        check_forget(checker);
        assert_false(check_is_busy(checker));
        assert_int_equal(check_deadline_ms(checker), 0);
        assert_true(time_now_ms() - begin < CHECK_LIMIT_MS);
        /* And is there again for the next one. */
        assert_int_equal(evaluate("true", snapshot).result, CHECK_TRUE);
}

/* With AddressSanitizer there is no limit but the time. */
static void what_uses_up_memory_is_an_error(void **state)
{
        static const char *const greedy[] = {
                "def f: . + .; \"xxxxxxxxxxxxxxxx\" | f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|"
                "f|f|f|f|f|f|f|f|f|f|f|f|f|f|f | length > 0",
                "[range(1e9)] | length > 0"
        };

        (void)state;
        for (size_t i = 0; i < sizeof(greedy) / sizeof(greedy[0]); i++)
                assert_int_not_equal(evaluate(greedy[i], snapshot).result, CHECK_TRUE);
        assert_int_equal(evaluate("true", snapshot).result, CHECK_TRUE);
}

static void odd_input_is_not_yet_or_an_error(void **state)
{
        own_free char *deep = xcalloc(1, 200001);
        int id = compile("true");
        struct check_report report;
        struct fault fault = { 0 };
        static const char *const odd[] = { "", "{", "nonsense", "1 2" };

        (void)state;
        for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
                assert_true(check_eval(checker, &id, 1, odd[i], &fault));
                assert_true(check_wait(checker, &report));
                assert_int_not_equal(report.result, CHECK_TRUE);
        }
        memset(deep, '[', 200000);
        assert_true(check_eval(checker, &id, 1, deep, &fault));
        assert_true(check_wait(checker, &report));
        assert_int_not_equal(report.result, CHECK_TRUE);
        id = 12345;
        assert_true(check_eval(checker, &id, 1, snapshot, &fault));
        assert_true(check_wait(checker, &report));
        assert_int_equal(report.result, CHECK_ERROR);
        assert_true(check_eval(checker, &id, 0, snapshot, &fault));
        assert_false(check_wait(checker, &report));
}

static void a_nest_of_brackets_costs_at_most_its_program(void **state)
{
        own_free char *deep = xcalloc(1, 100001);
        struct fault fault = { 0 };
        int id;

        (void)state;
        memset(deep, '(', 100000);
        assert_false(check_compile(checker, deep, &id, &fault));
        assert_true(fault.why[0]);
        assert_int_equal(evaluate("true", snapshot).result, CHECK_TRUE);
}

static void a_large_snapshot_is_evaluated(void **state)
{
        struct str json = { 0 };

        (void)state;
        str_add(&json, "{\"container\":[");
        for (int i = 0; i < 20000; i++)
                str_add_f(&json,
                          "%s{\"pid\":%d,\"comm\":\"worker\",\"cmdline\":\"/usr/lib/worker --number %d\"}",
                          i ? "," : "", i, i);
        str_add(&json, "]}");
        assert_true(json.len > 1000000);
        assert_int_equal(evaluate("inside(\"worker\") and (alone | not)", str_text(&json)).result,
                         CHECK_TRUE);
        str_finish(&json);
}

static void a_program_that_is_killed_from_outside_is_replaced(void **state)
{
        struct check_report report = { 0 };
        struct fault fault = { 0 };
        int ids[2] = { compile("alone"), compile("alone | not") };

        (void)state;
        for (int i = 0; i < 2; i++) {
                own_free char *line = xasprintf("pkill -KILL -P %d -f '^vitrine-check'", (int)getpid());

                assert_int_equal(system(line), 0);
                assert_true(check_eval(checker, ids, 2, snapshot, &fault));
                assert_true(check_wait(checker, &report));
                assert_int_equal(report.result, CHECK_TRUE);
                assert_true(check_wait(checker, &report));
                assert_int_equal(report.result, CHECK_NOT_YET);
        }
}

static void a_missing_program_or_prelude_is_named(void **state)
{
        own_free char *helper = in_tree("top_builddir", "vitrine-check");
        own_free char *prelude = in_tree("top_srcdir", "lessons/vitrine.jq");
        struct checker *none = NULL;
        struct fault fault = { 0 };

        (void)state;
        assert_false(check_open("/nowhere/vitrine-check", prelude, &none, &fault));
        assert_int_equal(fault.err, ENOENT);
        assert_non_null(strstr(fault.hint, "vitrine-check"));
        assert_false(check_open(helper, "/nowhere/vitrine.jq", &none, &fault));
        assert_string_equal(fault.path, "/nowhere/vitrine.jq");
        assert_false(check_open("/bin/false", prelude, &none, &fault));
        assert_null(none);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(true_is_exactly_one_output_true, open_checker, close_checker),
                cmocka_unit_test_setup_teardown(the_prelude_names_what_lessons_ask, open_checker,
                                                close_checker),
                cmocka_unit_test_setup_teardown(a_value_is_one_scalar_that_is_not_null, open_checker,
                                                close_checker),
                cmocka_unit_test_setup_teardown(what_does_not_compile_says_why, open_checker, close_checker),
                cmocka_unit_test_setup_teardown(a_check_reaches_nothing, open_checker, close_checker),
                cmocka_unit_test_setup_teardown(its_program_has_nothing_and_may_nothing, open_checker,
                                                close_checker),
                cmocka_unit_test_setup_teardown(a_check_that_does_not_end_is_ended, open_checker,
                                                close_checker),
                cmocka_unit_test_setup_teardown(a_check_that_is_at_work_holds_nobody_up, open_checker,
                                                close_checker),
                cmocka_unit_test_setup_teardown(what_uses_up_memory_is_an_error, open_checker, close_checker),
                cmocka_unit_test_setup_teardown(odd_input_is_not_yet_or_an_error, open_checker,
                                                close_checker),
                cmocka_unit_test_setup_teardown(a_nest_of_brackets_costs_at_most_its_program, open_checker,
                                                close_checker),
                cmocka_unit_test_setup_teardown(a_large_snapshot_is_evaluated, open_checker, close_checker),
                cmocka_unit_test_setup_teardown(a_program_that_is_killed_from_outside_is_replaced,
                                                open_checker, close_checker),
                cmocka_unit_test(a_missing_program_or_prelude_is_named),
        };

        return cmocka_run_group_tests_name("lesson/check", tests, NULL, NULL);
}
