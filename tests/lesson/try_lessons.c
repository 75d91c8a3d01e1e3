/* SPDX-License-Identifier: MIT */
/* Carries lessons out on real containers and holds their checks against them: every check is false before its
 * step's do (but where the step only observes) and true within five seconds after. TAP. Lies beside vitrine's
 * programs. Usage: try_lessons FOLDER [LESSON.md…] (FOLDER has vitrine.jq) */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "cage/door.h"
#include "cage/enter.h"
#include "lesson/check.h"
#include "lesson/lesson.h"
#include "lesson/list.h"
#include "snapshot/snapshot.h"
#include "stage/action.h"
#include "stage/launch.h"
#include "stage/look.h"

enum { SOON_MS = 5000, EXEC_MS = 20000, MAX_CHECKS = 16 };

struct trial {
        const struct lesson *lesson;
        struct checker *checker;
        struct launch launch;
        struct look look;
        struct door door;
        char id[LAUNCH_ID_SIZE];
        jv exec;
        bool running;
        char skip[256]; /* why the step cannot be tried here */
        struct fault fault;
};

static int tap_n, tap_bad;

static void tell(bool ok, const char *lesson, const char *name, const char *what, const char *skip)
{
        printf("%sok %d - %s: %s%s%s%s%s\n", ok ? "" : "not ", ++tap_n, lesson, name, *what ? ": " : "", what,
               *skip ? " # SKIP " : "", skip);
        fflush(stdout);
        tap_bad += !ok;
}

static void explain(const struct fault *fault)
{
        char line[1024];

        fault_line(fault, line, sizeof(line));
        printf("# %s\n", line);
        if (fault->hint[0])
                printf("# hint: %s\n", fault->hint);
}

static bool is_key(const char *name)
{
        return action_of_key(name) != NULL;
}

/* A new container in place of the old one. */
static bool relaunch(struct trial *trial, const struct spec *spec)
{
        const struct cage_stdio quiet = { -1, -1, -1, false };
        struct launch old = trial->launch, launch = { 0 };
        bool ok = launch_prepare(spec, trial->id, true, &launch, &trial->fault) &&
                  launch_start(&launch, trial->id, &quiet, trial->door.sock, &trial->fault) &&
                  look_at(&trial->look, &launch, &trial->fault);

        if (!ok) {
                launch_finish(&launch);
                return false;
        }
        trial->launch = launch;
        launch_finish(&old);
        trial->running = true;
        return true;
}

static bool run_words(struct trial *trial, const struct strv *words)
{
        enum engine engine = ENGINE_DOCKER;
        struct spec spec;
        bool help = false, ok;
        int n = spec_line_prefix(words, &engine, &trial->fault);

        if (n < 0 ||
            !spec_parse_as(engine, (int)words->n - n, words->v + n, &spec, NULL, &help, &trial->fault))
                return false;
        ok = relaunch(trial, &spec);
        spec_finish(&spec);
        return ok;
}

static bool press(struct trial *trial, const char *key)
{
        struct spec spec;
        bool ok = true;

        spec_copy(&spec, &trial->launch.spec);
        switch ((int)action_of_key(key)->id) {
        case ACT_USER:
                spec_next_user(&spec, trial->launch.image.config.user);
                break;
        case ACT_KILL:
                ok = spec_toggle_cap(&spec, (unsigned)caps_find("KILL"));
                break;
        case ACT_MAC_ADMIN:
                ok = spec_toggle_cap(&spec, (unsigned)caps_find("MAC_ADMIN"));
                break;
        case ACT_NO_NEW_PRIVS:
                spec.no_new_privileges = !spec.no_new_privileges;
                break;
        default:
                ok = false;
                break;
        }
        if (!ok)
                fault_why(&trial->fault, "press the key", "%s is not tried by this test", key);
        ok = ok && relaunch(trial, &spec);
        spec_finish(&spec);
        return ok;
}

