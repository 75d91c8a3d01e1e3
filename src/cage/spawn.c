/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/helper.h"
#include "base/own.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3: said, so that vm.memfd_noexec=1 does not take the x bit away */
#endif

int spawn_memfd(const char *name)
{
        return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

static bool copy_file(int from, int to)
{
        struct stat st;
        off_t done = 0;

        if (fstat(from, &st) < 0)
                return false;
        while (done < st.st_size) {
                ssize_t n = sendfile(to, from, NULL, (size_t)(st.st_size - done));

                if (n < 0 && errno != EINTR)
                        return false;
                if (n == 0)
                        return false;
                done += n > 0 ? n : 0;
        }
        return true;
}

/* A sealed copy of the program, -1 where memfds cannot be made executable. */
static int seal_copy(int program, const char *name)
{
        own_fd int copy = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

        if (copy < 0 && errno == EINVAL)
                copy = spawn_memfd(name);
        if (copy < 0 || !copy_file(program, copy) ||
            fcntl(copy, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
                return -1;
        return take_fd(&copy);
}

/* Where memfds cannot be executed: a copy in a file without a name, which none can be given (O_EXCL). */
static int unnamed_copy(int program)
{
        static const char *const folders[] = { "/dev/shm", "/run", "/tmp", "/var/tmp" };

        for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
                own_fd int to = open(folders[i], O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0500);
                struct statvfs fs;
                char self[40];
                int copy;

                if (to < 0 || fstatvfs(to, &fs) < 0 || (fs.f_flag & ST_NOEXEC) ||
                    lseek(program, 0, SEEK_SET) < 0 || !copy_file(program, to))
                        continue;
                snprintf(self, sizeof(self), "/proc/self/fd/%d", to);
                copy = open(self, O_RDONLY | O_CLOEXEC);
                if (copy >= 0)
                        return copy;
        }
        return -1;
}

static int spawn_at(const char *path, const char *helper, int sock, pid_t *ret_pid)
{
        const struct helper_start start = { .path = path,
                                            .name = helper_name(helper),
                                            .sock = sock,
                                            .environment = environ,
                                            .keeps_ignored = true };

        return helper_exec(&start, ret_pid);
}

bool spawn_helper(const char *helper, pid_t *ret_pid, int *ret_sock, struct fault *fault)
{
        const char *name = helper_name(helper);
        own_fd int program = open(helper, O_RDONLY | O_CLOEXEC);
        own_fd int copy = -1, ours = -1, theirs = -1;
        char path[64];
        int err;

        if (program < 0) {
                fault_errno(fault, helper, "open the helper program");
                return fault_hint(fault, "%s belongs beside vitrine, or where `make install` puts it", name);
        }
        if (!helper_pair(true, &ours, &theirs, fault))
                return false;
        copy = seal_copy(program, name);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", copy);
        err = copy >= 0 ? spawn_at(path, helper, theirs, ret_pid) : errno == EFBIG ? EFBIG : EACCES;
        if (err == EACCES || err == EPERM || err == ENOENT) {
                /* Never the file itself: what the cage executes it can change (CVE-2019-5736). */
                fd_close(&copy);
                copy = unnamed_copy(program);
                snprintf(path, sizeof(path), "/proc/self/fd/%d", copy);
                err = copy >= 0 ? spawn_at(path, helper, theirs, ret_pid) : err;
        }
        if (err) {
                *ret_pid = 0;
                errno = err;
                fault_errno(fault, helper, "start the helper program");
                if (err == EFBIG)
                        fault_hint(fault,
                                   "it is copied first, and the shell's limit for a file's size is below its "
                                   "own: ulimit -f unlimited");
                return false;
        }
        *ret_sock = take_fd(&ours);
        return true;
}
