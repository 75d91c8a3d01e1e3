/* SPDX-License-Identifier: MIT */
/* Where docker and podman part for a line. Pure. */
#pragma once

#include "spec/resolve.h"

void notes_engines(const struct spec *spec, const struct machine *machine, const struct resolved *resolved,
                   struct strv *ret);
