/* SPDX-License-Identifier: MIT */
/* What a learner does while a lesson is open: its keys, and which of the step's do it was. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "stage/player_state.h"

#define SPACE_WHERE "space adds or drops the selected capability: Tab goes to its pane"

int player_next_do(const struct player *player, unsigned kinds)
{
        const struct lesson_step *step = player_present(player);

        for (size_t i = 0; step && i < step->n_dos; i++)
                if (!player->did[i] && kinds & 1u << step->dos[i].kind)
                        return (int)i;
        return -1;
}

/* What ran inside went with the container: it is to be done again, but for what was done before the change
 * that the lesson itself asks for. */
static void forget_inside(struct player *player)
{
        const struct lesson_step *step = player_present(player);
        size_t from = 0;

        for (size_t i = 0; i < step->n_dos; i++)
                if (player->did[i] && (step->dos[i].kind == DO_RUN || step->dos[i].kind == DO_KEY))
                        from = i + 1;
        for (size_t i = from; i < step->n_dos; i++)
                if (step->dos[i].kind == DO_EXEC || step->dos[i].kind == DO_PROBE)
                        player->did[i] = false;
}

static bool is_run_of(const struct player *player, const struct lesson_do *what)
{
        struct fault fault = { 0 };
        struct spec spec;
        bool same;

        if (!player_read_run(player->stage, &what->words, &spec, &fault))
                return false;
        same = spec_equal(&spec, stage_spec(player->stage));
        spec_finish(&spec);
        return same;
}

void player_saw_launch(struct player *player)
{
        const struct lesson_step *step = player_present(player);
        struct stage *stage = player->stage;
        int run;

        if (!step || !player->begun || player->launches_seen == stage->launches)
                return;
        player->launches_seen = stage->launches;
        run = player_next_do(player, 1u << DO_RUN);
        if (run >= 0 && is_run_of(player, &step->dos[run]))
                player->did[run] = true;
        forget_inside(player);
        stage->dirty = true;
}

void player_name_missing(const struct run_entry *entry, char *ret, size_t size)
{
        const char *name = entry->argv.n ? entry->argv.v[0] : "";
        const char *output = str_text(&entry->output);
        own_free char *safe = NULL;
        bool shell = strcmp(name, "sh") == 0 || strcmp(name, "bash") == 0;

        /* "sh: 1: ip: not found" */
        safe = text_escape(shell ? output : name, shell ? strcspn(output, "\n") : strlen(name), false);
        if (shell)
                snprintf(ret, size, "a command is not installed: %.80s", safe);
        else
                snprintf(ret, size, "%.80s is not installed", safe);
}

/* Verdicts of the container that runs now. */
static void saw_verdicts(struct player *player, const struct lesson_step *step)
{
        for (size_t i = 0; player->stage->prober.shown && i < step->n_dos; i++)
                if (step->dos[i].kind == DO_PROBE)
                        player->did[i] = true;
}

void player_saw_runs(struct player *player)
{
        const struct lesson_step *step = player_present(player);
        const struct run_entry *entry = runs_last(&player->stage->runs);

        if (!step || !player->begun)
                return;
        saw_verdicts(player, step);
        if (!entry || player->stage->runs_begun == player->runs_seen)
                return;
        for (size_t i = 0; i < step->n_dos; i++) {
                const struct lesson_do *what = &step->dos[i];

                if (what->kind != DO_EXEC || !strv_equal(&what->words, &entry->argv) ||
                    strcmp(what->user, entry->user) != 0)
                        continue;
                if (player->did[i] && entry->ended && entry->exit != EXIT_NOT_FOUND)
                        continue;
                player->did[i] = true;
                if (entry->ended && entry->exit == EXIT_NOT_FOUND)
                        player_name_missing(entry, player->missing, sizeof(player->missing));
                break;
        }
        if (entry->ended)
                player->runs_seen = player->stage->runs_begun;
        player->stage->dirty = true;
}

void player_saw_build(struct stage *stage)
{
        struct player *player = stage->player;
        const struct lesson_step *step = player ? player_present(player) : NULL;

        for (size_t i = 0; step && player->begun && i < step->n_dos; i++)
                if (step->dos[i].kind == DO_BUILD && stage->builder.ok &&
                    strv_equal(&step->dos[i].words, &stage->builder.words))
                        player->did[i] = true;
        player_moved(stage);
}

/* What runs inside is what the lesson has run; the learner's own is asked about as always. */
static bool is_all_lessons(const struct player *player)
{
        const struct stage *stage = player->stage;
        const struct lesson_step *step = player_present(player);

        for (size_t i = 0; i < stage->runs.n; i++) {
                bool own = true;

                for (size_t k = 0; own && step && k < step->n_dos; k++)
                        own = step->dos[k].kind != DO_EXEC ||
                              !strv_equal(&step->dos[k].words, &stage->runs.v[i].argv);
                if (own)
                        return false;
        }
        return !stage->shell;
}

