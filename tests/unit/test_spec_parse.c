/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/flags.h"
#include "spec_line_helper.h"

static const struct {
        const char *typed, *line;
} taken[] = {
        { "ubuntu", "docker run ubuntu" },
        { "--user 1000 ubuntu", "docker run --user=1000 ubuntu" },
        { "--user=1000 ubuntu", "docker run --user=1000 ubuntu" },
        { "-u 1000 ubuntu", "docker run --user=1000 ubuntu" },
        { "-u1000 ubuntu", "docker run --user=1000 ubuntu" },
        { "-u=1000 ubuntu", "docker run --user=1000 ubuntu" },
        { "-user ubuntu", "docker run --user=ser ubuntu" },
        { "-u -1 ubuntu", "docker run --user=-1 ubuntu" },
        { "-it ubuntu sh", "docker run -it ubuntu sh" },
        { "-itu 1000 ubuntu id -u", "docker run --user=1000 -it ubuntu id -u" },
        { "-u1000 -tw/tmp ubuntu pwd", "docker run --user=1000 --workdir=/tmp -t ubuntu pwd" },
        { "-i=false -t=T ubuntu", "docker run -t ubuntu" },
        { "-it=0 ubuntu", "docker run -i ubuntu" },
        { "--privileged ubuntu", "docker run --privileged ubuntu" },
        { "--privileged=TRUE ubuntu", "docker run --privileged ubuntu" },
        { "--privileged --privileged=f ubuntu", "docker run ubuntu" },
        { "--privileged true ubuntu", "docker run --privileged true ubuntu" },
        { "-- ubuntu -u 1", "docker run ubuntu -u 1" },
        { "-u 1 -- -x", "docker run --user=1 -- -x" },
        { "ubuntu -- ls", "docker run ubuntu -- ls" },
        { "ubuntu --user 1000 --nosuch", "docker run ubuntu --user 1000 --nosuch" },
        { "- sh", "docker run - sh" },
        { "--user a --user b ubuntu", "docker run --user=b ubuntu" },
        { "--net=host ubuntu", "docker run --network=host ubuntu" },
        { "--network none ubuntu", "docker run --network=none ubuntu" },
        { "--network bridge --ipc shareable --cgroupns private ubuntu", "docker run ubuntu" },
        { "--pid '' --uts '' --userns '' --cgroupns '' --ipc '' ubuntu", "docker run ubuntu" },
        { "--pid nosuch --uts private --pid host --uts= ubuntu", "docker run --pid=host ubuntu" },
        { "--userns remap --userns host ubuntu", "docker run --userns=host ubuntu" },
        { "--cap-add kill --cap-add CAP_SYS_ADMIN --cap-drop all --cap-drop Chown ubuntu",
          "docker run --cap-add=KILL --cap-add=SYS_ADMIN --cap-drop=ALL --cap-drop=CHOWN ubuntu" },
        { "--entrypoint '' -h '' ubuntu", "docker run --entrypoint='' ubuntu" },
        { "-e A=1 --env B -e 'C=d e' ubuntu", "docker run --env=A=1 --env=B --env='C=d e' ubuntu" },
        { "--security-opt no-new-privileges:true --security-opt=seccomp=unconfined ubuntu",
          "docker run --security-opt=no-new-privileges --security-opt=seccomp=unconfined ubuntu" },
        { "--security-opt no-new-privileges --security-opt no-new-privileges=false ubuntu",
          "docker run ubuntu" },
        { "-d=false --init=0 --rm --sig-proxy ubuntu", "docker run --rm ubuntu" },
        { "--group-add 1 --group-add extra ubuntu", "docker run --group-add=1 --group-add=extra ubuntu" },
        { "", "docker run" },
};

static void every_form_of_a_flag_is_taken(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
                struct fault fault = { 0 };
                struct spec spec;
                char *line;

                if (!parse_text(taken[i].typed, ENGINE_DOCKER, &spec, &fault))
                        fail_msg("%s: %s: %s", taken[i].typed, fault.step, fault.why);
                line = spec_line(&spec, "docker");
                assert_string_equal(line, taken[i].line);
                free(line);
                spec_finish(&spec);
        }
}

