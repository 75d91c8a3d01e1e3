/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/child.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/own.h"

enum { DEVPTS_MAGIC = 0x1cd1 };

/* Whoever runs in the cage may have put something else there. */
static bool is_devpts(int fd)
{
        struct statfs fs;
        struct stat st;

        return fstatfs(fd, &fs) == 0 && fs.f_type == DEVPTS_MAGIC && fstat(fd, &st) == 0 &&
               S_ISCHR(st.st_mode);
}

bool child_open_terminal(struct child *child)
{
        const struct plan_fixed *fixed = &child->plan->fixed;
        const int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;
        own_fd int master = -1, slave = -1;
        int locked = 0;

        if (!fixed->tty)
                return true;
        master = open("/dev/pts/ptmx", flags | O_NOFOLLOW | O_NONBLOCK);
        if (master < 0 || !is_devpts(master) || ioctl(master, TIOCSPTLCK, &locked) < 0)
                return fault_errno(&child->fault, "/dev/pts/ptmx", "open a terminal in the container");
        slave = ioctl(master, TIOCGPTPEER, flags);
        if (slave < 0)
                return fault_errno(&child->fault, "/dev/pts", "open a terminal in the container");
        /* The command opens it again, as /dev/stdout or by its name. */
        if (!fixed->one_id && fchown(slave, fixed->uid, (gid_t)-1) < 0)
                return fault_errno(&child->fault, "/dev/pts", "give the terminal to its user");
        for (int i = 0; i < 3; i++)
                child->stdio[i] = fcntl(slave, F_DUPFD_CLOEXEC, 10);
        child->pty_fd = take_fd(&master);
        return true;
}

bool child_control_terminal(struct child *child)
{
        if (!child->plan->fixed.tty || ioctl(0, TIOCSCTTY, 0) == 0)
                return true;
        return fault_errno(&child->fault, "", "take the terminal");
}