bool player_expects(const struct stage *stage, const struct spec *spec)
{
        const struct player *player = stage->player;
        int at = player && player->begun ? player_next_do(player, 1u << DO_RUN) : -1;
        struct fault fault = { 0 };
        struct spec next;
        bool same;

        if (at < 0 || !player_read_run(stage, &player_present(player)->dos[at].words, &next, &fault))
                return false;
        same = spec_equal(spec, &next);
        spec_finish(&next);
        return same && is_all_lessons(player);
}

/* A key that the step's next do presses. */
static void saw_key(struct player *player, const char *key)
{
        const struct lesson_step *step = player_present(player);
        int at = player_next_do(player, 1u << DO_KEY);

        player->asked_do = -1;
        player->stage->loses_unasked = false;
        if (at < 0 || !player->begun || strcmp(step->dos[at].words.v[player->keys_at], key) != 0)
                return;
        if (++player->keys_at < step->dos[at].words.n)
                return;
        player->keys_at = 0;
        player->did[at] = true;
        player->asked_do = at;
        player->stage->loses_unasked = is_all_lessons(player);
}

void player_refused(struct stage *stage)
{
        struct player *player = stage->player;

        if (player && !player->begun && player->deed.state == DEED_ASKS)
                player_turn_back(player);
        else if (player && player->asked_do >= 0)
                player->did[player->asked_do] = false;
}

static void help(struct player *player)
{
        const struct lesson_step *step = player_present(player);

        if (!step)
                return;
        if (player->help < 2)
                player->help++;
        /* Without a hint there is only what to press. */
        if (!*step->hint)
                player->help = 2;
}

bool player_is_asking(const struct player *player)
{
        const struct lesson_step *step = player_present(player);
        bool asking = step && player->begun && !player->done && player->asked < step->n_asks &&
                      !*player_cannot(player->stage, player->step);

        for (size_t i = 0; asking && i < step->n_checks; i++)
                asking = player->ticks[i] == TICK_DONE;
        return asking;
}

/* A text that is read from its top is read to where it is about what is to be done, or was seen; what is told
 * once that was done, to its end. */
static bool read_on(struct player *player)
{
        const struct reach *reach = &player->stage->reach;
        bool over = player->done || player->skipped || !player_present(player) ||
                    *player_cannot(player->stage, player->step);

        if (!reach_goes_on(reach, player->fresh, over, player->scroll))
                return false;
        if (!player->fresh || player->scroll + reach->lesson.page < reach->lesson.begin) {
                player_scroll(player->stage, reach->lesson.page);
        } else {
                player->fresh = false;
                player->scroll = 0;
        }
        player->stage->dirty = true;
        return true;
}

/* What the step tells at its end is not lost with the question. */
static bool leave_question(struct player *player)
{
        if (player->skipped || !player_is_asking(player))
                return false;
        player->skipped = true;
        stage_say(player->stage, "the question is open: Enter answers it, PgDn again goes past it");
        player->stage->dirty = true;
        return true;
}

static void ask_answer(struct player *player)
{
        const struct lesson_step *step = player_present(player);

        if (step && player->asked < step->n_asks)
                stage_ask(player->stage, ASK_ANSWER);
        else
                stage_say(player->stage, "nothing is asked here");
}

static bool is_lesson_key(enum action_id id)
{
        return id == ACT_PAGE_DOWN || id == ACT_PAGE_UP || id == ACT_SKIP || id == ACT_RESTART ||
               id == ACT_HINT || id == ACT_ANSWER;
}

static void act(struct player *player, enum action_id id)
{
        struct stage *stage = player->stage;

        if (id == ACT_PAGE_DOWN && (read_on(player) || leave_question(player)))
                return;
        player->fresh = false;
        if (id == ACT_PAGE_UP)
                player_back(stage);
        else if (id == ACT_RESTART)
                player_go(stage, player->step);
        else if (id == ACT_HINT)
                help(player);
        else if (id == ACT_ANSWER)
                ask_answer(player);
        else if (player_present(player))
                player_next(stage);
        else
                stage_say(stage, "this was the lesson: l lists the others");
}

/* Esc leaves the lesson, when it is meant. */
static bool leave(struct player *player, const char *key)
{
        struct stage *stage = player->stage;
        bool escape = strcmp(key, "Esc") == 0, again = escape && player->asked_leave;

        player->asked_leave = escape;
        if (again) {
                player_close(stage);
                stage_say(stage, "the lesson is closed: l lists them");
        } else if (escape) {
                stage_say(stage, "Esc again closes the lesson; what you have done is kept");
        }
        return escape;
}

/* On the way to a step the container is the player's: what is pressed meanwhile comes when it has begun. */
static bool may_meanwhile(const struct action *action)
{
        return action && (action->id == ACT_QUIT || action->id == ACT_LESSONS ||
                          action->id == ACT_PAGE_DOWN || action->id == ACT_PAGE_UP || action->id == ACT_HELP);
}

