/* SPDX-License-Identifier: MIT */
/* What a line means, in words and as JSON. Pure. */
#pragma once

#include <jv.h>

#include "spec/resolve.h"
#include "spec/spec.h"

/* The "spec" member of the JSON schema (every key of design section 3). root: "demo" or "dir". A new jv,
 * owned. */
jv spec_json(const struct spec *spec, const char *root, const struct strv *command);
/* The "equivalent" member: docker, podman, kubernetes, compose. uid: as for equivalent_line. */
jv spec_equivalent_json(const struct spec *spec, uint32_t uid);
/* {"effective":…,"permitted":…,…,"effective_names":[…],"bounding_names":[…]} */
jv caps_sets_json(const struct cap_sets *sets);
/* ["CHOWN", …] */
jv caps_names_json(uint64_t mask);
/* The whole of `explain --json`. */
jv explain_json(const struct spec *spec, const char *root, const struct machine *machine,
                const struct resolved *resolved);
/* The same in plain words: what the container will be, flag by flag; which flag has no effect and why; where
 * docker and podman part. missing: the name for which the demo root stands in, or "". Owned by the caller;
 * lines of at most 78 columns. */
char *explain_text(const struct spec *spec, const char *missing, const struct machine *machine,
                   const struct resolved *resolved);
/* {"schema":1,"error":{…}} */
jv fault_json(const struct fault *fault, const char *hint);