/* Reads what has been written until the command's own end. */
static bool hear(struct trial *trial, struct enter *enter, int fd, struct str *output, int *ret_status)
{
        uint64_t end = time_now_ms() + EXEC_MS;

        for (;;) {
                struct pollfd wait[2] = { { .fd = enter_fd(enter), .events = POLLIN },
                                          { .fd = fd, .events = POLLIN } };
                uint64_t now = time_now_ms();
                char buf[4096];
                ssize_t n;
                int got;

                if (now >= end)
                        return fault_why(&trial->fault, "exec", "the command does not end");
                poll(wait, 2, (int)(end - now));
                got = wait[0].revents ? enter_read(enter, ret_status, &trial->fault) : 0;
                while ((n = read(fd, buf, sizeof(buf))) > 0)
                        str_add_n(output, buf, (size_t)n);
                if (got)
                        return got > 0;
        }
}

static bool exec_words(struct trial *trial, const struct lesson_do *d)
{
        struct strv none = { 0 };
        struct enter_request request = { .user = d->user, .workdir = "", .env = &none, .argv = &d->words };
        struct enter *enter = NULL;
        struct str output = { 0 };
        jv words = jv_array();
        int pipes[2], pty = -1, status = 0;
        bool ok;

        if (pipe2(pipes, O_CLOEXEC | O_NONBLOCK) < 0)
                return fault_errno(&trial->fault, "", "make a pipe");
        fcntl(pipes[1], F_SETFL, 0);
        ok = enter_open(trial->id, &enter, &trial->fault) &&
             enter_start(enter, &request, &(struct cage_stdio){ -1, pipes[1], pipes[1], false }, &pty,
                         &trial->fault);
        close(pipes[1]);
        if (!ok && trial->fault.exit_code == EXIT_NOT_FOUND)
                snprintf(trial->skip, sizeof(trial->skip), "%s is not installed", d->words.v[0]);
        ok = ok && hear(trial, enter, pipes[0], &output, &status);
        close(pipes[0]);
        enter_close(enter);
        for (size_t i = 0; i < d->words.n; i++)
                words = jv_array_append(words, jv_string(d->words.v[i]));
        trial->exec = jv_array_append(trial->exec,
                                      JV_OBJECT(jv_string("command"), words, jv_string("user"),
                                                jv_string(d->user), jv_string("exit"), jv_number(status),
                                                jv_string("output"), jv_string(str_text(&output))));
        str_finish(&output);
        return ok;
}

static bool write_text(const char *path, const char *text)
{
        own_fd int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

        return fd >= 0 && io_write_all(fd, text, strlen(text));
}

/* `docker build …` is `vitrine build …`, in a folder that holds the lesson's Dockerfile alone. */
static bool build(struct trial *trial, const struct lesson_do *d)
{
        char folder[] = "/tmp/try-lesson.XXXXXX";
        own_free char *program = launch_helper("vitrine");
        own_free char *file = NULL;
        int status = 0;
        pid_t pid;

        if (!mkdtemp(folder))
                return fault_errno(&trial->fault, "", "make a folder");
        file = xasprintf("%s/Dockerfile", folder);
        if (!write_text(file, trial->lesson->dockerfile))
                return fault_errno(&trial->fault, file, "write the Dockerfile");
        pid = fork();
        if (pid == 0) {
                if (chdir(folder) == 0 && dup2(2, 1) >= 0)
                        execv(program, d->words.v);
                _exit(127);
        }
        waitpid(pid, &status, 0);
        unlink(file);
        rmdir(folder);
        return status == 0 || fault_why(&trial->fault, "build", "vitrine build failed");
}

static bool carry_out(struct trial *trial, const struct lesson_do *d)
{
        bool ok = true;

        switch (d->kind) {
        case DO_RUN:
                return run_words(trial, &d->words);
        case DO_BUILD:
                return build(trial, d);
        case DO_KEY:
                for (size_t i = 0; ok && i < d->words.n; i++)
                        ok = press(trial, d->words.v[i]);
                return ok;
        case DO_EXEC:
                return exec_words(trial, d);
        case DO_PROBE:
                snprintf(trial->skip, sizeof(trial->skip), "this test does not probe");
                return false;
        case DO_WAIT:
        case DO_N:
                break;
        }
        return true;
}