void player_scroll(struct stage *stage, int by)
{
        const struct reach *reach = &stage->reach;
        struct player *player = stage->player;

        if (!player)
                return;
        player->scroll += by;
        if (player->scroll > reach->lesson.most)
                player->scroll = reach->lesson.most;
        if (player->scroll < reach->lesson.least)
                player->scroll = reach->lesson.least;
        stage->dirty = true;
}

void player_click(struct stage *stage)
{
        if (!stage->player)
                return;
        stage->focus = PANE_CAPS;
        stage->player->focus = !stage->reach.lesson_instead;
        stage->dirty = true;
}

/* Beside the rest the lesson is one more pane behind the capabilities. */
static bool look_beside(struct player *player, enum action_id id, int by)
{
        bool focus = player->focus;

        if (id == ACT_NEXT_PANE)
                player->focus = !focus;
        else if (focus && by)
                player_scroll(player->stage, by);
        else if (focus && id == ACT_TOGGLE)
                stage_say(player->stage, SPACE_WHERE);
        else
                return focus && (id == ACT_LEFT || id == ACT_RIGHT);
        return id != ACT_NEXT_PANE || !focus;
}

/* Narrow: the lesson stands in the capabilities' place. Tab goes from it to them, then to the next pane;
 * meanwhile the arrows scroll it. */
static bool look_around(struct player *player, enum action_id id, bool spotlit)
{
        struct stage *stage = player->stage;
        const struct reach *reach = &stage->reach;
        int by = id == ACT_UP ? -1 : id == ACT_DOWN ? 1 : 0;

        if (stage->focus != PANE_CAPS) {
                player->focus = false;
                return false;
        }
        if (!reach->lesson_instead)
                return look_beside(player, id, by);
        if (id == ACT_NEXT_PANE) {
                player->caps_shown = !player->caps_shown;
                return player->caps_shown;
        }
        if (player->caps_shown)
                return false;
        /* What is not to be seen is not changed. */
        if (!by && !spotlit && (id == ACT_LEFT || id == ACT_RIGHT))
                return true;
        if (!by && !spotlit && id == ACT_TOGGLE) {
                stage_say(stage, SPACE_WHERE);
                return true;
        }
        if (!by)
                return false;
        player_scroll(stage, by);
        return true;
}

/* Who types a number while a question is open means its answer. */
static bool answer_at_once(struct player *player, const char *key)
{
        bool digit = key[0] >= '0' && key[0] <= '9' && key[1] == '\0';

        if (!digit || player->kind != PLAYER_TUTORIAL || !player_is_asking(player))
                return false;
        stage_ask(player->stage, ASK_ANSWER);
        stage_ask_press(player->stage, key);
        return true;
}

bool player_press(struct stage *stage, const char *key)
{
        struct player *player = stage->player;
        const struct action *action = action_of_key(key);
        bool spotlit;

        if (!player || player->acting)
                return false;
        if (leave(player, key))
                return true;
        if (!player->begun && !may_meanwhile(action)) {
                if (player->ahead.n < AHEAD_MOST)
                        strv_add(&player->ahead, key);
                return true;
        }
        spotlit = player->caps_now;
        player->caps_now = false;
        if (!action)
                return answer_at_once(player, key);
        if (spotlit && action->id == ACT_NEXT_PANE)
                return true;
        if (is_lesson_key(action->id) && player->kind == PLAYER_TUTORIAL) {
                act(player, action->id);
                return true;
        }
        if (look_around(player, action->id, spotlit))
                return true;
        player->fresh = false;
        saw_key(player, key);
        player_moved(stage);
        return false;
}

void player_press_ahead(struct stage *stage)
{
        struct player *player = stage->player;

        /* A key may close the lesson, or set out for another step. */
        while (player && stage->player == player && player->begun && player->ahead.n) {
                own_free char *key = xstrdup(player->ahead.v[0]);

                strv_remove(&player->ahead, 0);
                stage_press(stage, key);
        }
}

const char *player_line(const struct stage *stage)
{
        const struct player *player = stage->player;
        int at = player && player->begun ? player_next_do(player, 1u << DO_RUN | 1u << DO_BUILD) : -1;

        return at < 0 ? NULL : player_present(player)->dos[at].line;
}

const char *player_command(const struct stage *stage)
{
        const struct player *player = stage->player;
        const struct lesson_step *step = player && player->begun ? player_present(player) : NULL;
        int at = step ? player_next_do(player, 1u << DO_EXEC) : -1;

        if (at >= 0)
                return step->dos[at].line;
        /* The answer may be got by another command. */
        if (step && player_is_asking(player))
                return NULL;
        for (size_t i = step ? step->n_dos : 0; i-- > 0;)
                if (step->dos[i].kind == DO_EXEC)
                        return step->dos[i].line;
        return NULL;
}
