/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/progress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jv.h>

#include "base/own.h"
#include "lesson/progress_file.h"

char *progress_dir(struct fault *fault)
{
        const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

        if (state && state[0] == '/')
                return xasprintf("%s/vitrine", state);
        if (home && home[0] == '/')
                return xasprintf("%s/.local/state/vitrine", home);
        fault_why(fault, "keep the progress", "neither XDG_STATE_HOME nor HOME names a folder");
        return NULL;
}

static jv get(jv object, const char *key)
{
        return jv_object_get(jv_copy(object), jv_string(key));
}

static void take_strings(jv array, struct strv *ret)
{
        if (jv_get_kind(array) == JV_KIND_ARRAY)
                jv_array_foreach(array, i, item)
                {
                        if (jv_get_kind(item) == JV_KIND_STRING)
                                strv_add(ret, jv_string_value(item));
                        jv_free(item);
                }
        jv_free(array);
}

static char *take_string(jv value)
{
        char *ret = xstrdup(jv_get_kind(value) == JV_KIND_STRING ? jv_string_value(value) : "");

        jv_free(value);
        return ret;
}

/* Consumes root. */
static void take_lessons(jv root, struct progress *ret)
{
        jv lessons = get(root, "lessons");

        jv_object_foreach(lessons, name, lesson)
        {
                struct progress_lesson *one;

                ret->v = xrealloc(ret->v, ret->n + 1, sizeof(*ret->v));
                one = &ret->v[ret->n++];
                *one = (struct progress_lesson){ .name = xstrdup(jv_string_value(name)),
                                                 .at = take_string(get(lesson, "at")) };
                take_strings(get(lesson, "done"), &one->done);
                take_strings(get(lesson, "skipped"), &one->skipped);
                jv_free(name);
                jv_free(lesson);
        }
        jv_free(lessons);
        ret->last = take_string(get(root, "last"));
        if (!*ret->last)
                free(take_ptr(ret->last));
        jv_free(root);
}

static bool is_later(struct fault *fault)
{
        fault_why(fault, "read the progress", "a later vitrine wrote it");
        return fault_hint(fault, "it is left as it is; what is done now is not kept");
}

/* The file's content, with what cannot be read put aside. With the lock held. */
static bool load_or_put_aside(const char *dir, int dir_fd, jv *ret, struct fault *note, struct fault *fault)
{
        own_free char *path = NULL;

        switch (progress_load(dir_fd, ret)) {
        case PROGRESS_FINE:
                return true;
        case PROGRESS_LATER:
                return is_later(fault);
        case PROGRESS_CLOSED:
                path = xasprintf("%s/progress.json", dir);
                errno = EACCES;
                fault_errno(fault, path, "read the progress");
                return progress_hint_owner(dir, fault);
        case PROGRESS_BROKEN:
                break;
        }
        /* What is gone now leaves an empty one. */
        return progress_put_aside(dir_fd, note, fault) && progress_load(dir_fd, ret) == PROGRESS_FINE;
}

bool progress_read(const char *dir, struct progress *ret, struct fault *note, struct fault *fault)
{
        struct fault own = { 0 };
        own_fd int dir_fd = progress_open_dir(dir, false, &own);
        own_fd int lock = -1;
        jv root;

        *ret = (struct progress){ 0 };
        *note = (struct fault){ 0 };
        if (dir_fd < 0 && own.err == ENOENT)
                return true;
        if (dir_fd < 0) {
                *fault = own;
                return false;
        }
        /* A file that is fine is read without the lock: it is only ever exchanged whole. */
        if (progress_load(dir_fd, &root) != PROGRESS_FINE) {
                lock = progress_lock(dir, dir_fd, fault);
                if (lock < 0 || !load_or_put_aside(dir, dir_fd, &root, note, fault))
                        return false;
        }
        take_lessons(root, ret);
        if (!note->step[0] && lock < 0)
                progress_may_keep(dir, dir_fd, note);
        return true;
}

void progress_finish(struct progress *progress)
{
        for (size_t i = 0; i < progress->n; i++) {
                free(progress->v[i].name);
                free(progress->v[i].at);
                strv_finish(&progress->v[i].done);
                strv_finish(&progress->v[i].skipped);
        }
        free(progress->v);
        free(progress->last);
        *progress = (struct progress){ 0 };
}

