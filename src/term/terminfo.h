/* SPDX-License-Identifier: MIT */
/* What terminfo says of the terminal. Apart from the rest: <term.h> has a struct term of its own. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"

/* Whether curses can use a terminal of that name; newterm prints and exits at some that it cannot. */
bool terminfo_check(const char *name, struct fault *fault);
/* After newterm: what makes the terminal as it was (attributes, keypad, cursor, the ordinary screen). Owned
 * by the caller. */
char *terminfo_restore(bool colours);
