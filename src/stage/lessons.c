/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/lessons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "lesson/progress.h"
#include "stage/player.h"
#include "stage/stage_state.h"

/* Whether the screen has such a key. */
static bool is_key(const char *name)
{
        return action_of_key(name) != NULL;
}

/* Keys of whoever sits before the screen: they lead out of the lesson, or beyond its container. */
static const char *why_never(const char *name)
{
        static const struct {
                enum action_id id;
                const char *why;
        } never[] = {
                { ACT_LESSONS, "it opens the list of lessons, which is the learner's" },
                { ACT_RECORD, "it writes a recording into the current folder" },
                { ACT_QUIT, "it ends vitrine" },
                { ACT_SUSPEND, "it stops vitrine" },
                { ACT_COPY, "it writes to the learner's clipboard" },
                { ACT_HAND_BACK, "it is for who watches a demo" },
                { ACT_PAGE_DOWN, "it leaves the step" },
                { ACT_PAGE_UP, "it leaves the step" },
                { ACT_SKIP, "it leaves the step" },
                { ACT_RESTART, "it begins the step afresh" },
        };
        const struct action *action = action_of_key(name);

        for (size_t i = 0; action && i < sizeof(never) / sizeof(never[0]); i++)
                if (never[i].id == action->id)
                        return never[i].why;
        return NULL;
}

static const struct lesson_rules rules = { .is_key = is_key, .why_never = why_never };

static char *name_of(const char *path)
{
        const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
        size_t n = strlen(file);

        return xstrndup(file, n > 3 && strcmp(file + n - 3, ".md") == 0 ? n - 3 : n);
}

static bool is_same_file(const char *a, const char *real)
{
        own_free char *other = realpath(a, NULL);

        return other && strcmp(other, real) == 0;
}

/* An installed lesson is known by its number and its name, by whatever path it was named; any other file by
 * where it lies, since it may be called as another one is. */
static void tell_apart(const struct lesson_list *list, const char *path, struct player_source *ret)
{
        own_free char *real = realpath(path, NULL);

        ret->number = 0;
        ret->count = 0;
        ret->name = name_of(path);
        for (size_t i = 0; i < list->n; i++) {
                const struct lesson_entry *entry = &list->v[i];

                /* Not how many there are: a number may be free. */
                if (entry->number > ret->count)
                        ret->count = entry->number;
                if (ret->key || !real || !is_same_file(entry->path, real))
                        continue;
                ret->number = entry->number;
                ret->key = xstrdup(entry->name);
        }
        if (!ret->key)
                ret->key = xstrdup(real ? real : path);
}

bool player_find(const char *word, struct player_source *ret, struct lesson_error *error)
{
        own_free char *dir = lesson_dir(), *path = NULL, *step = NULL;
        struct player_source source = { .step = -1 };
        struct lesson_list list = { 0 };
        struct fault no_list = { 0 };
        bool has_list, ok;

        /* A file of one's own needs no folder of lessons. */
        has_list = lesson_list_read(dir, &list, &no_list);
        ok = lesson_locate(&list, has_list ? NULL : &no_list, word, &path, &step, &error->fault) &&
             lesson_read(path, &rules, &source.lesson, error);
        if (ok && *step) {
                source.step = lesson_find_step(&source.lesson, step, &error->fault);
                ok = source.step >= 0;
                if (!ok)
                        lesson_finish(&source.lesson);
        }
        if (ok) {
                tell_apart(&list, path, &source);
                *ret = source;
        }
        lesson_list_finish(&list);
        return ok;
}

void player_source_finish(struct player_source *source)
{
        lesson_finish(&source->lesson);
        free(source->name);
        free(source->key);
        *source = (struct player_source){ 0 };
}

static void count_done(const struct lesson *lesson, const struct progress_lesson *one, struct lesson_row *row)
{
        row->steps = lesson->n_steps;
        for (size_t i = 0; one && i < lesson->n_steps; i++) {
                bool done = strv_find(&one->done, lesson->steps[i].name) >= 0;

                row->done += done;
                row->skipped += !done && strv_find(&one->skipped, lesson->steps[i].name) >= 0;
        }
}

static const struct strv *names_of(const struct lesson *lesson)
{
        struct strv *names = xcalloc(1, sizeof(*names));

        for (size_t i = 0; i < lesson->n_steps; i++)
                strv_add(names, lesson->steps[i].name);
        return names;
}

