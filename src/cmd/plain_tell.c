/* SPDX-License-Identifier: MIT */
/* What has become different since it was last printed. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "cmd/plain_state.h"

static const struct lesson_step *step_of(const struct lesson_view *lesson)
{
        return lesson->step < lesson->lesson->n_steps ? &lesson->lesson->steps[lesson->step] : NULL;
}

static size_t count_seen(const struct lesson_view *lesson, const struct lesson_step *step)
{
        size_t n = 0;

        for (size_t i = 0; i < step->n_checks; i++)
                n += lesson->ticks[i] == TICK_DONE;
        return n;
}

bool plain_is_asking(const struct lesson_view *lesson)
{
        const struct lesson_step *step = step_of(lesson);

        return step && !lesson->done && !lesson->busy && !*lesson->cannot && lesson->asked < step->n_asks &&
               count_seen(lesson, step) == step->n_checks;
}

void plain_forget_step(struct plain *plain)
{
        struct told *told = &plain->told;

        *told = (struct told){ .text = told->text, .init = told->init, .status = told->status };
        plain->ran = plain->probed = plain->asks_line = false;
        plain->changes = true;
}

/* A step that only looks is about something that stands there now. */
static void tell_step(struct plain *plain, const struct view *view)
{
        const struct lesson_view *lesson = view->lesson;
        const struct lesson_step *step = step_of(lesson);
        bool printed;

        if (plain->told.step)
                return;
        plain->told.step = true;
        if (!step) {
                plain_outro(plain, lesson->lesson, lesson->number, lesson->count);
                return;
        }
        plain_step(plain, lesson->lesson, lesson->step, lesson->cannot);
        printed = plain_changes(plain, view);
        plain->changes = false;
        if (step->observe)
                plain_look(plain, step->look, printed);
        plain->told.cannot = *lesson->cannot;
        if (!step->observe && (step->look == LESSON_LOOK_CAPS || step->look == LESSON_LOOK_NAMESPACES)) {
                plain_blank(plain);
                plain_say(plain, "show %s prints what this step looks at.", lesson_look_names[step->look]);
        }
        if (!*lesson->cannot)
                plain_ways(plain, step, "Type:");
}

static void tell_results(struct plain *plain, const struct view *view)
{
        const struct run_entry *entry = stage_last_command(plain->stage);

        if (plain->ran && entry && entry->ended) {
                plain_result(plain, entry);
                plain->ran = false;
        }
        if (plain->probed) {
                own_free char *verdicts = stage_verdicts_text(plain->stage);

                if (verdicts)
                        plain_text(plain, verdicts);
                plain->probed = false;
        }
        if (plain->changes)
                plain_changes(plain, view);
        plain->changes = false;
        if (view->state == RUN_ENDED && !plain->told.ended)
                plain_say(plain, "The container has ended with status %d: again starts this step afresh.",
                          view->exit_status);
        plain->told.ended = view->state == RUN_ENDED;
}

/* Once each. */
static void tell_once(struct plain *plain, char *told, const char *head, const char *text)
{
        if (*text && strncmp(told, text, SAID_MOST - 1) != 0)
                plain_say(plain, "%s%s.", head, text);
        snprintf(told, SAID_MOST, "%s", text);
}

static void tell_checks(struct plain *plain, const struct lesson_view *lesson, const struct lesson_step *step)
{
        struct told *told = &plain->told;
        size_t seen = count_seen(lesson, step);

        for (size_t i = 0; i < step->n_checks; i++) {
                if (lesson->ticks[i] == TICK_DONE && told->ticks[i] != TICK_DONE && step->n_checks > 1)
                        plain_say(plain, "Check %zu of %zu: true.", i + 1, step->n_checks);
                told->ticks[i] = lesson->ticks[i];
        }
        if (!told->seen && step->n_checks && seen == step->n_checks) {
                told->seen = true;
                plain_say(plain, "Seen: %s", *step->say ? step->say : "the kernel shows it.");
        }
}

