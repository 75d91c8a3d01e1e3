/* SPDX-License-Identifier: MIT */
/* What is typed: a word of this tutorial's own, a docker line, a command for inside, a key, an answer. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "cmd/plain_state.h"
#include "spec/equivalent.h"
#include "stage/action.h"

/* What stands behind the first word, without blanks around it; the caller's. */
static char *rest_of(const char *line)
{
        size_t n;

        line += strcspn(line, " ");
        line += strspn(line, " ");
        for (n = strlen(line); n > 0 && line[n - 1] == ' ';)
                n--;
        return xstrndup(line, n);
}

static bool first_is(const char *line, const char *word)
{
        size_t n = strlen(word);

        return strncmp(line, word, n) == 0 && (line[n] == ' ' || line[n] == '\0');
}

/* Types it where the screen would ask for it. */
static void type(struct plain *plain, const char *key, const char *text)
{
        size_t commands = stage_count_commands(plain->stage);
        char why[SAID_MOST] = "";

        plain->changes = true;
        if (!stage_type(plain->stage, key, text, why, sizeof(why)))
                plain_say(plain, "Not taken: %s.", why);
        if (stage_runs_command(plain->stage) || stage_count_commands(plain->stage) != commands)
                plain->ran = true;
}

static void do_next(struct plain *plain, const char *rest)
{
        struct view view;

        (void)rest;
        if (plain->reading) {
                if (plain->at < plain->source.lesson.n_steps)
                        plain_read(plain, plain->at + 1);
                else
                        plain_read(plain, plain->at);
                return;
        }
        stage_peek(plain->stage, &view);
        if (view.lesson->step == view.lesson->lesson->n_steps) {
                plain_outro(plain, view.lesson->lesson, view.lesson->number, view.lesson->count);
        } else if (view.lesson->done || *view.lesson->cannot || *player_checks_off(plain->stage)) {
                plain_forget_step(plain);
                player_next(plain->stage);
        } else if (plain_is_asking(view.lesson)) {
                plain_say(plain,
                          "The question is not answered yet. Type answer and what you think, or skip.");
        } else {
                plain_say(plain, "This step is not done yet. hint helps; skip goes past it.");
        }
}

static void do_back(struct plain *plain, const char *rest)
{
        (void)rest;
        if (plain->reading) {
                plain_read(plain, plain->at ? plain->at - 1 : 0);
                return;
        }
        plain_forget_step(plain);
        player_back(plain->stage);
}

static void do_again(struct plain *plain, const char *rest)
{
        (void)rest;
        if (plain->reading) {
                plain_read(plain, plain->at);
                return;
        }
        plain_forget_step(plain);
        player_go(plain->stage, player_step(plain->stage));
}

/* What the step tells at its end is not lost with it. */
static void do_skip(struct plain *plain, const char *rest)
{
        const struct lesson *lesson;
        size_t at;
        bool read = plain->told.over;

        if (plain->reading) {
                do_next(plain, rest);
                return;
        }
        lesson = player_lesson(plain->stage);
        at = player_step(plain->stage);
        if (at < lesson->n_steps && !plain->told.done && !*player_cannot(plain->stage, at)) {
                plain_say(plain, "Skipped. What this step tells:");
                if (!read)
                        plain_after(plain, lesson, at);
        }
        if (at < lesson->n_steps) {
                plain_forget_step(plain);
                player_next(plain->stage);
        } else {
                do_next(plain, rest);
        }
}

/* A whole line: the hint would name the keys with which the screen asks for it. */
static bool is_typed(const struct lesson_do *todo)
{
        return todo && (todo->kind == DO_RUN || todo->kind == DO_BUILD || todo->kind == DO_EXEC);
}

static void do_hint(struct plain *plain, const char *rest)
{
        struct view view;
        const struct lesson_step *step;
        const struct lesson_do *todo;
        size_t key;

        (void)rest;
        stage_peek(plain->stage, &view);
        if (view.lesson->step == view.lesson->lesson->n_steps || view.lesson->done || *view.lesson->cannot) {
                plain_say(plain, "Nothing is left to do here. An empty line, or next, goes on.");
                return;
        }
        stage_press(plain->stage, "h");
        stage_peek(plain->stage, &view);
        step = &view.lesson->lesson->steps[view.lesson->step];
        todo = player_todo(plain->stage, &key);
        if (plain_is_asking(view.lesson)) {
                plain_say(plain, "Read it off what is printed: show prints it as it is now.");
                plain_say(plain, "Now type: answer, and what you read.");
        } else if (view.lesson->help < 2 && *step->hint && plain->told.help < 1 && !is_typed(todo)) {
                plain->told.help = 1;
                plain_say(plain, "Hint: %s Type hint once more for what to type.", step->hint);
        } else if (todo) {
                own_free char *how = plain_how(todo, key);

                plain_say(plain, "Now type:");
                plain_line(plain, how, strlen(how));
        } else if (step->n_dos) {
                plain_say(plain, "All of it was done, and it is not seen%s%s. Now type:",
                          *view.lesson->extra ? ": " : "", view.lesson->extra);
                plain_line(plain, "again", strlen("again"));
        } else {
                plain_say(plain, "Nothing is to be typed: show prints what there is to see.");
        }
}

