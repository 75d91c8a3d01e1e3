/* SPDX-License-Identifier: MIT */
/* Carrying out what a lesson says. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "stage/player_state.h"

enum {
        LONG_MS = 3000,  /* after that it is said that a command on the way to a step still runs */
        MOST_MS = 60000, /* and so long it is waited for, as in a demo and in a check */
};

void player_queue_add(struct player *player, const struct lesson_do *what)
{
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
        player->queue = xrealloc(player->queue, player->queue_n + 1, sizeof(*player->queue));
        player->queue[player->queue_n++] = what;
}

void player_queue_clear(struct player *player)
{
        free(player->queue);
        player->queue = NULL;
        player->queue_n = player->queue_at = 0;
}

static void fail(struct player *player, const char *why)
{
        player->deed.state = DEED_FAILED;
        snprintf(player->why, sizeof(player->why), "%s: %.300s", player->deed.what->line, why);
}

static void fail_fault(struct player *player, const struct fault *fault)
{
        char line[700];

        fault_line(fault, line, sizeof(line));
        fail(player, line);
}

static bool read_words(const struct strv *words, struct spec *ret, struct fault *fault)
{
        enum engine engine = ENGINE_DOCKER;
        bool help = false;
        int n = spec_line_prefix(words, &engine, fault);

        return n >= 0 && spec_parse_as(engine, (int)words->n - n, words->v + n, ret, NULL, &help, fault);
}

bool player_start_spec(const struct lesson *lesson, struct spec *ret, struct fault *fault)
{
        return read_words(&lesson->start_words, ret, fault);
}

bool player_read_run(const struct stage *stage, const struct strv *words, struct spec *ret,
                     struct fault *fault)
{
        if (!read_words(words, ret, fault))
                return false;
        stage_keep_open(stage, ret);
        return true;
}

/* A change was asked for: it has been launched, a dialog asks about it, or it was refused. */
static void look_at_change(struct player *player, bool launches)
{
        struct stage *stage = player->stage;

        if (stage->dialog_text)
                player->deed.state = DEED_ASKS;
        else if (launches && stage->launches == player->deed.launches)
                fail(player, *stage->trouble ? stage->trouble : "it was not launched");
        else
                player->deed.state = DEED_BUSY;
}

static void begin_run(struct player *player)
{
        struct stage *stage = player->stage;
        struct fault fault = { 0 };
        struct spec spec;
        bool same;

        if (!player_read_run(stage, &player->deed.what->words, &spec, &fault)) {
                fail_fault(player, &fault);
                return;
        }
        same = spec_equal(&spec, stage_spec(stage));
        stage->loses_unasked = true;
        stage_change(stage, &spec, same ? PENDING_NONE : PENDING_CHANGE);
        stage->loses_unasked = false;
        spec_finish(&spec);
        look_at_change(player, true);
}

/* Returns false when a key has closed the lesson, and the player with it. */
static bool press_keys(struct player *player)
{
        const struct strv *keys = &player->deed.what->words;
        struct stage *stage = player->stage;

        player->deed.state = DEED_BUSY;
        /* What lies over the screen would take the key. */
        stage->help = stage->equivalent = stage->info = stage->lessons.open = false;
        prompt_close(&stage->asking.edit);
        while (player->deed.at < keys->n && player->deed.state == DEED_BUSY) {
                player->acting = stage->loses_unasked = true;
                stage_press(stage, keys->v[player->deed.at++]);
                stage->loses_unasked = false;
                /* The keys were the lesson's. */
                if (stage->player != player)
                        return false;
                player->acting = false;
                look_at_change(player, false);
        }
        return true;
}

static void begin_exec(struct player *player)
{
        struct stage *stage = player->stage;
        const struct lesson_do *what = player->deed.what;

        if (stage->state != RUN_RUNNING)
                fail(player, "no container runs");
        else if (!runs_start(&stage->runs, stage->id, what->user, &what->words))
                fail(player, "another command still runs");
        else
                stage->show_result = true;
        stage->runs_begun += player->deed.state == DEED_BUSY;
}

