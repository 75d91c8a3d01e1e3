/* SPDX-License-Identifier: MIT */
/* The application's state and the actions that change it. It knows no screen. Opaque: it owns a running
 * container. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/loop.h"
#include "spec/spec.h"
#include "stage/view.h"

struct stage;

struct stage_settings {
        enum host_mode host_mode;
        bool ascii, mono;
        bool big, keys; /* for a projector; show the last key pressed */
        bool pinned;    /* for a recording: what differs from launch to launch (the container's id, columns'
                           widths) is always the same, and the machine's name is shown as "host" */
};

/* Launches the spec's container and looks at it, or opens the dialog that asks first. Everything that happens
 * from then on comes through the loop, which must outlive the stage. */
bool stage_open(const struct spec *spec, const struct stage_settings *settings, struct loop *loop,
                struct stage **ret, struct fault *fault);
/* The same with a container that somebody else started: it is only looked at, and keys that would change it
 * say so. Takes over what runs (attach->launch, also on failure); attach, which has its names, must outlive
 * the stage. */
struct attach;
bool stage_open_attached(struct attach *attach, const struct stage_settings *settings, struct loop *loop,
                         struct stage **ret, struct fault *fault);
/* Ends the container, or leaves one that was joined. NULL is fine. */
void stage_close(struct stage *stage);

/* One key, by its name in the table of actions. */
void stage_press(struct stage *stage, const char *key);
/* The mouse, on what it stands on (ui_hit finds it). A click selects; on the capability that is selected
 * already it is the space key. While something lies over the screen it does nothing. rows: of the wheel, down
 * is positive. */
void stage_click(struct stage *stage, const struct place *place);
void stage_wheel(struct stage *stage, const struct place *place, int rows);
/* The screen's height in rows: how far a page goes. */
void stage_page(struct stage *stage, int rows);

/* What the screen is to show now. All pointers are the stage's, valid until the next call. */
void stage_view(struct stage *stage, struct view *ret);
/* The same, for a look that shows nothing: what is to be drawn stays so. */
void stage_peek(struct stage *stage, struct view *ret);
/* The view was drawn: the room that the ui has noted in it is the shell's. */
void stage_drawn(struct stage *stage);
/* Whether something that is on the screen has changed since the last stage_view; redraw asks for everything
 * anew. */
bool stage_is_dirty(const struct stage *stage);
bool stage_wants_redraw(struct stage *stage);
/* Whether Ctrl-Z was pressed since it was last asked. */
bool stage_wants_suspend(struct stage *stage);
bool stage_wants_quit(const struct stage *stage);
/* The docker line when it is to be copied, else NULL; asked once. */
const char *stage_wants_copy(struct stage *stage);
/* Whether that could be done: it is said. */
void stage_copied(struct stage *stage, bool done);
/* Whether the key that starts and stops a recording was pressed since it was last asked. */
bool stage_wants_record(struct stage *stage);
/* What is shown is being written down, or no longer; text says where, and is shown until the next key. While
 * it is, only what is tied and its ancestors is shown of the host, until the viewer says otherwise. */
void stage_record(struct stage *stage, bool on, const char *text);
/* Who is told of each key that is pressed, by whomever, and whether it goes into a line that is typed; not of
 * those that go to a shell. */
void stage_watch_keys(struct stage *stage, void (*seen)(void *data, const char *key, bool typed), void *data);
/* When the screen changes by itself next (the clock, marks that end), CLOCK_MONOTONIC ms; 0: never. */
uint64_t stage_wake_ms(const struct stage *stage);
/* Time has passed. */
void stage_tick(struct stage *stage);
/* The fault that ended the program's work, or NULL. */
const struct fault *stage_fault(const struct stage *stage);
