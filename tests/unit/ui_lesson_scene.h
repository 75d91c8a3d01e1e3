/* SPDX-License-Identifier: MIT */
/* A screen with a lesson open, for the tests of what is drawn of it. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "base/text.h"
#include "lesson/lesson.h"
#include "ui/layout.h"
#include "ui_scene.h"

/* An open lesson, at a step, as the player would fill it. */
struct lesson_scene {
        struct scene scene;
        struct lesson lesson; /* owned */
        struct lesson_view view;
        enum tick ticks[LESSON_CHECKS_MOST];
        char *todo; /* owned */
        struct reach reach;
};

static inline void read_lesson(const char *path, struct lesson *ret)
{
        struct lesson_error error = { 0 };

        if (!lesson_read(path, NULL, ret, &error))
                fail_msg("%s: %s", path, error.fault.step);
}

static inline char *lesson_path(const char *name)
{
        const char *top = getenv("top_srcdir");

        return xasprintf("%s/lessons/%s", top ? top : ".", name);
}

/* What is left to be done at the beginning of a step. */
static inline char *todo_of(const struct lesson_step *step)
{
        if (!step->n_dos)
                return xstrdup("");
        switch (step->dos[0].kind) {
        case DO_KEY:
                return xasprintf("press %s", step->dos[0].words.v[0]);
        case DO_EXEC:
                return xasprintf("! %s", step->dos[0].line);
        case DO_RUN:
        case DO_BUILD:
                return xasprintf("c %s", step->dos[0].line);
        case DO_PROBE:
                return xstrdup("press P");
        case DO_WAIT:
        case DO_N:
                break;
        }
        return xstrdup("");
}

/* Goes to a step of which nothing is done. */
static inline void go_to_step(struct lesson_scene *scene, size_t step)
{
        free(scene->todo);
        scene->todo = step < scene->lesson.n_steps ? todo_of(&scene->lesson.steps[step]) : xstrdup("");
        memset(scene->ticks, 0, sizeof(scene->ticks));
        scene->view = (struct lesson_view){ .lesson = &scene->lesson,
                                            .number = 6,
                                            .count = 12,
                                            .step = step,
                                            .ticks = scene->ticks,
                                            .error = "",
                                            .cannot = "",
                                            .todo = scene->todo,
                                            .wrong = "",
                                            .list_note = "" };
        scene->scene.view.lesson = &scene->view;
        scene->scene.view.reach = &scene->reach;
}

static inline void tick_all(struct lesson_scene *scene)
{
        for (size_t i = 0; i < LESSON_CHECKS_MOST; i++)
                scene->ticks[i] = TICK_DONE;
}

static inline void end_step(struct lesson_scene *scene)
{
        tick_all(scene);
        scene->view.done = true;
        if (scene->view.step < scene->lesson.n_steps)
                scene->view.asked = scene->lesson.steps[scene->view.step].n_asks;
}

/* scene must stay where it is. */
static inline void open_lesson(struct lesson_scene *scene, const char *path)
{
        struct cast_of cast = first_cast();

        *scene = (struct lesson_scene){ 0 };
        cast.extra = "sleep 1000";
        open_scene(&scene->scene, &cast);
        read_lesson(path, &scene->lesson);
        go_to_step(scene, 0);
}

static inline void close_lesson(struct lesson_scene *scene)
{
        close_scene(&scene->scene);
        lesson_finish(&scene->lesson);
        free(scene->todo);
}

/* A command that was run inside. */
static inline struct run_entry make_run(const char *user, const char *word, const char *argument)
{
        struct run_entry entry = { .user = xstrdup(user), .ended = true };

        strv_add(&entry.argv, word);
        if (argument)
                strv_add(&entry.argv, argument);
        return entry;
}

static inline void finish_run(struct run_entry *entry)
{
        strv_finish(&entry->argv);
        str_finish(&entry->output);
        free(entry->user);
}

/* The words within a part of the screen, its borders left out, with one space between two; owned by the
 * caller. */
static inline char *words_in(const struct view *view, int cols, int rows, const struct rect *rect)
{
        struct str words = { 0 };
        struct grid grid;

        grid_init(&grid, cols, rows);
        ui_draw(view, &grid);
        for (int y = rect->y + 1; y < rect->y + rect->h - 1; y++) {
                for (int x = rect->x + 1; x < rect->x + rect->w - 1; x++) {
                        char bytes[4];
                        uint32_t c = grid_at(&grid, x, y)->c;

                        if (c == ' ' && words.len && words.s[words.len - 1] == ' ')
                                continue;
                        if (c)
                                str_add_n(&words, bytes, text_encode(c, bytes));
                }
                if (words.len && words.s[words.len - 1] != ' ')
                        str_add_c(&words, ' ');
        }
        grid_finish(&grid);
        return str_take(&words);
}

/* The words of the lesson. */
static inline char *lesson_words(const struct view *view, int cols, int rows)
{
        struct layout layout;

        layout_of(view, cols, rows, &layout);
        return words_in(view, cols, rows, &layout.lesson);
}

static inline void assert_lesson_says(const struct view *view, int cols, int rows, const char *what)
{
        own_free char *words = lesson_words(view, cols, rows), *text = screen_text(view, cols, rows);

        if (!strstr(words, what))
                print_message("%dx%d, not in the lesson: %s\n%s", cols, rows, what, text);
        assert_non_null(strstr(words, what));
}

static inline void assert_lesson_hides(const struct view *view, int cols, int rows, const char *what)
{
        own_free char *words = lesson_words(view, cols, rows);

        assert_null(strstr(words, what));
}
