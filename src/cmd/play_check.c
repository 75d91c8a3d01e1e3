/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/play_check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <jv.h>

#include "base/io.h"
#include "base/own.h"
#include "base/text.h"
#include "cage/remedy.h"
#include "cmd/cmd.h"
#include "cmd/printed.h"
#include "spec/spec.h"
#include "stage/stage.h"

enum { SOON_MS = 5000, SETTLE_MS = 60000, JSON_SHOWN = 6000 };

struct trial {
        struct stage *stage;
        const struct lesson *lesson;
        const char *name;
        int n, bad;
};

/* Text of a lesson, which somebody else may have written. */
static void put(const char *text, size_t n)
{
        own_free char *safe = text_escape(text, n, false);

        fputs(safe, stdout);
}

/* The same in a test's line, where a # would begin a directive. */
static void put_described(const char *text)
{
        own_free char *safe = text_escape(text, strlen(text), false);

        for (const char *c = safe; *c; c++) {
                if (*c == '#' || *c == '\\')
                        putchar('\\');
                putchar(*c);
        }
}

static void tell(struct trial *trial, bool ok, const char *step, const char *what, const char *skip)
{
        trial->n++;
        trial->bad += !ok;
        printf("%sok %d - ", ok ? "" : "not ", trial->n);
        put_described(trial->name);
        printf(": ");
        put_described(step);
        if (*what) {
                printf(": ");
                put_described(what);
        }
        if (*skip) {
                printf(" # SKIP ");
                put(skip, strlen(skip));
        }
        putchar('\n');
        printed_note();
        printed_flush();
}

/* Each line of a text as a comment. */
static void comment(const char *text)
{
        while (*text) {
                size_t n = strcspn(text, "\n");

                fputs("# ", stdout);
                put(text, n);
                putchar('\n');
                printed_note();
                text += n + (text[n] == '\n');
        }
}

static void comment_named(const char *name, const char *text)
{
        own_free char *whole = xasprintf("%s: %s", name, text);

        comment(whole);
}

static void comment_fault(const struct fault *fault)
{
        own_free char *remedy = remedy_of(fault);
        char line[1024];

        fault_line(fault, line, sizeof(line));
        comment(line);
        if (*remedy)
                comment_named("hint", remedy);
}

static void comment_error(const struct lesson_error *error)
{
        comment_fault(&error->fault);
        if (error->excerpt)
                comment(error->excerpt);
}

int play_check_error(const char *name, const struct lesson_error *error)
{
        struct trial trial = { .name = name };

        tell(&trial, false, "it is a lesson", "", "");
        comment_error(error);
        printf("1..%d\n", trial.n);
        return 1;
}

/* Turns the loop until a condition holds. */
static bool wait_for(struct trial *trial, bool (*holds)(struct trial *trial), int ms)
{
        uint64_t end = time_now_ms() + (uint64_t)ms;

        while (!holds(trial)) {
                if (time_now_ms() >= end || !player_turn(trial->stage, end))
                        return holds(trial);
        }
        return true;
}

static bool is_settled(struct trial *trial)
{
        return player_is_settled(trial->stage);
}

/* A step that asks for nothing is seen as soon as it has begun. */
static bool is_seen(struct trial *trial)
{
        return player_is_settled(trial->stage) &&
               (player_is_fresh(trial->stage) || player_report(trial->stage, 0) == NULL);
}

static bool is_fresh(struct trial *trial)
{
        return player_is_settled(trial->stage) && player_is_fresh(trial->stage);
}

/* A container that ended before it was seen will not be. */
static bool is_fresh_or_gone(struct trial *trial)
{
        struct view view = { 0 };

        stage_peek(trial->stage, &view);
        return is_fresh(trial) || (view.state == RUN_ENDED && !view.now);
}

static const struct lesson_step *step_of(const struct trial *trial)
{
        return &trial->lesson->steps[player_step(trial->stage)];
}

static bool is_true(const struct trial *trial, size_t i)
{
        const struct check_report *report = player_report(trial->stage, i);

        return report && report->result == CHECK_TRUE;
}

static bool all_true(struct trial *trial)
{
        bool all = is_seen(trial);

        for (size_t i = 0; all && i < step_of(trial)->n_checks; i++)
                all = is_true(trial, i);
        return all;
}

static bool none_true(struct trial *trial)
{
        bool none = is_fresh(trial);

        for (size_t i = 0; none && i < step_of(trial)->n_checks; i++)
                none = !is_true(trial, i);
        return none;
}

