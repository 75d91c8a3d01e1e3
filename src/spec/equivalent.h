/* SPDX-License-Identifier: MIT */
/* The same container in other words. Pure. */
#pragma once

#include "spec/spec.h"

/* The line of the other engine that gives the same user, capabilities and namespaces, as far as it can: what
 * the default sets part in is added or dropped. For another user than root podman makes every add effective,
 * so nothing is added there. uid: whom the line, or else the image, was resolved to; 0 where none was. Owned
 * by the caller. */
char *equivalent_line(const struct spec *spec, enum engine engine, uint32_t uid);
/* A pod, and a service for docker compose. What they cannot say stands there as a comment. Owned by the
 * caller. */
char *equivalent_kubernetes(const struct spec *spec);
char *equivalent_compose(const struct spec *spec);

/* What engine needs to be told to give the same. */
struct cap_request equivalent_caps(const struct spec *spec, enum engine engine, uint32_t uid);
