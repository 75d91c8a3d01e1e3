/* SPDX-License-Identifier: MIT */
/* What a demo does, one thing after another. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/own.h"
#include "base/text.h"
#include "stage/demo_state.h"
#include "stage/pace.h"

enum {
        BEAT_MS = 1200,      /* from a caption to the first key */
        PAUSE_MS = 700,      /* from one do to the next, and round a line that is typed */
        PATIENCE_MS = 60000, /* for a container, a command, a build */
        SOON_MS = 5000,      /* for the kernel to show it, as the lesson's check gives it */
};

void demo_go(struct demo *demo, enum demo_phase phase, enum demo_wait wait, uint64_t ms)
{
        demo->phase = phase;
        demo->wait = wait;
        if (wait == WAIT_BEGUN)
                ms = PATIENCE_MS;
        demo->due_ms = wait == WAIT_DRAWN ? 0 : time_now_ms() + ms;
}

static void go_on(struct demo *demo, enum demo_phase phase, uint64_t ms)
{
        demo_go(demo, phase, WAIT_TIME, pace_ms(ms, demo->settings.speed));
}

/* Once that was read. */
static void hold(struct demo *demo, enum demo_phase phase, const char *text)
{
        demo_go(demo, phase, WAIT_TIME, pace_hold_ms(text, demo->settings.speed));
}

void demo_pause(struct demo *demo)
{
        uint64_t now = time_now_ms();

        demo->left_ms = demo->due_ms > now ? demo->due_ms - now : 0;
        demo->state = PLAY_PAUSED;
}

void demo_resume(struct demo *demo)
{
        if (demo->due_ms)
                demo->due_ms = time_now_ms() + demo->left_ms;
        demo->state = PLAY_RUNNING;
}

static void say(struct stage *stage, const char *text)
{
        snprintf(stage->demo->caption, sizeof(stage->demo->caption), "%s", text);
        stage->demo->unseen = true;
        stage->dirty = true;
}

void demo_clear_screen(struct stage *stage)
{
        if (stage->dialog_text)
                stage_answer(stage, false);
        prompt_close(&stage->asking.edit);
        stage->help = stage->equivalent = stage->info = stage->lessons.open = false;
        stage->trouble[0] = stage->key[0] = '\0';
        stage->show_result = false;
        if (stage->has_before)
                snapshot_finish(&stage->before);
        stage->has_before = false;
        stage->dirty = true;
}

void demo_go_step(struct stage *stage, size_t step)
{
        demo_clear_screen(stage);
        player_go(stage, step);
        demo_go(stage->demo, step < player_lesson(stage)->n_steps ? DEMO_BEGIN : DEMO_OUTRO, WAIT_BEGUN, 0);
}

/* As whoever sits before it would press it. Returns false when the key has closed the lesson, and the demo
 * with it. */
static bool press(struct stage *stage, const char *key)
{
        struct demo *demo = stage->demo;

        demo->acting = true;
        stage_press(stage, key);
        if (stage->demo != demo)
                return false;
        demo->acting = false;
        return true;
}

/* A key that the lesson names means the same wherever the viewer has gone, and asks about nothing that the
 * lesson itself has begun. */
static bool press_of_lesson(struct stage *stage, const char *key)
{
        bool stays;

        stage->player->acting = stage->loses_unasked = true;
        stays = press(stage, key);
        if (stays)
                stage->player->acting = false;
        stage->loses_unasked = false;
        return stays;
}

static const struct lesson_do *present_do(const struct stage *stage)
{
        return &player_present(stage->player)->dos[stage->demo->do_at];
}

/* What is done through keys is followed as what the player does itself. */
static void follow(struct stage *stage)
{
        struct player *player = stage->player;

        player->deed = (struct deed_now){ .what = present_do(stage),
                                          .state = DEED_BUSY,
                                          .at = present_do(stage)->words.n,
                                          .launches = stage->launches };
        player->why[0] = '\0';
}

/* After the key that was to do it. */
static void watch(struct stage *stage)
{
        struct player *player = stage->player;
        const char *error = stage->asking.error;

        if (stage->dialog_text)
                player->deed.state = DEED_ASKS;
        if (prompt_is_open(&stage->asking.edit) && player->deed.what->kind != DO_KEY) {
                player->deed.state = DEED_FAILED;
                snprintf(player->why, sizeof(player->why), "%.390s", *error ? error : "it was not taken");
        }
        player_moved(stage);
        demo_go(stage->demo, DEMO_DEED, WAIT_DEED, PATIENCE_MS);
}

