/* SPDX-License-Identifier: MIT */
/* Opening a lesson, going from step to step. */
#include "config.h"

#include "stage/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/called.h"
#include "base/io.h"
#include "base/own.h"
#include "stage/demo.h"
#include "stage/player_state.h"

const struct lesson_step *player_present(const struct player *player)
{
        return player->step < player->lesson.n_steps ? &player->lesson.steps[player->step] : NULL;
}

bool player_is_arriving(const struct player *player)
{
        return !player->begun;
}

static void on_nudge(void *data, int fd, short events)
{
        struct player *player = data;
        uint64_t n;

        (void)events;
        while (read(fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
                ;
        /* It may close the player. */
        player_pump(player->stage);
}

/* Not from where it is called: that may be the very handler whose container the player is about to replace.
 */
void player_moved(struct stage *stage)
{
        const uint64_t one = 1;

        if (!stage->player)
                return;
        stage->player->stale = true;
        if (write(stage->player->nudge, &one, sizeof(one)) < 0)
                return; /* it is full of them: the loop comes by anyhow */
}

static bool fits(const struct lesson *lesson, struct fault *fault)
{
        for (size_t i = 0; i < lesson->n_steps; i++) {
                const struct lesson_step *step = &lesson->steps[i];

                if (step->n_checks + step->n_asks > LESSON_EVAL_MOST || step->n_dos > LESSON_DOS_MOST ||
                    step->n_checks > LESSON_CHECKS_MOST)
                        return fault_why(
                                fault, step->name,
                                "a step has at most %d checks, %d with its questions, and %d times do",
                                LESSON_CHECKS_MOST, LESSON_EVAL_MOST, LESSON_DOS_MOST);
        }
        return true;
}

/* Needs are this machine's, not those of the container that happens to run. */
static bool find_mode(struct player *player, struct fault *fault)
{
        struct machine machine;
        struct spec plain;
        bool ok;

        spec_init(&plain);
        ok = cage_machine(&plain, &machine, fault);
        spec_finish(&plain);
        if (ok)
                player->mode = machine.mode;
        return ok;
}

/* What is wrong with the file is said once, and stands in the view from then on. */
static void say_note(struct player *player, const struct fault *fault)
{
        char line[sizeof(player->note)];

        fault_line(fault, line, sizeof(line));
        if (strcmp(line, player->note) != 0)
                stage_say_fault(player->stage, fault);
        memcpy(player->note, line, sizeof(line));
}

static void read_progress(struct player *player)
{
        struct progress progress = { 0 };
        struct fault note = { 0 }, fault = { 0 };
        struct strv names = { 0 };

        if (player->kind != PLAYER_TUTORIAL)
                return;
        player->progress_dir = progress_dir(&fault);
        if (!player->progress_dir || !progress_read(player->progress_dir, &progress, &note, &fault))
                say_note(player, &fault);
        else if (note.step[0])
                say_note(player, &note);
        for (size_t i = 0; i < player->lesson.n_steps; i++)
                strv_add(&names, player->lesson.steps[i].name);
        player->at = progress_step(progress_find(&progress, player->key), &names);
        strv_finish(&names);
        progress_finish(&progress);
}

void player_keep(struct player *player, enum progress_mark mark)
{
        const struct lesson_step *step = player_present(player);
        struct fault fault = { 0 };

        if (!player->progress_dir || !step || !*player->key)
                return;
        if (!progress_set(player->progress_dir, player->key, step->name, mark, &fault))
                say_note(player, &fault);
}

bool player_open(struct stage *stage, struct player_source *source, enum player_kind kind,
                 struct fault *fault)
{
        struct player *player = xcalloc(1, sizeof(*player));

        player_close(stage);
        *player = (struct player){
                .stage = stage,
                .lesson = source->lesson,
                .key = take_ptr(source->key),
                .number = source->number,
                .count = source->count,
                .kind = kind,
                .needs_root = called_in("it needs root: sudo ./vitrine"),
                .needs_ids =
                        called_in("only one user id is mapped here, it needs a second one: sudo ./vitrine "
                                  "learn, or ids of your own (`vitrine doctor` says how)"),
                .watched_fd = -1,
                .asked_do = -1,
                .opening = kind == PLAYER_TUTORIAL && source->step < 0,
        };
        free(take_ptr(source->name));
        source->lesson = (struct lesson){ 0 };
        player->start = (struct lesson_do){ .kind = DO_RUN,
                                            .line = player->lesson.start,
                                            .words = player->lesson.start_words };
        player->nudge = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        stage->player = player;
        if (player->nudge < 0) {
                fault_errno(fault, "", "watch the lesson");
        } else if (fits(&player->lesson, fault) && find_mode(player, fault)) {
                loop_watch(stage->loop, player->nudge, POLLIN, on_nudge, player);
                player_checks_open(player);
                read_progress(player);
                stage->dirty = true;
                return true;
        }
        player_close(stage);
        return false;
}

void player_close(struct stage *stage)
{
        struct player *player = stage->player;

        if (!player)
                return;
        /* It plays this lesson, and holds words of it. */
        demo_close(stage);
        player_checks_close(player);
        player_queue_clear(player);
        loop_forget(stage->loop, player->nudge);
        fd_close(&player->nudge);
        builder_finish(&stage->builder);
        shelf_finish(&stage->shelf);
        lesson_finish(&player->lesson);
        free(player->key);
        free(player->needs_root);
        free(player->needs_ids);
        free(player->progress_dir);
        free(player->answer);
        strv_finish(&player->ahead);
        free(player);
        stage->player = NULL;
        stage->loses_unasked = false;
        stage->dirty = true;
}

const struct lesson *player_lesson(const struct stage *stage)
{
        return stage->player ? &stage->player->lesson : NULL;
}

size_t player_step(const struct stage *stage)
{
        return stage->player ? stage->player->step : 0;
}

size_t player_resume_step(const struct stage *stage)
{
        return stage->player ? stage->player->at : 0;
}

static const char *unmet(const struct player *player, enum lesson_needs needs)
{
        if (needs == NEEDS_ROOT && player->mode != MODE_ROOT)
                return player->needs_root;
        if (needs == NEEDS_ROOTLESS && player->mode == MODE_ROOT)
                return "it needs to run without root";
        if (needs == NEEDS_TWO_IDS && player->mode == MODE_ONE_ID)
                return player->needs_ids;
        return "";
}

const char *player_cannot(const struct stage *stage, size_t at)
{
        const struct player *player = stage->player;
        const struct lesson_step *step;
        const char *why;

        if (!player || at >= player->lesson.n_steps)
                return "";
        step = &player->lesson.steps[at];
        why = unmet(player, player->lesson.needs);
        if (!*why)
                why = unmet(player, step->needs);
        return !*why && at == player->step ? player->missing : why;
}

/* What has an effect that stays: a pause has none, and verdicts are forgotten when a step begins. */
static bool has_effect(enum lesson_do_kind kind)
{
        return kind != DO_WAIT && kind != DO_PROBE;
}

/* All do of the steps before one that this machine can do. */
static void list_before(const struct player *player, size_t to, const struct lesson_do ***ret, size_t *ret_n)
{
        const struct lesson_do **all = NULL;
        size_t n = 0;

        for (size_t i = 0; i < to; i++) {
                const struct lesson_step *step = &player->lesson.steps[i];
                size_t most = *player_cannot(player->stage, i) ? 0 : step->n_dos;

                for (size_t k = 0; k < most; k++) {
                        all = xrealloc(all, n + 1, sizeof(const struct lesson_do *));
                        all[n++] = &step->dos[k];
                }
        }
        *ret = all;
        *ret_n = n;
}

/* Builds stay; of all else what was done before a run went with the container that it replaced. */
static void queue_way(struct player *player, size_t to)
{
        const struct lesson_do **all;
        size_t n, last;

        list_before(player, to, &all, &n);
        for (last = n; last > 0 && all[last - 1]->kind != DO_RUN;)
                last--;
        for (size_t i = 0; i + 1 < last; i++)
                if (all[i]->kind == DO_BUILD)
                        player_queue_add(player, all[i]);
        player_queue_add(player, last > 0 ? all[last - 1] : &player->start);
        for (size_t i = last; i < n; i++)
                if (has_effect(all[i]->kind))
                        player_queue_add(player, all[i]);
        free(all);
}

/* The container is as it came up from the lesson's own first line. */
static bool is_at_start(const struct player *player)
{
        struct stage *stage = player->stage;
        struct fault fault = { 0 };
        struct spec spec;
        bool same;

        if (stage->launches != 1 || stage->runs.n > 0 || stage->state == RUN_ENDED ||
            !player_read_run(stage, &player->start.words, &spec, &fault))
                return false;
        same = spec_equal(&spec, stage_spec(stage));
        spec_finish(&spec);
        return same;
}

static void set_out(struct player *player, size_t step)
{
        if (player->begun) {
                player->from = player->step;
                player->has_from = true;
        }
        player->step = step;
        player->begun = false;
        player->done = player->skipped = false;
        player->missing[0] = player->why[0] = '\0';
        player->stage->dirty = true;
        player_queue_clear(player);
        player->deed = (struct deed_now){ 0 };
}

void player_go(struct stage *stage, size_t step)
{
        struct player *player = stage->player;

        if (!player || step > player->lesson.n_steps)
                return;
        /* What a demo itself begins with is answered for it; a person answers. */
        if (stage->dialog_text && (stage->launched || player->kind == PLAYER_DEMO))
                stage_answer(stage, !stage->launched);
        set_out(player, step);
        if (step > 0 || !is_at_start(player))
                queue_way(player, step);
        player_pump(stage);
}

void player_turn_back(struct player *player)
{
        struct stage *stage = player->stage;
        bool opened = !player->has_from && player->step > 0;

        player_queue_clear(player);
        player->deed = (struct deed_now){ 0 };
        stage_say(stage, "not launched: the lesson %s",
                  opened ? "begins at its first step" : "stays where it is");
        if (opened) {
                player_go(stage, 0);
        } else if (player->has_from) {
                player->step = player->from;
                player->begun = true;
                player_check_done(player);
        } else {
                player_begin(player);
        }
}

void player_begin_next(struct stage *stage)
{
        struct player *player = stage->player;

        if (!player || !player_present(player))
                return;
        set_out(player, player->step + 1);
        player_pump(stage);
}

/* Whether the container has been left alone since the step began. */
static bool is_untouched(const struct player *player)
{
        return player->begun && player->stage->launches == player->launches_begun &&
               player->stage->runs.n == 0 && player->stage->state == RUN_RUNNING;
}

void player_next(struct stage *stage)
{
        struct player *player = stage->player;
        const struct lesson_step *step = player ? player_present(player) : NULL;
        bool as_it_is;

        if (!step)
                return;
        as_it_is = player->done ? stage->launches == player->launches_done && stage->state == RUN_RUNNING
                                : is_untouched(player) && *player_cannot(stage, player->step);
        if (player->begun && !player->done)
                player_keep(player, PROGRESS_SKIPPED);
        if (as_it_is) {
                player_begin_next(stage);
        } else if (is_untouched(player)) {
                set_out(player, player->step + 1);
                for (size_t i = 0; i < step->n_dos; i++)
                        if (has_effect(step->dos[i].kind))
                                player_queue_add(player, &step->dos[i]);
                player_pump(stage);
        } else {
                player_go(stage, player->step + 1);
        }
}

void player_back(struct stage *stage)
{
        if (stage->player)
                player_go(stage, stage->player->step > 0 ? stage->player->step - 1 : 0);
}

/* A step that only looks is done before its text can be read. */
static bool is_seen_at_once(const struct player *player)
{
        const struct lesson_step *step = player_present(player);

        return step && step->observe;
}

void player_begin(struct player *player)
{
        struct stage *stage = player->stage;

        runs_clear(&stage->runs);
        stage_forget_verdicts(stage);
        stage->show_result = false;
        player->begun = true;
        player->launches_begun = player->launches_seen = stage->launches;
        memset(player->did, 0, sizeof(player->did));
        player->keys_at = 0;
        player->runs_seen = stage->runs_begun;
        player->caps_shown = player->spotlit = false;
        player->asked_do = -1;
        player->help = 0;
        player->scroll = 0;
        player->fresh = player->kind == PLAYER_TUTORIAL && (player->opening || is_seen_at_once(player));
        player->opening = false;
        player->caps_now = false;
        player->asked = 0;
        player->wrong[0] = '\0';
        free(take_ptr(player->answer));
        player_checks_begin(player);
        player_keep(player, PROGRESS_AT);
        player_check_done(player);
        stage->dirty = true;
}

void player_check_done(struct player *player)
{
        const struct lesson_step *step = player_present(player);
        bool done = step && player->asked == step->n_asks && (step->n_checks || step->n_asks || !step->n_dos);

        for (size_t i = 0; done && i < step->n_checks; i++)
                done = player->ticks[i] == TICK_DONE;
        if (!done || player->done || !player->begun)
                return;
        player->done = true;
        player->skipped = false;
        player->launches_done = player->stage->launches;
        player->stage->dirty = true;
        player_keep(player, PROGRESS_DONE);
        lessons_again(player->stage);
}

bool player_is_settled(const struct stage *stage)
{
        const struct player *player = stage->player;

        return player && player->begun && player->deed.state != DEED_BUSY && player->deed.state != DEED_ASKS;
}

const char *player_why(const struct stage *stage)
{
        return stage->player ? stage->player->why : "";
}

bool player_turn(struct stage *stage, uint64_t until_ms)
{
        uint64_t wake = stage_wake_ms(stage), due = wake && wake < until_ms ? wake : until_ms;

        stage->loop->wake_ms = due;
        if (!loop_step(stage->loop) || stage_wants_quit(stage))
                return false;
        if (wake && time_now_ms() >= wake)
                stage_tick(stage);
        return true;
}

const char *player_key(const struct stage *stage)
{
        return stage->player ? stage->player->key : "";
}

uint64_t player_wake_ms(const struct stage *stage)
{
        const struct player *player = stage->player;
        uint64_t checks = player ? player_checks_wake_ms(player) : 0;
        uint64_t deed = player ? player_deed_wake_ms(player) : 0;

        return !deed || (checks && checks < deed) ? checks : deed;
}

void player_tick(struct stage *stage)
{
        uint64_t deed;

        if (!stage->player)
                return;
        player_checks_read(stage->player);
        deed = player_deed_wake_ms(stage->player);
        /* It may close the player. */
        if (deed && time_now_ms() >= deed)
                player_pump(stage);
}
