/* SPDX-License-Identifier: MIT */
/* vitrine's own terminal while a command inside has one of its own (-t). */
#pragma once

#include <stdbool.h>
#include <termios.h>

struct tty {
        bool raw; /* was is to be put back */
        struct termios was;
};

/* Keys go to the command as they are, Ctrl-C too; nothing happens where standard input is no terminal. */
void tty_make_raw(struct tty *tty);
/* As it was; as often as one likes. */
void tty_restore(struct tty *tty);
/* Gives the terminal's size to a pty. */
void tty_copy_size(int pty);
