/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/typed.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "stage/player_state.h"

static bool refuse(char *why, size_t size, const char *text)
{
        snprintf(why, size, "%s", *text ? text : "that is not possible now");
        return false;
}

bool stage_type(struct stage *stage, const char *key, const char *text, char *why, size_t size)
{
        struct asking *asking = &stage->asking;

        if (key)
                stage_press(stage, key);
        if (!prompt_is_open(&asking->edit))
                return refuse(why, size, stage->trouble);
        if (text)
                prompt_open(&asking->edit, text, NULL);
        stage_press(stage, "Enter");
        if (!prompt_is_open(&asking->edit))
                return true;
        if (asking->edit.cut)
                snprintf(why, size, "a line has at most %d bytes", PROMPT_BYTES);
        else
                refuse(why, size, *asking->error ? asking->error : stage->trouble);
        prompt_close(&asking->edit);
        stage->trouble[0] = '\0';
        return false;
}

void stage_hush(struct stage *stage)
{
        stage->trouble[0] = '\0';
}

static bool container_is_seen(const struct stage *stage)
{
        return stage->state == RUN_ENDED ||
               (stage->state == RUN_RUNNING && stage->has_now && !stage->mark_next) ||
               (stage->has_now && stage->side[PANE_CONTAINER].blind[0]);
}

bool stage_is_quiet(const struct stage *stage)
{
        const struct player *player = stage->player;

        if (stage->dialog_text)
                return true;
        return container_is_seen(stage) && !runs_busy(&stage->runs) && !builder_is_busy(&stage->builder) &&
               !stage->prober.run && (!player || (player->begun && !player->answer));
}

void stage_look(struct stage *stage)
{
        if (stage->look.host)
                eye_wake(stage->look.host);
        if (stage->look.inside)
                eye_wake(stage->look.inside);
}

uint64_t stage_seen_ms(const struct stage *stage)
{
        return stage->has_now ? stage->now.read_ms : 0;
}

bool stage_runs_command(const struct stage *stage)
{
        return runs_busy(&stage->runs);
}

void stage_stop_command(struct stage *stage)
{
        stage_interrupt_run(stage);
}

size_t stage_count_commands(const struct stage *stage)
{
        return stage->runs_begun;
}

const struct run_entry *stage_last_command(const struct stage *stage)
{
        return runs_last(&stage->runs);
}

char *stage_text(const struct stage *stage)
{
        struct utsname uts = { .release = "" };
        struct snapshot_extra extra = {
                .spec = &stage->launch.spec,
                .root = stage->launched ? image_root_name(&stage->launch.image) : "",
                .command = &stage->launch.resolved.argv,
                .kernel_release = uts.release,
                .state = stage->state == RUN_ENDED ? "exited" : "running",
                .exit_status = stage->exit_status,
        };

        if (!stage_is_seen(stage) || !stage->launched)
                return NULL;
        uname(&uts);
        return snapshot_text(&stage->now, &extra, stage->ascii);
}

char *stage_verdicts_text(const struct stage *stage)
{
        return stage->prober.known ? probe_text(&stage->prober.set) : NULL;
}

const struct lesson_do *player_todo(const struct stage *stage, size_t *ret_key)
{
        const struct player *player = stage->player;
        const struct lesson_step *step =
                player && player->begun && !player->done ? player_present(player) : NULL;
        int at = step ? player_next_do(player, ~(1u << DO_WAIT)) : -1;

        *ret_key = 0;
        if (at < 0)
                return NULL;
        if (step->dos[at].kind == DO_KEY)
                *ret_key = player->keys_at;
        return &step->dos[at];
}
