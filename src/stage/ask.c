/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "stage/accept.h"
#include "stage/complete.h"
#include "stage/stage_state.h"

enum { LINES_MOST = 200 };

static const struct {
        const char *title, *hint;
} asks[] = {
        [ASK_ADD] = { "add capability:", "Enter: add   Tab: complete   Esc: leave" },
        [ASK_DROP] = { "drop capability:", "Enter: drop   Tab: complete   Esc: leave" },
        [ASK_USER] = { "user:", "empty: the image's own   Enter: run   Esc: leave" },
        [ASK_LINE] = { "line:", "Enter: launch   Up: earlier lines   Esc: leave" },
        [ASK_EXEC] = { "run inside:", "[-u USER] COMMAND   Enter: run   Up: earlier   Esc: leave" },
        [ASK_ANSWER] = { "answer:", "Enter: answer   Esc: leave" },
        [ASK_FILTER] = { "filter:", "Enter: keep   empty: no filter   Esc: leave" },
};

static const char filter_titles[][20] = {
        [PANE_HOST] = "filter HOST:", [PANE_CONTAINER] = "filter CONTAINER:"
};

void stage_ask(struct stage *stage, enum ask what)
{
        struct asking *asking = &stage->asking;
        const char *text = "";

        if ((what == ASK_ADD || what == ASK_DROP) && stage_spec(stage)->caps.privileged) {
                stage_say_privileged(stage);
                return;
        }
        asking->what = what;
        asking->pane = stage->focus == PANE_CONTAINER ? PANE_CONTAINER : PANE_HOST;
        asking->error[0] = '\0';
        if (demo_types(stage))
                text = ""; /* it types all of it */
        else if (what == ASK_LINE)
                text = player_line(stage) ? player_line(stage) : stage_line(stage);
        else if (what == ASK_EXEC && player_command(stage))
                text = player_command(stage);
        else if (what == ASK_FILTER && stage->filter[asking->pane])
                text = stage->filter[asking->pane];
        prompt_open(&asking->edit, text,
                    what == ASK_LINE   ? &stage->lines
                    : what == ASK_EXEC ? &stage->commands
                                       : NULL);
        /* A learner may press Enter, or type what the lesson shows. */
        if (*text &&
            ((what == ASK_LINE && player_line(stage)) || (what == ASK_EXEC && player_command(stage))))
                prompt_offer(&asking->edit);
}

/* What may stand in place of the text between the byte returned and the cursor. */
static size_t find_candidates(const struct stage *stage, const char *text, struct strv *ret)
{
        const struct asking *asking = &stage->asking;
        const char *passwd = stage->launched ? stage->launch.image.passwd : "";
        own_free char *typed = xstrndup(text, asking->edit.before);
        size_t start = strspn(typed, " ");
        uint64_t there = 0;

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                if (spec_holds_cap(stage_spec(stage), bit))
                        there |= caps_bit(bit);
        switch (asking->what) {
        case ASK_ADD:
                complete_caps(typed + start, CAPS_ALL & ~there, ret);
                break;
        case ASK_DROP:
                complete_caps(typed + start, there, ret);
                break;
        case ASK_USER:
                complete_users(typed + start, passwd, ret);
                break;
        case ASK_LINE:
                start = complete_line(text, asking->edit.before, passwd, ret);
                break;
        case ASK_EXEC:
        case ASK_ANSWER:
        case ASK_FILTER:
                break;
        }
        return start;
}

static void complete(struct stage *stage)
{
        own_free char *text = prompt_text(&stage->asking.edit);
        struct strv candidates = { 0 };
        size_t start = find_candidates(stage, text, &candidates);
        own_free char *common = complete_common(&candidates);

        if (*common)
                prompt_replace(&stage->asking.edit, start, common);
        strv_finish(&candidates);
}

static void enter(struct stage *stage)
{
        struct asking *asking = &stage->asking;
        own_free char *text = NULL;

        if (asking->edit.cut) /* said by the view */
                return;
        if (asking->what == ASK_LINE && prompt_join_lines(&asking->edit))
                return;
        text = prompt_text(&asking->edit);
        if (!accept_text(stage, text, asking->error, sizeof(asking->error)))
                return;
        /* What is asked about may be refused: the line can be had again. */
        if (asking->what == ASK_LINE && stage->dialog_text)
                prompt_remember(&stage->lines, text, LINES_MOST);
        prompt_close(&asking->edit);
}

void stage_ask_press(struct stage *stage, const char *key)
{
        struct asking *asking = &stage->asking;

        asking->error[0] = '\0';
        switch (prompt_press(&asking->edit, key)) {
        case PROMPT_ENTER:
                enter(stage);
                break;
        case PROMPT_LEAVE:
                prompt_close(&asking->edit);
                break;
        case PROMPT_TAB:
                complete(stage);
                break;
        case PROMPT_EDITED:
                break;
        }
}

static const char *filter_of(const struct stage *stage, enum pane pane)
{
        const struct asking *asking = &stage->asking;

        if (prompt_is_open(&asking->edit) && asking->what == ASK_FILTER && asking->pane == pane)
                return asking->text;
        return stage->filter[pane] ? stage->filter[pane] : "";
}

void stage_ask_view(struct stage *stage, struct view *view)
{
        struct asking *asking = &stage->asking;

        free(take_ptr(asking->text));
        strv_finish(&asking->candidates);
        if (prompt_is_open(&asking->edit)) {
                bool filter = asking->what == ASK_FILTER;

                asking->text = prompt_text(&asking->edit);
                find_candidates(stage, asking->text, &asking->candidates);
                if (asking->edit.cut && !*asking->error)
                        snprintf(asking->error, sizeof(asking->error),
                                 "a line has at most %d bytes: what did not fit was left out, and Enter does "
                                 "not take what is left",
                                 PROMPT_BYTES);
                view->prompt = (struct prompt_view){
                        .title = filter ? filter_titles[asking->pane] : asks[asking->what].title,
                        .hint = asks[asking->what].hint,
                        .text = asking->text,
                        .cursor = asking->edit.before,
                        .candidates = &asking->candidates,
                        .error = *asking->error ? asking->error : stage->trouble,
                };
        }
        view->filter[PANE_HOST] = filter_of(stage, PANE_HOST);
        view->filter[PANE_CONTAINER] = filter_of(stage, PANE_CONTAINER);
}

void stage_ask_finish(struct stage *stage)
{
        prompt_close(&stage->asking.edit);
        free(stage->asking.text);
        strv_finish(&stage->asking.candidates);
        strv_finish(&stage->lines);
        for (int i = 0; i < PANE_N; i++)
                free(stage->filter[i]);
}

void stage_remember_line(struct stage *stage)
{
        prompt_remember(&stage->lines, stage_line(stage), LINES_MOST);
}
