/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/player.h"
#include "stage/stage_state.h"

/* What lies over the screen takes no clicks: a question is answered with keys. */
static bool is_covered(const struct stage *stage)
{
        return stage->dialog_text || stage->lessons.open || stage->help || stage->equivalent || stage->info ||
               prompt_is_open(&stage->asking.edit);
}

/* A click on the picked namespace is space, on another one picks it. */
static void click_ns(struct stage *stage, int ns)
{
        if (ns < 0 || ns >= NS_T_N)
                return;
        if (stage->ns == (unsigned)ns) {
                stage_press(stage, "space");
                return;
        }
        stage->dirty = true;
        stage->ns = (unsigned)ns;
}

void stage_click(struct stage *stage, const struct place *place)
{
        demo_clicked(stage);
        if (is_covered(stage) || stage_click_shell(stage, place))
                return;
        if (place->lesson) {
                player_click(stage);
                return;
        }
        if (place->pane == PANE_NS) {
                click_ns(stage, place->ns);
                return;
        }
        if (place->cap >= 0 && stage->focus == PANE_CAPS && stage->cap == (unsigned)place->cap) {
                stage_press(stage, "space");
                return;
        }
        stage->dirty = true;
        stage->focus = place->pane;
        if (place->cap >= 0 && place->cap < CAPS_N)
                stage->cap = (unsigned)place->cap;
        stage->picked[place->pane] = place->pid;
}

void stage_wheel(struct stage *stage, const struct place *place, int rows)
{
        if (stage->dialog_text) {
                stage_scroll_dialog(stage, rows);
        } else if (stage->help || stage->equivalent) {
                stage->dirty = true;
                stage->help_scroll += rows;
                if (stage->help_scroll > stage->reach.help)
                        stage->help_scroll = stage->reach.help;
                if (stage->help_scroll < 0)
                        stage->help_scroll = 0;
        }
        if (place->lesson && !is_covered(stage))
                player_scroll(stage, rows);
        if (is_covered(stage) || place->shell || place->lesson || (place->pane == PANE_CAPS && !place->more))
                return;
        if (place->pane == PANE_NS) {
                stage->dirty = true;
                stage_pick(stage, rows < 0 ? ACT_UP : ACT_DOWN);
                return;
        }
        if (place->pane == PANE_CAPS) {
                int bit = (int)stage->cap - 4 * (rows < 0 ? -1 : 1);

                stage->dirty = true;
                stage->cap = bit >= 0 && bit < CAPS_N ? (unsigned)bit : stage->cap;
                return;
        }
        stage->dirty = true;
        stage->picked[place->pane] = 0;
        stage_scroll(stage, place->pane, rows);
}
