/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "base/str.h"
#include "base/text.h"
#include "cast/cast.h"
#include "cast/publish.h"

enum { NAMES_MOST = 100 };

struct recorder {
        struct cast *cast;
        char *path;                        /* the cast's, else the page's */
        char *title, *vtt, *html, *assets; /* NULL: none */
        uint64_t began_ms;
        struct cues captions, chapters, keys;
        char *caption; /* that stands */
        bool failed;
        struct fault fault; /* then */
};

static uint64_t at_ms(const struct recorder *recorder)
{
        return time_now_ms() - recorder->began_ms;
}

/* What goes with the cast, as far as there is something. */
static bool publish(const struct recorder *recorder, uint64_t end_ms, struct fault *fault)
{
        own_free char *text = NULL;
        struct page page = { .title = recorder->title ? recorder->title : "vitrine",
                             .captions = &recorder->captions,
                             .chapters = &recorder->chapters,
                             .keys = &recorder->keys };

        if (recorder->vtt && !publish_vtt(recorder->vtt, &recorder->captions, end_ms, fault))
                return false;
        if (!recorder->html)
                return true;
        if (!cast_text(recorder->cast, &text, &page.cast_len, fault))
                return false;
        page.cast = text;
        return publish_page(recorder->html, recorder->assets, &page, fault);
}

static void finish(struct recorder *recorder)
{
        cues_finish(&recorder->captions);
        cues_finish(&recorder->chapters);
        cues_finish(&recorder->keys);
        free(recorder->caption);
        free(recorder->path);
        free(recorder->title);
        free(recorder->vtt);
        free(recorder->html);
        free(recorder->assets);
        free(recorder);
}

static bool is_there(const char *path)
{
        struct stat st;

        return path && lstat(path, &st) == 0;
}

/* What can be known is asked before anything is written: a recording that is there is not emptied for
 * nothing. */
static bool open_files(struct recorder *recorder, const struct recorder_settings *settings,
                       const struct cast_settings *cast, int cols, int rows, struct fault *fault)
{
        bool had_vtt = is_there(recorder->vtt);

        if (!publish_check(recorder->vtt, recorder->html, recorder->assets, fault) ||
            !cast_open(settings->cast, cols, rows, cast, &recorder->cast, fault))
                return false;
        if (publish(recorder, 0, fault))
                return true;
        if (recorder->vtt && !had_vtt)
                unlink(recorder->vtt);
        cast_discard(take_ptr(recorder->cast));
        return false;
}

static bool begin(const struct recorder_settings *settings, bool fresh, int cols, int rows,
                  struct recorder **ret, struct fault *fault)
{
        struct recorder *recorder = xcalloc(1, sizeof(*recorder));
        struct cast_settings cast = { .title = settings->title,
                                      .scheme = settings->scheme,
                                      .ascii = settings->ascii,
                                      .mono = settings->mono,
                                      .timestamp = time(NULL),
                                      .fresh = fresh };

        recorder->path = xstrdup(settings->cast ? settings->cast : settings->html);
        recorder->title = settings->title ? xstrdup(settings->title) : NULL;
        recorder->html = settings->html ? xstrdup(settings->html) : NULL;
        recorder->assets = settings->html ? publish_assets_dir() : NULL;
        if (settings->captions && settings->cast)
                recorder->vtt = cues_vtt_path(settings->cast);
        if (!open_files(recorder, settings, &cast, cols, rows, fault)) {
                finish(recorder);
                return false;
        }
        recorder->began_ms = time_now_ms();
        *ret = recorder;
        return true;
}

bool recorder_open(const struct recorder_settings *settings, int cols, int rows, struct recorder **ret,
                   struct fault *fault)
{
        return begin(settings, false, cols, rows, ret, fault);
}

bool recorder_open_new(const struct recorder_settings *settings, int cols, int rows, struct recorder **ret,
                       struct fault *fault)
{
        struct recorder_settings one = *settings;
        char stem[64] = "vitrine";
        time_t now = time(NULL);
        struct tm tm;

        if (localtime_r(&now, &tm))
                strftime(stem, sizeof(stem), "vitrine-%Y%m%d-%H%M%S", &tm);
        /* More than one may begin in a second. */
        for (int i = 1;; i++) {
                own_free char *name = i == 1 ? xasprintf("%s.cast", stem) : xasprintf("%s-%d.cast", stem, i);

                one.cast = name;
                if (begin(&one, true, cols, rows, ret, fault))
                        return true;
                if (fault->err != EEXIST || i == NAMES_MOST)
                        return false;
        }
}

const char *recorder_path(const struct recorder *recorder)
{
        return recorder->path;
}

static bool keep(struct recorder *recorder, bool ok)
{
        recorder->failed = recorder->failed || !ok;
        return !recorder->failed;
}

static void say(struct recorder *recorder, const char *caption, uint64_t at)
{
        if (!caption)
                caption = "";
        if (strcmp(recorder->caption ? recorder->caption : "", caption) == 0)
                return;
        free(recorder->caption);
        recorder->caption = xstrdup(caption);
        cues_add(&recorder->captions, at, caption);
}

bool recorder_frame(struct recorder *recorder, const struct grid *grid, const char *caption, const char *step)
{
        uint64_t at = at_ms(recorder);

        if (recorder->failed)
                return false;
        say(recorder, caption, at);
        if (!keep(recorder, cast_frame(recorder->cast, grid, at, &recorder->fault)) || !step)
                return !recorder->failed;
        cues_add(&recorder->chapters, at, step);
        return keep(recorder, cast_marker(recorder->cast, step, at, &recorder->fault));
}

static bool is_character(const char *name)
{
        uint32_t c;

        return strcmp(name, "space") == 0 || (*name && text_decode(name, strlen(name), &c) == strlen(name));
}

void recorder_key(struct recorder *recorder, const char *name, bool typed)
{
        uint64_t at;

        if (!recorder || recorder->failed)
                return;
        at = at_ms(recorder);
        if (typed && is_character(name))
                cues_type(&recorder->keys, at, strcmp(name, "space") == 0 ? " " : name);
        else
                cues_add(&recorder->keys, at, name);
        keep(recorder, cast_key(recorder->cast, name, at, &recorder->fault));
}

char *recorder_kept(const struct recorder *recorder)
{
        return xasprintf("%.200s holds the first %.1f s", recorder->path, (double)at_ms(recorder) / 1000);
}

bool recorder_close(struct recorder *recorder, struct fault *fault)
{
        struct fault late = { 0 };
        uint64_t at;
        bool ok;

        if (!recorder)
                return true;
        at = at_ms(recorder);
        if (!recorder->failed)
                keep(recorder, publish(recorder, at, &recorder->fault));
        ok = cast_close(take_ptr(recorder->cast), at, &late);
        if (!recorder->failed && !keep(recorder, ok))
                recorder->fault = late;
        ok = !recorder->failed;
        if (!ok)
                *fault = recorder->fault;
        finish(recorder);
        return ok;
}
