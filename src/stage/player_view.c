/* SPDX-License-Identifier: MIT */
/* What the screen is told of a lesson. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "stage/player_state.h"

/* What is to be pressed now. */
static void describe_todo(struct player *player)
{
        const struct lesson_step *step = player_present(player);
        int at = player_next_do(player, ~(1u << DO_WAIT));
        const struct lesson_do *what = at >= 0 ? &step->dos[at] : NULL;
        size_t size = sizeof(player->todo);

        player->todo[0] = '\0';
        if (!step || player->done || !player->begun)
                return;
        if (!what && player->asked < step->n_asks)
                snprintf(player->todo, size, "press Enter and type the answer");
        else if (!what && step->n_dos)
                snprintf(player->todo, size, "press r: this step afresh");
        else if (what && what->kind == DO_KEY)
                snprintf(player->todo, size, "press %.500s", what->words.v[player->keys_at]);
        else if (what && what->kind == DO_EXEC)
                snprintf(player->todo, size, "! %.590s", what->line);
        else if (what && what->kind == DO_PROBE)
                snprintf(player->todo, size, "press P");
        else if (what)
                snprintf(player->todo, size, "c %.590s", what->line);
}

/* On a narrow screen the pane that a step spotlights is shown once it is done, until the next key. */
static bool shows_caps(const struct player *player)
{
        return player->caps_now || player->caps_shown;
}

/* The arrows are the lesson's. */
static bool has_focus(const struct stage *stage)
{
        const struct player *player = stage->player;
        bool its = stage->reach.lesson_instead ? !shows_caps(player) : player->focus;

        return its && stage->focus == PANE_CAPS;
}

void player_fill_view(struct stage *stage, struct view *view)
{
        struct player *player = stage->player;

        if (!player)
                return;
        describe_todo(player);
        player->view = (struct lesson_view){
                .lesson = &player->lesson,
                .number = player->number,
                .count = player->count,
                .step = player->step,
                .done = player->done,
                .ticks = player->ticks,
                .error = player->error,
                .cannot = player_cannot(stage, player->step),
                .todo = player->todo,
                .help = player->help,
                .skipped = player->skipped,
                .busy = !player->begun,
                .asked = player->asked,
                .wrong = player->wrong,
                .scroll = player->scroll,
                .focus = has_focus(stage),
                .caps_now = shows_caps(player),
                .list_note = player->note,
        };
        view->lesson = &player->view;
}
