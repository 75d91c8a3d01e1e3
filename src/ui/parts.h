/* SPDX-License-Identifier: MIT */
/* The parts of the screen, each drawn into its own place. Pure. */
#pragma once

#include "ui/draw.h"
#include "ui/layout.h"

void part_title(const struct pen *pen, const struct layout *layout);
/* Both process panes and the line between what is tied. */
void part_panes(const struct pen *pen, const struct layout *layout);
/* The user line, or the box of users and namespaces. */
void part_user(const struct pen *pen, const struct layout *layout);
void part_caps(const struct pen *pen, const struct layout *layout);
/* The key bar; in its place, and over lines above it where it is long, what is to be said until the next key.
 */
void part_bar(const struct pen *pen, const struct layout *layout);
/* Over everything else. */
void part_help(const struct pen *pen);
void part_dialog(const struct pen *pen);
