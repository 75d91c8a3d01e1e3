/* SPDX-License-Identifier: MIT */
/* The colour schemes' names, as --scheme takes them. Pure. */
#pragma once

#include "base/str.h"

enum scheme { SCHEME_DEFAULT, SCHEME_LIGHT, SCHEME_HIGH_CONTRAST, SCHEME_MONO, SCHEME_OKABE_ITO, SCHEME_N };

const char *scheme_name(enum scheme scheme);
/* SCHEME_N when there is none of that name. */
enum scheme scheme_find(const char *name);
/* The name that is nearest to one that is none, or NULL when nothing is near. */
const char *scheme_near(const char *name);