static const struct {
        const char *typed, *step, *why, *hint;
} refused[] = {
        { "--nosuchflag ubuntu", "--nosuchflag", "unknown flag: --nosuchflag", NULL },
        { "--use 1000 ubuntu", "--use", "unknown flag: --use", "did you mean --user?" },
        { "--prvileged=true ubuntu", "--prvileged=true", "unknown flag: --prvileged",
          "did you mean --privileged?" },
        { "-z ubuntu", "-z", "unknown shorthand flag: 'z' in -z", "vitrine run --help lists the flags" },
        { "-tz ubuntu", "-tz", "unknown shorthand flag: 'z' in -z", NULL },
        { "-i= ubuntu", "-i=", "unknown shorthand flag: '=' in -=", NULL },
        { "-name ab ubuntu", "-name", "unknown shorthand flag: 'n' in -name", "did you mean --name?" },
        { "-network=host ubuntu", "-network=host", NULL, "did you mean --network=host?" },
        { "---x ubuntu", "---x", "bad flag syntax: ---x", NULL },
        { "--=x ubuntu", "--=x", "bad flag syntax: --=x", NULL },
        { "--user", "--user", "flag needs an argument: --user", "--user USER[:GROUP]" },
        { "-u", "-u", "flag needs an argument: 'u' in -u", "--user USER[:GROUP]" },
        { "-itu", "-itu", "flag needs an argument: 'u' in -u", "--user USER[:GROUP]" },
        { "--privileged=maybe ubuntu", "--privileged=maybe",
          "invalid argument \"maybe\" for \"--privileged\" flag: strconv.ParseBool: parsing "
          "\"maybe\": "
          "invalid syntax",
          NULL },
        { "-t=maybe ubuntu", "-t=maybe",
          "invalid argument \"maybe\" for \"-t, --tty\" flag: strconv.ParseBool: parsing \"maybe\": "
          "invalid syntax",
          NULL },
        { "-p 80:80 ubuntu", "-p 80:80", NULL, "--network host shares the machine's ports" },
        { "-itp80:80 ubuntu", "-p80:80", NULL, "--network host shares the machine's ports" },
        { "--volume /:/host ubuntu", "--volume /:/host", NULL, NULL },
        { "--read-only --tmpfs /tmp ubuntu", "--tmpfs /tmp", "vitrine mounts nothing of your choice",
          "what is written is in memory already; with --read-only /dev/shm alone can be written" },
        { "-dit ubuntu", "-d", NULL, NULL },
        { "--detach ubuntu", "--detach", NULL, NULL },
        { "--cap-add NOSUCH ubuntu", "--cap-add NOSUCH", "unknown capability: \"CAP_NOSUCH\"", NULL },
        { "--cap-drop KILLL ubuntu", "--cap-drop KILLL", "unknown capability: \"CAP_KILLL\"",
          "did you mean KILL?" },
        { "--cap-add '' ubuntu", "--cap-add ", "unknown capability: \"CAP_\"", NULL },
        { "--cap-add SYS_ADMIN,NET_ADMIN ubuntu", "--cap-add SYS_ADMIN,NET_ADMIN",
          "unknown capability: \"CAP_SYS_ADMIN,NET_ADMIN\"", NULL },
        { "--pid nosuch ubuntu", "--pid nosuch", "invalid PID mode", NULL },
        { "--pid private ubuntu", "--pid private", "invalid PID mode",
          "podman takes it; for docker leave it away: the container has its own anyway" },
        { "--uts=private ubuntu", "--uts=private", "invalid UTS mode",
          "podman takes it; for docker leave it away: the container has its own anyway" },
        { "--pid host --pid private ubuntu", "--pid private", "invalid PID mode", NULL },
        { "--network private ubuntu", "--network private", NULL, NULL },
        { "--network '' ubuntu", "--network ", "no name set for network", NULL },
        { "--userns foo ubuntu", "--userns foo", "invalid USER mode",
          "host: the machine's users; remap, as root: others; without root they are mapped anyway" },
        { "--userns private --engine podman ubuntu", "--userns private",
          "podman takes it, and vitrine has no such namespace", NULL },
        { "--userns=keep-id:uid=1 --engine podman ubuntu", "--userns=keep-id:uid=1",
          "podman takes it, and vitrine has no such namespace", NULL },
        { "--userns auto --engine podman ubuntu", "--userns auto",
          "podman takes it, and vitrine has no such namespace",
          "host: the machine's users; remap, as root: others; without root they are mapped anyway" },
        { "--uts ns:/x --engine podman ubuntu", "--uts ns:/x",
          "podman takes it, and vitrine has no such namespace", NULL },
        { "--userns autos --engine podman ubuntu", "--userns autos",
          "unrecognized namespace mode autos passed", NULL },
        { "--uts auto --engine podman ubuntu", "--uts auto", "unrecognized namespace mode auto passed",
          NULL },
        { "--userns keep-id ubuntu", "--userns keep-id", "invalid USER mode", NULL },
        { "--uts nosuch --engine podman ubuntu", "--uts nosuch", "unrecognized namespace mode nosuch passed",
          "host shares the machine's; without the flag the container has its own" },
        { "--pid nosuch --nosuchflag ubuntu", "--nosuchflag", "unknown flag: --nosuchflag", NULL },
        { "--pid container:x ubuntu", "--pid container:x",
          "vitrine shows one container: there is no other to share with", "share the machine's: host" },
        { "--ipc=nosuch ubuntu", "--ipc=nosuch", "Invalid IPC mode: nosuch", NULL },
        { "--security-opt no-new-privileges=maybe ubuntu", "--security-opt no-new-privileges=maybe",
          "Invalid --security-opt: \"no-new-privileges=maybe\"", NULL },
        { "--security-opt no-new-privileges: ubuntu",
          "--security-opt no-new-privileges:", "Invalid --security-opt: \"no-new-privileges:\"", NULL },
        { "--security-opt systempaths=unconfined ubuntu", "--security-opt systempaths=unconfined",
          "vitrine masks /proc and /sys unless --privileged is given", "leave it away, or --privileged" },
        { "--security-opt nosuch ubuntu", "--security-opt nosuch", "Invalid --security-opt: \"nosuch\"",
          NULL },
        { "-e =x ubuntu", "-e =x",
          "invalid argument \"=x\" for \"-e, --env\" flag: invalid environment variable: =x", NULL },
        { "--name a ubuntu", "--name a",
          "Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", NULL },
        { "--json ubuntu", "--json", "unknown flag: --json", NULL },
};

