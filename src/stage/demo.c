/* SPDX-License-Identifier: MIT */
/* The demo's clock, and the keys of who watches it. */
#include "config.h"

#include "stage/demo.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "stage/demo_state.h"

enum {
        NAMES_MS = 3000,
        PASS_MS = 100,    /* longer than an eye takes for a look */
        TRACES_MS = 1500, /* a table that does not change is not sent again */
};

void demo_open(struct stage *stage, const struct demo_settings *settings)
{
        struct demo *demo = xcalloc(1, sizeof(*demo));

        demo_close(stage);
        demo->settings = *settings;
        demo->state = PLAY_RUNNING;
        demo->stop = settings->step;
        stage->demo = demo;
        stage->show_keys = true;
        player_go(stage, 0);
        demo_go(demo, DEMO_TITLE, WAIT_BEGUN, 0);
        snprintf(demo->caption, sizeof(demo->caption), "%s", player_lesson(stage)->title);
        stage->dirty = true;
}

void demo_close(struct stage *stage)
{
        if (!stage->demo)
                return;
        free(stage->demo->line);
        free(stage->demo);
        stage->demo = NULL;
        stage->dirty = true;
}

const char *demo_take_step(struct stage *stage)
{
        const char *name = stage->demo ? stage->demo->shown : NULL;

        if (name)
                stage->demo->shown = NULL;
        return name;
}

void demo_drawn(struct stage *stage)
{
        struct demo *demo = stage->demo;
        const struct lesson_step *step = demo ? player_present(stage->player) : NULL;

        if (!demo)
                return;
        demo->drawn = true;
        demo->unseen = false;
        if (demo->begins && step)
                demo->shown = step->name;
        demo->begins = false;
}

static bool lacks_names(const struct stage *stage)
{
        return time_now_ms() < stage->started_ms + NAMES_MS && look_lacks_names(&stage->now);
}

/* What was run inside has ended, and may still be in tables that were begun before. */
static bool shows_traces(const struct stage *stage)
{
        const uint64_t ended = stage->runs.ended_ms, seen = ended + PASS_MS;
        const struct snapshot *now = &stage->now;

        return ended && time_now_ms() < ended + TRACES_MS &&
               (now->host_table.read_ms < seen || now->container_table.read_ms < seen);
}

/* A step that nothing is tried of is seen as it is. */
static bool is_fresh(const struct stage *stage)
{
        const struct lesson_step *step = player_present(stage->player);
        bool tried = step && step->n_checks + step->n_asks > 0 && !*player_checks_off(stage) &&
                     !player_compile_error(stage, 0);

        if (!player_is_settled(stage) || !stage->has_now || stage->mark_next || lacks_names(stage) ||
            shows_traces(stage))
                return false;
        return !tried || (player_is_fresh(stage) && player_report(stage, 0));
}

static bool checks_hold(const struct stage *stage)
{
        const struct lesson_step *step = player_present(stage->player);
        bool all = is_fresh(stage);

        for (size_t i = 0; all && step && i < step->n_checks; i++) {
                const struct check_report *report = player_report(stage, i);

                all = report && report->result == CHECK_TRUE;
        }
        return all;
}

static bool has_come(const struct stage *stage)
{
        const struct demo *demo = stage->demo;

        switch (demo->wait) {
        case WAIT_TIME:
                return false;
        case WAIT_BEGUN:
        case WAIT_FRESH:
                return is_fresh(stage);
        case WAIT_DRAWN:
                return demo->drawn;
        case WAIT_DEED:
                return player_deed(stage) != DEED_BUSY;
        case WAIT_CHECKS:
                return checks_hold(stage);
        case WAIT_ANSWER:
                return stage->player->asked > demo->ask_at || *stage->player->wrong;
        }
        return false;
}

/* What is said was on the screen before it goes, however fast it is played. */
static bool is_due(const struct demo *demo)
{
        return demo->due_ms && !(demo->wait == WAIT_TIME && demo->unseen) && time_now_ms() >= demo->due_ms;
}

