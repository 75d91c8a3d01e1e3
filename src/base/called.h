/* SPDX-License-Identifier: MIT */
/* The name by which vitrine was started. The texts of hints have ./vitrine, or vitrine behind sudo,
 * TERM=xterm or a backquote, where whoever reads them is to type it. */
#pragma once

/* From main; word is kept, not copied. NULL is fine. */
void called_by(const char *word);

/* A hint with that name in it, as it was typed. Behind sudo, which takes no user's PATH as a rule, a name
 * without a slash stands only where sudo finds the same program, else the program's own path. `vitrine` where
 * it would want quotes or is long. What it gives is not changed by a second call. Owned by the caller. */
char *called_in(const char *hint);
