/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/play_demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/own.h"
#include "cmd/tui.h"

enum { COLS_LEAST = 60, ROWS_LEAST = 16, SIDE_MOST = 512, USUAL_COLS = 80, USUAL_ROWS = 24 };

struct playing {
        struct player_source *source;
        const struct demo_settings *settings;
};

static bool begin(struct stage *stage, void *data, struct fault *fault)
{
        struct playing *playing = data;

        if (!player_open(stage, playing->source, PLAYER_DEMO, fault))
                return false;
        demo_open(stage, playing->settings);
        return true;
}

/* Without a terminal, and without a size, it is recorded at the size that every terminal has. */
static void find_size(struct tui_recording *recording)
{
        if (recording->cols > 0 || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
                return;
        recording->cols = USUAL_COLS;
        recording->rows = USUAL_ROWS;
}

bool play_demo(struct player_source *source, const struct play_request *request, struct fault *fault)
{
        own_free char *title = xstrdup(source->lesson.title);
        bool records = *request->views.record || request->html;
        struct demo_settings settings = request->demo;
        struct playing playing = { source, &settings };
        struct tui_recording recording = { .cast = *request->views.record ? request->views.record : NULL,
                                           .html = request->html,
                                           .title = title,
                                           .captions = true,
                                           .cols = request->cols,
                                           .rows = request->rows };
        struct spec spec;
        bool ok = player_start_spec(&source->lesson, &spec, fault);

        if (ok) {
                settings.ends = records && !settings.step;
                find_size(&recording);
                ok = records ? tui_record(&spec, &request->views, &recording, begin, &playing, fault)
                             : tui_show(&spec, &request->views, begin, &playing, fault);
                spec_finish(&spec);
        }
        player_source_finish(source);
        return ok;
}

bool play_read_size(const char *word, int *ret_cols, int *ret_rows)
{
        int cols = 0, rows = 0, end = 0;

        if (sscanf(word, "%4dx%4d%n", &cols, &rows, &end) != 2 || word[end] || cols < COLS_LEAST ||
            rows < ROWS_LEAST || cols > SIDE_MOST || rows > SIDE_MOST)
                return false;
        *ret_cols = cols;
        *ret_rows = rows;
        return true;
}
