/* SPDX-License-Identifier: MIT */
/* A line flag by flag: each flag of it and what it does. Pure. */
#pragma once

#include "spec/resolve.h"

/* Adds lines of at most width columns, in spec_line's order; nothing for a line without flags. */
void explain_flags(const struct spec *spec, const struct resolved *resolved, int width, struct str *out);
