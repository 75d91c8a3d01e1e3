/* SPDX-License-Identifier: MIT */
/* A recording of what the stage shows, as far as it is the stage's own: who writes it is told of the keys. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/own.h"
#include "stage/stage_state.h"

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

static bool is_word(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Adds text with another word wherever name stands as one. */
static void add_without(struct str *out, const char *text, size_t n, const char *name, const char *other)
{
        size_t len = strlen(name);

        for (size_t i = 0; i < n;) {
                bool here = n - i >= len && memcmp(text + i, name, len) == 0 &&
                            (i == 0 || !is_word(text[i - 1])) && (i + len == n || !is_word(text[i + len]));

                if (here)
                        str_add(out, other);
                else
                        str_add_n(out, text + i, 1);
                i += here ? len : 1;
        }
}

void stage_be_discreet(struct stage *stage, struct view *view)
{
        struct utsname names;

        view->pinned = stage->pinned;
        if ((!stage->pinned && !stage->recording) || !view->result || uname(&names) < 0 ||
            strlen(names.nodename) < NAME_LEAST)
                return;
        str_finish(&stage->discreet.output);
        stage->discreet = *view->result;
        stage->discreet.output = (struct str){ 0 };
        add_without(&stage->discreet.output, str_text(&view->result->output), view->result->output.len,
                    names.nodename, "host");
        view->result = &stage->discreet;
}