static void do_show(struct plain *plain, const char *rest)
{
        if (!plain_show(plain, *rest ? rest : "all"))
                plain_say(plain,
                          "show takes one of: all, host, container, user, caps, namespaces, result. Not: %s.",
                          rest);
}

static void do_checks(struct plain *plain, const char *rest)
{
        static const char *const words[] = {
                [TICK_OPEN] = "not yet", [TICK_DONE] = "true", [TICK_ERROR] = "cannot be evaluated"
        };
        const struct lesson_step *step;
        struct view view;

        (void)rest;
        stage_peek(plain->stage, &view);
        if (*player_checks_off(plain->stage)) {
                plain_say(plain, "%s", player_checks_off(plain->stage));
                return;
        }
        step = view.lesson->step < view.lesson->lesson->n_steps
                       ? &view.lesson->lesson->steps[view.lesson->step]
                       : NULL;
        if (!step || !step->n_checks)
                plain_say(plain, "Nothing is checked here.");
        for (size_t i = 0; step && i < step->n_checks; i++) {
                plain_say(plain, "Check %zu of %zu: %s.", i + 1, step->n_checks,
                          words[view.lesson->ticks[i]]);
                plain_line(plain, step->checks[i].expr, strlen(step->checks[i].expr));
        }
}

static void do_answer(struct plain *plain, const char *rest)
{
        struct view view;

        stage_peek(plain->stage, &view);
        if (!plain_is_asking(view.lesson))
                plain_say(plain, "Nothing is asked now.");
        else if (*player_checks_off(plain->stage))
                plain_say(plain, "The checks are off: an answer cannot be judged.");
        else if (!*rest)
                plain->told.question = 0;
        else {
                plain->told.wrong[0] = '\0';
                type(plain, "Enter", rest);
        }
}

static void do_list(struct plain *plain, const char *rest)
{
        (void)rest;
        plain_list(plain);
}

static void do_open(struct plain *plain, const char *rest)
{
        if (*rest)
                plain_open(plain, rest);
        else
                plain_say(plain, "open needs a lesson, for instance: open 1");
}

static void do_quit(struct plain *plain, const char *rest)
{
        (void)rest;
        plain->quit = true;
}

static void do_help(struct plain *plain, const char *rest)
{
        (void)rest;
        plain_help(plain);
}

static void do_stop(struct plain *plain, const char *rest)
{
        (void)rest;
        if (stage_runs_command(plain->stage))
                stage_stop_command(plain->stage);
        else
                plain_say(plain, "No command runs inside.");
}

static void print_equivalent(struct plain *plain, const struct view *view)
{
        const struct spec *spec = view->spec;
        own_free char *podman = equivalent_line(spec, ENGINE_PODMAN, view->uid);
        own_free char *kubernetes = equivalent_kubernetes(spec), *compose = equivalent_compose(spec);

        plain_say(plain, "This container's line:");
        plain_output(plain, view->line);
        plain_say(plain, "For podman:");
        plain_output(plain, podman);
        plain_say(plain, "For Kubernetes:");
        plain_output(plain, kubernetes);
        plain_say(plain, "For docker compose:");
        plain_output(plain, compose);
}

/* Keys that the screen answers with something to read. Returns false for all others. */
static bool read_key(struct plain *plain, enum action_id id)
{
        struct view view;

        if (id == ACT_INFO)
                stage_press(plain->stage, "i");
        stage_peek(plain->stage, &view);
        if (id == ACT_INFO && view.info_name) {
                plain_say(plain, "%s, a %s: %s", view.info_name, view.info_kind, view.info_text);
                stage_press(plain->stage, "Esc");
        } else if (id == ACT_EQUIVALENT) {
                print_equivalent(plain, &view);
        } else if (id == ACT_COPY) {
                plain_output(plain, view.line);
        } else {
                return id == ACT_INFO;
        }
        return true;
}

static bool is_move(enum action_id id)
{
        return id == ACT_LEFT || id == ACT_RIGHT || id == ACT_UP || id == ACT_DOWN || id == ACT_NEXT_PANE ||
               id == ACT_NAMESPACES;
}

/* Those that change only how the screen looks have nothing to do here. */
static bool is_screens_own(enum action_id id)
{
        static const enum action_id own[] = { ACT_REDRAW, ACT_SUSPEND,  ACT_FOLLOW, ACT_HOST_MODE,
                                              ACT_TREE,   ACT_BIG,      ACT_FILTER, ACT_SHELL,
                                              ACT_RECORD, ACT_HAND_BACK };

        for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
                if (own[i] == id)
                        return true;
        return false;
}

