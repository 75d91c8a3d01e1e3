/* SPDX-License-Identifier: MIT */
/* A lesson on the screen, for the tests of the tutorial. */
#pragma once

#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/own.h"
#include "base/str.h"

#define ENTER "\r"
#define ESCAPE "\033"
#define PAGE_UP "\033[5~"
#define PAGE_DOWN "\033[6~"
#define DOWN "\033[B"
#define UP "\033[A"
#define RIGHT "\033[C"
#define TAB "\t"

/* A home for progress that the program's user may write to. */
struct home {
        char dir[64];
        char env[96];
        const char *list[2];
};

static inline void open_home(struct home *home)
{
        snprintf(home->dir, sizeof(home->dir), "/tmp/vitrine-home.XXXXXX");
        assert_non_null(mkdtemp(home->dir));
        assert_int_equal(chmod(home->dir, 0777), 0);
        snprintf(home->env, sizeof(home->env), "XDG_STATE_HOME=%s", home->dir);
        home->list[0] = home->env;
        home->list[1] = NULL;
}

/* Ends the program first: it saves as long as it lives. */
static inline void close_home(struct scene *scene, const struct home *home)
{
        own_free char *line = xasprintf("rm -rf %s", home->dir);

        screen_finish(scene->screen);
        scene->screen = NULL;
        assert_int_equal(system(line), 0);
}

static inline struct screen *learn(struct scene *scene, const struct home *home, const char *lesson)
{
        const char *const args[] = { "learn", lesson, NULL };

        return scene_start(scene, args, home->list, 80, 30);
}

/* In a home of its own, as far as the first step of lesson 6, where KILL is dropped. */
static inline struct screen *learn_bit_5(struct scene *scene, struct home *home)
{
        struct screen *screen;

        open_home(home);
        screen = learn(scene, home, "6/1");
        screen_wait_text(screen, "step 1 of 5");
        return screen;
}
