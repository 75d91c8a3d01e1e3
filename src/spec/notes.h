/* SPDX-License-Identifier: MIT */
/* What no engine tells its user: flags without effect and why, where docker and podman part. Pure. */
#pragma once

#include "spec/resolve.h"

/* Adds the notes for a line, a sentence or two each, unescaped. */
void notes_make(const struct spec *spec, const struct machine *machine, const struct resolved *resolved,
                struct strv *ret);

/* "KILL, NET_RAW", or "none". Owned by the caller. */
char *notes_cap_names(uint64_t mask);