static void press(struct plain *plain, const char *key)
{
        const struct action *action = action_of_key(key);

        if (!action) {
                plain_say(plain, "%s is no key: help lists them.", key);
        } else if (is_screens_own(action->id)) {
                plain_say(plain,
                          "Key %s is for the screen alone. show prints what is seen; ! COMMAND runs one "
                          "command inside.",
                          key);
        } else if (!read_key(plain, action->id)) {
                plain->changes = true;
                plain->probed = action->id == ACT_PROBE;
                stage_press(plain->stage, key);
                if (is_move(action->id))
                        plain_place(plain);
        }
}

static void do_press(struct plain *plain, const char *rest);

/* The screen's keys of the same meaning stand beside the words. */
static const struct {
        const char *word;
        void (*act)(struct plain *plain, const char *rest);
        bool anywhere; /* also without a lesson */
        bool reading;  /* also where nothing can be launched */
        bool rest;     /* words may follow */
} words[] = {
        { "next", do_next, false, true, false },      { "n", do_next, false, true, false },
        { "PgDn", do_next, false, true, false },      { "back", do_back, false, true, false },
        { "PgUp", do_back, false, true, false },      { "skip", do_skip, false, true, false },
        { "s", do_skip, false, true, false },         { "again", do_again, false, true, false },
        { "r", do_again, false, true, false },        { "hint", do_hint, false, false, false },
        { "h", do_hint, false, false, false },        { "show", do_show, false, false, true },
        { "checks", do_checks, false, false, false }, { "answer", do_answer, false, false, true },
        { "list", do_list, true, true, false },       { "l", do_list, true, true, false },
        { "open", do_open, true, true, true },        { "quit", do_quit, true, true, false },
        { "q", do_quit, true, true, false },          { "help", do_help, true, true, false },
        { "?", do_help, true, true, false },          { "F1", do_help, true, true, false },
        { "stop", do_stop, false, false, false },     { "press", do_press, false, false, true },
};

static int find_word(const char *line)
{
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (words[i].rest ? first_is(line, words[i].word) : strcmp(line, words[i].word) == 0)
                        return (int)i;
        return -1;
}

/* Of the keys that stand beside the words each means here what its word does: the screen's own answer would
 * be seen by nobody. But for n, which is another key there. */
static void do_press(struct plain *plain, const char *rest)
{
        int at = action_of_key(rest) && strcmp(rest, "n") != 0 ? find_word(rest) : -1;

        if (at >= 0)
                words[at].act(plain, "");
        else
                press(plain, rest);
}

bool plain_is_next(const char *line)
{
        int at = *line ? find_word(line) : 0;

        return at >= 0 && words[at].act == do_next;
}

/* What is neither a word nor a key nor a line for docker. */
static void do_other(struct plain *plain, const char *line)
{
        struct view view;

        stage_peek(plain->stage, &view);
        if (plain_is_asking(view.lesson))
                do_answer(plain, line);
        else
                plain_say(plain, "%s: not understood. help lists what can be typed.", line);
}

static void do_for_stage(struct plain *plain, const char *line)
{
        own_free char *rest = rest_of(line);

        if (first_is(line, "c") && *rest)
                line = rest;
        if (first_is(line, "docker") || first_is(line, "podman") || first_is(line, "vitrine"))
                type(plain, "c", line);
        else if (*line == '!' && line[1])
                type(plain, "!", line + 1 + strspn(line + 1, " "));
        else if (action_of_key(line))
                press(plain, line);
        else
                do_other(plain, line);
}

/* A dialog or a prompt is open: the line is for it. */
static bool answer_stage(struct plain *plain, const char *line)
{
        struct view view;

        if (!plain->stage)
                return false;
        stage_peek(plain->stage, &view);
        if (view.dialog_text) {
                bool yes = strcmp(line, "y") == 0 || strcmp(line, "yes") == 0;
                bool remap = view.dialog_remap && strcmp(line, "r") == 0;

                plain->changes = true;
                stage_press(plain->stage, yes ? "y" : remap ? "r" : "n");
                if (!yes && !remap)
                        plain_say(plain, "No: nothing was done.");
                return true;
        }
        if (!view.prompt.title)
                return false;
        if (strcmp(line, ".") == 0)
                stage_press(plain->stage, "Esc");
        else
                type(plain, NULL, *line ? line : NULL);
        return true;
}

void plain_do(struct plain *plain, const char *typed)
{
        own_free char *indented = xasprintf("x %s", typed), *line = rest_of(indented), *rest = rest_of(line);
        int at = *line ? find_word(line) : 0;
        bool open = plain->reading || (plain->stage && player_lesson(plain->stage));

        plain->told.trouble[0] = '\0';
        if (plain->stage)
                stage_hush(plain->stage);
        if (answer_stage(plain, line))
                return;
        if (!open && (at < 0 || !words[at].anywhere))
                plain_say(plain, "No lesson is open: open 1 opens the first, list shows them all.");
        else if (plain->reading && (at < 0 || !words[at].reading))
                plain_say(plain, "Nothing can be launched here, so this has no effect. next, back, list and "
                                 "open read the lessons.");
        else if (at >= 0)
                words[at].act(plain, rest);
        else
                do_for_stage(plain, line);
}