static void read_row(const struct lesson_entry *entry, const struct progress *progress,
                     struct lesson_row *row)
{
        const struct progress_lesson *one = progress_find(progress, entry->name);
        struct lesson_error error = { 0 };
        struct lesson lesson;
        char line[700];

        row->name = entry->name;
        row->number = entry->number;
        row->at = xstrdup("");
        if (lesson_read(entry->path, &rules, &lesson, &error)) {
                row->title = xstrdup(lesson.title);
                row->minutes = lesson.minutes;
                row->names = names_of(&lesson);
                count_done(&lesson, one, row);
                if (one && row->done + row->skipped < row->steps) {
                        free((char *)row->at);
                        row->at = xstrdup(row->names->v[progress_step(one, row->names)]);
                }
                lesson_finish(&lesson);
                return;
        }
        fault_line(&error.fault, line, sizeof(line));
        row->title = xstrdup(entry->name);
        row->broken = xstrdup(line);
        lesson_error_finish(&error);
}

static void say_note(struct lessons *lessons, const struct fault *fault)
{
        char line[600];

        fault_line(fault, line, sizeof(line));
        snprintf(lessons->note, sizeof(lessons->note), "%s%s%s", line, fault->hint[0] ? " - " : "",
                 fault->hint);
}

static void read_progress(struct lessons *lessons, struct progress *ret)
{
        struct fault note = { 0 }, fault = { 0 };
        own_free char *dir = progress_dir(&fault);

        if (!dir || !progress_read(dir, ret, &note, &fault))
                say_note(lessons, &fault);
        else if (note.step[0])
                say_note(lessons, &note);
}

/* A lesson that is at its end leads to the one behind it. */
static void pick(struct lessons *lessons, size_t at, bool over)
{
        lessons->picked = over && at + 1 < lessons->list.n ? at + 1 : at;
}

static void pick_last(struct lessons *lessons, const char *last)
{
        for (size_t i = 0; last && i < lessons->list.n; i++) {
                const struct lesson_row *row = &lessons->rows[i];

                if (strcmp(row->name, last) == 0)
                        pick(lessons, i, row->steps && row->done + row->skipped >= row->steps);
        }
}

void lessons_read(struct lessons *lessons)
{
        own_free char *dir = lesson_dir();
        struct progress progress = { 0 };
        struct fault fault = { 0 };

        lessons_finish(lessons);
        read_progress(lessons, &progress);
        if (!lesson_list_read(dir, &lessons->list, &fault))
                fault_line(&fault, lessons->note, sizeof(lessons->note));
        lessons->rows = xcalloc(lessons->list.n + 1, sizeof(*lessons->rows));
        for (size_t i = 0; i < lessons->list.n; i++)
                read_row(&lessons->list.v[i], &progress, &lessons->rows[i]);
        pick_last(lessons, progress.last);
        lessons->view = (struct lesson_list_view){ .rows = lessons->rows,
                                                   .n = lessons->list.n,
                                                   .note = lessons->note };
        progress_finish(&progress);
}

void lessons_finish(struct lessons *lessons)
{
        for (size_t i = 0; lessons->rows && i < lessons->list.n; i++) {
                free((char *)lessons->rows[i].title);
                free((char *)lessons->rows[i].at);
                free((char *)lessons->rows[i].broken);
                if (lessons->rows[i].names)
                        strv_finish((struct strv *)lessons->rows[i].names);
                free((struct strv *)lessons->rows[i].names);
        }
        free(lessons->rows);
        lesson_list_finish(&lessons->list);
        *lessons = (struct lessons){ 0 };
}

void lessons_open(struct stage *stage)
{
        struct lessons *lessons = &stage->lessons;

        lessons_read(lessons);
        for (size_t i = 0; i < lessons->list.n; i++)
                if (stage->player && strcmp(lessons->rows[i].name, player_key(stage)) == 0)
                        pick(lessons, i, player_step(stage) == player_lesson(stage)->n_steps);
        lessons->open = true;
        stage->dirty = true;
}

