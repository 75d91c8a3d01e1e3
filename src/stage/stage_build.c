/* SPDX-License-Identifier: MIT */
/* Build lines that are typed, and what is asked before vitrine is left. */
#include "config.h"

#include <string.h>

#include "base/own.h"
#include "stage/player.h"
#include "stage/stage_state.h"

static void on_built(void *data)
{
        struct stage *stage = data;
        const struct lesson *lesson = player_lesson(stage);
        own_free char *said = builder_said(&stage->builder);

        if (*said && stage->builder.ok && lesson && lesson->dockerfile)
                stage_say(stage, "%s, for this lesson only; `vitrine build` keeps one", said);
        else if (*said)
                stage_say(stage, "%s", said);
        player_saw_build(stage);
}

void stage_build_open(struct stage *stage)
{
        stage->builder =
                (struct builder){ .loop = stage->loop, .out_fd = -1, .changed = on_built, .data = stage };
}

bool stage_is_build(const char *text)
{
        struct strv words = { 0 };
        struct fault fault;
        bool is = spec_split_line(text, &words, &fault) && builder_is_line(&words);

        strv_finish(&words);
        return is;
}

bool stage_build(struct stage *stage, const char *text, struct fault *fault)
{
        const struct lesson *lesson = player_lesson(stage);
        struct strv words = { 0 };
        bool ok = spec_split_line(text, &words, fault) &&
                  builder_start(&stage->builder, &words, lesson ? lesson->dockerfile : NULL, &stage->shelf,
                                fault);

        strv_finish(&words);
        return ok;
}

void stage_leave(struct stage *stage)
{
        if (stage->recording) {
                stage_ask_recording(stage);
                return;
        }
        if (!player_lesson(stage) || stage->shell) {
                stage_quit(stage);
                return;
        }
        stage->pending = PENDING_QUIT;
        spec_copy(&stage->pending_spec, stage_spec(stage));
        stage->dialog_title = "Leave the lesson?";
        stage->dialog_text =
                xstrdup("What you have done of it is kept: `vitrine learn` goes on where you are. "
                        "The container ends with vitrine. Leave?");
        stage->dirty = true;
}