size_t progress_step(const struct progress_lesson *one, const struct strv *steps)
{
        size_t left = 0;

        for (size_t i = 0; one && i < steps->n; i++)
                left += strv_find(&one->done, steps->v[i]) < 0 && strv_find(&one->skipped, steps->v[i]) < 0;
        return left && strv_find(steps, one->at) > 0 ? (size_t)strv_find(steps, one->at) : 0;
}

const struct progress_lesson *progress_find(const struct progress *progress, const char *lesson)
{
        for (size_t i = 0; i < progress->n; i++)
                if (strcmp(progress->v[i].name, lesson) == 0)
                        return &progress->v[i];
        return NULL;
}

static bool has(jv array, const char *word)
{
        bool found = false;

        if (jv_get_kind(array) == JV_KIND_ARRAY)
                jv_array_foreach(array, i, item)
                {
                        found = found || (jv_get_kind(item) == JV_KIND_STRING &&
                                          strcmp(jv_string_value(item), word) == 0);
                        jv_free(item);
                }
        jv_free(array);
        return found;
}

/* The array without word, and at its end with it if add is true. Consumes array. */
static jv put(jv array, const char *word, bool add)
{
        jv ret = jv_array();

        if (jv_get_kind(array) == JV_KIND_ARRAY)
                jv_array_foreach(array, i, item)
                {
                        if (jv_get_kind(item) == JV_KIND_STRING && strcmp(jv_string_value(item), word) == 0)
                                jv_free(item);
                        else
                                ret = jv_array_append(ret, item);
                }
        jv_free(array);
        return add ? jv_array_append(ret, jv_string(word)) : ret;
}

/* Consumes lesson; keys that this vitrine does not know stay. */
static jv mark_step(jv lesson, const char *step, enum progress_mark mark)
{
        switch (mark) {
        case PROGRESS_AT:
                return jv_object_set(lesson, jv_string("at"), jv_string(step));
        case PROGRESS_DONE:
                lesson =
                        jv_object_set(lesson, jv_string("skipped"), put(get(lesson, "skipped"), step, false));
                if (!has(get(lesson, "done"), step))
                        lesson = jv_object_set(lesson, jv_string("done"),
                                               put(get(lesson, "done"), step, true));
                return lesson;
        case PROGRESS_SKIPPED:
                if (!has(get(lesson, "done"), step))
                        lesson = jv_object_set(lesson, jv_string("skipped"),
                                               put(get(lesson, "skipped"), step, true));
                break;
        }
        return lesson;
}

static jv mark_lesson(jv lessons, const char *name, const char *step, enum progress_mark mark)
{
        jv lesson = get(lessons, name);

        if (jv_get_kind(lesson) != JV_KIND_OBJECT) {
                jv_free(lesson);
                lesson = jv_object();
        }
        return jv_object_set(lessons, jv_string(name), mark_step(lesson, step, mark));
}

/* step NULL: forget the lesson; lesson NULL: all. */
static bool change(const char *dir, const char *lesson, const char *step, enum progress_mark mark,
                   struct fault *fault)
{
        struct fault note;
        own_fd int dir_fd = progress_open_dir(dir, true, fault);
        own_fd int lock = dir_fd < 0 ? -1 : progress_lock(dir, dir_fd, fault);
        jv root, lessons;

        if (lock < 0 || !load_or_put_aside(dir, dir_fd, &root, &note, fault))
                return false;
        lessons = lesson ? get(root, "lessons") : jv_object();
        if (step)
                lessons = mark_lesson(lessons, lesson, step, mark);
        else if (lesson)
                lessons = jv_object_delete(lessons, jv_string(lesson));
        if (step && mark == PROGRESS_AT)
                root = jv_object_set(root, jv_string("last"), jv_string(lesson));
        if (!lesson)
                root = jv_object_delete(root, jv_string("last"));
        return progress_store(dir_fd, jv_object_set(root, jv_string("lessons"), lessons), fault);
}

bool progress_set(const char *dir, const char *lesson, const char *step, enum progress_mark mark,
                  struct fault *fault)
{
        return change(dir, lesson, step, mark, fault);
}

bool progress_reset(const char *dir, const char *lesson, struct fault *fault)
{
        return change(dir, lesson, NULL, PROGRESS_AT, fault);
}
