/* SPDX-License-Identifier: MIT */
/* From the terminal's bytes to key names. Pure. */
#pragma once

#include <stddef.h>

enum { KEY_NAME_SIZE = 24 };

/* What has come of a key so far; {0} at first. */
struct key_reader {
        enum { KEYS_NONE, KEYS_ESC, KEYS_CSI, KEYS_SS3, KEYS_MOUSE, KEYS_UTF8 } state;
        char bytes[16]; /* of a character or a mouse report, or a sequence's parameters */
        size_t n;
};

enum key_got {
        KEY_GOT_NAME,  /* ret_name is the next key */
        KEY_GOT_AGAIN, /* it is, and the code belongs to the one after it: feed it again */
        KEY_GOT_RETRY, /* what came before was none: feed the code again */
        KEY_GOT_MORE,  /* nothing yet */
};

/* Feeds a byte, or -1 when nothing is there now, which ends a lone Escape. The bytes of a character and of an
 * escape sequence may come in pieces. */
enum key_got keys_feed(struct key_reader *reader, int code, char ret_name[static KEY_NAME_SIZE]);