static void begin_build(struct player *player)
{
        struct stage *stage = player->stage;
        struct fault fault = { 0 };
        const char *dockerfile = player->lesson.dockerfile;

        if (!builder_start(&stage->builder, &player->deed.what->words, dockerfile ? dockerfile : "",
                           &stage->shelf, &fault))
                fail_fault(player, &fault);
}

static void mark_did(struct player *player)
{
        const struct lesson_step *step = player_present(player);

        for (size_t i = 0; player->begun && step && i < step->n_dos; i++)
                if (&step->dos[i] == player->deed.what)
                        player->did[i] = true;
}

void player_do(struct stage *stage, const struct lesson_do *what)
{
        struct player *player = stage->player;
        struct fault fault = { 0 };

        if (!player)
                return;
        player->deed = (struct deed_now){
                .what = what, .state = DEED_BUSY, .launches = stage->launches, .since_ms = time_now_ms()
        };
        player->why[0] = '\0';
        stage->dirty = true;
        switch (what->kind) {
        case DO_RUN:
                begin_run(player);
                break;
        case DO_BUILD:
                begin_build(player);
                break;
        case DO_KEY:
                if (!press_keys(player))
                        return;
                break;
        case DO_EXEC:
                begin_exec(player);
                break;
        case DO_PROBE:
                if (!stage_probe(stage, &fault))
                        fail_fault(player, &fault);
                break;
        case DO_WAIT:
        case DO_N:
                player->deed.state = DEED_DONE;
                break;
        }
        mark_did(player);
        player_moved(stage);
}

/* Leaving, and forgetting what was learnt, are never a lesson's. */
static bool asks_for_more(const struct stage *stage)
{
        return stage->pending == PENDING_QUIT || stage->pending == PENDING_RESET;
}

void player_confirm(struct stage *stage)
{
        struct player *player = stage->player;

        if (!player || player->deed.state != DEED_ASKS)
                return;
        if (stage->dialog_text && asks_for_more(stage)) {
                stage_answer(stage, false);
                fail(player, "it asked for more than another container");
                player_moved(stage);
                return;
        }
        if (stage->dialog_text)
                stage_answer(stage, true);
        if (player->deed.what->kind != DO_KEY)
                look_at_change(player, true);
        else if (!press_keys(player))
                return;
        player_moved(stage);
}

/* The last snapshot is one of the container that runs now. */
static bool container_is_seen(const struct stage *stage)
{
        return stage->state == RUN_ENDED ||
               (stage->state == RUN_RUNNING && stage->has_now && !stage->mark_next);
}

/* 127 is the shell's word for a command that is not there; a shell that says so has another command in mind
 * than itself. */
static void judge_exec(struct player *player)
{
        const struct run_entry *entry = runs_last(&player->stage->runs);

        player->deed.state = DEED_DONE;
        if (!entry || entry->exit != EXIT_NOT_FOUND)
                return;
        player->deed.state = DEED_CANNOT;
        player_name_missing(entry, player->why, sizeof(player->why));
}

static void judge_build(struct player *player)
{
        own_free char *said = builder_said(&player->stage->builder);

        if (player->stage->builder.ok)
                player->deed.state = DEED_DONE;
        else
                fail(player, said);
}

uint64_t player_deed_wake_ms(const struct player *player)
{
        const struct deed_now *deed = &player->deed;

        if (player->begun || deed->state != DEED_BUSY ||
            !(1u << deed->what->kind & (1u << DO_EXEC | 1u << DO_BUILD | 1u << DO_PROBE)))
                return 0;
        return deed->since_ms + (deed->told ? MOST_MS : LONG_MS);
}

