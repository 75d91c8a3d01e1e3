/* SPDX-License-Identifier: MIT */
/* The parts of the screen, each drawn into its own place. Pure. */
#pragma once

#include "ui/draw.h"
#include "ui/layout.h"

void part_title(const struct pen *pen, const struct layout *layout);
/* Both process panes and the line between what is tied. */
void part_panes(const struct pen *pen, const struct layout *layout);
/* The process (by that pane's own number) on the screen's row y, or 0; the pen needs no grid. */
pid_t part_panes_hit(const struct pen *pen, const struct layout *layout, bool host, int y);
/* The user line, or the box of users and namespaces. */
void part_user(const struct pen *pen, const struct layout *layout);
void part_caps(const struct pen *pen, const struct layout *layout);
/* Which capabilities were asked for, the newest first; nothing where the layout has no room. */
void part_log(const struct pen *pen, const struct layout *layout);
/* The capability whose cell or bit stands there, or -1. */
int part_caps_hit(const struct pen *pen, const struct layout *layout, int x, int y);
/* The namespaces, over the lower part of a screen that has no box for them, while they have the focus. */
void part_namespaces(const struct pen *pen, const struct layout *layout);
/* The namespaces in the box of layout.list, and in its line while that has the focus. */
void part_ns_list(const struct pen *pen, const struct rect *rect);
void part_ns_line(const struct pen *pen, int x, int y, int width);
/* What space does with the one that is picked, in the lower border; whole: what it is as well. */
void part_ns_border(const struct pen *pen, const struct rect *rect, bool whole);
/* The namespace whose row stands there, -1 for another place in their list, -2 outside of it. */
int part_ns_hit(const struct pen *pen, const struct layout *layout, int x, int y);
/* What is this?, over a part of the screen without the thing. */
void part_info(const struct pen *pen, const struct layout *layout);
/* An open lesson, in its column or in the capability pane's place. */
void part_lesson(const struct pen *pen, const struct layout *layout);
/* Without a lesson: what came of the command that was run inside last, over the capability pane. */
void part_result(const struct pen *pen, const struct layout *layout);
/* Whether a place on the screen lies in it. */
bool part_result_hit(const struct pen *pen, const struct layout *layout, int x, int y);
/* A shell that is open, in its column or in the capability pane's place. */
void part_shell(const struct pen *pen, const struct layout *layout);
/* The pane that a lesson's step looks at, once the step is done: its border and a mark in it. */
void part_spot(const struct pen *pen, const struct layout *layout);
/* What a demo says, in width columns of the bar and of lines above it where it is long; false: nothing. */
bool part_caption(const struct pen *pen, const struct layout *layout, int width);
/* The key bar; in its place, and over lines above it where it is long, what is to be said until the next key.
 */
void part_bar(const struct pen *pen, const struct layout *layout);
/* A line that is typed, over the bar and the lines above it; nothing when there is none. */
void part_prompt(const struct pen *pen);
/* The list of lessons, over the screen; nothing when it is closed. */
void part_lessons(const struct pen *pen);
/* Over everything else. */
void part_help(const struct pen *pen);
/* The same container in other words. */
void part_equivalent(const struct pen *pen);
/* An empty box in the middle for so many lines, the upper end of them scrolled away as the view has it:
 * *ret_first is the one on top. Returns the room inside. */
struct rect part_overlay(const struct pen *pen, const char *title, int cols, int lines, int *ret_first);
void part_dialog(const struct pen *pen);
/* Notes how far its text can be scrolled, which the keys that answer it are told by; it draws nothing. */
void part_dialog_reach(const struct pen *pen);
/* The keys that answer it. */
const char *dialog_answers(const struct view *view);