uint64_t demo_wake_ms(const struct stage *stage, uint64_t now)
{
        const struct demo *demo = stage->demo;

        if (!demo || demo->state != PLAY_RUNNING)
                return 0;
        if (demo->wait == WAIT_TIME && demo->unseen)
                return 0; /* drawing it wakes */
        return has_come(stage) ? now : demo->due_ms;
}

void demo_tick(struct stage *stage)
{
        const struct demo *demo = stage->demo;

        if (!demo || demo->state != PLAY_RUNNING)
                return;
        if (has_come(stage) || is_due(demo))
                demo_act(stage);
}

void demo_fill_view(const struct stage *stage, struct view *view)
{
        const struct demo *demo = stage->demo;

        view->play.recording = stage->recording;
        if (!demo)
                return;
        view->play.state = demo->state;
        view->play.caption = demo->caption;
}

bool demo_types(const struct stage *stage)
{
        return stage->demo && stage->demo->acting;
}

/* On to the next step: what is left of this one is done without pauses. */
static void skip(struct stage *stage)
{
        struct demo *demo = stage->demo;

        demo_clear_screen(stage);
        if (demo->phase >= DEMO_OUTRO)
                return;
        player_next(stage);
        demo->stop = demo->settings.step;
        demo_go(demo, player_present(stage->player) ? DEMO_BEGIN : DEMO_OUTRO, WAIT_BEGUN, 0);
        demo->state = PLAY_RUNNING;
}

static void back(struct stage *stage)
{
        struct demo *demo = stage->demo;
        size_t step = player_step(stage);

        demo_go_step(stage, step > 0 ? step - 1 : 0);
        demo->stop = demo->settings.step;
        demo->state = PLAY_RUNNING;
}

/* A half-typed line is not what the viewer's keys are for. */
static void take(struct stage *stage)
{
        stage->demo->state = PLAY_TAKEN;
        if (prompt_is_open(&stage->asking.edit))
                prompt_close(&stage->asking.edit);
        stage->dirty = true;
}

void demo_clicked(struct stage *stage)
{
        if (stage->demo && (stage->demo->state == PLAY_RUNNING || stage->demo->state == PLAY_PAUSED))
                take(stage);
}

static bool press_running(struct stage *stage, const char *key, const struct action *action)
{
        struct demo *demo = stage->demo;
        bool paused = demo->state == PLAY_PAUSED;

        if ((action && action->id == ACT_QUIT) || strcmp(key, "C-c") == 0) {
                stage->quit = true;
        } else if (strcmp(key, "space") == 0) {
                if (paused)
                        demo_resume(demo);
                else
                        demo_pause(demo);
        } else if (action && action->id == ACT_PAGE_DOWN) {
                if (paused && demo->settings.step)
                        demo_resume(demo);
                else
                        skip(stage);
        } else if (action && action->id == ACT_PAGE_UP) {
                back(stage);
        } else {
                take(stage);
                return false;
        }
        stage->dirty = true;
        return true;
}

bool demo_press(struct stage *stage, const char *key)
{
        struct demo *demo = stage->demo;
        const struct action *action = action_of_key(key);

        if (!demo || demo->acting)
                return false;
        if (action && (action->id == ACT_SUSPEND || action->id == ACT_REDRAW))
                return false;
        if (demo->state == PLAY_RUNNING || demo->state == PLAY_PAUSED)
                return press_running(stage, key, action);
        if (stage->in_shell || !action || stage->dialog_text)
                return false;
        if (demo->state == PLAY_TAKEN && action->id == ACT_HAND_BACK)
                demo_go_step(stage, player_step(stage));
        else if (demo->state == PLAY_NOT && action->id == ACT_PAGE_UP)
                back(stage);
        else
                return false;
        demo->state = PLAY_RUNNING;
        stage->dirty = true;
        return true;
}
