/* SPDX-License-Identifier: MIT */
/* Safe text: what a process chose to call itself, made fit for a terminal. Pure (but for the locale, which
 * wcwidth reads). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one UTF-8 character of at most n bytes at s into *ret. Returns its length in bytes, or 0 when the
 * bytes are not valid UTF-8 (overlong forms, surrogates and values above U+10FFFF are not). n must be > 0. */
size_t text_decode(const char *s, size_t n, uint32_t *ret);

bool text_is_utf8(const char *s);

/* Encodes c at buf (room for 4 bytes); returns the number of bytes. */
size_t text_encode(uint32_t c, char *buf);

/* Columns that c takes: wcwidth, but -1 for everything that must not reach a terminal as it is: C0, C1,
 * bidirectional controls, zero-width and other format characters, line and paragraph separators, private use
 * and unassigned. Combining characters give -1 too. */
int text_char_width(uint32_t c);

/* Copies at most n bytes of s escaped: what text_char_width refuses becomes \xNN (bytes: control characters,
 * invalid UTF-8) or \u{N} (characters); a backslash stays as it is. With ascii every character above 0x7e is
 * escaped too. The result is owned by the caller and holds printable characters alone. */
char *text_escape(const char *s, size_t n, bool ascii);

/* Columns that a text from text_escape takes. */
int text_width(const char *s);

/* Cuts a text from text_escape to at most width columns: the result, owned by the caller, ends with mark ("…"
 * or "~", one column) when something was cut. */
char *text_cut(const char *s, int width, const char *mark);