/* The one that is open goes on where it is. */
static void open_picked(struct stage *stage)
{
        struct lessons *lessons = &stage->lessons;
        const struct lesson_row *row = &lessons->rows[lessons->picked];
        struct player_source source;
        struct lesson_error error = { 0 };
        struct fault fault = { 0 };
        char line[700];
        bool ok;

        if (lessons->list.n == 0)
                return;
        if (row->broken) {
                snprintf(lessons->note, sizeof(lessons->note), "%.390s", row->broken);
                return;
        }
        if (stage->player && strcmp(row->name, player_key(stage)) == 0) {
                lessons->open = false;
                if (lessons->step)
                        player_go(stage, lessons->step - 1);
                return;
        }
        ok = player_find(lessons->list.v[lessons->picked].path, &source, &error);
        if (ok && lessons->step)
                source.step = (int)lessons->step - 1;
        if (!ok)
                fault = error.fault;
        lesson_error_finish(&error);
        if (!ok || !player_open(stage, &source, PLAYER_TUTORIAL, &fault)) {
                fault_line(&fault, line, sizeof(line));
                snprintf(lessons->note, sizeof(lessons->note), "%.390s", line);
                return;
        }
        lessons->open = false;
        player_go(stage, lessons->step ? lessons->step - 1 : player_resume_step(stage));
}

void lessons_again(struct stage *stage)
{
        struct lessons *lessons = &stage->lessons;
        size_t picked = lessons->picked, step = lessons->step;

        if (!lessons->open)
                return;
        lessons_read(lessons);
        lessons->open = true;
        lessons->picked = picked < lessons->list.n ? picked : 0;
        lessons->step = step;
        stage->dirty = true;
}

/* Forgets one lesson, or with NULL all, and shows the list as it is then. */
static void forget(struct stage *stage, const char *name)
{
        struct lessons *lessons = &stage->lessons;
        struct fault fault = { 0 };
        own_free char *dir = progress_dir(&fault), *owned = name ? xstrdup(name) : NULL;
        bool ok = dir && progress_reset(dir, owned, &fault);
        char line[700];

        lessons->open = true;
        lessons->step = 0;
        lessons_again(stage);
        fault_line(&fault, line, sizeof(line));
        if (!ok)
                snprintf(lessons->note, sizeof(lessons->note), "%.390s", line);
}

static void ask_forget(struct stage *stage, bool one)
{
        struct lessons *lessons = &stage->lessons;

        stage->pending = PENDING_RESET;
        spec_copy(&stage->pending_spec, stage_spec(stage));
        lessons->forgets_one = one;
        stage->dialog_title = one ? "Forget this lesson?" : "Forget all lessons?";
        stage->dialog_text = one ? xasprintf("What you have done of \"%s\" is forgotten. Forget it?",
                                             lessons->rows[lessons->picked].title)
                                 : xstrdup("What you have done of every lesson is forgotten. Forget it?");
}

void lessons_answer(struct stage *stage, bool yes)
{
        const struct lessons *lessons = &stage->lessons;

        if (yes)
                forget(stage, lessons->forgets_one ? lessons->rows[lessons->picked].name : NULL);
}

/* From where the learner was (0) over the lesson's steps. */
static void pick_step(struct lessons *lessons, bool next)
{
        const struct strv *names = lessons->list.n ? lessons->rows[lessons->picked].names : NULL;

        if (next && names && lessons->step < names->n)
                lessons->step++;
        else if (!next && lessons->step)
                lessons->step--;
}

void lessons_press(struct stage *stage, const char *key)
{
        struct lessons *lessons = &stage->lessons;
        const struct action *action = action_of_key(key);
        size_t n = lessons->list.n, most = n ? n - 1 : 0, page = (size_t)stage->page, was = lessons->picked;

        lessons->note[0] = '\0';
        if (strcmp(key, "Enter") == 0)
                open_picked(stage);
        else if (strcmp(key, "Esc") == 0 || (action && action->id == ACT_LESSONS))
                lessons->open = false;
        else if (action && action->id == ACT_UP)
                lessons->picked -= lessons->picked > 0;
        else if (action && action->id == ACT_DOWN)
                lessons->picked += lessons->picked < most;
        else if (action && action->id == ACT_PAGE_UP)
                lessons->picked = lessons->picked > page ? lessons->picked - page : 0;
        else if (action && action->id == ACT_PAGE_DOWN)
                lessons->picked = lessons->picked + page < most ? lessons->picked + page : most;
        else if (action && (action->id == ACT_LEFT || action->id == ACT_RIGHT))
                pick_step(lessons, action->id == ACT_RIGHT);
        else if (strcmp(key, "r") == 0 && n)
                ask_forget(stage, true);
        else if (strcmp(key, "R") == 0)
                ask_forget(stage, false);
        else if (action && action->id == ACT_QUIT)
                stage_leave(stage);
        if (lessons->picked != was)
                lessons->step = 0;
}