static void comment_at(const struct trial *trial, unsigned line, const char *text)
{
        own_free char *whole = xasprintf("%s:%u: %s", trial->lesson->path, line, text);

        comment(whole);
}

/* What the lesson's text itself has wrong. */
static bool is_sound(struct trial *trial, const struct lesson_step *step)
{
        bool sound = true;

        if (step->n_dos && !*step->hint) {
                tell(trial, false, step->name, "it has a hint", "");
                comment_at(trial, step->at_line,
                           "a step with a do wants a line hint: how the learner does it");
                sound = false;
        }
        if (step->n_dos && step->n_checks + step->n_asks == 0) {
                tell(trial, false, step->name, "it has a check", "");
                comment_at(trial, step->at_line,
                           "a step with a do wants a line check: (or a question), or it is never done");
                sound = false;
        }
        for (size_t i = 0; i < step->n_checks + step->n_asks; i++) {
                bool ask = i >= step->n_checks;
                const struct lesson_check *check =
                        ask ? &step->asks[i - step->n_checks].answer : &step->checks[i];
                const struct lesson_error *error = player_compile_error(trial->stage, i);

                if (error) {
                        tell(trial, false, step->name, "its checks compile", "");
                        comment_error(error);
                        sound = false;
                } else if (!ask && strcmp(check->expr, "true") == 0) {
                        struct lesson_error own = { 0 };

                        tell(trial, false, step->name, "a check can fail", "");
                        lesson_check_error(trial->lesson, check, "", &own);
                        snprintf(own.fault.why, sizeof(own.fault.why), "a check that is true cannot fail");
                        comment_error(&own);
                        lesson_error_finish(&own);
                        sound = false;
                }
        }
        return sound;
}

/* The step's do, one after another. Returns what became of the last one. */
static enum deed carry_out(struct trial *trial, const struct lesson_step *step)
{
        enum deed deed = DEED_DONE;

        for (size_t i = 0; i < step->n_dos && deed == DEED_DONE; i++) {
                player_do(trial->stage, &step->dos[i]);
                while (player_deed(trial->stage) == DEED_ASKS)
                        player_confirm(trial->stage);
                wait_for(trial, is_settled, SETTLE_MS);
                deed = player_deed(trial->stage);
        }
        return deed;
}

static bool shares_pids(jv seen)
{
        jv pid = jv_object_get(jv_object_get(jv_copy(seen), jv_string("spec")), jv_string("pid"));
        bool shares = jv_get_kind(pid) == JV_KIND_STRING && strcmp(jv_string_value(pid), "host") == 0;

        jv_free(pid);
        return shares;
}

/* What the checks saw, but for what a page of text is no place for: the machine's other processes, whose
 * arguments may be secret, and the same container in other words. NULL while there is no snapshot. */
static char *seen_json(const struct stage *stage)
{
        own_free char *whole = player_json(stage);
        jv seen, text;
        char *ret;

        if (!whole)
                return NULL;
        seen = jv_object_delete(jv_object_delete(jv_parse(whole), jv_string("host")),
                                jv_string("equivalent"));
        /* Under --pid host these are the machine's as well. */
        if (shares_pids(seen))
                seen = jv_object_delete(seen, jv_string("container"));
        text = jv_dump_string(seen, 0);
        ret = xstrdup(jv_string_value(text));
        jv_free(text);
        return ret;
}

static void judge_checks(struct trial *trial, const struct lesson_step *step, const bool *before)
{
        wait_for(trial, all_true, SOON_MS);
        for (size_t i = 0; i < step->n_checks; i++) {
                const struct check_report *report = player_report(trial->stage, i);
                bool is = is_true(trial, i), was = before[i] && !step->observe;
                char late[80];

                tell(trial, is && !was, step->name, step->checks[i].expr, "");
                if (was)
                        comment_at(trial, step->checks[i].at_line,
                                   "it is true before the step's do, so it cannot fail: ask for what only "
                                   "the do "
                                   "brings about (a step that only looks says observe: yes)");
                if (is)
                        continue;
                snprintf(late, sizeof(late),
                         "it is not true after the do, nor within %d seconds. It gave:", SOON_MS / 1000);
                comment_at(trial, step->checks[i].at_line, late);
                if (report)
                        comment(*report->message ? report->message : report->value);
        }
        if (!all_true(trial)) {
                own_free char *json = seen_json(trial->stage);

                if (json && strlen(json) > JSON_SHOWN)
                        json[JSON_SHOWN] = '\0';
                comment(json ? json : "there is no snapshot");
        }
}

