/* SPDX-License-Identifier: MIT */
/* From a key's name (term/) back to what a terminal sends for it. Pure. */
#pragma once

#include <stddef.h>

enum { KEY_BYTES_SIZE = 32 };

/* Writes the bytes of a key ("K", "space", "Up", "C-l", "F1", "PgDn", "click X Y") and returns how many; 0
 * when no key has that name. Where terminals differ it is the form that asciinema-player names in its
 * keystroke overlay (formatKeystroke in its source): xterm's for the arrows and F1 to F12; for BackTab that
 * of xterm's modifyOtherKeys, as it has no name for the usual one. The mouse is there and has no name. */
size_t key_bytes(const char *name, char ret[static KEY_BYTES_SIZE]);
