/* SPDX-License-Identifier: MIT */
/* What the screen is told of a lesson. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "stage/player_state.h"

/* What the steps' own keys do to the capabilities. */
static uint64_t keyed(const struct lesson_step *step)
{
        uint64_t mask = 0;

        for (size_t i = 0; i < step->n_dos; i++)
                for (size_t k = 0; step->dos[i].kind == DO_KEY && k < step->dos[i].words.n; k++)
                        if (strcmp(step->dos[i].words.v[k], "K") == 0)
                                mask |= caps_bit((unsigned)caps_find("KILL"));
                        else if (strcmp(step->dos[i].words.v[k], "M") == 0)
                                mask |= caps_bit((unsigned)caps_find("MAC_ADMIN"));
        return mask;
}

/* The line that the present container stands on, and the capabilities that keys have moved since. */
static const struct strv *base_words(const struct player *player, uint64_t *ret_keyed)
{
        *ret_keyed = 0;
        for (size_t at = player->step + 1; at-- > 0;) {
                const struct lesson_step *step = &player->lesson.steps[at];

                *ret_keyed |= keyed(step);
                for (size_t i = step->n_dos; i-- > 0;)
                        if (step->dos[i].kind == DO_RUN && !*player_cannot(player->stage, at))
                                return &step->dos[i].words;
        }
        return &player->start.words;
}

/* Capabilities that the container has been given or lost beside what the lesson asks for. */
static void describe_caps(struct player *player)
{
        const struct spec *now = stage_spec(player->stage);
        struct fault fault = { 0 };
        struct spec base;
        uint64_t by_key, add, drop;

        if (!player_read_run(player->stage, base_words(player, &by_key), &base, &fault))
                return;
        add = now->caps.add & ~base.caps.add & ~by_key;
        drop = now->caps.drop & ~base.caps.drop & ~by_key;
        spec_finish(&base);
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if ((add | drop) & caps_bit(bit)) {
                        snprintf(player->extra, sizeof(player->extra), "%s was %s as well",
                                 caps_info(bit)->name, add & caps_bit(bit) ? "added" : "dropped");
                        return;
                }
}

/* All was done, and it is not seen: something is there that the step knows nothing of. */
static void describe_extra(struct player *player)
{
        const struct lesson_step *step = player_present(player);

        player->extra[0] = '\0';
        if (!step || !step->n_dos || !player->begun || player->done || player_is_asking(player) ||
            player_next_do(player, ~(1u << DO_WAIT)) >= 0)
                return;
        if (player->stage->shell)
                snprintf(player->extra, sizeof(player->extra), "a shell is open in the container");
        else
                describe_caps(player);
}

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
                snprintf(player->todo, size, "press r: this step afresh%s%s%s", *player->extra ? " (" : "",
                         player->extra, *player->extra ? ")" : "");
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
        describe_extra(player);
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
                .extra = player->extra,
                .help = player->help,
                .skipped = player->skipped,
                .busy = !player->begun,
                .asked = player->asked,
                .wrong = player->wrong,
                .fresh = player->fresh,
                .scroll = player->scroll,
                .focus = has_focus(stage),
                .caps_now = shows_caps(player),
                .list_note = player->note,
        };
        view->lesson = &player->view;
}