static void fail(struct stage *stage, const char *why)
{
        struct demo *demo = stage->demo;
        own_free char *safe = text_escape(why, strlen(why), false);
        own_free char *text = xasprintf("not here: %s", safe);

        prompt_close(&stage->asking.edit);
        demo->failed = true;
        say(stage, text);
        hold(demo, DEMO_NEXT, text);
}

static void begin_line(struct stage *stage, const char *line, bool answering)
{
        struct demo *demo = stage->demo;

        free(demo->line);
        demo->line = xstrdup(line);
        demo->line_at = 0;
        demo->answering = answering;
        if (prompt_is_open(&stage->asking.edit))
                go_on(demo, DEMO_TYPE, PAUSE_MS);
        else
                fail(stage, *stage->trouble ? stage->trouble : "no line can be typed now");
}

/* The first frame of a step: the one that its chapter begins with. */
static void begin_step(struct stage *stage)
{
        struct demo *demo = stage->demo;
        const char *cannot = player_cannot(stage, player_step(stage));
        own_free char *sorry = *cannot ? xasprintf("not here: %s", cannot) : NULL;

        demo_clear_screen(stage);
        demo->do_at = demo->ask_at = 0;
        demo->failed = demo->drawn = false;
        demo->begins = true;
        say(stage, sorry ? sorry : player_present(stage->player)->say);
        demo_go(demo, DEMO_BEAT, WAIT_DRAWN, 0);
}

static void begin_beat(struct stage *stage)
{
        struct demo *demo = stage->demo;

        if (*player_cannot(stage, player_step(stage)))
                hold(demo, DEMO_NEXT, demo->caption);
        else
                go_on(demo, DEMO_DO, BEAT_MS);
        if (demo->stop)
                demo_pause(demo);
        demo->stop = false;
}

static void begin_do(struct stage *stage)
{
        struct demo *demo = stage->demo;

        if (demo->do_at == player_present(stage->player)->n_dos) {
                demo_go(demo, DEMO_SEEN, WAIT_CHECKS, SOON_MS);
                return;
        }
        switch (present_do(stage)->kind) {
        case DO_RUN:
        case DO_BUILD:
                if (press(stage, "c"))
                        begin_line(stage, present_do(stage)->line, false);
                break;
        case DO_EXEC:
                if (press(stage, "!"))
                        begin_line(stage, present_do(stage)->line, false);
                break;
        case DO_KEY:
                demo_clear_screen(stage);
                demo->key_at = 0;
                go_on(demo, DEMO_KEY, 0);
                break;
        case DO_PROBE:
                stage_note_key(stage, "P");
                player_do(stage, present_do(stage));
                demo_go(demo, DEMO_DEED, WAIT_DEED, PATIENCE_MS);
                break;
        case DO_WAIT:
        case DO_N:
                go_on(demo, DEMO_DO, present_do(stage)->wait_ms);
                demo->do_at++;
                break;
        }
}

/* A character that no key types (a tab, one without a width) stands in the line all the same. */
static void complete_line(struct stage *stage)
{
        own_free char *typed = NULL;

        if (!prompt_is_open(&stage->asking.edit))
                return;
        typed = prompt_text(&stage->asking.edit);
        if (strcmp(typed, stage->demo->line) != 0)
                prompt_open(&stage->asking.edit, stage->demo->line, NULL);
}

static void enter_line(struct stage *stage)
{
        struct demo *demo = stage->demo;

        complete_line(stage);
        if (demo->answering) {
                if (press(stage, "Enter"))
                        demo_go(demo, DEMO_ANSWERED, WAIT_ANSWER, SOON_MS);
                return;
        }
        follow(stage);
        if (press(stage, "Enter"))
                watch(stage);
}

/* One character, by the name that its key has. */
static void type_one(struct stage *stage)
{
        struct demo *demo = stage->demo;
        const char *at = demo->line + demo->line_at;
        uint32_t c;
        size_t n = *at ? text_decode(at, strlen(at), &c) : 0;
        char key[8] = "";

        if (n == 0) {
                enter_line(stage);
                return;
        }
        memcpy(key, at, n);
        if (!press(stage, strcmp(key, " ") == 0 ? "space" : key))
                return;
        demo->line_at += n;
        if (demo->line[demo->line_at])
                demo_go(demo, DEMO_TYPE, WAIT_TIME,
                        pace_type_ms(demo->line, demo->line_at, demo->settings.speed));
        else
                go_on(demo, DEMO_TYPE, PAUSE_MS);
}

