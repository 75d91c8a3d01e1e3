/* SPDX-License-Identifier: MIT */
/* The environment of a container's command. Pure. */
#pragma once

#include "spec/spec.h"

/* What a container has where nobody says a PATH: docker's, in a run and in a build. */
#define ENVIRONMENT_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* PATH, HOSTNAME, TERM with a terminal, then -e in the order of the line, what else the image says, and HOME
 * where nobody gave one: docker's order (daemon/container/env.go, and runc's HOME last). No name twice: a
 * later value takes the earlier one's place. `-e NAME` without a value is the caller's variable; where he has
 * none it takes the name away, the image's too. */
void environment_make(const struct spec *spec, const struct strv *image_env, char *const *callers,
                      const char *hostname, const char *home, struct strv *ret);
