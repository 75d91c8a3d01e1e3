/* SPDX-License-Identifier: MIT */
/* The mouse's reports, on their way from the terminal to the stage. */
#pragma once

#include <stdbool.h>

#include "stage/stage.h"
#include "term/term.h"

/* Turns of the wheel that have not been passed on; {0} at first. */
struct mouse {
        int turns; /* down is positive */
        int x, y;
};

/* Takes a key's name; false when it is none of the mouse's. Turns in a row at one place are gathered: call
 * mouse_settle when there are no more keys. */
bool mouse_feed(struct mouse *mouse, struct stage *stage, struct term *term, const char *key);
void mouse_settle(struct mouse *mouse, struct stage *stage, struct term *term);