static void a_refusal_names_the_flag_and_says_why(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
                struct fault fault = { 0 };
                struct spec spec = { .name = (char *)0x1 };

                if (parse_text(refused[i].typed, ENGINE_DOCKER, &spec, &fault))
                        fail_msg("%s is taken", refused[i].typed);
                assert_ptr_equal(spec.name, (char *)0x1);
                assert_string_equal(fault.step, refused[i].step);
                assert_int_equal(fault.exit_code, 125);
                assert_true(fault.why[0] && fault.hint[0]);
                if (refused[i].why)
                        assert_string_equal(fault.why, refused[i].why);
                if (refused[i].hint)
                        assert_string_equal(fault.hint, refused[i].hint);
                /* A fault is wanted by nobody: the same without one. */
                assert_false(parse_text(refused[i].typed, ENGINE_DOCKER, &spec, NULL));
        }
}

static void no_new_privileges_takes_every_word_of_a_bool(void **state)
{
        static const struct {
                const char *option;
                bool on;
        } cases[] = {
                { "", true },        { "=true", true },   { ":True", true }, { "=TRUE", true },
                { ":T", true },      { "=t", true },      { ":1", true },    { ":false", false },
                { "=False", false }, { ":FALSE", false }, { "=F", false },   { ":f", false },
                { "=0", false },
        };
        struct fault fault = { 0 };
        struct spec spec;

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char *typed = xasprintf("--security-opt no-new-privileges --security-opt "
                                        "no-new-privileges%s ubuntu",
                                        cases[i].option);

                if (!parse_text(typed, ENGINE_DOCKER, &spec, &fault))
                        fail_msg("%s: %s", typed, fault.why);
                assert_int_equal(spec.no_new_privileges, cases[i].on);
                spec_finish(&spec);
                free(typed);
        }
}

