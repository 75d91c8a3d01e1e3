/* SPDX-License-Identifier: MIT */
/* Holding a step's checks against what was seen. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/own.h"
#include "lesson/list.h"
#include "stage/answer.h"
#include "stage/player_state.h"

static void on_report(void *data, int fd, short events)
{
        (void)fd, (void)events;
        player_checks_read(data);
}

/* The program may be another one after each report. */
static void watch(struct player *player)
{
        int fd = player->checker ? check_fd(player->checker) : -1;

        if (fd == player->watched_fd)
                return;
        loop_forget(player->stage->loop, player->watched_fd);
        if (fd >= 0)
                loop_watch(player->stage->loop, fd, POLLIN, on_report, player);
        player->watched_fd = fd;
}

void player_checks_open(struct player *player)
{
        own_free char *helper = launch_helper("vitrine-check");
        own_free char *dir = lesson_dir();
        own_free char *prelude = xasprintf("%s/vitrine.jq", dir);
        struct fault fault = { 0 };
        char line[700];

        if (check_open(helper, prelude, &player->checker, &fault)) {
                watch(player);
                return;
        }
        player->checker = NULL;
        fault_line(&fault, line, sizeof(line));
        snprintf(player->off, sizeof(player->off), "the checks are off: %.370s", line);
}

static void forget_step(struct player *player)
{
        for (size_t i = 0; i < player->n; i++)
                lesson_error_finish(&player->compile_errors[i]);
        memset(player->compile_errors, 0, sizeof(player->compile_errors));
        memset(player->ticks, 0, sizeof(player->ticks));
        player->n = 0;
        player->has_reports = false;
        player->reported = 0;
        player->error[0] = '\0';
}

void player_checks_close(struct player *player)
{
        forget_step(player);
        loop_forget(player->stage->loop, player->watched_fd);
        player->watched_fd = -1;
        check_close(player->checker);
        player->checker = NULL;
}

static void say_error(struct player *player, size_t i, const char *why)
{
        player->ticks[i] = TICK_ERROR;
        if (!*player->error)
                snprintf(player->error, sizeof(player->error), "%.290s", why);
        player->stage->dirty = true;
}

static void compile(struct player *player, size_t i, const struct lesson_check *check)
{
        struct fault fault = { 0 };
        char line[700];

        player->ids[i] = -1;
        if (!player->checker) {
                say_error(player, i, player->off);
        } else if (!check_compile(player->checker, check->expr, &player->ids[i], &fault)) {
                player->ids[i] = -1;
                fault_line(&fault, line, sizeof(line));
                lesson_check_error(&player->lesson, check, *fault.why ? fault.why : line,
                                   &player->compile_errors[i]);
                say_error(player, i, *fault.why ? fault.why : line);
        }
}

void player_checks_begin(struct player *player)
{
        const struct lesson_step *step = player_present(player);

        forget_step(player);
        if (player->checker)
                check_forget(player->checker);
        player->stale = true;
        if (!step)
                return;
        player->n = step->n_checks + step->n_asks;
        for (size_t i = 0; i < step->n_checks; i++)
                compile(player, i, &step->checks[i]);
        for (size_t i = 0; i < step->n_asks; i++)
                compile(player, step->n_checks + i, &step->asks[i].answer);
        watch(player);
}

char *player_json(const struct stage *stage)
{
        struct utsname uts = { .release = "" };
        struct snapshot_extra extra = {
                .spec = &stage->launch.spec,
                .uid = stage->launch.resolved.uid,
                .root = image_root_name(&stage->launch.image),
                .command = &stage->launch.resolved.argv,
                .kernel_release = uts.release,
                .state = stage->state == RUN_ENDED ? "exited" : "running",
                .exit_status = stage->exit_status,
        };
        jv object, text;
        char *ret;

        /* Between two containers there is a snapshot of the one and a spec of the other. */
        if (!stage->launched || !stage->has_now || stage->mark_next)
                return NULL;
        uname(&uts);
        object =
                jv_object_set(snapshot_json(&stage->now, &extra), jv_string("exec"), runs_json(&stage->runs));
        object = jv_object_set(object, jv_string("probes"), stage_verdicts_json(stage));
        text = jv_dump_string(object, 0);
        ret = xstrdup(jv_string_value(text));
        jv_free(text);
        return ret;
}