/* What `snapshot --json` prints, with what was executed. NULL while the eyes have not seen init. */
static char *take_json(struct trial *trial)
{
        struct utsname uts;
        struct snapshot snapshot;
        const struct snapshot_extra extra = {
                .spec = &trial->launch.spec,
                .root = image_root_name(&trial->launch.image),
                .command = &trial->launch.resolved.argv,
                .kernel_release = uts.release,
                .state = "running",
        };
        char *ret;
        jv text;

        uname(&uts);
        if (!look_wait(&trial->look, &trial->launch, SOON_MS, &snapshot, &trial->fault))
                return NULL;
        text = jv_dump_string(jv_object_set(snapshot_json(&snapshot, &extra), jv_string("exec"),
                                            jv_copy(trial->exec)),
                              0);
        snapshot_finish(&snapshot);
        ret = xstrdup(jv_string_value(text));
        jv_free(text);
        return ret;
}

static void refresh(struct trial *trial, int ms)
{
        struct pollfd ready[2] = { { .fd = eye_fd(trial->look.host), .events = POLLIN },
                                   { .fd = eye_fd(trial->look.inside), .events = POLLIN } };

        poll(ready, 2, ms);
        if (ready[0].revents)
                eye_read(trial->look.host, &trial->fault);
        if (ready[1].revents)
                eye_read(trial->look.inside, &trial->fault);
}

/* How many of the checks are true now; which is a bit each. */
static unsigned evaluate(struct trial *trial, const int *ids, size_t n, char messages[MAX_CHECKS][256])
{
        own_free char *json = take_json(trial);
        struct check_report report;
        unsigned which = 0;

        if (!json || !check_eval(trial->checker, ids, n, json, &trial->fault))
                return 0;
        for (size_t i = 0; i < n && check_wait(trial->checker, &report); i++) {
                if (report.result == CHECK_TRUE)
                        which |= 1u << i;
                snprintf(messages[i], 256, "%.250s", *report.message ? report.message : report.value);
        }
        return which;
}

static bool compile(struct trial *trial, const struct lesson_check *check, int *ret)
{
        struct fault fault = { 0 };
        struct lesson_error error = { 0 };

        if (check_compile(trial->checker, check->expr, ret, &fault))
                return true;
        lesson_check_error(trial->lesson, check, fault.why, &error);
        explain(&error.fault);
        printf("# %s\n", error.excerpt);
        lesson_error_finish(&error);
        return false;
}

static const char *missing(const struct trial *trial, enum lesson_needs needs)
{
        enum cage_mode mode = trial->launch.machine.mode;

        if (needs == NEEDS_ROOT && mode != MODE_ROOT)
                return "it needs root";
        if (needs == NEEDS_ROOTLESS && mode == MODE_ROOT)
                return "it needs to run without root";
        if (needs == NEEDS_TWO_IDS && mode == MODE_ONE_ID)
                return "only one id is mapped";
        return "";
}

static void judge(struct trial *trial, const struct lesson_step *step, const int *ids, unsigned before,
                  const char *name)
{
        char messages[MAX_CHECKS][256] = { "" };
        uint64_t end = time_now_ms() + SOON_MS;
        unsigned all = (1u << step->n_checks) - 1, after = evaluate(trial, ids, step->n_checks, messages);

        while (after != all && time_now_ms() < end) {
                refresh(trial, 300);
                after = evaluate(trial, ids, step->n_checks, messages);
        }
        for (size_t i = 0; i < step->n_checks; i++) {
                bool was = before & 1u << i, is = after & 1u << i;

                tell(is && (step->observe || !was), name, step->name, step->checks[i].expr, "");
                if (was && !step->observe)
                        printf("# it is true before the step's do\n");
                if (!is)
                        printf("# it is not true after it: %s\n", messages[i]);
        }
        if (after != all) {
                own_free char *json = take_json(trial);

                printf("# %.6000s\n", json ? json : "no snapshot");
        }
}

static void try_asks(struct trial *trial, const struct lesson_step *step, const char *name)
{
        for (size_t i = 0; i < step->n_asks; i++) {
                own_free char *json = take_json(trial);
                struct check_report report = { 0 };
                int id;
                bool ok = json && compile(trial, &step->asks[i].answer, &id) &&
                          check_eval(trial->checker, &id, 1, json, &trial->fault) &&
                          check_wait(trial->checker, &report);

                tell(ok && report.has_value, name, step->asks[i].question, report.value, "");
        }
}