/* What does not end on the way to a step is left to itself: the step begins all the same. */
static void wait_on_the_way(struct player *player)
{
        uint64_t wake = player_deed_wake_ms(player);

        if (!wake || time_now_ms() < wake)
                return;
        if (player->deed.told) {
                fail(player, "it does not end");
                return;
        }
        player->deed.told = true;
        stage_say(player->stage, "%s: it still runs%s", player->deed.what->line,
                  player->deed.what->kind == DO_EXEC ? "; Ctrl-C ends it" : "");
}

static void settle_deed(struct player *player)
{
        struct stage *stage = player->stage;

        if (player->deed.state != DEED_BUSY)
                return;
        if (player->deed.what->kind == DO_EXEC) {
                if (!runs_busy(&stage->runs))
                        judge_exec(player);
        } else if (player->deed.what->kind == DO_BUILD) {
                if (!builder_is_busy(&stage->builder))
                        judge_build(player);
        } else if (player->deed.what->kind == DO_PROBE) {
                if (stage->prober.known)
                        player->deed.state = DEED_DONE;
                else if (!stage->prober.run)
                        fail(player, stage->prober.why);
        } else if (container_is_seen(stage)) {
                player->deed.state = DEED_DONE;
        }
        wait_on_the_way(player);
        if (player->deed.state == DEED_BUSY)
                return;
        if (player->deed.told)
                stage->trouble[0] = '\0';
        player->deed.told = false;
        stage->dirty = true;
}

/* A container that gives the machine away is launched for nobody who was not asked. */
static bool is_answered_by_person(const struct player *player)
{
        return player->kind == PLAYER_TUTORIAL && player->stage->dialog_text;
}

bool player_asks(const struct stage *stage)
{
        return stage->player && !stage->player->begun && is_answered_by_person(stage->player) &&
               stage->pending != PENDING_QUIT && stage->pending != PENDING_RESET;
}

/* What cannot be done on the way to a step is said; the step begins all the same. */
static void pump_queue(struct stage *stage)
{
        struct player *player = stage->player;

        /* A key on the way may have closed the lesson. */
        while (stage->player == player && !player->begun && player->deed.state != DEED_BUSY &&
               !is_answered_by_person(player)) {
                if (player->deed.state == DEED_ASKS) {
                        player_confirm(stage);
                } else if (player->deed.state != DEED_FAILED && player->queue_at < player->queue_n) {
                        player_do(stage, player->queue[player->queue_at++]);
                } else if (!container_is_seen(stage) && player->deed.state != DEED_FAILED) {
                        return;
                } else {
                        if (player->deed.state == DEED_FAILED)
                                stage_say(stage, "%s", player->why);
                        player->deed = (struct deed_now){ 0 };
                        player_begin(player);
                }
                if (stage->player == player)
                        settle_deed(player);
        }
}

/* The pane that a step is about, once the container has changed as the step asks and the verdicts are there
 * that it asks for, until the next key: a command's result is read in the lesson. */
static void spotlight(struct player *player)
{
        const unsigned changes = 1u << DO_RUN | 1u << DO_KEY | 1u << DO_PROBE;
        const struct lesson_step *step = player_present(player);
        unsigned kinds = ~(1u << DO_WAIT);

        for (size_t i = 0; step && i < step->n_dos; i++)
                if (changes & 1u << step->dos[i].kind)
                        kinds = changes;
        if (!step || !step->n_dos || player->spotlit || !player->begun || player_next_do(player, kinds) >= 0)
                return;
        player->spotlit = true;
        player->caps_now = step->look == LESSON_LOOK_CAPS;
        player->stage->dirty = true;
}

void player_pump(struct stage *stage)
{
        struct player *player = stage->player;

        if (!player)
                return;
        settle_deed(player);
        pump_queue(stage);
        if (stage->player != player)
                return;
        player_saw_launch(player);
        player_saw_runs(player);
        spotlight(player);
        player_checks_run(player);
        if (!player->acting)
                player_press_ahead(stage);
}

enum deed player_deed(const struct stage *stage)
{
        return stage->player ? stage->player->deed.state : DEED_NONE;
}
