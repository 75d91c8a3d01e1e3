/* SPDX-License-Identifier: MIT */
/* What terminfo says of the terminal. Apart from the rest: <term.h> has a struct term of its own. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"

/* Whether curses can use a terminal of that name; newterm prints and exits at some that it cannot. */
bool terminfo_check(const char *name, struct fault *fault);
/* After newterm: what makes the terminal as it was (mouse_off, attributes, keypad, cursor, the ordinary
 * screen). Owned by the caller. */
char *terminfo_restore(bool colours, const char *mouse_off);
/* What turns the mouse's reports on or off: presses and the wheel, with decimal coordinates where the
 * terminal knows them. "" where terminfo knows no mouse. */
const char *terminfo_mouse(bool on);
/* Whether a clipboard can be expected behind the terminal. */
bool terminfo_copies(void);