static void tell_answers(struct plain *plain, const struct lesson_view *lesson,
                         const struct lesson_step *step)
{
        struct told *told = &plain->told;

        if (lesson->asked > told->asked)
                plain_say(plain, "Right.");
        told->asked = lesson->asked;
        if (*lesson->wrong && strcmp(told->wrong, lesson->wrong) != 0)
                plain_say(plain, "%s: no. Look once more, then answer again.", lesson->wrong);
        snprintf(told->wrong, sizeof(told->wrong), "%s", lesson->wrong);
        if (!plain_is_asking(lesson) || told->question > lesson->asked)
                return;
        told->question = lesson->asked + 1;
        plain_blank(plain);
        plain_say(plain, "Question: %s", step->asks[lesson->asked].question);
        plain_say(plain, "Type answer and what you think, for instance: answer 12");
}

static void tell_end(struct plain *plain, const struct lesson_view *lesson, const struct lesson_step *step)
{
        struct told *told = &plain->told;
        bool off = *player_checks_off(plain->stage);

        if (*lesson->cannot && !told->cannot)
                plain_say(plain, "This step cannot be done here: %s. An empty line, or next, goes on.",
                          lesson->cannot);
        told->cannot = told->cannot || *lesson->cannot;
        if ((lesson->done || *lesson->cannot || off) && !told->over) {
                told->over = true;
                if (*lesson->cannot && !lesson->done && step->after.n) {
                        plain_blank(plain);
                        plain_say(plain, "Not done here. Where it can be done, it ends like this:");
                }
                plain_after(plain, lesson->lesson, lesson->step);
        }
        if (!lesson->done || told->done)
                return;
        told->done = true;
        plain_blank(plain);
        plain_say(plain, "Step %zu of %zu is done. An empty line, or next, goes on.", lesson->step + 1,
                  lesson->lesson->n_steps);
}

static void tell_dialog(struct plain *plain, const struct view *view)
{
        bool open = view->dialog_text != NULL;

        if (open && !plain->told.dialog) {
                plain_blank(plain);
                plain_say(plain, "%s %s", view->dialog_title, view->dialog_text);
                plain_say(plain, "Type y for yes%s; anything else is no.",
                          view->dialog_remap ? ", r for yes with --userns=remap" : "");
        }
        plain->told.dialog = open;
}

static void tell_prompt(struct plain *plain, const struct view *view)
{
        bool open = view->prompt.title != NULL;

        if (open && !plain->asks_line) {
                plain_say(plain, "%s the next line is its text%s", view->prompt.title,
                          *view->prompt.text ? "; an empty line is for this:" : "; a single point leaves.");
                if (*view->prompt.text)
                        plain_line(plain, view->prompt.text, strlen(view->prompt.text));
        }
        plain->asks_line = open;
}

/* The screen asks again by itself after a wrong answer; here a line is a command until answer is typed. */
static void leave_answer(struct plain *plain)
{
        struct view view;

        stage_peek(plain->stage, &view);
        if (view.lesson && *view.lesson->wrong && view.prompt.title)
                stage_press(plain->stage, "Esc");
}

void plain_tell(struct plain *plain)
{
        const struct lesson_step *step;
        struct view view;

        leave_answer(plain);
        stage_view(plain->stage, &view);
        tell_dialog(plain, &view);
        if (!view.lesson || view.lesson->busy)
                return;
        step = step_of(view.lesson);
        tell_step(plain, &view);
        tell_results(plain, &view);
        tell_once(plain, plain->told.trouble, "", view.trouble);
        if (step) {
                tell_once(plain, plain->told.error, "A check cannot be evaluated: ", view.lesson->error);
                tell_checks(plain, view.lesson, step);
                tell_answers(plain, view.lesson, step);
                tell_end(plain, view.lesson, step);
        }
        tell_prompt(plain, &view);
}
