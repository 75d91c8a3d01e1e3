/* SPDX-License-Identifier: MIT */
/* A learner's answers. Pure. */
#pragma once

#include <stdbool.h>

/* Whether what was typed is what is right: the same words in any case, or the same number; spaces around it
 * do not count. Nothing at all is never right. */
bool answer_is_right(const char *typed, const char *right);
