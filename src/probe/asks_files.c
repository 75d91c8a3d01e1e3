/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "probe/asks.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cage/chamber.h"

/* A file of the caller's own that nobody else can reach, and that is gone with its descriptor. */
struct probe_answer prepare_memfd(struct ask *ask)
{
        ask->fd = (int)syscall(SYS_memfd_create, "probe", MFD_CLOEXEC);
        if (ask->fd < 0)
                return answer_unprepared();
        snprintf(ask->path, sizeof(ask->path), "/proc/self/fd/%d", ask->fd);
        return answer_ready();
}

static struct probe_answer no_other(void)
{
        return (struct probe_answer){ .kind = ANSWER_NO_OTHER };
}

struct probe_answer prepare_other(struct ask *ask)
{
        return ask->fixtures->has_other ? prepare_memfd(ask) : no_other();
}

struct probe_answer ask_chown(struct ask *ask)
{
        return answer_of(syscall(SYS_fchown, ask->fd, ask->fixtures->other, -1));
}

struct probe_answer prepare_mode_0(struct ask *ask)
{
        struct probe_answer answer = prepare_memfd(ask);

        if (answer.kind == ANSWER_RESULT && syscall(SYS_fchmod, ask->fd, 0) < 0)
                return answer_unprepared();
        return answer;
}

/* The owner too is refused by mode 0. */
static struct probe_answer open_mode_0(const struct ask *ask, int flags)
{
        return answer_of(syscall(SYS_openat, AT_FDCWD, ask->path, flags | O_CLOEXEC));
}

struct probe_answer ask_dac_override(struct ask *ask)
{
        return open_mode_0(ask, O_WRONLY);
}

struct probe_answer ask_dac_read_search(struct ask *ask)
{
        return open_mode_0(ask, O_RDONLY);
}

struct probe_answer prepare_foreign_file(struct ask *ask)
{
        ask->fd = ask->fixtures->foreign;
        return ask->fixtures->has_other ? answer_ready() : no_other();
}

struct probe_answer ask_fowner(struct ask *ask)
{
        return answer_of(syscall(SYS_fchmod, ask->fd, 0600));
}

struct probe_answer ask_lease(struct ask *ask)
{
        struct probe_answer answer = answer_of(syscall(SYS_fcntl, ask->fd, F_SETLEASE, F_RDLCK));

        syscall(SYS_fcntl, ask->fd, F_SETLEASE, F_UNLCK);
        return answer;
}

struct probe_answer prepare_foreign_group(struct ask *ask)
{
        struct probe_answer answer = prepare_other(ask);

        if (answer.kind == ANSWER_RESULT && syscall(SYS_fchown, ask->fd, -1, ask->fixtures->other) < 0)
                return answer_unprepared();
        return answer;
}

/* There is no errno: the bit is silently left out. */
struct probe_answer ask_fsetid(struct ask *ask)
{
        struct stat st;

        if (syscall(SYS_fchmod, ask->fd, 02755) < 0 || fstat(ask->fd, &st) < 0)
                return answer_unprepared();
        return (struct probe_answer){ .kind = st.st_mode & S_ISGID ? ANSWER_KEPT : ANSWER_TAKEN };
}

/* Where files in memory have no such flags there is nothing to ask. */
struct probe_answer prepare_file_flags(struct ask *ask)
{
        struct probe_answer answer = prepare_memfd(ask);
        long flags = 0;

        if (answer.kind == ANSWER_RESULT && syscall(SYS_ioctl, ask->fd, FS_IOC_GETFLAGS, &flags) < 0)
                return answer_unprepared();
        return answer;
}

struct probe_answer ask_linux_immutable(struct ask *ask)
{
        long flags = 0;

        if (syscall(SYS_ioctl, ask->fd, FS_IOC_GETFLAGS, &flags) < 0)
                return answer_unprepared();
        flags |= FS_APPEND_FL;
        return answer_of(syscall(SYS_ioctl, ask->fd, FS_IOC_SETFLAGS, &flags));
}

/* On the runner's own tmpfs, nodev, from where the runner removes it. Not device 0:0: a whiteout takes
 * nothing. */
struct probe_answer ask_mknod(struct ask *ask)
{
        (void)ask;
        return answer_of(syscall(SYS_mknodat, AT_FDCWD, CHAMBER_BOX "/null", S_IFCHR | 0600, makedev(1, 3)));
}

/* An empty set of version 2: no capability is given to anybody. */
struct probe_answer ask_setfcap(struct ask *ask)
{
        const struct vfs_cap_data empty = { .magic_etc = VFS_CAP_REVISION_2 };

        return answer_of(syscall(SYS_fsetxattr, ask->fd, "security.capability", &empty, XATTR_CAPS_SZ_2, 0));
}

struct probe_answer prepare_page_file(struct ask *ask)
{
        const size_t size = (size_t)sysconf(_SC_PAGESIZE);
        struct probe_answer answer = prepare_memfd(ask);

        if (answer.kind != ANSWER_RESULT)
                return answer;
        if (ftruncate(ask->fd, (off_t)size) < 0)
                return answer_unprepared();
        ask->page = mmap(NULL, size, PROT_READ, MAP_SHARED, ask->fd, 0);
        if (ask->page == MAP_FAILED)
                return answer_unprepared();
        snprintf(ask->path, sizeof(ask->path), "/proc/self/map_files/%lx-%lx", (unsigned long)ask->page,
                 (unsigned long)ask->page + size);
        return answer_ready();
}

struct probe_answer ask_checkpoint_restore(struct ask *ask)
{
        return answer_of(syscall(SYS_openat, AT_FDCWD, ask->path, O_PATH | O_CLOEXEC));
}
