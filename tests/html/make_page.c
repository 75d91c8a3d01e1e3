/* SPDX-License-Identifier: MIT */
/* Makes a recording of a few hand-made grids, its transcript and its page, for check_html.sh:
 * make_page ASSETS FOLDER. Its texts are as hostile as a lesson's could be. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "cast/cast.h"
#include "cast/publish.h"

#define BAD "</script><img src=x onerror=window.hacked=1><!-- &amp; \"'"

static const struct step {
        uint64_t at_ms;
        const char *chapter, *key, *caption, *screen;
} steps[] = {
        { 0, "Alone in there", NULL, "Inside, sleep is alone and is number 1.", "one process, two numbers" },
        { 3000, NULL, "K", "KILL is dropped.\nOne digit changes.",
          "bit 5 has gone: \345\256\271\345\231\250" },
        { 6000, "Another user " BAD, "PgDn", "A hostile caption: " BAD, "the screen says " BAD },
        { 9000, NULL, "Up", "", "the last screen" },
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]), END_MS = 12000 };

struct made {
        struct cast *cast;
        struct cues captions, chapters, keys;
};

static bool record_step(struct made *made, const struct step *step, struct fault *fault)
{
        struct grid grid;
        bool ok = true;

        if (step->chapter) {
                cues_add(&made->chapters, step->at_ms, step->chapter);
                ok = cast_marker(made->cast, step->chapter, step->at_ms, fault);
        }
        if (step->key) {
                cues_add(&made->keys, step->at_ms, step->key);
                ok = ok && cast_key(made->cast, step->key, step->at_ms, fault);
        }
        cues_add(&made->captions, step->at_ms, step->caption);
        grid_init(&grid, 80, 24);
        grid_fill(&grid, 0, 0, 80, 1, ' ', ROLE_BAR, 0);
        grid_put(&grid, 1, 0, 78, "made by hand", ROLE_BAR, 0);
        for (int role = 0; role < ROLE_N; role++)
                grid_put(&grid, 2, 6 + role, 76, "\342\227\217 this is how it looks \342\225\220\342\225\220",
                         (enum role)role, 0);
        grid_put(&grid, 2, 3, 76, step->screen, ROLE_TIED, 0);
        ok = ok && cast_frame(made->cast, &grid, step->at_ms, fault);
        grid_finish(&grid);
        return ok;
}

static bool publish(const struct made *made, const char *assets, const char *folder, struct fault *fault)
{
        own_free char *vtt = xasprintf("%s/page.vtt", folder), *html = xasprintf("%s/page.html", folder),
                      *text = NULL;
        struct page page = { .title = "One process " BAD,
                             .captions = &made->captions,
                             .chapters = &made->chapters,
                             .keys = &made->keys };

        if (!cast_text(made->cast, &text, &page.cast_len, fault))
                return false;
        page.cast = text;
        return publish_vtt(vtt, &made->captions, END_MS, fault) && publish_page(html, assets, &page, fault);
}

int main(int argc, char **argv)
{
        static const struct cast_settings settings = { .title = "One process " BAD,
                                                       .scheme = SCHEME_OKABE_ITO };
        struct made made = { 0 };
        struct fault fault = { 0 };
        own_free char *path = NULL;
        char line[512];
        bool ok;

        if (argc != 3 || !setlocale(LC_ALL, "C.UTF-8"))
                return 2;
        path = xasprintf("%s/page.cast", argv[2]);
        ok = cast_open(path, 80, 24, &settings, &made.cast, &fault);
        for (int i = 0; ok && i < STEPS; i++)
                ok = record_step(&made, &steps[i], &fault);
        /* the page tells the length by the recording's last event */
        ok = ok && cast_key(made.cast, "q", END_MS, &fault) && publish(&made, argv[1], argv[2], &fault);
        ok = cast_close(made.cast, END_MS, ok ? &fault : NULL) && ok;
        cues_finish(&made.captions);
        cues_finish(&made.chapters);
        cues_finish(&made.keys);
        if (ok)
                return 0;
        fault_line(&fault, line, sizeof(line));
        fprintf(stderr, "make_page: %s\n", line);
        return 1;
}
