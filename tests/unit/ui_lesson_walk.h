/* SPDX-License-Identifier: MIT */
/* Every step of every lesson, at every size. */
#pragma once

#include <glob.h>

#include "ui_lesson_scene.h"

enum { BEGINNING = 20 /* bytes of a text that are looked for */ };

static const int sizes[][2] = { { 60, 16 },  { 80, 24 },  { 100, 30 }, { 120, 30 },
                                { 120, 36 }, { 140, 40 }, { 200, 60 } };
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

/* Calls that for every step of every lesson, at every size; for a lesson's end as well. */
static inline void for_all_steps(void (*try)(struct lesson_scene *scene, int cols, int rows))
{
        own_free char *pattern = lesson_path("[0-9]*.md");
        glob_t found;

        assert_int_equal(glob(pattern, 0, NULL, &found), 0);
        assert_true(found.gl_pathc >= 10);
        for (size_t i = 0; i < found.gl_pathc; i++) {
                struct lesson_scene scene;

                open_lesson(&scene, found.gl_pathv[i]);
                for (size_t step = 0; step <= scene.lesson.n_steps; step++)
                        for (int size = 0; size < SIZES; size++) {
                                go_to_step(&scene, step);
                                try(&scene, sizes[size][0], sizes[size][1]);
                        }
                close_lesson(&scene);
        }
        globfree(&found);
}

/* The first bytes of a text, whole words alone. */
static inline char *beginning(const char *text)
{
        size_t n = strlen(text);
        char *copy;

        if (n > BEGINNING)
                n = BEGINNING;
        while (n > 1 && text[n] && text[n] != ' ')
                n--;
        copy = xstrndup(text, n);
        for (char *c = copy; *c; c++)
                if (*c == '\n')
                        *c = ' ';
        return copy;
}
