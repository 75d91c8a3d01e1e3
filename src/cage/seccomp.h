/* SPDX-License-Identifier: MIT */
/* From a profile in the OCI JSON format to a BPF program, through libseccomp. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/* The profile that is built in (assets/seccomp.json). */
extern const char cage_profile[];
extern const size_t cage_profile_size;

/* Builds the filter of a profile for a bounding set: rules with includes.caps or excludes.caps are tested
 * against it, as Docker does. Unknown call names and rules equal to the default action are skipped. *ret is
 * owned by the caller and holds *ret_n struct sock_filter of 8 bytes. path is for messages. */
bool seccomp_build(const char *path, const char *json, size_t size, uint64_t bounding, unsigned char **ret,
                   uint32_t *ret_n, struct fault *fault);

/* Whether the profile's text names a word (a quoted capability). */
bool seccomp_profile_names(const char *json, const char *word);
