/* SPDX-License-Identifier: MIT */
/* Names of images, as Docker writes them: [HOST[:PORT]/]PATH[:TAG][@DIGEST]. Pure. */
#pragma once

#include <stdbool.h>

enum { REFERENCE_WHY = 160, REFERENCE_MAX = 240 };

/* The full form of a name: docker.io/ and library/ in front are left out, :latest is added where there is
 * neither tag nor digest. Owned by the caller; NULL with the reason in why, in Docker's words (its grammar is
 * distribution's reference package). */
char *reference_full(const char *name, char why[static REFERENCE_WHY]);