static void judge_asks(struct trial *trial, const struct lesson_step *step)
{
        if (step->n_asks)
                wait_for(trial, is_fresh, SOON_MS);
        for (size_t i = 0; i < step->n_asks; i++) {
                const struct check_report *report = player_report(trial->stage, step->n_checks + i);
                bool ok = report && report->has_value;

                tell(trial, ok, step->name, step->asks[i].question, "");
                if (ok)
                        comment_named("answer", report->value);
                else
                        comment(report && *report->message ? report->message
                                                           : "the answer is null, or several values: it is "
                                                             "to give one number or one text");
        }
}

static void try_step(struct trial *trial, const struct lesson_step *step)
{
        const char *cannot = player_cannot(trial->stage, player_step(trial->stage));
        bool before[LESSON_CHECKS_MOST];
        size_t n = step->n_checks + step->n_asks;

        if (*cannot) {
                tell(trial, true, step->name, "", cannot);
                return;
        }
        if (!is_sound(trial, step))
                return;
        if (n && (!wait_for(trial, is_fresh_or_gone, SETTLE_MS) || !is_fresh(trial))) {
                struct view view = { 0 };

                stage_peek(trial->stage, &view);
                tell(trial, false, step->name, "it is seen before its do", "");
                comment(view.trouble);
                return;
        }
        /* A command of the step before may not be gone yet; what stays true is true. */
        if (step->n_checks && !step->observe)
                wait_for(trial, none_true, SOON_MS);
        for (size_t i = 0; i < step->n_checks; i++)
                before[i] = is_true(trial, i);
        switch (carry_out(trial, step)) {
        case DEED_DONE:
                judge_checks(trial, step, before);
                judge_asks(trial, step);
                break;
        case DEED_CANNOT:
                tell(trial, true, step->name, "", player_why(trial->stage));
                break;
        case DEED_NONE:
        case DEED_BUSY:
        case DEED_ASKS:
        case DEED_FAILED:
                tell(trial, false, step->name, "it is carried out", "");
                comment(*player_why(trial->stage) ? player_why(trial->stage) : "it does not end");
                break;
        }
}

static void try_steps(struct trial *trial)
{
        player_go(trial->stage, 0);
        if (!wait_for(trial, is_settled, SETTLE_MS) || *player_why(trial->stage)) {
                tell(trial, false, "it starts", "", "");
                comment(player_why(trial->stage));
                return;
        }
        for (size_t i = 0; i < trial->lesson->n_steps && !ferror(stdout); i++) {
                try_step(trial, &trial->lesson->steps[i]);
                player_begin_next(trial->stage);
                wait_for(trial, is_settled, SETTLE_MS);
        }
}

static bool open_stage(const struct lesson *lesson, struct loop *loop, struct stage **ret,
                       struct fault *fault)
{
        const struct stage_settings settings = { .host_mode = HOST_NAMES };
        struct spec spec;
        bool ok = player_start_spec(lesson, &spec, fault);

        if (!ok)
                return false;
        ok = stage_open(&spec, &settings, loop, ret, fault);
        spec_finish(&spec);
        return ok;
}

int play_check(struct player_source *source)
{
        own_free char *name = xstrdup(source->name);
        struct trial trial = { .name = name };
        struct fault fault = { 0 };
        struct loop loop;
        bool ok;

        loop_init(&loop);
        ok = open_stage(&source->lesson, &loop, &trial.stage, &fault);
        if (ok)
                ok = player_open(trial.stage, source, PLAYER_DEMO, &fault);
        else
                player_source_finish(source);
        if (ok && *player_checks_off(trial.stage))
                ok = fault_why(&fault, "check the lesson", "%s", player_checks_off(trial.stage));
        tell(&trial, ok, "it starts", "", "");
        if (!ok)
                comment_fault(&fault);
        if (ok) {
                trial.lesson = player_lesson(trial.stage);
                try_steps(&trial);
        }
        if (ok && stage_fault(trial.stage))
                comment_fault(stage_fault(trial.stage));
        stage_close(trial.stage);
        if (loop.err)
                printf("# wait for the container: %s\n", strerror(loop.err));
        printf("1..%d\n", trial.n);
        if (printed_flush())
                return trial.bad > 0 || loop.err;
        /* Lines that nobody has got are no pass, also where the reader has gone, who need not be told. */
        if (errno == EPIPE)
                return 128 + SIGPIPE;
        fault_errno(&fault, "", "write to standard output");
        return fault_print(&fault, false);
}
