/* SPDX-License-Identifier: MIT */
/* From what was resolved to what the keeper is told. */
#pragma once

#include <stdbool.h>

#include "cage/plan.h"
#include "image/image.h"
#include "spec/resolve.h"
#include "spec/spec.h"

/* Builds the seccomp filter too (a profile file that was asked for is read here). *ret is the caller's to
 * finish. */
bool compose_plan(const struct spec *spec, const struct resolved *resolved, const struct image *image,
                  const struct machine *machine, const char *id, struct plan *ret, struct fault *fault);