/* A person's step that is done needs no more of it. */
static bool is_wanted(const struct player *player)
{
        return player->checker && player->n > 0 && player->begun && player->stale &&
               (!player->done || player->answer || player->kind != PLAYER_TUTORIAL) &&
               !check_is_busy(player->checker);
}

void player_checks_run(struct player *player)
{
        int ids[LESSON_EVAL_MOST];
        own_free char *json = NULL;
        struct fault fault = { 0 };
        size_t n = 0;

        if (!is_wanted(player))
                return;
        json = player_json(player->stage);
        if (!json)
                return;
        for (size_t i = 0; i < player->n; i++)
                if (player->ids[i] >= 0)
                        ids[n++] = player->ids[i];
        if (n == 0)
                return;
        player->stale = false;
        player->reported = 0;
        if (!check_eval(player->checker, ids, n, json, &fault))
                fault_line(&fault, player->error, sizeof(player->error));
        watch(player);
}

static void take_report(struct player *player, const struct check_report *report)
{
        const struct lesson_step *step = player_present(player);
        size_t i = 0;

        while (i < player->n && player->ids[i] != report->id)
                i++;
        if (i == player->n || !step)
                return;
        player->reports[i] = *report;
        if (report->result == CHECK_ERROR)
                say_error(player, i, report->message);
        else if (report->result == CHECK_TRUE && i < step->n_checks && player->ticks[i] == TICK_OPEN) {
                player->ticks[i] = TICK_DONE;
                player->stage->dirty = true;
        }
}

/* Where it was typed into the prompt, the prompt is there for the next one. */
static void ask_again(struct player *player, const char *answer)
{
        struct stage *stage = player->stage;

        snprintf(player->wrong, sizeof(player->wrong), "%.120s", answer);
        if (stage->asking.what == ASK_ANSWER && !prompt_is_open(&stage->asking.edit) && !stage->dialog_text)
                stage_ask(stage, ASK_ANSWER);
}

static void judge_answer(struct player *player)
{
        const struct lesson_step *step = player_present(player);
        const struct check_report *report;
        own_free char *answer = take_ptr(player->answer);

        if (!step || player->asked >= step->n_asks)
                return;
        report = &player->reports[step->n_checks + player->asked];
        player->wrong[0] = '\0';
        if (!report->has_value)
                stage_say(player->stage, "there is no answer to that now");
        else if (answer_is_right(answer, report->value))
                player->asked++;
        else
                ask_again(player, answer);
        player->stage->dirty = true;
}

static void finish_evaluation(struct player *player)
{
        player->has_reports = true;
        if (player->answer && !player->stale)
                judge_answer(player);
        player_check_done(player);
        player_checks_run(player);
}

void player_checks_read(struct player *player)
{
        struct check_report report;
        bool any = false;

        while (player->checker && check_next(player->checker, &report)) {
                take_report(player, &report);
                any = true;
        }
        watch(player);
        if (any && !check_is_busy(player->checker))
                finish_evaluation(player);
}

uint64_t player_checks_wake_ms(const struct player *player)
{
        return player->checker ? check_deadline_ms(player->checker) : 0;
}

void player_answer(struct stage *stage, const char *text)
{
        struct player *player = stage->player;

        if (!player)
                return;
        free(player->answer);
        player->answer = xstrdup(text);
        /* What is right now, not what was right when it was last asked. */
        player_moved(stage);
}

bool player_is_fresh(const struct stage *stage)
{
        const struct player *player = stage->player;

        return player && player->begun && player->has_reports && !player->stale &&
               !check_is_busy(player->checker);
}

const struct check_report *player_report(const struct stage *stage, size_t i)
{
        const struct player *player = stage->player;

        return player && player->has_reports && i < player->n ? &player->reports[i] : NULL;
}

const struct lesson_error *player_compile_error(const struct stage *stage, size_t i)
{
        const struct player *player = stage->player;

        return player && i < player->n && player->compile_errors[i].fault.step[0] ? &player->compile_errors[i]
                                                                                  : NULL;
}

const char *player_checks_off(const struct stage *stage)
{
        return stage->player ? stage->player->off : "";
}