static void podman_takes_a_list_and_an_empty_name(void **state)
{
        struct fault fault = { 0 };
        struct spec spec;

        (void)state;
        assert_true(parse_text("--cap-add SYS_ADMIN,net_admin,, --cap-drop '' ubuntu", ENGINE_PODMAN, &spec,
                               &fault));
        assert_true(spec.caps.add == (caps_bit(21) | caps_bit(12)) && spec.caps.drop == 0);
        spec_finish(&spec);
        assert_true(parse_text("--cap-add SYS_ADMIN,NET_ADMIN --engine podman ubuntu", ENGINE_DOCKER, &spec,
                               &fault));
        assert_int_equal(spec.engine, ENGINE_PODMAN);
        spec_finish(&spec);
        assert_false(parse_text("--cap-add NOSUCH ubuntu", ENGINE_PODMAN, &spec, &fault));
        assert_string_equal(fault.why, "\"CAP_NOSUCH\": unknown capability");
        assert_false(parse_text("--engine lxc ubuntu", ENGINE_DOCKER, &spec, &fault));
        assert_string_equal(fault.step, "--engine lxc");
}

static void podman_takes_private_where_docker_has_no_word_for_it(void **state)
{
        static const char typed[] = "--pid private --uts private --ipc private --cgroupns private "
                                    "--network private ubuntu";
        struct fault fault = { 0 };
        struct spec spec;
        char *line;

        (void)state;
        if (!parse_text(typed, ENGINE_PODMAN, &spec, &fault))
                fail_msg("%s: %s", fault.step, fault.why);
        line = spec_line(&spec, "podman");
        assert_string_equal(line, "podman run ubuntu");
        free(line);
        spec_finish(&spec);
        /* Whose line it is may be said behind the flag. */
        assert_true(parse_text("--pid private --engine podman ubuntu", ENGINE_DOCKER, &spec, &fault));
        spec_finish(&spec);
        assert_false(parse_text("--pid private --engine docker ubuntu", ENGINE_PODMAN, &spec, &fault));
        assert_string_equal(fault.why, "invalid PID mode");
}

static void view_flags_stand_where_there_is_a_view(void **state)
{
        char *argv[] = { (char *)"--json", (char *)"--host=line", (char *)"--ascii", (char *)"--no-mouse=0",
                         (char *)"--big",  (char *)"--keys",      (char *)"demo" };
        char *bad[] = { (char *)"--host", (char *)"all", (char *)"demo" };
        struct view_flags views = { 0 };
        struct fault fault = { 0 };
        struct spec spec;
        bool help = true;

        (void)state;
        assert_true(spec_parse(7, argv, &spec, &views, &help, &fault));
        assert_true(views.json && views.ascii && views.big && views.keys && !views.no_mouse && !help);
        assert_string_equal(views.host, "line");
        assert_string_equal(spec.image, "demo");
        spec_finish(&spec);
        assert_false(spec_parse(3, bad, &spec, &views, &help, &fault));
        assert_string_equal(fault.step, "--host all");
        assert_string_equal(views.host, "line");
}