static void try_step(struct trial *trial, const struct lesson_step *step, const char *name)
{
        char messages[MAX_CHECKS][256];
        const char *lacks = missing(trial, step->needs);
        int ids[MAX_CHECKS];
        unsigned before;
        bool ok = step->n_checks <= MAX_CHECKS;

        if (*lacks) {
                tell(true, name, step->name, "", lacks);
                return;
        }
        jv_free(trial->exec);
        trial->exec = jv_array();
        trial->skip[0] = '\0';
        for (size_t i = 0; ok && i < step->n_checks; i++)
                ok = compile(trial, &step->checks[i], &ids[i]);
        if (!ok) {
                tell(false, name, step->name, "its checks compile", "");
                return;
        }
        before = evaluate(trial, ids, step->n_checks, messages);
        for (size_t i = 0; ok && i < step->n_dos; i++)
                ok = carry_out(trial, &step->dos[i]);
        if (!ok && *trial->skip) {
                tell(true, name, step->name, "", trial->skip);
        } else if (!ok) {
                tell(false, name, step->name, "it is carried out", "");
                explain(&trial->fault);
        } else {
                judge(trial, step, ids, before, name);
                try_asks(trial, step, name);
        }
}

static bool has_build(void)
{
        own_free char *program = launch_helper("vitrine");
        own_free char *line = xasprintf("'%s' build --help >/dev/null 2>&1", program);

        return system(line) == 0;
}

static bool needs_build(const struct lesson *lesson)
{
        return lesson->dockerfile != NULL;
}

static void try_lesson(struct checker *checker, const struct lesson *lesson, const char *name)
{
        struct trial trial = { .lesson = lesson, .checker = checker, .door = { -1, -1 }, .exec = jv_array() };

        launch_new_id(trial.id);
        check_forget(checker);
        if (needs_build(lesson) && !has_build()) {
                tell(true, name, lesson->title, "", "this vitrine does not build");
        } else if (!look_open(&trial.look, &trial.fault) ||
                   !door_open(trial.id, "", &trial.door, &trial.fault) ||
                   !run_words(&trial, &lesson->start_words)) {
                tell(false, name, lesson->title, "it starts", "");
                explain(&trial.fault);
        } else {
                for (size_t i = 0; i < lesson->n_steps; i++)
                        try_step(&trial, &lesson->steps[i], name);
        }
        look_close(&trial.look);
        launch_finish(&trial.launch);
        door_close(&trial.door);
        jv_free(trial.exec);
}

static void try_file(struct checker *checker, const char *path)
{
        const struct lesson_rules rules = { .is_key = is_key };
        const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
        struct lesson_error error = { 0 };
        struct lesson lesson;

        if (!lesson_read(path, &rules, &lesson, &error)) {
                tell(false, name, "it is a lesson", "", "");
                explain(&error.fault);
                printf("# %s\n", error.excerpt ? error.excerpt : "");
                lesson_error_finish(&error);
                return;
        }
        tell(true, name, "it is a lesson", "", "");
        try_lesson(checker, &lesson, name);
        lesson_finish(&lesson);
}

int main(int argc, char **argv)
{
        own_free char *helper = launch_helper("vitrine-check");
        own_free char *prelude = NULL;
        struct checker *checker;
        struct lesson_list list = { 0 };
        struct fault fault = { 0 };

        if (argc < 2)
                return 99;
        signal(SIGPIPE, SIG_IGN);
        prelude = xasprintf("%s/vitrine.jq", argv[1]);
        if (!check_open(helper, prelude, &checker, &fault) || !lesson_list_read(argv[1], &list, &fault)) {
                explain(&fault);
                return 99;
        }
        for (int i = 2; i < argc; i++)
                try_file(checker, argv[i]);
        for (size_t i = 0; argc == 2 && i < list.n; i++)
                try_file(checker, list.v[i].path);
        printf("1..%d\n", tap_n);
        lesson_list_finish(&list);
        check_close(checker);
        return tap_bad != 0;
}
