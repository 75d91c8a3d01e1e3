/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/check_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/helper.h"
#include "base/io.h"
#include "base/own.h"

bool check_spawn(const char *helper, pid_t *ret_pid, int *ret_sock, struct fault *fault)
{
        char *const environment[] = { NULL };

        return helper_open(helper, environment, ret_pid, ret_sock, fault);
}

void check_kill(pid_t pid)
{
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
                ;
}

int check_text_fd(const char *text, size_t n)
{
        own_fd int fd = memfd_create("vitrine-check", MFD_CLOEXEC);

        if (fd < 0 || !io_write_all(fd, text, n) || lseek(fd, 0, SEEK_SET) < 0)
                return -1;
        return take_fd(&fd);
}