static void a_scheme_is_one_of_five(void **state)
{
        char *good[] = { (char *)"--scheme", (char *)"okabe-ito", (char *)"demo" };
        char *near[] = { (char *)"--scheme=high-contrst", (char *)"demo" };
        char *none[] = { (char *)"--scheme", (char *)"solarized", (char *)"demo" };
        struct view_flags views = { 0 };
        struct fault fault = { 0 };
        struct spec spec;

        (void)state;
        assert_true(spec_parse(3, good, &spec, &views, NULL, &fault));
        assert_int_equal(views.scheme, SCHEME_OKABE_ITO);
        spec_finish(&spec);
        assert_false(spec_parse(2, near, &spec, &views, NULL, &fault));
        assert_string_equal(fault.step, "--scheme=high-contrst");
        assert_string_equal(fault.hint,
                            "did you mean high-contrast? there are default, light, high-contrast, "
                            "mono and okabe-ito");
        assert_false(spec_parse(3, none, &spec, &views, NULL, &fault));
        assert_string_equal(fault.hint, "there are default, light, high-contrast, mono and okabe-ito");
        assert_int_equal(fault.exit_code, EXIT_VITRINE);
}

static void help_comes_before_an_unknown_capability(void **state)
{
        char *argv[] = { (char *)"--cap-add", (char *)"NOSUCH", (char *)"--help" };
        struct fault fault = { 0 };
        struct spec spec;
        bool help = false;

        (void)state;
        assert_true(spec_parse(3, argv, &spec, NULL, &help, &fault));
        assert_true(help);
        spec_finish(&spec);
}

static void help_comes_before_an_unknown_namespace(void **state)
{
        char *argv[] = { (char *)"--pid=nosuch", (char *)"--help" };
        struct fault fault = { 0 };
        struct spec spec;
        bool help = false;

        (void)state;
        assert_true(spec_parse(2, argv, &spec, NULL, &help, &fault));
        assert_true(help);
        spec_finish(&spec);
}

static void hostile_words_are_only_words(void **state)
{
        size_t n = 1 << 20;
        char *huge = malloc(n + 1), *flag = malloc(n + 3);
        char *const argv[] = { (char *)"-u", huge, huge, huge }, *const bad[] = { flag };
        char *const bytes[] = { (char *)"-\xff\x80", (char *)"x" };
        struct fault fault = { 0 };
        struct spec spec;

        (void)state;
        memset(huge, 'A', n);
        huge[n] = '\0';
        memset(flag, '-', 2);
        memcpy(flag + 2, huge, n + 1);
        assert_true(spec_parse(4, argv, &spec, NULL, NULL, &fault));
        assert_int_equal(strlen(spec.user), n);
        assert_int_equal(spec.args.n, 1);
        spec_finish(&spec);
        assert_false(spec_parse(1, bad, &spec, NULL, NULL, &fault));
        assert_non_null(strstr(fault.why, "unknown flag"));
        assert_false(spec_parse(2, bytes, &spec, NULL, NULL, &fault));
        assert_non_null(strstr(fault.why, "unknown shorthand flag: '\\xff'"));
        free(huge);
        free(flag);
}

/* Reads a line of docker's list: "-a --attach<tab>list" or "--add-host<tab>list". */
static bool read_row(FILE *file, char *letter, char name[64], char kind[32])
{
        char line[200], *at = line;

        if (!fgets(line, sizeof(line), file))
                return false;
        *letter = 0;
        if (line[1] != '-') {
                *letter = line[1];
                at = line + 3;
        }
        assert_int_equal(sscanf(at, "--%63[a-z0-9-] %31s", name, kind), 2);
        return true;
}

static void the_table_has_every_flag_of_docker_run_and_is_sorted(void **state)
{
        char path[4096], name[64], kind[32], letter;
        const char *top = getenv("top_srcdir");
        unsigned n = 0;
        FILE *file;

        (void)state;
        snprintf(path, sizeof(path), "%s/tests/oracle/docker-run-flags.tsv", top ? top : ".");
        file = fopen(path, "re");
        assert_non_null(file);
        while (read_row(file, &letter, name, kind)) {
                assert_true(n < run_flags_n);
                assert_string_equal(run_flags[n].name, name);
                assert_int_equal(run_flags[n].letter, letter);
                assert_int_equal(run_flags[n].kind, strcmp(kind, "bool") == 0 ? FLAG_BOOL : FLAG_VALUE);
                n++;
        }
        fclose(file);
        assert_int_equal(n, run_flags_n);
        assert_true(n > 90);
        for (unsigned i = 1; i < run_flags_n; i++)
                assert_true(strcmp(run_flags[i - 1].name, run_flags[i].name) < 0);
        for (unsigned i = 1; i < view_flags_n; i++)
                assert_true(strcmp(view_flags_table[i - 1].name, view_flags_table[i].name) < 0);
}

