/* SPDX-License-Identifier: MIT */
/* A program on a terminal of its own: a pty whose other end is libvterm. Keys go in, the screen is read as
 * text. Waits end with the event that they wait for; one that has not come when the deadline is reached fails
 * the test and prints the screen. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

struct screen;

struct screen_options {
        const char *program;     /* a path */
        const char *const *args; /* after the program's name, ends with NULL; NULL: none */
        const char *dir;         /* where it is started; NULL: in the root folder */
        const char *const *env;  /* NAME=VALUE that replace the harness's own; NAME= makes it empty */
        int cols, rows;          /* 0: 80x24 */
        bool foreign;            /* the terminal stays ours when the program is another user's, as after su */
        uid_t uid;               /* the user that it runs as, without groups; (uid_t)-1: this one */
};

struct screen *screen_start(const struct screen_options *options);
/* Ends the program, if it runs, and all that it has started. NULL is fine. */
void screen_finish(struct screen *screen);

pid_t screen_pid(const struct screen *screen);
void screen_send(struct screen *screen, const char *keys);
void screen_send_n(struct screen *screen, const char *bytes, size_t n);
void screen_resize(struct screen *screen, int cols, int rows);
/* The terminal stops reading: what the program writes stays in the kernel, until it is let go on. */
void screen_hold(struct screen *screen, bool hold);
/* Whether the kernel takes no more of what the program writes. */
bool screen_is_full(const struct screen *screen);
/* The terminal goes away. */
void screen_hang_up(struct screen *screen);

/* The text of a row, without trailing spaces; of all rows, each ended by a newline. Valid until the next call
 * with this screen. */
const char *screen_row(struct screen *screen, int y);
const char *screen_text(struct screen *screen);
/* The first row with that text, or -1. */
int screen_find(struct screen *screen, const char *text);
void screen_cursor(struct screen *screen, int *ret_x, int *ret_y);
/* All bytes that the program has written since it began. */
const char *screen_raw(const struct screen *screen, size_t *ret_len);
/* Begins anew with that. */
void screen_forget_raw(struct screen *screen);
bool screen_is_alternate(const struct screen *screen);
bool screen_shows_cursor(const struct screen *screen);
/* Whether a window title or icon name was ever set. */
bool screen_has_title(const struct screen *screen);
/* The line discipline's settings: when it started, and now. */
void screen_modes(const struct screen *screen, struct termios *ret_before, struct termios *ret_now);

typedef bool screen_condition(struct screen *screen, const void *data);

enum { SCREEN_MASK_SIZE = 17 };
/* The effective mask in the frame of the capabilities; "" and false where none is to be seen. */
bool screen_mask(struct screen *screen, char ret[static SCREEN_MASK_SIZE]);

/* Until the condition holds; it is tried whenever something was written, and every few milliseconds for what
 * can be seen in /proc alone. */
void screen_wait(struct screen *screen, screen_condition *condition, const void *data, const char *what);
void screen_wait_text(struct screen *screen, const char *text);
void screen_wait_no_text(struct screen *screen, const char *text);
/* Until the program has ended: its exit status, or 128 + the signal. All that it wrote has been read then. */
int screen_wait_end(struct screen *screen);
/* Reads what has been written by now. */
void screen_drain(struct screen *screen);
/* Prints the screen as comments and fails the test. */
void screen_fail(struct screen *screen, const char *format, ...) __attribute__((format(printf, 2, 3)));
