/* SPDX-License-Identifier: MIT */
/* What a command that was run inside gave, as lines. Pure. */
#pragma once

#include "ui/prose.h"

enum { RESULT_LINES = 6 };

/* "! ps ax"; owned by the caller. */
char *result_line(const struct pen *pen, const struct run_entry *entry);
/* "exit 0", "running"; with what is not shown of the output: above: lines of it above those shown. Owned by
 * the caller. */
char *result_end(const struct run_entry *entry, size_t above);
/* At most most lines of the output's end, each broken into at most broken ones of width columns; returns the
 * lines above them, those included that were not kept. */
size_t result_output(const struct pen *pen, const struct run_entry *entry, int width, int most, int broken,
                     struct prose *ret);