static void a_flag_is_taken_with_a_sentence_or_refused_with_reason_and_remedy(void **state)
{
        (void)state;
        for (unsigned i = 0; i < run_flags_n; i++) {
                const struct flag *flag = &run_flags[i];

                assert_true(flag->text && strlen(flag->text) > 5);
                if (flag->take)
                        assert_true((flag->kind == FLAG_VALUE) == (flag->meta != NULL));
                else
                        assert_true(flag->remedy && *flag->remedy);
        }
}

/* Whatever flag docker has: its value is not mistaken for the image. */
static void a_refused_flag_takes_its_value(void **state)
{
        (void)state;
        for (unsigned i = 0; i < run_flags_n; i++) {
                const struct flag *flag = &run_flags[i];
                char *long_word = xasprintf("--%s", flag->name), *shown;
                char *const argv[] = { long_word, (char *)"value", (char *)"ubuntu" };
                struct fault fault = { 0 };
                struct spec spec;

                shown = xasprintf(flag->kind == FLAG_VALUE ? "%s value" : "%s", long_word);
                if (!flag->take) {
                        assert_false(spec_parse(3, argv, &spec, NULL, NULL, &fault));
                        assert_string_equal(fault.step, shown);
                        assert_string_equal(fault.why, flag->text);
                        assert_string_equal(fault.hint, flag->remedy);
                }
                free(shown);
                free(long_word);
        }
}

static void the_help_lists_what_is_taken_in_100_columns(void **state)
{
        char *help = spec_flags_help(true), *short_help = spec_flags_help(false);
        size_t columns = 0;

        (void)state;
        assert_non_null(strstr(help, "  -u, --user USER[:GROUP]"));
        assert_non_null(strstr(help, "--engine docker|podman"));
        assert_non_null(strstr(short_help, "--engine docker|podman"));
        assert_null(strstr(short_help, "--ascii"));
        assert_null(strstr(help, "--publish"));
        assert_non_null(strstr(help, "Every other flag of docker run is refused by name"));
        for (const char *c = help; *c; c++) {
                columns = *c == '\n' ? 0 : columns + 1;
                assert_in_range(columns, 0, 100);
        }
        free(help);
        free(short_help);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_form_of_a_flag_is_taken),
                cmocka_unit_test(a_refusal_names_the_flag_and_says_why),
                cmocka_unit_test(no_new_privileges_takes_every_word_of_a_bool),
                cmocka_unit_test(podman_takes_a_list_and_an_empty_name),
                cmocka_unit_test(podman_takes_private_where_docker_has_no_word_for_it),
                cmocka_unit_test(view_flags_stand_where_there_is_a_view),
                cmocka_unit_test(a_scheme_is_one_of_five),
                cmocka_unit_test(help_comes_before_an_unknown_capability),
                cmocka_unit_test(help_comes_before_an_unknown_namespace),
                cmocka_unit_test(hostile_words_are_only_words),
                cmocka_unit_test(the_table_has_every_flag_of_docker_run_and_is_sorted),
                cmocka_unit_test(a_flag_is_taken_with_a_sentence_or_refused_with_reason_and_remedy),
                cmocka_unit_test(a_refused_flag_takes_its_value),
                cmocka_unit_test(the_help_lists_what_is_taken_in_100_columns),
        };

        return cmocka_run_group_tests_name("spec parse", tests, NULL, NULL);
}
