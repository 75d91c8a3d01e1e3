/* SPDX-License-Identifier: MIT */
/* A lesson that plays itself: types its lines and presses its keys as a person would, waits until the kernel
 * shows what they did, and leaves time to read. Whoever watches may stop it, take the keys and hand them
 * back. It knows no clock but the stage's: stage_wake_ms says when it goes on, stage_tick lets it. */
#pragma once

#include <stdbool.h>

struct stage;

struct demo_settings {
        double speed; /* 1: for people (pace.h) */
        bool step;    /* each step waits for PgDn */
        bool ends;    /* with the lesson the stage wants to end */
};

/* Plays the lesson that is open (PLAYER_DEMO), from its first step on. */
void demo_open(struct stage *stage, const struct demo_settings *settings);
/* The lesson stays; player_close closes both. */
void demo_close(struct stage *stage);
/* The name of a step that the last frame shows as begun, asked once; else NULL. The lesson's. */
const char *demo_take_step(struct stage *stage);
