/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cmd/tty.h"

#include <sys/ioctl.h>
#include <unistd.h>

void tty_make_raw(struct tty *tty)
{
        struct termios raw;

        if (tty->raw || tcgetattr(0, &tty->was) < 0)
                return;
        raw = tty->was;
        cfmakeraw(&raw);
        tty->raw = tcsetattr(0, TCSADRAIN, &raw) == 0;
}

void tty_restore(struct tty *tty)
{
        if (tty->raw)
                tcsetattr(0, TCSADRAIN, &tty->was);
        tty->raw = false;
}

void tty_copy_size(int pty)
{
        struct winsize size;

        for (int fd = 0; fd < 3; fd++) {
                if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0)
                        continue;
                ioctl(pty, TIOCSWINSZ, &size);
                return;
        }
}
