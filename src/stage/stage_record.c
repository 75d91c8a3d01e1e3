/* SPDX-License-Identifier: MIT */
/* A recording of what the stage shows, as far as it is the stage's own: who writes it is told of the keys. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/own.h"
#include "stage/discreet.h"
#include "stage/stage_state.h"

/* The machine's name in a recording. */
#define OTHER "host"
enum { NAME_LEAST = 2 /* a letter is a word of its own in many an output */ };

bool stage_wants_record(struct stage *stage)
{
        bool wanted = stage->wants_record;

        stage->wants_record = false;
        return wanted;
}

void stage_record(struct stage *stage, bool on, const char *text)
{
        if (on && !stage->recording) {
                stage->host_mode_before = stage->host_mode;
                stage->host_mode = HOST_LINE;
        } else if (!on && stage->recording) {
                stage->host_mode = stage->host_mode_before;
        }
        stage->recording = on;
        if (*text)
                stage_say(stage, "%s", text);
        stage->dirty = true;
}

void stage_watch_keys(struct stage *stage, void (*seen)(void *data, const char *key, bool typed), void *data)
{
        stage->key_seen = seen;
        stage->key_data = data;
}

void stage_ask_recording(struct stage *stage)
{
        stage->pending = PENDING_QUIT;
        spec_copy(&stage->pending_spec, stage_spec(stage));
        stage->dialog_title = "End the recording?";
        stage->dialog_text =
                xasprintf("What was recorded is kept; R ends the recording alone. %s Leave?",
                          stage->attach ? "The container goes on: it is only looked at."
                                        : "The container, and what runs in it, ends with vitrine.");
        stage->dirty = true;
}

static void be_discreet_in_shell(struct stage *stage, const char *name)
{
        struct shell_view *view = &stage->shell_view;
        size_t n = (size_t)view->cols * (size_t)view->rows;

        stage->discreet_cells = xrealloc(stage->discreet_cells, n, sizeof(*stage->discreet_cells));
        memcpy(stage->discreet_cells, view->cells, n * sizeof(*stage->discreet_cells));
        discreet_cells(stage->discreet_cells, view->cols, view->rows, name, OTHER);
        view->cells = stage->discreet_cells;
}

void stage_be_discreet(struct stage *stage, struct view *view)
{
        struct utsname names;

        view->pinned = stage->pinned;
        if ((!stage->pinned && !stage->recording) || uname(&names) < 0 || strlen(names.nodename) < NAME_LEAST)
                return;
        if (view->shell)
                be_discreet_in_shell(stage, names.nodename);
        if (!view->result)
                return;
        str_finish(&stage->discreet.output);
        stage->discreet = *view->result;
        stage->discreet.output = (struct str){ 0 };
        discreet_text(&stage->discreet.output, str_text(&view->result->output), view->result->output.len,
                      names.nodename, OTHER);
        view->result = &stage->discreet;
}