static void press_one(struct stage *stage)
{
        struct demo *demo = stage->demo;
        const struct strv *keys = &present_do(stage)->words;

        follow(stage);
        if (!press_of_lesson(stage, keys->v[demo->key_at++]))
                return;
        if (demo->key_at == keys->n)
                stage->player->did[demo->do_at] = true;
        watch(stage);
}

static void end_deed(struct stage *stage)
{
        struct demo *demo = stage->demo;
        bool keys = present_do(stage)->kind == DO_KEY && demo->key_at < present_do(stage)->words.n;

        switch (player_deed(stage)) {
        case DEED_ASKS:
                hold(demo, DEMO_CONFIRM, stage->dialog_text ? stage->dialog_text : "");
                break;
        case DEED_NONE:
        case DEED_DONE:
                demo->do_at += !keys;
                go_on(demo, keys ? DEMO_KEY : DEMO_DO, PAUSE_MS);
                break;
        case DEED_BUSY:
                fail(stage, "it does not end");
                break;
        case DEED_FAILED:
        case DEED_CANNOT:
                fail(stage, player_why(stage));
                break;
        }
}

static void confirm(struct stage *stage)
{
        stage_note_key(stage, "y");
        player_confirm(stage);
        if (stage->demo)
                demo_go(stage->demo, DEMO_DEED, WAIT_DEED, PATIENCE_MS);
}

static void ask(struct stage *stage)
{
        struct demo *demo = stage->demo;
        const struct lesson_step *step = player_present(stage->player);

        if (demo->ask_at == step->n_asks) {
                go_on(demo, DEMO_NEXT, 0);
                return;
        }
        say(stage, step->asks[demo->ask_at].question);
        hold(demo, DEMO_ANSWER, demo->caption);
}

/* With what is right by now. */
static void answer(struct stage *stage)
{
        struct demo *demo = stage->demo;
        const struct lesson_step *step = player_present(stage->player);
        const struct check_report *report = player_report(stage, step->n_checks + demo->ask_at);

        if (!report || !report->has_value) {
                fail(stage, "the answer is not known");
                return;
        }
        demo->acting = true;
        stage_note_key(stage, "Enter");
        stage_ask(stage, ASK_ANSWER);
        demo->acting = false;
        stage->dirty = true;
        begin_line(stage, report->value, true);
}

static void end_step(struct stage *stage)
{
        struct demo *demo = stage->demo;

        go_on(demo, DEMO_GO, 0);
        if (demo->settings.step)
                demo_pause(demo);
        stage->dirty = true;
}

static void go_next(struct stage *stage)
{
        struct demo *demo = stage->demo;

        if (demo->failed) {
                demo_go_step(stage, player_step(stage) + 1);
                return;
        }
        player_begin_next(stage);
        demo_go(demo, player_present(stage->player) ? DEMO_BEGIN : DEMO_OUTRO, WAIT_BEGUN, 0);
}

static void outro(struct stage *stage)
{
        struct demo *demo = stage->demo;
        own_free char *text = xasprintf("This was: %s%s", player_lesson(stage)->title,
                                        demo->settings.ends ? "" : "   q: leave   PgUp: back");

        demo_clear_screen(stage);
        say(stage, text);
        hold(demo, DEMO_END, text);
}

static void end(struct stage *stage)
{
        stage->quit = stage->quit || stage->demo->settings.ends;
        stage->demo->state = PLAY_NOT;
        stage->dirty = true;
}

void demo_act(struct stage *stage)
{
        struct demo *demo = stage->demo;

        switch (demo->phase) {
        case DEMO_TITLE:
                hold(demo, DEMO_BEGIN, demo->caption);
                return;
        case DEMO_BEGIN:
                begin_step(stage);
                return;
        case DEMO_BEAT:
                begin_beat(stage);
                return;
        case DEMO_DO:
                begin_do(stage);
                return;
        case DEMO_TYPE:
                type_one(stage);
                return;
        case DEMO_KEY:
                press_one(stage);
                return;
        case DEMO_DEED:
                end_deed(stage);
                return;
        case DEMO_CONFIRM:
                confirm(stage);
                return;
        case DEMO_SEEN:
                hold(demo, DEMO_ASK, demo->caption);
                return;
        case DEMO_ASK:
                ask(stage);
                return;
        case DEMO_ANSWER:
                answer(stage);
                return;
        case DEMO_ANSWERED:
                demo->ask_at++;
                hold(demo, DEMO_ASK, "");
                return;
        case DEMO_NEXT:
                end_step(stage);
                return;
        case DEMO_GO:
                go_next(stage);
                return;
        case DEMO_OUTRO:
                outro(stage);
                return;
        case DEMO_END:
                end(stage);
                return;
        }
}
