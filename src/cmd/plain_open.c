/* SPDX-License-Identifier: MIT */
/* Opening a lesson: on a stage, or where nothing can be launched, to be read. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "cmd/plain_state.h"
#include "lesson/progress.h"

/* Where the learner goes on, and that he has come so far: the same file as with a screen. */
static size_t kept_step(const struct player_source *source)
{
        struct fault fault = { 0 };
        struct progress progress = { 0 };
        struct fault note = { 0 };
        own_free char *dir = progress_dir(&fault);
        struct strv names = { 0 };
        size_t at;

        if (dir)
                progress_read(dir, &progress, &note, &fault);
        for (size_t i = 0; i < source->lesson.n_steps; i++)
                strv_add(&names, source->lesson.steps[i].name);
        at = progress_step(progress_find(&progress, source->key), &names);
        strv_finish(&names);
        progress_finish(&progress);
        return at;
}

static void keep_step(const struct player_source *source, size_t at)
{
        struct fault fault = { 0 };
        own_free char *dir = progress_dir(&fault);

        if (dir)
                progress_set(dir, source->key, source->lesson.steps[at].name, PROGRESS_AT, &fault);
}

void plain_read(struct plain *plain, size_t at)
{
        const struct lesson *lesson = &plain->source.lesson;

        plain->at = at;
        if (at == lesson->n_steps) {
                plain_outro(plain, lesson, plain->source.number, plain->source.count);
                return;
        }
        keep_step(&plain->source, at);
        plain_step(plain, lesson, at, "");
        plain_ways(plain, &lesson->steps[at], "Where it can be tried, one types:");
        plain_after(plain, lesson, at);
        plain_blank(plain);
        plain_say(plain, "An empty line, or next, goes on.");
}

static void say_title(struct plain *plain, const struct player_source *source)
{
        plain_blank(plain);
        if (source->number)
                plain_say(plain, "Lesson %u of %u: %s", source->number, source->count, source->lesson.title);
        else
                plain_say(plain, "Lesson: %s", source->lesson.title);
}

static bool find(struct plain *plain, const char *word, struct player_source *ret)
{
        struct lesson_error error = { 0 };
        bool ok = player_find(word, ret, &error);

        if (!ok) {
                plain_fault(plain, &error.fault);
                if (error.excerpt)
                        plain_output(plain, error.excerpt);
        }
        lesson_error_finish(&error);
        return ok;
}

/* What is wrong with this machine holds for the next lesson as well, and is not said again. */
static void say_why(struct plain *plain, const struct fault *fault)
{
        char line[SAID_MOST];

        fault_line(fault, line, sizeof(line));
        if (strcmp(line, plain->why_off) == 0)
                return;
        snprintf(plain->why_off, sizeof(plain->why_off), "%s", line);
        plain_say(plain, "No container can be launched here:");
        plain_fault(plain, fault);
        plain_say(plain, "So the checks are off. Every lesson can be read all the same.");
}

void plain_read_on(struct plain *plain, const struct fault *fault)
{
        struct player_source source = { 0 };

        stage_close(plain->stage);
        plain->stage = NULL;
        plain->reading = false;
        say_why(plain, fault);
        if (!find(plain, plain->word, &source))
                return;
        player_source_finish(&plain->source);
        plain->source = source;
        plain->reading = true;
        say_title(plain, &plain->source);
        plain_read(plain, source.step >= 0 ? (size_t)source.step : kept_step(&source));
}

static bool open_stage(struct plain *plain, const struct lesson *lesson, struct fault *fault)
{
        const struct stage_settings settings = { .host_mode = HOST_NAMES, .ascii = plain->ascii };
        struct spec spec;
        bool ok = player_start_spec(lesson, &spec, fault);

        if (!ok)
                return false;
        ok = stage_open(&spec, &settings, &plain->loop, &plain->stage, fault);
        spec_finish(&spec);
        return ok;
}

static void play(struct plain *plain, struct player_source *source)
{
        int asked = source->step;
        struct fault fault = { 0 };
        size_t at;

        say_title(plain, source);
        if (!player_open(plain->stage, source, PLAYER_TUTORIAL, &fault)) {
                plain_fault(plain, &fault);
                return;
        }
        if (*player_checks_off(plain->stage))
                plain_say(plain, "%s", player_checks_off(plain->stage));
        at = asked >= 0 ? (size_t)asked : player_resume_step(plain->stage);
        if (at > 0 && asked < 0)
                plain_say(plain, "You go on where you were; back goes to the step before.");
        plain_forget_step(plain);
        player_go(plain->stage, at);
}

void plain_open(struct plain *plain, const char *word)
{
        struct player_source source = { 0 };
        struct fault fault = { 0 };

        if (!find(plain, word, &source))
                return;
        free(plain->word);
        plain->word = xstrdup(word);
        if (!plain->stage && !open_stage(plain, &source.lesson, &fault)) {
                plain->stage = NULL;
                player_source_finish(&source);
                plain_read_on(plain, &fault);
                return;
        }
        player_source_finish(&plain->source);
        plain->reading = false;
        play(plain, &source);
        player_source_finish(&source);
}
